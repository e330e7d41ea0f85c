# SPDX-License-Identifier: Apache-2.0
"""Answers of KMS and DynamoDB that came with 200, or nearly, and are not what was asked. Each is
a refusal with a name, and a log line to raise an alarm by; nothing leaves, and once it is over
the very same request is signed."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from asking import is_error
from support.authentication import authenticate
from support.aws import Answer
from support.child import wait_until
from support.fault_proxy import FaultProxy, straight
from support.host import Chain, Host, running
from support.keys import Curve, PublicKey, SecretKey, blake2b
from support.oracle import SIGNATURE

Json = Any
Lie = Callable[[Answer], Answer]
OTHER_KEY = SecretKey(Curve.P256, bytes(31) + b"\x05")


@dataclass(frozen=True)
class Refusal:
    """A name as the baker, the log and whoever waits for alarms see it."""

    status: int
    code: str
    level: str


TABLE_LIES = Refusal(500, "table_refused", "ERROR")
TABLE_IS_DOWN = Refusal(502, "table_unavailable", "WARN")
ROW_IS_DAMAGED = Refusal(500, "damaged_row", "ERROR")
KMS_LIES = Refusal(500, "kms_refused", "ERROR")
KMS_IS_DOWN = Refusal(502, "kms_unavailable", "WARN")
NO_GOOD_SIGNATURE = Refusal(500, "bad_signature", "ERROR")


def said(answer: Answer, body: Json, status: int = 200) -> Answer:
    return replace(answer, status=status, body=json.dumps(body).encode())


def instead(body: Json, status: int = 200) -> Lie:
    return lambda answer: said(answer, body, status)


def member(name: str, value: Json) -> Lie:
    """One member exchanged, or left out."""

    def lie(answer: Answer) -> Answer:
        others = {n: v for n, v in answer.json().items() if n != name}
        return said(answer, others if value is None else others | {name: value})

    return lie


def attribute(name: str, value: Json) -> Lie:
    """The same within the row that a write answers."""

    def lie(answer: Answer) -> Answer:
        row = {n: v for n, v in answer.json()["Attributes"].items() if n != name}
        return said(answer, {"Attributes": row if value is None else row | {name: value}})

    return lie


def refused(**changes: Json) -> Lie:
    """The write was done; the answer is that its condition failed, and shows a row."""

    def lie(answer: Answer) -> Answer:
        told = answer.json()
        row = told.get("Attributes", told.get("Item")) | changes
        return said(answer, {"__type": FAILED, "Item": row}, 400)

    return lie


def signature(change: Callable[[bytes], bytes]) -> Lie:
    def lie(answer: Answer) -> Answer:
        changed = change(b64decode(answer.json()["Signature"]))
        return said(answer, answer.json() | {"Signature": b64encode(changed).decode()})

    return lie


FAILED = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"
CONFLICT = "com.amazonaws.dynamodb.v20120810#ReplicatedWriteConflictException"
OTHER_ADDRESS = {"S": OTHER_KEY.public.address}
DIGEST = {"B": b64encode(bytes(32)).decode()}

# What the table answers to a write that it did; "sig" is of blocks.
TABLE: dict[str, tuple[Lie, Refusal]] = {
    "another key's row": (attribute("pkh", OTHER_ADDRESS), TABLE_LIES),
    "another scope's row": (attribute("scope", {"S": "NetXdQprcVkpaWU/block"}), TABLE_LIES),
    "another digest": (attribute("digest", DIGEST), TABLE_LIES),
    "no digest": (attribute("digest", None), TABLE_LIES),
    "another level": (attribute("lvl", {"N": "7"}), TABLE_LIES),
    "another round": (attribute("rnd", {"N": "2147483647"}), TABLE_LIES),
    "another signature": (attribute("sig", {"S": OTHER_KEY.sign(b"")}), TABLE_LIES),
    "a level that is text": (attribute("lvl", {"S": "7"}), TABLE_LIES),
    "no pace": (attribute("pace", None), TABLE_LIES),
    "no row": (instead({}), TABLE_LIES),
    "an error with status 200": (instead({"__type": "InternalServerError"}), TABLE_LIES),
    "a list": (instead([]), TABLE_IS_DOWN),
    "null": (instead(None), TABLE_IS_DOWN),
    "a refusal by another key's row": (refused(pkh=OTHER_ADDRESS), TABLE_LIES),
    "a refusal by a row that allows it": (refused(lvl={"N": "7"}, digest=DIGEST), TABLE_LIES),
    "a refusal by a damaged row": (refused(lvl={"S": "7"}), ROW_IS_DAMAGED),
}

OTHER_ARN = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000"

KMS: dict[str, tuple[Lie, Refusal]] = {
    "another key": (member("KeyId", OTHER_ARN), KMS_LIES),
    "no key": (member("KeyId", None), KMS_LIES),
    "another algorithm": (member("SigningAlgorithm", "ECDSA_SHA_384"), KMS_LIES),
    "no algorithm": (member("SigningAlgorithm", None), KMS_LIES),
    "no signature": (member("Signature", None), NO_GOOD_SIGNATURE),
    "an empty signature": (member("Signature", ""), NO_GOOD_SIGNATURE),
    "a signature that is no base64": (member("Signature", "*"), NO_GOOD_SIGNATURE),
    "a signature cut short": (signature(lambda raw: raw[:-1]), NO_GOOD_SIGNATURE),
    "a signature with a bit changed": (
        signature(lambda raw: raw[:-1] + bytes([raw[-1] ^ 1])),
        NO_GOOD_SIGNATURE,
    ),
    "a list": (instead([]), KMS_IS_DOWN),
}


@pytest.fixture(scope="module")
def between() -> Iterator[dict[str, FaultProxy]]:
    with FaultProxy() as kms, FaultProxy() as dynamodb:
        yield {"kms": kms, "dynamodb": dynamodb}


@pytest.fixture(scope="module")
def host(between: dict[str, FaultProxy]) -> Iterator[Host]:
    """One environment, so that the log has the order of the requests."""
    urls = [f"AWS_ENDPOINT_URL_{name.upper()}={at.url}" for name, at in between.items()]
    options = [part for url in urls for part in ("--env", url)]
    with running("--environments", "1", *options) as started:
        for service, at in between.items():
            at.upstream = started.server(service)
        yield started


def lines_of(host: Host, chain: Chain) -> list[str]:
    return [line for line in host.log() if chain.id in line]


def is_named(host: Host, chain: Chain, key: PublicKey, payload: bytes, refusal: Refusal) -> None:
    """To the baker and in the log alike, and neither tells a secret or a signature."""
    reply = host.baker.post(key, payload, patient=False)
    is_error(reply, refusal.status, refusal.code)
    wait_until(lambda: bool(lines_of(host, chain)), "the request's line")
    [text] = lines_of(host, chain)
    line = json.loads(text)
    assert (line["verdict"], line["level"]) == (refusal.code, refusal.level)
    assert line["message"] in reply.json()[0]["msg"]
    assert line["pkh"] == key.address
    secrets = [host.setup[name] for name in ("secret_access_key", "session_token")]
    secrets += [payload.hex(), authenticate(host.authorized, key, payload)]
    for told in (text, reply.text):
        assert not SIGNATURE.search(told)
        assert not any(secret in told for secret in secrets)


def scope_of(chain: Chain, payload: bytes) -> str:
    return chain.scope("block" if payload[0] == 0x11 else "attestation")


def retry_signs(host: Host, chain: Chain, key: PublicKey, payload: bytes) -> None:
    """And the row holds what was signed."""
    signature = host.baker.sign(key, payload).signature
    assert key.verifies(signature, payload)
    row = host.row(key, scope_of(chain, payload))
    assert row["digest"] == blake2b(payload).hex()
    assert row.get("sig") == (signature if payload[0] == 0x11 else None)


@contextmanager
def lying(between: FaultProxy, lie: Lie, forwards: bool = True) -> Iterator[None]:
    nothing = Answer(200, {}, b"{}")
    between.twist = lambda _, forward: lie(forward() if forwards else nothing)
    try:
        yield
    finally:
        between.twist = straight


@pytest.mark.parametrize("name", TABLE)
def test_table_that_answers_something_else(
    host: Host, chain: Chain, payload: bytes, between: dict[str, FaultProxy], name: str
) -> None:
    key = host.key(Curve.SECP256K1)
    lie, refusal = TABLE[name]
    with lying(between["dynamodb"], lie):
        is_named(host, chain, key, payload, refusal)
    retry_signs(host, chain, key, payload)


def test_table_that_is_written_elsewhere(
    host: Host, chain: Chain, payload: bytes, between: dict[str, FaultProxy]
) -> None:
    """Nothing was written, and what was signed meanwhile is gone."""
    key = host.key(Curve.SECP256K1)
    before = host.row(key, scope_of(chain, payload))
    with lying(between["dynamodb"], instead({"__type": CONFLICT}, 400), forwards=False):
        is_named(host, chain, key, payload, TABLE_IS_DOWN)
    assert host.row(key, scope_of(chain, payload)) == before
    retry_signs(host, chain, key, payload)


@pytest.mark.parametrize("name", KMS)
def test_kms_that_answers_something_else(
    host: Host,
    chain: Chain,
    key: PublicKey,
    payload: bytes,
    between: dict[str, FaultProxy],
    name: str,
) -> None:
    """A block's slot stays free for other bytes; a vote's is taken, by these bytes alone."""
    before = host.row(key, scope_of(chain, payload))
    lie, refusal = KMS[name]
    with lying(between["kms"], lie):
        is_named(host, chain, key, payload, refusal)
    row = host.row(key, scope_of(chain, payload))
    if payload[0] == 0x11:
        assert row == before
    else:
        assert row["digest"] == blake2b(payload).hex()
    retry_signs(host, chain, key, payload)
