# SPDX-License-Identifier: Apache-2.0
"""What is refused, and what stands in the table afterwards."""

import os
import time
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from asking import ONE_EACH, Asking, Counted, is_error
from support.host import Chain, Host
from support.keys import blake2b
from support.payloads import KINDS, attestation, block, preattestation

START = 1_000_000
Make = Callable[..., bytes]

each_kind = pytest.mark.parametrize("kind", KINDS)


def signed(asking: Asking, payload: bytes) -> str:
    reply = asking.send(asking.post(payload))
    assert asking.key.verifies(reply.signature, payload)
    return reply.signature


def refused(asking: Asking, payload: bytes, code: str) -> None:
    is_error(asking.send(asking.post(payload)), 409, code)


@each_kind
class TestSlots:
    def test_other_bytes_at_a_signed_slot_are_refused(self, asking: Asking, kind: str) -> None:
        slot = asking.chain.slot()
        make = KINDS[kind]
        signed(asking, make(*slot, chain=asking.chain.raw))
        before = asking.host.row(asking.key, asking.chain.scope(kind))
        refused(asking, make(*slot, chain=asking.chain.raw, salt=1), "already_signed")
        assert asking.host.row(asking.key, asking.chain.scope(kind)) == before

    def test_lower_round_is_refused(self, asking: Asking, kind: str) -> None:
        first, second = asking.chain.slot(), asking.chain.slot()
        signed(asking, KINDS[kind](*second, chain=asking.chain.raw))
        refused(asking, KINDS[kind](*first, chain=asking.chain.raw), "below_watermark")

    def test_lower_level_is_refused_at_any_round(self, asking: Asking, kind: str) -> None:
        level = asking.chain.level + 5
        signed(asking, KINDS[kind](level, 0, chain=asking.chain.raw))
        for round in (0, 1, 2**31 - 1):
            payload = KINDS[kind](level - 1, round, chain=asking.chain.raw)
            refused(asking, payload, "below_watermark")

    def test_armed_level_itself_is_refused(self, asking: Asking, kind: str) -> None:
        level = asking.chain.level
        refused(asking, KINDS[kind](level, 0, chain=asking.chain.raw), "below_watermark")
        last = KINDS[kind](level, 2**31 - 1, chain=asking.chain.raw)
        refused(asking, last, "already_signed")

    def test_highest_round_is_signed(self, asking: Asking, kind: str) -> None:
        signed(asking, KINDS[kind](asking.chain.level + 1, 2**31 - 1, chain=asking.chain.raw))

    def test_chain_not_armed_is_refused(self, asking: Asking, kind: str) -> None:
        rows = len(asking.host.rows())
        refused(asking, KINDS[kind](5, 0, chain=os.urandom(4)), "not_armed")
        assert len(asking.host.rows()) == rows, "nothing was created"

    def test_row_tells_what_was_signed(self, asking: Asking, kind: str) -> None:
        level, round = asking.chain.slot()
        payload = KINDS[kind](level, round, chain=asking.chain.raw)
        signature = signed(asking, payload)
        row = asking.host.row(asking.key, asking.chain.scope(kind))
        assert (row["lvl"], row["rnd"]) == (level, round)
        assert row["digest"] == blake2b(payload).hex()
        assert row.get("sig") == (signature if kind == "block" else None)
        assert abs(row["at"] - time.time() * 1000) < 60_000


def test_kinds_keys_and_chains_do_not_know_each_other(asking: Asking) -> None:
    slot = (asking.chain.level + 2, 0)
    for chain in (asking.chain, asking.host.arm(START)):
        for key in asking.host.keys:
            asked = Asking(asking.host, chain, key)
            for make in (attestation, block, preattestation):
                signed(asked, make(*slot, chain=chain.raw))


def test_attestations_with_and_without_dal_share_a_row(asking: Asking) -> None:
    slot = asking.chain.slot()
    signed(asking, attestation(*slot, chain=asking.chain.raw))
    with_dal = attestation(*slot, chain=asking.chain.raw, dal=b"\x00")
    refused(asking, with_dal, "already_signed")


def test_same_payload_hash_with_another_branch_is_other_bytes(asking: Asking) -> None:
    payload = asking.vote()
    signed(asking, payload)
    refused(asking, payload[:5] + os.urandom(32) + payload[37:], "already_signed")


