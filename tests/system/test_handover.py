# SPDX-License-Identifier: Apache-2.0
"""A key goes from one signer to another, each with its function, its operator and its table, over
the same KMS: nothing is missed, and whatever comes in another order is refused, never signed twice.
"""

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from support import base58
from support.aws import Server
from support.fault_proxy import FaultProxy
from support.host import Host, running
from support.keys import Curve, PublicKey
from support.octez import OctezClient, Reply
from support.payloads import KINDS
from support.third_party import create_table

HEAD = 1_000_000
ENVIRONMENTS = ("--environments", "2")
SEED = os.environ.get("REDOUBT_HANDOVER_SEED") or str(random.SystemRandom().randrange(10**9))
Json = Any


def beside(host: Host, table: str) -> tuple[str, ...]:
    """The options of a signer that uses a host's AWS, but a table of its own."""
    setup = host.setup
    variables = {
        "AWS_ENDPOINT_URL_KMS": setup["kms_endpoint"],
        "AWS_ENDPOINT_URL_DYNAMODB": setup["dynamodb_endpoint"],
        "AWS_CA_BUNDLE": setup["ca_file"],
        "AWS_ACCESS_KEY_ID": setup["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": setup["secret_access_key"],
        "AWS_SESSION_TOKEN": setup["session_token"],
        "KMS_KEY_ID": ",".join(key["arn"] for key in setup["keys"]),
        "PUBLIC_KEYS": ",".join(key["public_key"] for key in setup["keys"]),
        "AUTHORIZED_KEYS": setup["authorized"]["public_key"],
        "WATERMARK_TABLE": table,
    }
    return tuple(part for name, value in variables.items() for part in ("--env", f"{name}={value}"))


@pytest.fixture(scope="module")
def hosts() -> Iterator[tuple[Host, Host]]:
    table = "redoubt-watermarks-2"
    with running(*ENVIRONMENTS) as old:
        create_table(old.server("dynamodb"), table)
        with running(*ENVIRONMENTS, *beside(old, table)) as new:
            yield old, new


class Signer:
    """One of the two: its URL and its operator, for one key on a chain of the test's own."""

    def __init__(self, host: Host, baker: OctezClient, key: PublicKey, chain: bytes) -> None:
        self.host = host
        self.baker = baker
        self.address = key.address
        self.chain = base58.encode("Net", chain)

    def operate(self, command: str, **fields: Json) -> Json:
        return self.host.operate(command, chain=self.chain, keys=[self.address], **fields)

    def do(self, command: str, **fields: Json) -> Json:
        """What has to be done. It is tried first, which changes nothing, and says the same."""
        tried = self.operate(command, **fields, dry_run=True)
        told = self.operate(command, **fields)
        assert told["ok"] is True, told
        assert tried["ok"] is True and tried["dry_run"] is True
        for was, row in zip(tried["rows"], told["rows"], strict=True):
            assert was["outcome"] == row["outcome"]
            assert (
                was["before"] == row["before"] or was["before"]["level"] == row["before"]["level"]
            )
            assert was["after"]["until"] == row["after"]["until"]
            assert was["after"]["level"] == row["after"]["level"]
        return told

    def refuses(self, command: str, id: str, **fields: Json) -> str:
        before = self.rows()
        told = self.operate(command, **fields)
        assert told["ok"] is False and told["error"]["id"] == id, told
        assert self.rows() == before
        return str(told["error"]["msg"])

    def rows(self) -> list[Json]:
        """Without what depends on when it is asked."""
        mine = (self.chain, self.address)
        rows = [r for r in self.host.operate("status")["rows"] if (r["chain"], r["pkh"]) == mine]
        return [{name: row[name] for name in row if name != "signs_up_to"} for row in rows]


class Ledger:
    """What left the two, of one key: a signature for each position, never another."""

    def __init__(self, key: PublicKey, chain: bytes) -> None:
        self.key = key
        self.chain = chain
        self.signed: dict[tuple[str, int, int], tuple[bytes, Signer]] = {}

    def ask(self, signer: Signer, kind: str, level: int, round: int = 0, salt: int = 0) -> Reply:
        payload = KINDS[kind](level, round, chain=self.chain, salt=salt)
        reply = signer.baker.sign(self.key, payload)
        if reply.status == 200:
            assert self.key.verifies(reply.signature, payload)
            held = self.signed.setdefault((kind, level, round), (payload, signer))
            assert held[0] == payload, f"two {kind}s at level {level}, round {round}"
            assert held[1] is signer, f"{kind} {level}/{round} is signed by both"
        return reply

    def bake(self, signer: Signer, level: int) -> list[str]:
        """A level's three messages; the codes of what was refused."""
        replies = [self.ask(signer, kind, level) for kind in KINDS]
        assert all(reply.status in (200, 409) for reply in replies), replies
        return [reply.code for reply in replies if reply.status != 200]


class Pair:
    """The old signer, which bakes, and the new one, without rows."""

    def __init__(self, hosts: tuple[Host, Host]) -> None:
        chain = os.urandom(4)
        old, new = hosts
        key = old.key(Curve.SECP256K1)
        self.old = Signer(old, old.baker, key, chain)
        self.new = Signer(new, OctezClient(new.url, old.authorized), key, chain)
        self.ledger = Ledger(key, chain)
        self.old.do("arm", level=HEAD)

    def bake(self, signer: Signer, *levels: int) -> None:
        for level in levels:
            assert self.ledger.bake(signer, level) == [], level


@pytest.fixture
def pair(hosts: tuple[Host, Host]) -> Pair:
    return Pair(hosts)


def test_a_baker_changes_over_and_misses_nothing(pair: Pair) -> None:
    old, new = pair.old, pair.new
    pair.bake(old, HEAD + 1)
    last = HEAD + 4
    told = old.do("handover", until=last)
    assert {row["outcome"] for row in told["rows"]} == {"limited"}
    assert f"`arm` at level {last}" in told["note"]
    pair.bake(old, HEAD + 2)
    assert f"`arm` it at level {last}" in new.refuses("handover", "not_armed", **{"from": last + 1})
    new.do("arm", level=last)
    pair.bake(old, HEAD + 3, HEAD + 4)
    # Here the baker changes over.
    pair.bake(new, last + 1, last + 2)
    assert sorted(level for kind, level, _ in pair.ledger.signed if kind == "block") == list(
        range(HEAD + 1, HEAD + 7)
    )
    # One that stays behind is told what to do.
    assert pair.ledger.bake(old, last + 2) == ["handed_over"] * 3
    told_baker = pair.ledger.ask(old, "attestation", last + 3).text
    assert "let the baker use that one's URL" in told_baker


def test_and_back_by_the_rows_that_there_are(pair: Pair) -> None:
    old, new = pair.old, pair.new
    old.do("handover", until=HEAD + 1)
    new.do("arm", level=HEAD + 1)
    pair.bake(old, HEAD + 1)
    pair.bake(new, HEAD + 2)
    new.do("handover", until=HEAD + 3)
    told = old.do("handover", **{"from": HEAD + 4})
    assert {row["outcome"] for row in told["rows"]} == {"moved_in"}
    pair.bake(new, HEAD + 3)
    pair.bake(old, HEAD + 4, HEAD + 5)
    assert pair.ledger.bake(new, HEAD + 4) == ["handed_over"] * 3
    again = old.do("handover", **{"from": HEAD + 4})
    assert {row["outcome"] for row in again["rows"]} == {"unchanged"}


def test_a_baker_that_changes_over_too_early_or_too_late_is_refused(pair: Pair) -> None:
    old, new = pair.old, pair.new
    old.do("handover", until=HEAD + 2)
    assert pair.ledger.bake(new, HEAD + 1) == ["not_armed"] * 3
    new.do("arm", level=HEAD + 2)
    assert pair.ledger.bake(new, HEAD + 1) == ["below_watermark"] * 3
    assert pair.ledger.bake(new, HEAD + 2) == ["below_watermark"] * 3
    assert pair.ledger.bake(old, HEAD + 3) == ["handed_over"] * 3
    pair.bake(old, HEAD + 2)
    pair.bake(new, HEAD + 3)


def test_no_command_gives_a_level_to_both(pair: Pair) -> None:
    old, new = pair.old, pair.new
    pair.bake(old, HEAD + 3)
    assert f"give level {HEAD + 3}" in old.refuses("handover", "below_watermark", until=HEAD + 2)
    old.do("handover", until=HEAD + 5)
    new.do("arm", level=HEAD + 5)
    old.refuses("handover", "handed_over", until=HEAD + 6)
    for level in (HEAD + 1, HEAD + 5):
        old.refuses("handover", "handed_over", **{"from": level})
    old.do("raise", level=HEAD + 4)
    old.refuses("arm", "already_signed", level=HEAD + 9)
    pair.bake(new, HEAD + 6)
    assert pair.ledger.bake(old, HEAD + 6) == ["handed_over"] * 3
    pair.bake(old, HEAD + 5)


def test_before_the_new_signer_moves_in_the_old_one_may_take_it_back(pair: Pair) -> None:
    pair.old.do("handover", until=HEAD + 2)
    pair.old.do("handover", **{"from": HEAD + 3})
    pair.bake(pair.old, HEAD + 3, HEAD + 4)


@pytest.mark.parametrize("margin", [0, 100])
def test_when_the_old_signer_is_dead(pair: Pair, margin: int) -> None:
    """Nobody can ask it, nor limit it: the new one signs from well above what it can have signed.
    If it wakes up, it is limited to the level before at once."""
    old, new = pair.old, pair.new
    pair.bake(old, HEAD + 1, HEAD + 2)
    head = HEAD + 2
    first = head + 2 + margin  # the baker may have signed for the level after the head
    new.do("arm", level=first - 1)
    pair.bake(new, first)
    # It wakes up, and a baker that was left behind asks it for the level that it knew.
    pair.bake(old, head + 1)
    old.do("handover", until=first - 1)
    assert pair.ledger.bake(old, first) == ["handed_over"] * 3
    pair.bake(new, first + 1)


def test_a_level_for_the_new_signer_that_was_too_low_shows_when_the_old_one_wakes_up(
    pair: Pair,
) -> None:
    old, new = pair.old, pair.new
    pair.bake(old, HEAD + 1, HEAD + 2, HEAD + 3)
    new.do("arm", level=HEAD + 1)
    assert "above `until`" in old.refuses("handover", "below_watermark", until=HEAD + 1)


class Disorder:
    """Bakers who ask both signers for all and for different bytes; operators who do, in any order,
    what they may: the other's last level first, then the first level here."""

    def __init__(self, pair: Pair, chance: random.Random) -> None:
        self.pair = pair
        self.chance = chance
        self.head = HEAD + 1
        self.signed_by: dict[str, int] = {}

    def step(self) -> None:
        signer = self.chance.choice([self.pair.old, self.pair.new])
        if self.chance.random() < 0.25:
            self.operate(signer)
        else:
            kind = self.chance.choice(list(KINDS))
            level = self.head + self.chance.choice([-1, 0, 0, 0, 1])
            salt = self.chance.randrange(2)
            reply = self.pair.ledger.ask(signer, kind, level, self.chance.randrange(2), salt)
            assert reply.status in (200, 409), reply
            name = reply.code or f"signed by {'old' if signer is self.pair.old else 'new'}"
            self.signed_by[name] = self.signed_by.get(name, 0) + 1
        if self.chance.random() < 0.3:
            self.head += 1

    def operate(self, signer: Signer) -> None:
        other = self.pair.new if signer is self.pair.old else self.pair.old
        limits = [row["until"] for row in other.rows()]
        if not limits or None in limits or self.chance.random() < 0.5:
            signer.operate("handover", until=self.head + self.chance.randrange(-1, 4))
            return
        first = max(limits) + 1
        own = [row["until"] or 0 for row in signer.rows()]
        if not own:
            signer.operate("arm", level=first - 1)
            return
        # Now and then at a level that it may sign itself still.
        signer.operate("handover", **{"from": max(own) + self.chance.randrange(2) or first})
        signer.operate("handover", **{"from": max(first, max(own) + 1)})


def test_no_order_of_events_signs_twice(hosts: tuple[Host, Host]) -> None:
    chance = random.Random(SEED)
    print(f"REDOUBT_HANDOVER_SEED={SEED}")
    ends: dict[str, int] = {}
    wanted = ("signed by old", "signed by new", "handed_over", "not_armed", "already_signed")
    for pair in range(30):  # six, unless one of the ends is still rare
        if pair >= 6 and all(ends.get(name, 0) >= 3 for name in wanted):
            break
        disorder = Disorder(Pair(hosts), chance)
        for _ in range(90):
            disorder.step()
        for name, count in disorder.signed_by.items():
            ends[name] = ends.get(name, 0) + count
    print(ends)
    assert all(ends.get(name, 0) >= 3 for name in wanted), ends


def test_amazons_own_table_does_the_same(local_dynamodb: Server) -> None:
    """What the expressions say, as Amazon's DynamoDB Local reads them."""
    with FaultProxy(local_dynamodb) as between:
        url = f"AWS_ENDPOINT_URL_DYNAMODB={between.url}"
        with running(*ENVIRONMENTS, "--env", url) as host:
            pair = Pair((host, host))
            old = pair.old
            pair.bake(old, HEAD + 1)
            old.do("handover", until=HEAD + 5)
            old.refuses("handover", "handed_over", until=HEAD + 6)
            old.do("handover", until=HEAD + 2)
            pair.bake(old, HEAD + 2)
            assert pair.ledger.bake(old, HEAD + 3) == ["handed_over"] * 3
            old.refuses("handover", "handed_over", **{"from": HEAD + 2})
            old.do("raise", level=HEAD + 2)
            old.do("handover", **{"from": HEAD + 3})
            pair.bake(old, HEAD + 3)
            assert all(row["until"] is None for row in old.rows())
            assert "UpdateItem" not in host.calls()["dynamodb"]["calls"]
