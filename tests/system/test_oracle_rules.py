# SPDX-License-Identifier: Apache-2.0
"""That the oracle which judges the disasters accepts a good history, and rejects each kind of bad
one: forged, since the product gives it none."""

import itertools
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from support import base58
from support.keys import Curve, SecretKey
from support.octez import Reply
from support.oracle import RULES, Asked, Oracle, read_slot
from support.payloads import KINDS, MAX_INT32, attestation, block, preattestation

START = 1000
FENCE = 2000
CHAIN, OTHER = b"main", b"side"
KEY = SecretKey(Curve.P256, bytes(31) + b"\x07")
Json = dict[str, Any]


class Story:
    """A history told step by step; each step takes a tick of the clock."""

    def __init__(self) -> None:
        ticks = itertools.count()
        self.oracle = Oracle([KEY.public], FENCE, clock=lambda: float(next(ticks)))

    def arm(self, chain: bytes = CHAIN) -> None:
        self.oracle.has_lifted(self.oracle.arms(base58.encode("Net", chain), START))

    def lift(self, level: int, round: int = MAX_INT32) -> None:
        lift = self.oracle.raises(base58.encode("Net", CHAIN), level, round)
        self.oracle.has_lifted(lift)

    def asks(self, payload: bytes) -> Asked:
        return self.oracle.asks(KEY.public.address, payload)

    def signs(self, asked: Asked, signature: str | None = None) -> str:
        signature = signature or KEY.sign(asked.payload)
        self.oracle.hears(asked, Reply(200, {}, json.dumps({"signature": signature})))
        return signature

    def refuses(self, asked: Asked, status: int, code: str, msg: str | None = None) -> None:
        trace = {"kind": "temporary", "id": "failure", "msg": msg or f"{code}: no"}
        text = json.dumps([trace])
        headers = {"x-redoubt-error": code} if code else {}
        self.oracle.hears(asked, Reply(status, headers, text))

    def signed(self, payload: bytes, signature: str | None = None) -> str:
        return self.signs(self.asks(payload), signature)

    def refused(self, payload: bytes, code: str, status: int = 409) -> None:
        self.refuses(self.asks(payload), status, code)

    def row(self, payload: bytes, signature: str | None = None, pace: int = 0) -> Json:
        asked = Asked(KEY.public, payload, 0)
        row: Json = {"pkh": asked.scope[0], "scope": asked.scope[1], "pace": pace}
        row |= {"lvl": asked.slot[0], "rnd": asked.slot[1], "digest": asked.digest}
        return row if signature is None else row | {"sig": signature}

    def bare_row(self, level: int = START, kind: str = "attestation", pace: int = 0) -> Json:
        """As `arm` and `raise` leave it."""
        row = self.row(KINDS[kind](level, MAX_INT32, chain=CHAIN), pace=pace)
        return {name: value for name, value in row.items() if name != "digest"}

    def looks(self, *rows: Json) -> None:
        self.oracle.looks(lambda: list(rows))


def vote(level: int = START + 1, round: int = 0, **more: Any) -> bytes:
    return attestation(level, round, **({"chain": CHAIN} | more))


def proposal(level: int = START + 1, round: int = 0, **more: Any) -> bytes:
    return block(level, round, **({"chain": CHAIN} | more))


def told(tell: Callable[[Story], None]) -> Story:
    """All begin with an armed chain and its bare rows."""
    story = Story()
    story.arm()
    story.looks(story.bare_row(), story.bare_row(kind="block"))
    tell(story)
    return story


@pytest.fixture
def story() -> Story:
    return told(lambda story: None)


@pytest.mark.parametrize("slot", [(1, 0), (START, 7), (MAX_INT32, MAX_INT32)])
def test_slots_are_read_from_the_bytes(slot: tuple[int, int]) -> None:
    for payload in (
        block(*slot),
        block(*slot, locked=3, seed=True),
        preattestation(*slot),
        attestation(*slot),
        attestation(*slot, dal=b"\x80" + b"\xff" * 131 + b"\x01"),
    ):
        assert read_slot(payload) == slot


