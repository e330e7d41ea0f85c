# SPDX-License-Identifier: Apache-2.0
"""What can happen to an environment: killed, frozen, its credentials expired, its clock wrong."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from asking import is_error, sign_again
from support.child import wait_until
from support.host import Chain, Host, running
from support.payloads import KINDS

START = 1_000_000


def handshakes(host: Host) -> dict[str, int]:
    """Those with both services, once each is done: a client goes on before its server is."""

    def sum_of(kind: str) -> int:
        seen = host.calls()
        return sum(int(seen[service][kind]) for service in ("kms", "dynamodb"))

    wait_until(lambda: sum_of("opening") == 0, "the end of a handshake")
    return {kind: sum_of(kind) for kind in ("handshakes", "resumed")}


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A host of its own: others need not suffer."""
    with running("--environments", "2") as started:
        yield started


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
        chain.loosen_pace(seconds=100_000)  # the fence goes by AWS's clock, and was set by ours
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
            before = handshakes(one)
            payload = KINDS["attestation"](*own.slot(), chain=own.raw)
            assert one.baker.post(one.keys[1], payload).status == 200
            assert handshakes(one) == before

    def test_connections_opened_again_resume_their_sessions(self) -> None:
        """All that is needed is a read; the signature after it makes no handshake."""
        with running("--environments", "1") as one:
            own = one.arm(START)
            own.loosen_pace()
            for _ in range(3):
                payload = KINDS["attestation"](*own.slot(), chain=own.raw)
                one.baker.sign(one.keys[1], payload)
                one.control("POST", "/connections/end", {"how": "closed"})
                time.sleep(0.1)
                before = handshakes(one)
                assert one.baker.get("/authorized_keys").status == 200
                opened = handshakes(one)
                assert opened == {kind: count + 2 for kind, count in before.items()}
                payload = KINDS["attestation"](*own.slot(), chain=own.raw)
                assert one.baker.post(one.keys[1], payload).status == 200
                assert handshakes(one) == opened
