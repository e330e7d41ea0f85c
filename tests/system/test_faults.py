# SPDX-License-Identifier: Apache-2.0
"""Anything that KMS, DynamoDB or an environment can do to us: what the baker sees, that nothing
unconfirmed leaves, and that an exact retry gets its signature."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from asking import Counted, is_error
from support.host import Chain, Host, running
from support.keys import Curve, PublicKey
from support.payloads import KINDS

START = 1_000_000
SLOW_S = 2.8  # the function's timeout is 3 s, and the answer comes 0.3 s before


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A host of its own: others need not suffer."""
    with running("--environments", "2") as started:
        yield started


@pytest.fixture(params=list(Curve), ids=lambda curve: curve.address)
def key(request: pytest.FixtureRequest, host: Host) -> PublicKey:
    return next(key for key in host.keys if key.curve is request.param)


@pytest.fixture(params=["block", "attestation"])
def payload(request: pytest.FixtureRequest, chain: Chain) -> bytes:
    return KINDS[request.param](*chain.slot(), chain=chain.raw)


@dataclass(frozen=True)
class Fault:
    spec: str
    status: int
    codes: set[str]
    tries: int = 1  # calls that reach the service which suffers; 0: not told


KMS_DOWN = {"kms_unavailable"}
TABLE_DOWN = {"table_unavailable"}

LASTING = [
    Fault("kms:throttle", 502, KMS_DOWN, 3),
    Fault("kms:unavailable", 502, KMS_DOWN, 3),
    Fault("kms:lost-answer", 502, KMS_DOWN),
    Fault("kms:reset", 502, KMS_DOWN),
    Fault("kms:half-answer", 502, KMS_DOWN, 3),
    Fault("kms:denied", 500, {"kms_refused"}, 1),
    Fault("kms:disabled", 500, {"kms_refused"}, 1),
    Fault("kms:bad-signature", 500, {"bad_signature"}, 1),
    Fault("kms:wrong-key", 500, {"kms_refused", "bad_signature"}, 1),
    Fault("kms:wrong-algorithm", 500, {"kms_refused", "bad_signature"}, 1),
    Fault("dynamodb:throttle", 502, TABLE_DOWN, 3),
    Fault("dynamodb:unavailable", 502, TABLE_DOWN, 3),
    Fault("dynamodb:lost-answer", 502, TABLE_DOWN),
    Fault("dynamodb:reset", 502, TABLE_DOWN),
    Fault("dynamodb:half-answer", 502, TABLE_DOWN, 3),
    Fault("dynamodb:conflict", 502, TABLE_DOWN, 3),
    Fault("dynamodb:wrong-crc", 502, TABLE_DOWN, 3),
    Fault("dynamodb:empty-body", 502, TABLE_DOWN, 3),
    Fault("dynamodb:wrong-body", 500, {"table_refused"}),
    Fault("dynamodb:denied", 500, {"table_refused"}, 1),
]