def test_good_history_is_accepted(story: Story) -> None:
    story.refused(vote(chain=OTHER), "not_armed")
    story.signed(vote())
    story.signed(vote())
    story.refused(vote(salt=1), "already_signed")
    story.refused(vote(dal=b"\x00"), "already_signed")
    once = story.signed(proposal())
    story.signed(proposal(), once)
    story.looks(story.row(vote(), pace=-5), story.row(proposal(), once))
    story.signed(vote(round=1))
    story.refused(vote(), "below_watermark")
    story.refused(vote(FENCE + 1), "too_far_ahead")
    story.refused(vote(START + 5), "kms_unavailable", 502)
    story.refused(vote(START + 5), "", 502)
    story.refused(proposal(START + 2), "bad_signature", 500)
    story.looks(story.row(vote(START + 5), pace=-9), story.row(proposal(), once))
    story.refused(vote(START + 4), "below_watermark")
    story.lift(START + 6, 2)
    story.refused(vote(START + 6, 2), "already_signed")
    story.refused(vote(START + 6), "below_watermark")
    story.looks(story.bare_row(START + 6, pace=4) | {"rnd": 2}, story.row(proposal(), once))
    assert story.oracle.violations() == []
    assert story.oracle.tally()[409, "below_watermark"] == 3


def test_history_of_requests_that_overlap_is_accepted(story: Story) -> None:
    """What meets on its way may be decided in either order."""
    low, rival, high = (story.asks(p) for p in (vote(), vote(salt=1), vote(START + 2)))
    story.signs(high)
    story.signs(low)
    story.refuses(rival, 409, "already_signed")
    again = story.asks(vote(START + 2))
    late = story.asks(vote(START + 3))
    story.signs(again)
    story.refuses(late, 502, "table_unavailable")
    overtaken, overtaking = story.asks(proposal()), story.asks(proposal(START + 2))
    story.refuses(overtaken, 409, "below_watermark")
    story.refuses(overtaking, 502, "table_unavailable")
    story.looks(story.row(vote(START + 3)), story.bare_row(kind="block"))
    assert story.oracle.violations() == []


def two_digests(story: Story) -> None:
    story.signed(vote())
    story.signed(vote(salt=1))


def tags_apart(story: Story) -> None:
    story.signed(vote())
    story.signed(vote(dal=b"\x00"))


def two_signatures(story: Story) -> None:
    story.signed(proposal())
    story.signed(proposal())


def after_higher(story: Story) -> None:
    story.signed(vote(START + 2))
    story.signed(vote(START + 1))


def after_higher_round(story: Story) -> None:
    story.signed(vote(round=1))
    story.signed(vote(round=0))


def after_raise(story: Story) -> None:
    story.lift(START + 9)
    story.signed(vote())


def below_armed(story: Story) -> None:
    story.signed(vote(START))


def foreign_signature(story: Story) -> None:
    story.signed(vote(), KEY.sign(vote(salt=1)))


def no_signature(story: Story) -> None:
    story.signed(vote(), "edsigtXomBKi5CTRf5cjATJWSyaRvhfYNHqSUGrn4SdbYRcGwQrUGjzEfQDTuqH")


def high_s(story: Story) -> None:
    key = SecretKey(Curve.SECP256K1, bytes(31) + b"\x07")
    story.oracle.keys.append(key.public)
    asked = story.oracle.asks(key.public.address, vote())
    story.signs(asked, key.sign(vote(), high_s=True))


def without_arm(story: Story) -> None:
    story.signed(vote(chain=OTHER))


def over_the_fence(story: Story) -> None:
    story.signed(vote(FENCE + 1))


def nothing_higher(story: Story) -> None:
    story.signed(vote())
    story.refused(vote(), "below_watermark")


def higher_too_late(story: Story) -> None:
    story.refused(vote(), "below_watermark")
    story.signed(vote(START + 2))


def higher_beyond_the_fence(story: Story) -> None:
    story.refused(vote(FENCE + 1), "too_far_ahead")
    story.refused(vote(), "below_watermark")


