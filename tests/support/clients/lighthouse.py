# SPDX-License-Identifier: Apache-2.0
"""Lighthouse: reqwest over hyper, which spells headers in small letters; their order is as read."""

from support.clients.client import Habits, Token
from support.clients.messages import Fields, Message, version_of
from support.clients.reading import expect, signature_in_json
from support.clients.wire import Answer


def fork_info(message: Message) -> Fields:
    """The message's own fork; of an exit, Capella twice, from the exit's epoch on."""
    info = message.fork_info
    if message.type != "VOLUNTARY_EXIT" or not message.is_since("deneb"):
        return info
    capella, epoch = version_of(message.network, "capella"), str(message.epoch)
    fork = {"previous_version": capella, "current_version": capella, "epoch": epoch}
    return info | {"fork": fork}


def body(message: Message) -> Fields:
    info = {} if message.is_for_any_fork else {"fork_info": fork_info(message)}
    return {
        "type": message.type,
        **info,
        "signingRoot": message.signing_root,
        message.member: message.fields,
    }


def signature(answer: Answer) -> str:
    """JSON, whatever its type."""
    expect(answer, *range(200, 400))
    return signature_in_json(answer)


HABITS = Habits(
    name="lighthouse",
    read="sigp/lighthouse, validator_client: signing_method 036473f and 00c1b56, "
    "initialized_validators 183d8d4, lighthouse_validator_store 008a514",
    token=Token.BASIC,
    post=(
        ("authorization", "{basic}"),
        ("accept", "application/json"),
        ("content-type", "application/json"),
        ("host", "{host}"),
        ("content-length", "{length}"),
    ),
    get=(),
    body=body,
    signature=signature,
    keys=None,
    seconds=12,
)