PASSING = [
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


def sign_again(host: Host, key: PublicKey, payload: bytes) -> str:
    """The exact retry, once the fault is over; a block gets what its row holds."""
    signature = host.baker.sign(key, payload).signature
    assert key.verifies(signature, payload)
    if payload[0] == 0x11:
        stored = {row.get("sig") for row in host.rows() if row["pkh"] == key.address}
        assert signature in stored
    return signature


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
    if fault.tries:
        assert made.calls[operation] == fault.tries
    sign_again(host, key, payload)


@pytest.mark.parametrize("curve", [Curve.SECP256K1, Curve.P256], ids=lambda c: c.address)
@pytest.mark.parametrize("kind", ["block", "attestation"])
def test_signature_that_is_not_strict_der_is_refused(
    host: Host, chain: Chain, curve: Curve, kind: str
) -> None:
    key = next(key for key in host.keys if key.curve is curve)
    payload = KINDS[kind](*chain.slot(), chain=chain.raw)
    with host.faults("kms:bad-der"):
        is_error(host.baker.post(key, payload, patient=False), 500, "bad_signature")
    sign_again(host, key, payload)


@pytest.mark.parametrize("spec", PASSING)
def test_passing_fault_is_not_seen_by_the_baker(host: Host, chain: Chain, spec: str) -> None:
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


class TestCredentials:
    @pytest.mark.parametrize("service", ["kms", "dynamodb"])
    def test_expired_ones_end_the_process_after_its_answer(
        self, host: Host, chain: Chain, service: str
    ) -> None:
        key = host.keys[1]
        for kind in ("block", "attestation"):
            payload = KINDS[kind](*chain.slot(), chain=chain.raw)
            before = {environment["pid"] for environment in host.environments()}
            with host.faults(f"{service}:expired"):
                reply = host.baker.post(key, payload, patient=False)
                is_error(reply, 502, "credentials_expired")
            sign_again(host, key, payload)
            now = {environment["pid"] for environment in host.environments()}
            assert len(before - now) == 1, "one process gave way to a new one"


class TestKills:
    def test_of_an_invocation_is_one_502_and_then_a_signature(
        self, host: Host, chain: Chain
    ) -> None:
        for key in host.keys:
            for kind in KINDS:
                payload = KINDS[kind](*chain.slot(), chain=chain.raw)
                with host.faults("environment:kill#1"):
                    reply = host.baker.post(key, payload)
                assert (reply.status, reply.attempts) == (200, 2)
                assert key.verifies(reply.signature, payload)

    def test_in_the_middle_of_a_run_change_nothing_but_a_502(
        self, host: Host, chain: Chain
    ) -> None:
        stop = threading.Event()

        def kill_now_and_then() -> None:
            while not stop.wait(0.15):
                pid = host.environments()[0]["pid"]
                with suppress(AssertionError):  # it was gone already
                    host.control("POST", "/environments/kill", {"pid": pid})

        killer = threading.Thread(target=kill_now_and_then)
        killer.start()
        try:
            for _ in range(30):
                for key in host.keys:
                    payload = KINDS["attestation"](*chain.slot(), chain=chain.raw)
                    assert key.verifies(host.baker.sign(key, payload).signature, payload)
                    payload = KINDS["block"](*chain.slot(), chain=chain.raw)
                    assert key.verifies(host.baker.sign(key, payload).signature, payload)
        finally:
            stop.set()
            killer.join()
        assert len(host.environments()) == 2


class TestClock:
    """AWS's clock and ours apart, from the first call on and from one call to the next."""

    @pytest.mark.parametrize("minutes", [-600, -10, -4.5, -3, 3, 4.5, 10, 600])
    def test_that_is_off_is_corrected_from_the_answers(
        self, host: Host, chain: Chain, minutes: float
    ) -> None:
        with host.clock(int(minutes * 60_000)):
            for kind in ("attestation", "block"):
                payload = KINDS[kind](*chain.slot(), chain=chain.raw)
                reply = host.baker.post(host.keys[1], payload, patient=False)
                assert host.keys[1].verifies(reply.signature, payload)


class TestFreeze:
    def test_connections_that_died_meanwhile_cost_no_error(self, host: Host, chain: Chain) -> None:
        key = host.keys[1]
        for _ in range(5):
            with host.faults("kms:close", "dynamodb:close"):
                payload = KINDS["attestation"](*chain.slot(), chain=chain.raw)
                assert host.baker.sign(key, payload).attempts == 1
            payload = KINDS["block"](*chain.slot(), chain=chain.raw)
            reply = host.baker.sign(key, payload)
            assert reply.attempts == 1 and key.verifies(reply.signature, payload)

    def test_a_read_opens_again_what_was_closed(self) -> None:
        """So that the POST a moment later makes no handshake."""
        with running("--environments", "1") as one:
            own = one.arm(START)
            own.loosen_pace()
            payload = KINDS["attestation"](*own.slot(), chain=own.raw)
            with one.faults("kms:close", "dynamodb:close"):
                one.baker.sign(one.keys[1], payload)
            time.sleep(0.1)
            assert one.baker.get("/authorized_keys").status == 200
            before = [one.calls()[service]["handshakes"] for service in ("kms", "dynamodb")]
            payload = KINDS["attestation"](*own.slot(), chain=own.raw)
            assert one.baker.post(one.keys[1], payload).status == 200
            after = [one.calls()[service]["handshakes"] for service in ("kms", "dynamodb")]
        assert after == before
