# SPDX-License-Identifier: Apache-2.0
"""Slots of many validators at once, in the middle of which an environment is killed: it changes
nothing but that a request is asked again."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import milagro_bls_binding as milagro
import pytest

from support.child import wait_until
from support.host import Host, running
from support.validators import HOODI, SIGNER, Validators
from support.web3signer import Reply, Web3Signer, signing_root, unhex

VALIDATORS = 40
ENVIRONMENTS = 4
# When the environment is killed that has the request: as the event reaches it, or so many
# milliseconds later, before, during and after its write.
KILLS = (0, 3, 6, 8, 10, 12)
KILLS_A_SLOT = 3
TRIES = 10


@pytest.fixture(scope="module")
def validators() -> Iterator[Validators]:
    options = ("--keys", "tz1", "--environments", str(ENVIRONMENTS), "--dynamodb-ms", "8")
    # A call that is raced by a second one would be another story.
    with running("--network", "hoodi", *options, "--env", "HEDGING=off") as host:
        yield Validators(host)


@dataclass
class Asking:
    """As clients ask, that repeat what they have no signature for."""

    client: Web3Signer
    repeated: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sign(self, key: str, request: dict[str, Any]) -> Reply:
        for _ in range(TRIES):
            reply = self.client.sign(key, request)
            if reply.status != 502:
                break
            with self._lock:
                self.repeated += 1
        assert reply.status == 200, reply
        return reply


def starts(host: Host) -> int:
    return sum(environment["starts"] for environment in host.environments(SIGNER))


def all_ready(host: Host) -> bool:
    return all(environment["state"] == "idle" for environment in host.environments(SIGNER))


def test_a_slot_is_voted_for_once_by_each_whoever_is_killed(validators: Validators) -> None:
    host = validators.host
    keys = validators.create("killed", VALIDATORS)
    asking = Asking(validators.client(["validator"]))
    last = HOODI.epoch_of(HOODI.slot_at(time.time()))
    killed = 0
    for number, after in enumerate(KILLS):
        slot = (last - len(KILLS) + number) * HOODI.slots_an_epoch
        vote = HOODI.attestation(slot)
        # Before that a process that is killed has no successor until the next request.
        wait_until(lambda: all_ready(host), "processes that are ready")
        started, repeated = starts(host), asking.repeated
        with (
            host.faults(f"environment:kill={after}#{KILLS_A_SLOT}"),
            ThreadPoolExecutor(VALIDATORS) as pool,
        ):
            replies = list(pool.map(lambda key, vote=vote: asking.sign(key, vote), keys))
        wait_until(lambda: all_ready(host), "the successors of those that were killed")
        deaths = starts(host) - started
        assert deaths <= KILLS_A_SLOT
        assert asking.repeated - repeated <= deaths, "one request for each process that died"
        killed += asking.repeated - repeated
        check_rows(validators, keys, vote, replies)
        # By processes some of which have never heard of it.
        with ThreadPoolExecutor(VALIDATORS) as pool:
            again = list(pool.map(lambda key, vote=vote: asking.sign(key, vote), keys))
            other = HOODI.attestation(slot, block=b"\x02" * 32)
            refused = list(pool.map(lambda key, other=other: asking.client.sign(key, other), keys))
        assert [one.text for one in again] == [one.text for one in replies]
        assert {(one.status, one.code) for one in refused} == {(412, "already_signed")}
    assert killed >= len(KILLS), "what is tried here"


def check_rows(
    validators: Validators, keys: list[str], vote: dict[str, Any], replies: list[Reply]
) -> None:
    """Each has its own signature of the vote, and its row is that vote's."""
    root = signing_root(vote)
    for key, reply in zip(keys, replies, strict=True):
        assert milagro.Verify(unhex(key), root, unhex(reply.json()["signature"]))
        row = validators.item(key)
        assert bytes(row["aroot"]["B"]) == root
        assert row["src"]["N"] == vote["attestation"]["source"]["epoch"]
        assert row["tgt"]["N"] == vote["attestation"]["target"]["epoch"]
        assert row["slot"]["N"] == "0"
