# SPDX-License-Identifier: Apache-2.0
"""Anything that KMS, DynamoDB or an environment can do to us: what the baker sees, that nothing
unconfirmed leaves, and that an exact retry gets its signature."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from asking import Counted, is_error, sign_again
from support.host import Chain, Host, running
from support.keys import Curve, PublicKey
from support.payloads import KINDS

START = 1_000_000
SLOW_S = 2.95  # the function's timeout is 3 s; its answer leaves 0.3 s before, and travels


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A host of its own: others need not suffer. What hedging changes is in test_hedging.py."""
    with running("--environments", "2", "--env", "HEDGING=off") as started:
        yield started


@dataclass(frozen=True)
class Fault:
    spec: str
    status: int
    codes: set[str]
    # Calls that reach the service which suffers, at least and at most: what is refused is asked
    # once more, what is lost twice; and a call is sent again when its reused connection dies.
    tries: tuple[int, int]


KMS_DOWN = {"kms_unavailable"}
TABLE_DOWN = {"table_unavailable"}

LASTING = [
    Fault("kms:throttle", 502, KMS_DOWN, (3, 3)),
    Fault("kms:unavailable", 502, KMS_DOWN, (3, 3)),
    Fault("kms:lost-answer", 502, KMS_DOWN, (3, 4)),
    Fault("kms:reset", 502, KMS_DOWN, (3, 4)),
    Fault("kms:half-answer", 502, KMS_DOWN, (3, 3)),
    Fault("kms:denied", 500, {"kms_refused"}, (2, 2)),
    Fault("kms:disabled", 500, {"kms_refused"}, (2, 2)),
    Fault("kms:bad-signature", 500, {"bad_signature"}, (2, 2)),
    Fault("kms:wrong-key", 500, {"kms_refused", "bad_signature"}, (2, 2)),
    Fault("kms:wrong-algorithm", 500, {"kms_refused", "bad_signature"}, (2, 2)),
    Fault("dynamodb:throttle", 502, TABLE_DOWN, (3, 3)),
    Fault("dynamodb:unavailable", 502, TABLE_DOWN, (3, 3)),
    Fault("dynamodb:lost-answer", 502, TABLE_DOWN, (3, 4)),
    Fault("dynamodb:reset", 502, TABLE_DOWN, (3, 4)),
    Fault("dynamodb:half-answer", 502, TABLE_DOWN, (3, 3)),
    Fault("dynamodb:conflict", 502, TABLE_DOWN, (3, 3)),
    Fault("dynamodb:wrong-crc", 502, TABLE_DOWN, (3, 3)),
    Fault("dynamodb:empty-body", 502, TABLE_DOWN, (3, 3)),
    Fault("dynamodb:wrong-body", 500, {"table_refused"}, (1, 3)),
    Fault("dynamodb:denied", 500, {"table_refused"}, (2, 2)),
]

PASSING = [
    *(f"kms:{kind}#1" for kind in ("denied", "disabled", "bad-signature", "bad-der", "wrong-key")),
    "kms:wrong-algorithm#1",
    "dynamodb:denied#1",
    *(f"kms:{kind}#1" for kind in ("throttle", "unavailable", "lost-answer", "reset")),
    "kms:half-answer#1",
    "kms:throttle#2",
    *(f"dynamodb:{kind}#1" for kind in ("throttle", "unavailable", "lost-answer", "reset")),
    *(f"dynamodb:{kind}#1" for kind in ("half-answer", "conflict", "wrong-crc", "empty-body")),
    "dynamodb:lost-answer#2",
    "kms:slow=300",
    "dynamodb:slow=300",
    "kms:slow=1500#1",
    "dynamodb:slow=1500#1",
    "kms:blackhole#1",
    "dynamodb:blackhole#1",
    "kms:close",
    "dynamodb:close",
    "kms:high-s",
    "kms:low-s",
    "kms:skew=600",
    "kms:skew=-600",
    "dynamodb:skew=600",
    "dynamodb:skew=-600",
]