def higher_of_another_kind(story: Story) -> None:
    story.signed(proposal(START + 2))
    story.refused(vote(), "below_watermark")


def no_rival(story: Story) -> None:
    story.refused(vote(), "already_signed")
    story.refused(vote(), "already_signed")


def rival_too_late(story: Story) -> None:
    story.refused(vote(), "already_signed")
    story.refused(vote(salt=1), "kms_unavailable", 502)


def own_digest(story: Story) -> None:
    story.refused(vote(salt=1), "kms_unavailable", 502)
    story.signed(vote())
    story.refused(vote(), "already_signed")


def own_digest_before(story: Story) -> None:
    story.refused(vote(salt=1), "kms_unavailable", 502)
    story.refused(vote(), "already_signed")
    story.signed(vote())


def armed_but_refused(story: Story) -> None:
    story.refused(vote(), "not_armed")


def not_too_far(story: Story) -> None:
    story.refused(vote(), "too_far_ahead")


def handed_over(story: Story) -> None:
    story.refused(vote(), "handed_over")


def internal(story: Story) -> None:
    story.refused(vote(), "internal", 500)


def good_request_called_bad(story: Story) -> None:
    story.refused(vote(), "bad_payload", 400)


def code_of_another_status(story: Story) -> None:
    story.refused(vote(), "kms_unavailable", 500)


def silence(story: Story) -> None:
    story.asks(vote())


def other_code_in_the_body(story: Story) -> None:
    story.refuses(story.asks(vote()), 502, "kms_unavailable", "deadline: no")


def signature_in_a_refusal(story: Story) -> None:
    story.refuses(story.asks(vote()), 502, "deadline", f"deadline: {KEY.sign(vote())}")


def row_fell(story: Story) -> None:
    story.signed(vote(START + 2))
    story.refused(vote(START + 1, 5), "below_watermark")
    story.looks(story.row(vote(START + 2)))
    story.looks(story.row(vote(START + 1, 5)))


def row_forgot_its_digest(story: Story) -> None:
    story.refused(vote(), "kms_unavailable", 502)
    story.refused(vote(salt=1), "already_signed")
    story.looks(story.row(vote()), story.bare_row(kind="block"))
    story.looks(story.row(vote(salt=1)), story.bare_row(kind="block"))


def row_changed_its_signature(story: Story) -> None:
    story.refused(proposal(), "table_unavailable", 502)
    for _ in range(2):
        story.looks(story.bare_row(), story.row(proposal(), KEY.sign(proposal())))


def row_gone(story: Story) -> None:
    story.looks(story.bare_row())


def pace_rose(story: Story) -> None:
    story.signed(vote())
    story.looks(story.row(vote(), pace=1), story.bare_row(kind="block"))


def row_of_nobody(story: Story) -> None:
    story.looks(story.row(vote()), story.bare_row(kind="block"))


def row_before_its_request(story: Story) -> None:
    story.looks(story.row(vote()), story.bare_row(kind="block"))
    story.signed(vote())


def row_lifted_by_nobody(story: Story) -> None:
    story.looks(story.bare_row(START + 1), story.bare_row(kind="block"))


def row_lifted_with_a_digest(story: Story) -> None:
    story.lift(START + 1, 0)
    story.looks(story.row(vote()), story.bare_row(kind="block") | {"lvl": START + 1, "rnd": 0})


def released_above_the_row(story: Story) -> None:
    story.signed(vote())
    story.looks(story.bare_row(), story.bare_row(kind="block"))


def released_without_row(story: Story) -> None:
    story.signed(preattestation(START + 1, chain=CHAIN))
    story.looks(story.bare_row(), story.bare_row(kind="block"))


def row_holds_another_digest(story: Story) -> None:
    story.signed(vote())
    story.refused(vote(salt=1), "already_signed")
    story.looks(story.row(vote(salt=1)), story.bare_row(kind="block"))


