# SPDX-License-Identifier: Apache-2.0
"""A tz4 key and its companion whose environment is killed again and again, between requests and
during them: it changes nothing but the time that an answer takes."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest

from asking import is_error
from support.bls import BlsKey, Signed, all_verify
from support.child import wait_until
from support.emf import parse_line
from support.host import Chain, Host, running
from support.keys import blake2b
from support.octez import Reply
from support.payloads import block, bls_vote

LEVEL = 1_000_000
ROUNDS = 10  # of each a block, and two votes by each of the two keys
MAGIC = {"preattestation": 0x12, "attestation": 0x13}
# What befalls the environment that has a request: killed as the event reaches it, or so many
# milliseconds later, with calls to AWS under way; or nothing.
DURING: tuple[list[str], ...] = (
    ["environment:kill#1"],
    ["environment:kill=6#1"],
    ["environment:kill=14#1"],
    [],
)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    # Calls take a while, so that a kill comes before them, between them and during them.
    options = ("--dynamodb-ms", "8", "--kms-ms", "4", "--environments", "1")
    with running("--keys", "tz4", *options) as started:
        yield started


def kill(host: Host) -> None:
    """Not before it is ready: one that is killed sooner has no successor until the next request.
    An answer may come from a process that was killed as it gave it, so the next may not be ready.
    """
    wait_until(lambda: host.environments()[0]["state"] == "idle", "a process that is ready")
    (environment,) = host.environments()
    host.control("POST", "/environments/kill", {"pid": environment["pid"]})
    wait_until(lambda: host.environments()[0]["starts"] > environment["starts"], "another process")


class Baker:
    """Signs slot after slot, and sees after each answer that no row has stepped back."""

    def __init__(self, host: Host, chain: Chain) -> None:
        self.host, self.chain = host, chain
        (pair,) = host.setup["keys"]
        self.consensus = BlsKey(pair["public_key"])
        self.companion = BlsKey(pair["companion"]["public_key"])
        self.rows = self._read()

    def payload(self, kind: str, slot: tuple[int, int], salt: int = 0) -> bytes:
        if kind == "block":
            return block(*slot, chain=self.chain.raw, salt=salt)
        return bls_vote(MAGIC[kind], *slot, chain=self.chain.raw, salt=salt)

    def asked_in(self, slot: tuple[int, int]) -> Iterator[tuple[BlsKey, str, bytes]]:
        yield self.consensus, "block", self.payload("block", slot)
        for kind in MAGIC:
            for key in (self.consensus, self.companion):
                yield key, kind, self.payload(kind, slot)

    def sign(self, key: BlsKey, kind: str, slot: tuple[int, int], payload: bytes) -> Reply:
        reply = self.host.baker.post(key, payload)
        assert reply.status == 200, reply.text
        rows = self._read()
        assert rows.keys() == self.rows.keys()
        for place, row in rows.items():
            before = self.rows[place]
            assert (row["lvl"], row["rnd"]) >= (before["lvl"], before["rnd"])
            if place != (key.address, kind):
                assert row == before
        row = rows[key.address, kind]
        assert (row["lvl"], row["rnd"], row["digest"]) == (*slot, blake2b(payload).hex())
        assert row.get("sig") == (reply.signature if kind == "block" else None)
        self.rows = rows
        return reply

    def _read(self) -> dict[tuple[str, str], Any]:
        mine = (row for row in self.host.rows() if row["scope"].startswith(f"{self.chain.id}/"))
        return {(row["pkh"], row["scope"].split("/")[1]): row for row in mine}


@pytest.mark.timeout(300)  # py_ecc alone takes 8 s of a processor
def test_forty_votes_and_ten_blocks_whatever_is_killed(host: Host) -> None:
    chain = host.arm(LEVEL)
    chain.loosen_pace()
    baker = Baker(host, chain)
    fates = cycle(DURING)
    signed: list[Signed] = []
    repeated = 0
    before = host.environments()[0]["starts"]
    for _ in range(ROUNDS):
        slot = chain.slot()
        for key, kind, payload in baker.asked_in(slot):
            with host.faults(*next(fates)):
                reply = baker.sign(key, kind, slot, payload)
            repeated += reply.attempts - 1
            signed.append(Signed(key, payload, reply.signature))
            kill(host)
            assert baker.sign(key, kind, slot, payload).signature == reply.signature
    # A process that knows the slot from the table alone, and the one that has just signed.
    for key, kind, _ in baker.asked_in(slot):
        for _ in range(2):
            is_error(host.baker.sign(key, baker.payload(kind, slot, 1)), 409, "already_signed")
        kill(host)

    assert len(signed) == ROUNDS * 5 and repeated >= ROUNDS
    assert host.environments()[0]["starts"] - before >= ROUNDS * 5 + repeated
    assert all_verify(signed)
    wrong = Signed(signed[0].key, signed[1].message, signed[0].signature)
    assert not all_verify([*signed[:2], wrong]), "what is judged here"


def test_the_log_tells_its_arithmetic_apart_from_kms(host: Host) -> None:
    chain = host.arm(LEVEL)
    baker = Baker(host, chain)
    before = len(host.log())
    slot = chain.slot()
    for key, kind, payload in baker.asked_in(slot):
        baker.sign(key, kind, slot, payload)
    wait_until(lambda: len(posts(host, before)) == 5, "the lines of five signatures")
    for line in posts(host, before):
        assert line["kms_ms"] == line["sign_attempts"] == 0
        assert 0 < line["sign_ms"] <= line["ms"]
        assert "sign_ms" not in str(line["_aws"]), "it is no metric"


def posts(host: Host, first: int) -> list[dict[str, Any]]:
    """The lines of signatures that were asked for, from the first-th line on."""
    lines = (parse_line(line) for line in host.log()[first:])
    return [line for line in lines if line.get("route") == "POST /keys"]
