# SPDX-License-Identifier: Apache-2.0
"""A call that takes unusually long is raced by a second one: the baker does not wait for the slow
one, one signature is released, and whatever else happens to either call is not seen."""

import time
from collections.abc import Iterator

import pytest

from asking import Counted
from support.host import Chain, Host, running
from support.keys import PublicKey
from support.payloads import KINDS
from test_faults import PASSING, SLOW_S, signs_in_spite_of

OPERATIONS = {"kms": "kms.Sign", "dynamodb": "dynamodb.UpdateItem"}
OPTIONS = ("--environments", "1", "--kms-ms", "10", "--dynamodb-ms", "5")
LATE_S = 0.7
IN_TIME_S = 0.6
# Enough to know what is usual, and to earn a second call.
USUAL_CALLS = 60


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running(*OPTIONS) as started:
        yield started


@pytest.fixture(scope="module")
def patient() -> Iterator[Host]:
    with running(*OPTIONS, "--env", "HEDGING=off") as started:
        yield started


def learn(host: Host, chain: Chain, key: PublicKey) -> None:
    for _ in range(USUAL_CALLS):
        payload = KINDS["attestation"](*chain.slot(), chain=chain.raw)
        assert host.baker.post(key, payload, patient=False).status == 200


def sign(host: Host, chain: Chain, key: PublicKey, kind: str) -> tuple[float, str]:
    """How long it took, and the one signature that there is."""
    payload = KINDS[kind](*chain.slot(), chain=chain.raw)
    started = time.monotonic()
    reply = host.baker.post(key, payload, patient=False)
    took = time.monotonic() - started
    assert key.verifies(reply.signature, payload)
    if kind == "block":
        assert host.row(key, chain.scope(kind))["sig"] == reply.signature
    return took, reply.signature


@pytest.mark.parametrize("kind", ["block", "attestation"])
@pytest.mark.parametrize("fault", ["slow=700#1", "blackhole#1"])
@pytest.mark.parametrize("service", OPERATIONS)
def test_slow_call_is_not_waited_for(
    host: Host, chain: Chain, service: str, fault: str, kind: str
) -> None:
    key = host.keys[0]
    learn(host, chain, key)
    with host.faults(f"{service}:{fault}"), Counted(host) as made:
        took, _ = sign(host, chain, key, kind)
    assert took < IN_TIME_S
    assert made.calls[OPERATIONS[service]] == 2


@pytest.mark.parametrize("kind", ["block", "attestation"])
@pytest.mark.parametrize("service", OPERATIONS)
def test_slow_call_is_waited_for_without_hedging(patient: Host, service: str, kind: str) -> None:
    chain = patient.arm(1_000_000)
    chain.loosen_pace()
    key = patient.keys[0]
    learn(patient, chain, key)
    with patient.faults(f"{service}:slow=700#1"), Counted(patient) as made:
        took, _ = sign(patient, chain, key, kind)
    assert took >= LATE_S
    assert made.calls == dict.fromkeys(OPERATIONS.values(), 1)


@pytest.mark.parametrize("kind", ["block", "attestation"])
@pytest.mark.parametrize("service", OPERATIONS)
def test_both_calls_lost_are_repeated(host: Host, chain: Chain, service: str, kind: str) -> None:
    key = host.keys[0]
    learn(host, chain, key)
    with host.faults(f"{service}:blackhole#2"), Counted(host) as made:
        took, _ = sign(host, chain, key, kind)
    assert took < SLOW_S
    assert made.calls[OPERATIONS[service]] >= 3


@pytest.mark.parametrize("spec", PASSING)
def test_passing_fault_is_not_seen_by_the_baker(host: Host, chain: Chain, spec: str) -> None:
    signs_in_spite_of(spec, host, chain)


def test_service_that_became_slow_is_not_asked_twice(host: Host, chain: Chain) -> None:
    key = host.keys[0]
    learn(host, chain, key)
    with host.faults("kms:slow=40"), Counted(host) as made:
        learn(host, chain, key)
    # Five saved, and one earned.
    assert USUAL_CALLS <= made.calls["kms.Sign"] <= USUAL_CALLS + 6
