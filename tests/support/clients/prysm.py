# SPDX-License-Identifier: Apache-2.0
"""Prysm: Go's net/http."""

from support.clients.client import KEYS, SLOT, Habits, Token
from support.clients.messages import Fields, Message
from support.clients.reading import by_content_type, key_list
from support.clients.wire import Answer

FAILURES = (400, 404, 412, 500)


def body(message: Message) -> Fields:
    """Aggregates of all forks are wrapped; a contribution's fields have an order of their own."""
    fields, type = message.fields, message.type
    if type == "AGGREGATE_AND_PROOF":
        type, fields = f"{type}_V2", {"version": message.fork.upper(), "data": fields}
    elif type == "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF":
        order = ("aggregator_index", "selection_proof", "contribution")
        fields = {name: fields[name] for name in order}
    info = {} if message.is_for_any_fork else {"fork_info": message.fork_info}
    return {"type": type, **info, "signingRoot": message.signing_root, message.member: fields}


def signature(answer: Answer) -> str:
    """Any other status is read as a signature."""
    if answer.status in FAILURES:
        raise ValueError(f"status {answer.status}")
    return by_content_type(answer)


def keys(answer: Answer) -> list[str]:
    if answer.status in (400, 500):
        raise ValueError(f"status {answer.status}")
    return key_list(answer)


AGENT = ("User-Agent", "Go-http-client/1.1")
JSON = ("Content-Type", "application/json")
HABITS = Habits(
    name="prysm",
    read="OffchainLabs/prysm c40b59a, validator/keymanager/remote-web3signer",
    token=Token.BASIC,
    post=(
        ("Host", "{host}"),
        AGENT,
        ("Content-Length", "{length}"),
        ("Authorization", "{basic}"),
        JSON,
        ("Accept-Encoding", "gzip"),
    ),
    get=(
        ("Host", "{host}"),
        AGENT,
        ("Authorization", "{basic}"),
        JSON,
        ("Accept-Encoding", "gzip"),
    ),
    body=body,
    signature=signature,
    keys=keys,
    seconds=SLOT,
    start=(KEYS,),
)