@pytest.mark.parametrize("fault", LASTING, ids=lambda fault: fault.spec)
def test_lasting_fault_is_answered_and_the_retry_signs(
    host: Host, key: PublicKey, payload: bytes, fault: Fault
) -> None:
    service = fault.spec.split(":")[0]
    operation = {"kms": "kms.Sign", "dynamodb": "dynamodb.UpdateItem"}[service]
    with host.faults(fault.spec), Counted(host) as made:
        started = time.monotonic()
        reply = host.baker.post(key, payload, patient=False)
        assert time.monotonic() - started < SLOW_S
    assert reply.code in fault.codes, reply.text
    is_error(reply, fault.status, reply.code)
    least, most = fault.tries
    assert least <= made.calls[operation] <= most
    sign_again(host, key, payload)


@pytest.mark.parametrize("curve", [Curve.SECP256K1, Curve.P256], ids=lambda c: c.address)
@pytest.mark.parametrize("kind", ["block", "attestation"])
def test_signature_that_is_not_strict_der_is_refused(
    host: Host, chain: Chain, curve: Curve, kind: str
) -> None:
    key = host.key(curve)
    payload = KINDS[kind](*chain.slot(), chain=chain.raw)
    with host.faults("kms:bad-der"):
        is_error(host.baker.post(key, payload, patient=False), 500, "bad_signature")
    sign_again(host, key, payload)


def signs_in_spite_of(spec: str, host: Host, chain: Chain) -> None:
    """The baker sees no refusal, and waits no longer than a retry takes."""
    key = host.keys[1]
    for kind in ("block", "attestation"):
        payload = KINDS[kind](*chain.slot(), chain=chain.raw)
        with host.faults(spec):
            started = time.monotonic()
            reply = host.baker.post(key, payload, patient=False)
            assert key.verifies(reply.signature, payload)
            assert time.monotonic() - started < SLOW_S
        again = sign_again(host, key, payload)
        assert again == reply.signature or kind != "block"


@pytest.mark.parametrize("spec", PASSING)
def test_passing_fault_is_not_seen_by_the_baker(host: Host, chain: Chain, spec: str) -> None:
    signs_in_spite_of(spec, host, chain)


@pytest.mark.parametrize("kind", ["block", "attestation"])
@pytest.mark.parametrize(
    "spec", ["kms:slow=1500", "kms:blackhole", "dynamodb:slow=1500", "dynamodb:blackhole"]
)
def test_silence_is_answered_before_the_function_times_out(
    host: Host, chain: Chain, spec: str, kind: str
) -> None:
    key = host.keys[1]
    payload = KINDS[kind](*chain.slot(), chain=chain.raw)
    with host.faults(spec):
        started = time.monotonic()
        reply = host.baker.post(key, payload, patient=False)
        assert time.monotonic() - started < SLOW_S
    assert reply.code in KMS_DOWN | TABLE_DOWN | {"deadline"}, reply.text
    is_error(reply, 502, reply.code)
    sign_again(host, key, payload)


def test_lost_answer_on_a_block_gives_one_signature(host: Host, chain: Chain) -> None:
    """The write was done, its answer was lost: the row's own signature is what is released."""
    for key in host.keys:
        payload = KINDS["block"](*chain.slot(), chain=chain.raw)
        with host.faults("dynamodb:lost-answer#1"), Counted(host) as made:
            first = host.baker.post(key, payload, patient=False).signature
        assert made.calls["kms.Sign"] == 1
        stored = host.row(key, chain.scope("block"))["sig"]
        assert {first, stored} == {sign_again(host, key, payload)}


def test_vote_committed_but_not_signed_keeps_other_bytes_out(host: Host, chain: Chain) -> None:
    key = host.keys[0]
    slot = chain.slot()
    payload, other = (KINDS["attestation"](*slot, chain=chain.raw, salt=n) for n in (0, 1))
    with host.faults("kms:denied"):
        assert host.baker.post(key, payload, patient=False).status == 500
        assert host.baker.post(key, other, patient=False).status in (409, 500)
    is_error(host.baker.post(key, other), 409, "already_signed")
    sign_again(host, key, payload)


def test_block_not_signed_leaves_its_slot_free(host: Host, chain: Chain) -> None:
    key = host.keys[0]
    slot = chain.slot()
    payload, other = (KINDS["block"](*slot, chain=chain.raw, salt=n) for n in (0, 1))
    with host.faults("kms:denied"), Counted(host) as made:
        assert host.baker.post(key, payload, patient=False).status == 500
    assert "dynamodb.UpdateItem" not in made.calls
    sign_again(host, key, other)
