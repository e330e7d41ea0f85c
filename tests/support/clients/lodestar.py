# SPDX-License-Identifier: Apache-2.0
"""Lodestar: Node's fetch, which takes no password in a URL: its token is in the path."""

from support.clients.client import KEYS, Habits, Token
from support.clients.messages import Fields, Message, since, version_of
from support.clients.reading import expect, expect_json, key_list, signature_in_json
from support.clients.wire import Answer


def fork_info(message: Message) -> Fields:
    """Versions of the message's fork, but the epoch is the message's own; of an exit, Capella as
    it was."""
    info, network = message.fork_info, message.network
    if message.type == "VOLUNTARY_EXIT" and message.is_since("deneb"):
        fork = {
            "previous_version": version_of(network, "bellatrix"),
            "current_version": version_of(network, "capella"),
            "epoch": str(since(network, "capella")),
        }
        return info | {"fork": fork}
    return info | {"fork": info["fork"] | {"epoch": str(message.epoch)}}


def body(message: Message) -> Fields:
    fields, type = message.fields, message.type
    if type == "AGGREGATE_AND_PROOF" and message.is_since("electra"):
        type, fields = f"{type}_V2", {"version": message.fork.upper(), "data": fields}
    info = {} if message.is_for_any_fork else {"fork_info": fork_info(message)}
    named = {message.member: fields}
    return {**named, "type": type, "signingRoot": message.signing_root, **info}


def signature(answer: Answer) -> str:
    expect(answer, *range(200, 300))
    expect_json(answer)
    return signature_in_json(answer)


def keys(answer: Answer) -> list[str]:
    expect(answer, *range(200, 300))
    expect_json(answer)
    return key_list(answer)


BEFORE = (("host", "{host}"), ("connection", "keep-alive"), ("Accept", "application/json"))
AFTER = (
    ("accept-language", "*"),
    ("sec-fetch-mode", "cors"),
    ("user-agent", "node"),
    ("accept-encoding", "gzip, deflate"),
)
HABITS = Habits(
    name="lodestar",
    read="ChainSafe/lodestar 0054395, packages/validator: util/externalSignerClient.ts",
    token=Token.PATH,
    post=(*BEFORE, ("Content-Type", "application/json"), *AFTER, ("content-length", "{length}")),
    get=(*BEFORE, *AFTER),
    body=body,
    signature=signature,
    keys=keys,
    seconds=300,  # none of its own: fetch gives up waiting for headers
    start=(KEYS,),
    every={KEYS: 384},
)
