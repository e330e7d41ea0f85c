# SPDX-License-Identifier: Apache-2.0
"""`arm`, `raise` and `status`: what they move, what they never move, what they answer."""

import os
import time
from typing import Any

import pytest

from asking import Asking, Counted, is_error
from support import base58
from support.host import Chain, Host
from support.payloads import KINDS, attestation

LEVEL = 500_000
MAX_ROUND = 2**31 - 1
Json = Any


def chain_id() -> str:
    return base58.encode("Net", os.urandom(4))


def rows_of(host: Host, chain: str) -> list[Json]:
    return [row for row in host.rows() if row["scope"].startswith(chain + "/")]


def pace(level: int) -> float:
    return level * 1000 - time.time() * 1000


class TestArm:
    def test_creates_a_row_for_each_key_and_kind(self, host: Host) -> None:
        chain = chain_id()
        assert host.operate("arm", chain=chain, level=LEVEL)["ok"] is True
        rows = rows_of(host, chain)
        assert {(row["pkh"], row["scope"].split("/")[1]) for row in rows} == {
            (key.address, kind) for key in host.keys for kind in KINDS
        }
        for row in rows:
            assert (row["lvl"], row["rnd"]) == (LEVEL, MAX_ROUND)
            assert row.get("digest") is None and row.get("sig") is None
            assert abs(row["pace"] - pace(LEVEL)) < 10_000

    def test_answers_the_rows(self, host: Host) -> None:
        chain = chain_id()
        told = host.operate("arm", chain=chain, level=LEVEL)
        assert len(told["rows"]) == 3 * len(host.keys)
        for row in told["rows"]:
            shown = {"pkh", "chain", "kind", "level", "round", "digest", "at", "pace", "until"}
            assert shown | {"before", "after", "outcome"} <= set(row)
            assert row["before"] is None and row["after"]["level"] == LEVEL
            assert (row["chain"], row["level"], row["round"]) == (chain, LEVEL, MAX_ROUND)
            assert row["level_closed"] is True
            assert row["signs_from"] == {"level": LEVEL + 1, "round": 0}
            assert 0 <= row["signs_up_to"] - (LEVEL + 300) <= 60
            assert row["written"].startswith("20") and row["written"].endswith("Z")

    def test_again_at_the_same_level_is_ok_and_changes_nothing(self, host: Host) -> None:
        chain = chain_id()
        host.operate("arm", chain=chain, level=LEVEL)
        before = rows_of(host, chain)
        assert host.operate("arm", chain=chain, level=LEVEL)["ok"] is True
        assert rows_of(host, chain) == before

    @pytest.mark.parametrize("level", [0, LEVEL - 1, LEVEL + 1, MAX_ROUND])
    def test_at_another_level_is_not_ok_and_changes_nothing(self, host: Host, level: int) -> None:
        chain = chain_id()
        host.operate("arm", chain=chain, level=LEVEL)
        before = rows_of(host, chain)
        assert host.operate("arm", chain=chain, level=level)["ok"] is False
        assert rows_of(host, chain) == before

    def test_touches_nothing_that_signed_and_creates_what_is_missing(self, asking: Asking) -> None:
        host, chain = asking.host, asking.chain
        assert asking.send(asking.post()).status == 200
        host.delete_row(asking.key, chain.scope("block"))
        before = rows_of(host, chain.id)
        told = host.operate("arm", chain=chain.id, level=chain.level)
        assert told["ok"] is False
        after = rows_of(host, chain.id)
        new = [row for row in after if row not in before]
        assert [(row["pkh"], row["scope"]) for row in new] == [
            (asking.key.address, chain.scope("block"))
        ]
        assert all(row in after for row in before)

    def test_of_chosen_keys_leaves_the_others(self, host: Host) -> None:
        chain = chain_id()
        told = host.operate("arm", chain=chain, level=LEVEL, keys=[host.keys[0].address])
        assert told["ok"] is True
        assert {row["pkh"] for row in rows_of(host, chain)} == {host.keys[0].address}

    def test_makes_no_signing_below_possible(self, host: Host) -> None:
        armed = host.arm(LEVEL)
        asked = Asking(host, armed, host.keys[0])
        at = attestation(LEVEL, MAX_ROUND, chain=armed.raw)
        is_error(asked.send(asked.post(at)), 409, "already_signed")
        below = attestation(LEVEL - 1, 0, chain=armed.raw)
        is_error(asked.send(asked.post(below)), 409, "below_watermark")