class TestDamage:
    """A row that no write of ours leaves behind, and that the condition refuses: it is kept for
    the operator to see."""

    CHANGES: ClassVar[dict[str, dict[str, Any]]] = {
        "no level": {"lvl": None},
        "no round": {"rnd": None, "lvl": {"N": str(START + 1)}},
        "no pace": {"pace": None},
        "level is text": {"lvl": {"S": "1000000"}},
        "level has a fraction": {"lvl": {"N": "2000000.5"}},
        "level above 31 bits": {"lvl": {"N": "2147483648"}},
        "pace is text": {"pace": {"S": "0"}},
        "no round, at a lower level": {"rnd": None},
        "round is text, at a lower level": {"rnd": {"S": "0"}},
        "no time": {"at": None},
        "signature is a number": {"sig": {"N": "1"}},
        "digest is text, at a lower level": {"digest": {"S": "00"}},
        "digest is text": {"digest": {"S": "00"}, "lvl": {"N": "2000000"}},
        "digest is short": {"digest": {"B": "AAAA"}, "lvl": {"N": "2000000"}},
    }

    @pytest.mark.parametrize("name", CHANGES)
    def test_is_refused_and_left(self, asking: Asking, name: str) -> None:
        scope = asking.chain.scope("attestation")
        item = dict(asking.host.row(asking.key, scope)["item"])
        for attribute, value in self.CHANGES[name].items():
            if value is None:
                del item[attribute]
            else:
                item[attribute] = value
        asking.host.put_row(item)
        is_error(asking.send(asking.post()), 500, "damaged_row")
        assert asking.host.row(asking.key, scope)["item"] == item

    @pytest.mark.parametrize(
        "stored", [None, "edsig", "", "spsig1"], ids=["none", "nonsense", "empty", "prefix"]
    )
    def test_block_whose_stored_signature_is_lost_is_never_signed_again(
        self, asking: Asking, stored: str | None
    ) -> None:
        payload = block(*asking.chain.slot(), chain=asking.chain.raw)
        signed(asking, payload)
        scope = asking.chain.scope("block")
        item = dict(asking.host.row(asking.key, scope)["item"])
        del item["sig"]
        asking.host.put_row(item if stored is None else item | {"sig": {"S": stored}})
        is_error(asking.send(asking.post(payload)), 500, "damaged_row")

    def test_signature_of_another_block_is_not_released(self, asking: Asking) -> None:
        first = block(*asking.chain.slot(), chain=asking.chain.raw)
        other = signed(asking, first)
        payload = block(*asking.chain.slot(), chain=asking.chain.raw)
        signed(asking, payload)
        item = dict(asking.host.row(asking.key, asking.chain.scope("block"))["item"])
        asking.host.put_row(item | {"sig": {"S": other}})
        is_error(asking.send(asking.post(payload)), 500, "damaged_row")

    def test_deleted_row_is_not_created_again(self, asking: Asking, host: Host) -> None:
        host.delete_row(asking.key, asking.chain.scope("attestation"))
        refused(asking, asking.vote(), "not_armed")
        with pytest.raises(StopIteration):
            host.row(asking.key, asking.chain.scope("attestation"))


class TestPace:
    """At most one level a second, and five minutes of slack."""

    @pytest.fixture
    def tight(self, host: Host, asking: Asking) -> Asking:
        """Armed this second, so that each level above is early."""
        return Asking(host, host.arm(START), asking.key)

    def vote(self, tight: Asking, ahead: int, round: int = 0) -> bytes:
        return attestation(tight.chain.level + ahead, round, chain=tight.chain.raw)

    @pytest.mark.parametrize("ahead", [1, 2, 290])
    def test_within_the_slack_is_signed_by_a_second_write(self, tight: Asking, ahead: int) -> None:
        before = tight.host.row(tight.key, tight.chain.scope("attestation"))["pace"]
        with Counted(tight.host) as made:
            signed(tight, self.vote(tight, ahead))
        assert made.calls["kms.Sign"] == 1
        # One, if the second since it was armed was over already.
        assert made.calls["dynamodb.UpdateItem"] == 2 or ahead == 1
        after = tight.host.row(tight.key, tight.chain.scope("attestation"))["pace"]
        assert after == before or ahead == 1, "the loose commit leaves the pace"

    @pytest.mark.parametrize("ahead", [320, 10_000, 2**31 - 1 - START])
    @pytest.mark.parametrize("round", [0, 7])
    def test_beyond_the_slack_is_refused(self, tight: Asking, ahead: int, round: int) -> None:
        scope = tight.chain.scope("attestation")
        before = tight.host.row(tight.key, scope)
        refused(tight, self.vote(tight, ahead, round), "too_far_ahead")
        assert tight.host.row(tight.key, scope) == before
        signed(tight, self.vote(tight, 1))

    def test_slack_does_not_add_up(self, tight: Asking) -> None:
        signed(tight, self.vote(tight, 290))
        refused(tight, self.vote(tight, 330), "too_far_ahead")
        refused(tight, self.vote(tight, 580), "too_far_ahead")

    def test_warm_environments_begin_with_the_loose_write(self, tight: Asking) -> None:
        for ahead in range(100, 100 + 4 * len(tight.host.environments())):
            signed(tight, self.vote(tight, ahead))
        with Counted(tight.host) as made:
            for ahead in range(150, 160):
                signed(tight, self.vote(tight, ahead))
        assert made.calls["kms.Sign"] == 10
        # The host may hand one to an environment that saw nothing of this row yet.
        assert 10 <= made.calls["dynamodb.UpdateItem"] < 10 + len(tight.host.environments())

    def test_falls_with_round_0_and_stands_in_others(self, asking: Asking) -> None:
        scope = asking.chain.scope("attestation")
        armed = asking.host.row(asking.key, scope)["pace"]
        signed(asking, self.vote(asking, 1, 3))
        assert asking.host.row(asking.key, scope)["pace"] == armed
        signed(asking, self.vote(asking, 2, 0))
        fallen = asking.host.row(asking.key, scope)["pace"]
        expected = (asking.chain.level + 2) * 1000 - time.time() * 1000
        assert armed > fallen and abs(fallen - expected) < 10_000


def test_warm_environment_refuses_at_once_what_is_below(asking: Asking) -> None:
    """Once an environment has seen the row, a lower slot costs no call at all."""
    environments = len(asking.host.environments())
    old = asking.vote()
    signed(asking, asking.vote())
    with Counted(asking.host) as made:
        for _ in range(5 * environments):
            refused(asking, old, "below_watermark")
    # The host may hand one to an environment that saw nothing of this row yet.
    assert made.calls.get("dynamodb.UpdateItem", 0) < environments


def test_warm_environment_approves_nothing_from_memory(asking: Asking, chain: Chain) -> None:
    payload = asking.vote()
    signed(asking, payload)
    with Counted(asking.host) as made:
        signed(asking, payload)
    assert made.calls == ONE_EACH