def row_holds_another_signature(story: Story) -> None:
    story.signed(proposal())
    story.looks(story.bare_row(), story.row(proposal(), KEY.sign(proposal())))


def row_holds_no_signature(story: Story) -> None:
    story.refused(proposal(), "table_unavailable", 502)
    story.looks(story.bare_row(), story.row(proposal()))


def row_holds_a_signature_that_does_not_verify(story: Story) -> None:
    story.refused(proposal(), "table_unavailable", 502)
    story.looks(story.bare_row(), story.row(proposal(), KEY.sign(vote())))


def row_of_a_vote_holds_a_signature(story: Story) -> None:
    story.refused(vote(), "kms_unavailable", 502)
    story.looks(story.row(vote(), KEY.sign(vote())), story.bare_row(kind="block"))


BAD: list[tuple[Callable[[Story], None], set[str]]] = [
    (two_digests, {"two digests"}),
    (tags_apart, {"two digests"}),
    (two_signatures, {"two signatures of one block"}),
    (after_higher, {"released after (1002, 0)"}),
    (after_higher_round, {"released after (1001, 1)"}),
    (after_raise, {f"released after (1009, {MAX_INT32})"}),
    (below_armed, {f"released after (1000, {MAX_INT32})"}),
    (foreign_signature, {"does not verify"}),
    (no_signature, {"does not verify"}),
    (high_s, {"does not verify"}),
    (without_arm, {"was not armed"}),
    (over_the_fence, {"too far ahead"}),
    (nothing_higher, {"nothing higher was asked for"}),
    (higher_too_late, {"nothing higher was asked for"}),
    (higher_beyond_the_fence, {"nothing higher was asked for"}),
    (higher_of_another_kind, {"nothing higher was asked for"}),
    (no_rival, {"nothing else was asked for at this slot"}),
    (rival_too_late, {"nothing else was asked for at this slot"}),
    (own_digest, {"refused for its own digest"}),
    (own_digest_before, {"refused for its own digest"}),
    (armed_but_refused, {"was armed"}),
    (not_too_far, {"not too far ahead"}),
    (handed_over, {"was never handed over"}),
    (internal, {"not in the contract"}),
    (good_request_called_bad, {"not in the contract"}),
    (code_of_another_status, {"not in the contract"}),
    (silence, {"never answered"}),
    (other_code_in_the_body, {"body and header differ"}),
    (signature_in_a_refusal, {"a refusal with a signature in it"}),
    (row_fell, {"the row fell or changed", "the row is gone", "released (1002, 0) above the row"}),
    (row_forgot_its_digest, {"the row fell or changed"}),
    (row_changed_its_signature, {"the row fell or changed"}),
    (row_gone, {"the row is gone"}),
    (pace_rose, {"the pace rose"}),
    (row_of_nobody, {"nobody asked for this row"}),
    (row_before_its_request, {"nobody asked for this row"}),
    (row_lifted_by_nobody, {"nobody asked for this row"}),
    (row_lifted_with_a_digest, {"nobody asked for this row"}),
    (released_above_the_row, {"released (1001, 0) above the row"}),
    (released_without_row, {"released without a row"}),
    (row_holds_another_digest, {"the row is not what was released"}),
    (row_holds_another_signature, {"the row is not what was released"}),
    (row_holds_no_signature, {"the row's signature is wrong"}),
    (row_holds_a_signature_that_does_not_verify, {"the row's signature is wrong"}),
    (row_of_a_vote_holds_a_signature, {"the row's signature is wrong"}),
]


@pytest.mark.parametrize(("tell", "named"), BAD, ids=[tell.__name__ for tell, _ in BAD])
def test_bad_history_is_rejected_by_name(tell: Callable[[Story], None], named: set[str]) -> None:
    assert {violation.split(": ")[0] for violation in told(tell).oracle.violations()} == named


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_rejects_a_history(rule: Callable[[Oracle], Iterable[str]]) -> None:
    """A rule that no history here breaks would be one that nobody has tested."""
    assert any(list(rule(told(tell).oracle)) for tell, _ in BAD)