class TestRaise:
    @pytest.fixture
    def chain(self, host: Host) -> Chain:
        return host.arm(LEVEL)

    def test_moves_every_row_up(self, host: Host, chain: Chain) -> None:
        told = host.operate("raise", chain=chain.id, level=LEVEL + 100)
        assert told["ok"] is True
        assert "closes the whole level" in told["note"]
        for row in rows_of(host, chain.id):
            assert (row["lvl"], row["rnd"]) == (LEVEL + 100, MAX_ROUND)
            assert abs(row["pace"] - pace(LEVEL + 100)) < 10_000

    def test_removes_digest_and_signature(self, host: Host, chain: Chain) -> None:
        for kind, make in KINDS.items():
            payload = make(*chain.slot(), chain=chain.raw)
            assert host.baker.sign(host.keys[0], payload).status == 200
            assert host.row(host.keys[0], chain.scope(kind))["digest"]
        host.operate("raise", chain=chain.id, level=LEVEL + 100)
        for row in rows_of(host, chain.id):
            assert "digest" not in row["item"] and "sig" not in row["item"]

    @pytest.mark.parametrize("slot", [(LEVEL, MAX_ROUND), (LEVEL, 0), (LEVEL - 1, 5), (0, 0)])
    def test_never_moves_down_or_sideways(
        self, host: Host, chain: Chain, slot: tuple[int, int]
    ) -> None:
        payload = attestation(*chain.slot(), chain=chain.raw)
        assert host.baker.sign(host.keys[0], payload).status == 200
        before = rows_of(host, chain.id)
        host.operate("raise", chain=chain.id, level=slot[0], round=slot[1], force=True)
        assert rows_of(host, chain.id) == before

    def test_leaves_the_equal_slot_with_its_digest(self, host: Host, chain: Chain) -> None:
        level, round = chain.slot()
        payload = attestation(level, round, chain=chain.raw)
        key = host.keys[0]
        assert host.baker.sign(key, payload).status == 200
        host.operate("raise", chain=chain.id, level=level, round=round)
        row = host.row(key, chain.scope("attestation"))
        assert (row["lvl"], row["rnd"]) == (level, round) and row["digest"]
        assert key.verifies(host.baker.sign(key, payload).signature, payload)

    def test_takes_a_round(self, host: Host, chain: Chain) -> None:
        assert host.operate("raise", chain=chain.id, level=LEVEL + 1, round=4)["ok"] is True
        key = host.keys[0]
        low, high = (attestation(LEVEL + 1, round, chain=chain.raw) for round in (4, 5))
        is_error(host.baker.sign(key, low), 409, "already_signed")
        assert host.baker.sign(key, high).status == 200

    def test_beyond_the_fence_wants_force(self, host: Host, chain: Chain) -> None:
        before = rows_of(host, chain.id)
        told = host.operate("raise", chain=chain.id, level=LEVEL + 1000)
        assert told["ok"] is False
        assert rows_of(host, chain.id) == before
        assert host.operate("raise", chain=chain.id, level=LEVEL + 1000, force=True)["ok"] is True
        for row in rows_of(host, chain.id):
            assert row["lvl"] == LEVEL + 1000
        payload = attestation(LEVEL + 1001, 0, chain=chain.raw)
        assert host.baker.sign(host.keys[0], payload).status == 200

    def test_creates_nothing(self, host: Host) -> None:
        chain = chain_id()
        assert host.operate("raise", chain=chain, level=5)["ok"] is False
        assert rows_of(host, chain) == []

    def test_of_chosen_keys_leaves_the_others(self, host: Host, chain: Chain) -> None:
        chosen = [host.keys[1].address]
        assert host.operate("raise", chain=chain.id, level=LEVEL + 9, keys=chosen)["ok"] is True
        for row in rows_of(host, chain.id):
            assert row["lvl"] == (LEVEL + 9 if row["pkh"] in chosen else LEVEL)

    def test_warm_signers_obey_the_raised_row(self, host: Host, chain: Chain) -> None:
        key = host.keys[0]
        payload = attestation(*chain.slot(), chain=chain.raw)
        for _ in range(6):
            assert host.baker.sign(key, payload).status == 200
        host.operate("raise", chain=chain.id, level=LEVEL + 50)
        is_error(host.baker.sign(key, payload), 409, "below_watermark")


class TestStatus:
    def test_tells_keys_rows_and_limits(self, asking: Asking) -> None:
        host = asking.host
        payload = asking.vote()
        assert asking.send(asking.post(payload)).status == 200
        told = host.operate("status")
        assert told["ok"] is True
        assert told["version"]
        text = str(told)
        for key in host.keys:
            assert key.address in text and host.arn(key) in text and str(key) in text
        assert host.authorized.public.address in text
        row = next(
            row
            for row in told["rows"]
            if (row["pkh"], row["chain"], row["kind"])
            == (asking.key.address, asking.chain.id, "attestation")
        )
        stored = host.row(asking.key, asking.chain.scope("attestation"))
        assert {"level": row["level"], "round": row["round"], "digest": row["digest"]} == {
            "level": stored["lvl"],
            "round": stored["rnd"],
            "digest": stored["digest"],
        }
        assert (row["at"], row["pace"]) == (stored["at"], stored["pace"])
        assert "limits" in told and "clock" in told

    def test_only_reads(self, host: Host) -> None:
        rows = host.rows()
        with Counted(host) as made:
            host.operate("status")
        assert set(made.calls) <= {"dynamodb.Query"}
        assert host.rows() == rows

    def test_tells_no_secret(self, host: Host) -> None:
        text = str(host.operate("status"))
        setup = host.setup
        for secret in ("secret_access_key", "session_token", "access_key_id"):
            assert setup[secret] not in text
