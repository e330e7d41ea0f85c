# SPDX-License-Identifier: Apache-2.0
"""Nimbus: presto over chronos, a connection for each request. It sends no signing root. Its headers
are in a hash table's order, which is not known: here they are in that of its source."""

from support.clients.client import KEYS, Habits, Token
from support.clients.messages import Fields, Message
from support.clients.reading import expect, expect_json, hex_of, key_list, signature_in_json
from support.clients.wire import Answer


def body(message: Message) -> Fields:
    """Aggregates are wrapped since Electra, and named after it in later forks, too."""
    fields, type = message.fields, message.type
    if type == "AGGREGATE_AND_PROOF" and message.is_since("electra"):
        type, fields = f"{type}_V2", {"version": "electra", "data": fields}
    info = {} if message.is_for_any_fork else {"fork_info": message.fork_info}
    return {"type": type, **info, message.member: fields}


def signature(answer: Answer) -> str:
    expect(answer, 200)
    if answer.content_type.startswith("text/plain"):
        return hex_of(answer.text, 96)
    expect_json(answer)
    return signature_in_json(answer)


def keys(answer: Answer) -> list[str]:
    expect(answer, 200)
    expect_json(answer)
    return key_list(answer)


COMMON = (
    ("Accept", "application/json"),
    ("User-Agent", "nim-presto/0.0.3 (amd64/linux)"),
    ("Host", "{host}"),
    ("Connection", "close"),
    ("Authorization", "{basic}"),
)
HABITS = Habits(
    name="nimbus",
    read="status-im/nimbus-eth2 f54a036, and of a later tree what it writes since Electra; "
    "status-im/nim-presto 0366248, status-im/nim-chronos 034fdeb",
    token=Token.BASIC,
    post=(("Content-Type", "application/json"), ("Content-Length", "{length}"), *COMMON),
    get=COMMON,
    body=body,
    signature=signature,
    keys=keys,
    seconds=3,
    keeps_connections=False,
    repeats=(0.01, 0.1),
    repeated=frozenset({404, 412, 500}),
    start=(KEYS,),
    every={KEYS: 3600},
)
