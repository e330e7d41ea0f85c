# SPDX-License-Identifier: Apache-2.0
"""Teku: the JDK's HttpClient, which sends a password only to who asked for one. (Teku gives it one
for https only; here the same is spoken in clear.)"""

import json

from support.clients.client import KEYS, UPCHECK, Habits, Token
from support.clients.messages import Fields, Message
from support.clients.reading import by_content_type, expect, hex_of
from support.clients.wire import Answer

BEFORE_FORK_INFO = ("VOLUNTARY_EXIT", "AGGREGATION_SLOT")


def body(message: Message) -> Fields:
    """Members in the order of the whole of its schema."""
    named = {message.member: message.fields}
    info = {} if message.is_for_any_fork else {"fork_info": message.fork_info}
    parts = named | info if message.type in BEFORE_FORK_INFO else info | named
    return {"signingRoot": message.signing_root, "type": message.type, **parts}


def signature(answer: Answer) -> str:
    """412 is told apart in the log only."""
    expect(answer, 200)
    return by_content_type(answer)


def keys(answer: Answer) -> list[str]:
    """It ends if it has none."""
    expect(answer, 200)
    return [hex_of(key, 48) for key in json.loads(answer.text)]


AGENT = ("User-Agent", "Java-http-client/21.0.8")
HABITS = Habits(
    name="teku",
    read="Consensys/teku 90ed09b, validator/client: signer, loader",
    token=Token.CHALLENGED,
    post=(
        ("Authorization", "{basic}"),
        ("Content-Length", "{length}"),
        ("Host", "{host}"),
        AGENT,
        ("Content-Type", "application/json"),
    ),
    get=(("Authorization", "{basic}"), ("Host", "{host}"), AGENT),
    body=body,
    signature=signature,
    keys=keys,
    seconds=5,
    start=(UPCHECK, KEYS),
    every={UPCHECK: 30},
)
