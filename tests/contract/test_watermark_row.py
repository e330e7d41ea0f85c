# SPDX-License-Identifier: Apache-2.0
"""The commit, `arm` and `raise` as the design words them, on every DynamoDB that we can have."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from row import MAX_ROUND, SLACK, Row, Slot, number, refusal

PACE = -1_700_000_000_000  # level * 1000 - now: always negative for a real chain
VOTE = Slot(level=101, round=0, digest=b"\x01" * 32, pace=PACE)
BLOCK = replace(VOTE, signature="edsig-of-the-block")


@pytest.fixture
def armed(row: Row) -> Row:
    row.arm(100, PACE)
    return row


def refused(row: Row, slot: Slot) -> dict[str, dict[str, str | bytes]]:
    """The row that the refusal returned."""
    with pytest.raises(ClientError) as caught:
        row.commit(slot)
    code, old = refusal(caught.value)
    assert code == "ConditionalCheckFailedException"
    assert old is not None
    assert old == row.read(), "a refusal changes nothing and returns what stands"
    return old


class TestArm:
    def test_creates_the_row(self, row: Row) -> None:
        row.arm(100, PACE)
        assert row.read() == row.key | {
            "lvl": number(100),
            "rnd": number(MAX_ROUND),
            "pace": number(PACE),
            "at": number(1),
        }

    def test_leaves_an_existing_row_and_returns_it(self, armed: Row) -> None:
        armed.commit(VOTE)
        before = armed.read()
        with pytest.raises(ClientError) as caught:
            armed.arm(500, PACE + 1)
        assert refusal(caught.value) == ("ConditionalCheckFailedException", before)
        assert armed.read() == before

    def test_rows_of_one_key_are_separate(self, armed: Row) -> None:
        other = replace(armed, scope="NetXdQprcVkpaWU/block")
        other.arm(7, PACE)
        assert armed.read()["lvl"] == number(100)
        assert other.read()["lvl"] == number(7)


class TestCommit:
    @pytest.mark.parametrize("slot", [VOTE, BLOCK], ids=["vote", "block"])
    def test_without_a_row_is_refused_without_an_item(self, row: Row, slot: Slot) -> None:
        with pytest.raises(ClientError) as caught:
            row.commit(slot)
        assert refusal(caught.value) == ("ConditionalCheckFailedException", None)
        with pytest.raises(StopIteration):
            row.read()

    @pytest.mark.parametrize(
        "slot",
        [
            pytest.param(VOTE, id="next level"),
            pytest.param(replace(VOTE, level=2**31 - 1), id="highest level"),
            pytest.param(BLOCK, id="block"),
        ],
    )
    def test_above_the_mark_passes(self, armed: Row, slot: Slot) -> None:
        told = armed.commit(slot)
        now = armed.read()
        assert told["Attributes"] == now
        assert (now["lvl"], now["rnd"]) == (number(slot.level), number(slot.round))
        assert now["digest"] == {"B": slot.digest}
        assert now.get("sig") == ({"S": slot.signature} if slot.signature else None)

    @pytest.mark.parametrize(
        "slot",
        [
            pytest.param(replace(VOTE, level=100), id="armed level, any round"),
            pytest.param(replace(VOTE, level=99), id="lower level"),
            pytest.param(replace(VOTE, level=100, round=MAX_ROUND), id="armed slot, no digest"),
        ],
    )
    def test_at_or_below_the_armed_level_is_refused(self, armed: Row, slot: Slot) -> None:
        old = refused(armed, slot)
        assert "digest" not in old and "sig" not in old

    def test_higher_round_at_the_level_passes_and_lower_is_refused(self, armed: Row) -> None:
        armed.commit(replace(VOTE, round=5))
        assert refused(armed, replace(VOTE, round=4))["rnd"] == number(5)
        armed.commit(replace(VOTE, round=6))
        armed.commit(replace(VOTE, level=102, round=0))
        assert refused(armed, replace(VOTE, round=7))["lvl"] == number(102)

    def test_equal_vote_passes_again(self, armed: Row) -> None:
        armed.commit(VOTE)
        armed.commit(VOTE)

    def test_other_digest_at_the_slot_is_refused(self, armed: Row) -> None:
        armed.commit(VOTE)
        old = refused(armed, replace(VOTE, digest=b"\x02" * 32))
        assert old["digest"] == {"B": VOTE.digest}

    def test_equal_block_is_refused_and_returns_the_stored_signature(self, armed: Row) -> None:
        armed.commit(BLOCK)
        old = refused(armed, replace(BLOCK, signature="edsig-another"))
        assert old["sig"] == {"S": BLOCK.signature}
        assert old["digest"] == {"B": BLOCK.digest}

    @pytest.mark.parametrize(
        ("attribute", "value"),
        [
            ("rnd", {"S": "0"}),
            ("at", {"BOOL": True}),
            ("digest", {"S": "AAAA"}),
            ("sig", {"N": "1"}),
            ("lvl", {"S": "5"}),
            ("pace", {"S": "5"}),
            ("until", {"S": "999999"}),
            ("until", {"BOOL": True}),
            ("until", {"NULL": True}),
            ("until", {"N": "-1"}),
        ],
    )
    def test_over_a_damaged_row_is_refused(
        self, armed: Row, attribute: str, value: dict[str, str | bool]
    ) -> None:
        armed.update("attribute_exists(#pkh)", f"SET #{attribute} = :v", {":v": value})
        old = refused(armed, BLOCK)
        assert old[attribute] == value


class TestPace:
    def test_in_round_0_falls_with_the_commit(self, armed: Row) -> None:
        armed.commit(replace(VOTE, pace=PACE - 5))
        assert armed.read()["pace"] == number(PACE - 5)

    def test_in_other_rounds_stands(self, armed: Row) -> None:
        armed.commit(replace(VOTE, round=1, pace=PACE - 5))
        assert armed.read()["pace"] == number(PACE)

    def test_one_too_high_is_refused_tight_and_passes_loose(self, armed: Row) -> None:
        early = replace(VOTE, pace=PACE + 1)
        assert refused(armed, early)["pace"] == number(PACE)
        armed.commit(replace(early, loose=True))
        assert armed.read()["pace"] == number(PACE), "loose leaves it as it is"

    def test_slack_ends(self, armed: Row) -> None:
        armed.commit(replace(VOTE, pace=PACE + SLACK, loose=True))
        refused(armed, replace(VOTE, level=102, pace=PACE + SLACK + 1, loose=True))

    def test_holds_for_an_equal_vote_too(self, armed: Row) -> None:
        armed.commit(VOTE)
        old = refused(armed, replace(VOTE, pace=PACE + 1))
        assert old["digest"] == {"B": VOTE.digest}


class TestRaise:
    def test_moves_up_and_removes_digest_and_signature(self, armed: Row) -> None:
        armed.commit(BLOCK)
        answer = armed.raise_to(200, 3, PACE + 9)
        assert answer["Attributes"] == armed.read()
        now = armed.read()
        assert (now["lvl"], now["rnd"], now["pace"]) == (number(200), number(3), number(PACE + 9))
        assert "digest" not in now and "sig" not in now

    def test_removes_what_is_not_there_without_complaint(self, armed: Row) -> None:
        armed.raise_to(200, 3, PACE)

    @pytest.mark.parametrize("slot", [(101, 0), (101, -1), (100, MAX_ROUND)])
    def test_never_moves_down_or_sideways(self, armed: Row, slot: tuple[int, int]) -> None:
        armed.commit(BLOCK)
        before = armed.read()
        with pytest.raises(ClientError) as caught:
            armed.raise_to(*slot, PACE)
        assert refusal(caught.value) == ("ConditionalCheckFailedException", before)
        assert armed.read() == before

    def test_creates_nothing(self, row: Row) -> None:
        with pytest.raises(ClientError) as caught:
            row.raise_to(200, 3, PACE)
        assert refusal(caught.value) == ("ConditionalCheckFailedException", None)


class TestHandover:
    def test_nothing_above_the_last_level_passes(self, armed: Row) -> None:
        armed.move_out(101)
        assert armed.read()["until"] == number(101)
        assert refused(armed, replace(BLOCK, level=102, loose=True))["until"] == number(101)
        armed.commit(BLOCK)
        armed.commit(replace(BLOCK, round=1, digest=b"\x02" * 32))
        assert armed.read()["until"] == number(101), "a commit leaves it as it is"

    @pytest.mark.parametrize("until", [99, 102, 103])
    def test_it_is_not_below_the_row_and_only_lowered(self, armed: Row, until: int) -> None:
        armed.move_out(102)
        before = armed.read()
        with pytest.raises(ClientError) as caught:
            armed.move_out(until)
        assert refusal(caught.value) == ("ConditionalCheckFailedException", before)
        armed.move_out(100)
        assert armed.read() == before | {"until": number(100)}

    @pytest.mark.parametrize("attribute", ["rnd", "at", "pace", "digest", "sig"])
    def test_a_damaged_row_gets_none(self, armed: Row, attribute: str) -> None:
        armed.update("attribute_exists(#pkh)", f"SET #{attribute} = :v", {":v": {"BOOL": True}})
        with pytest.raises(ClientError):
            armed.move_out(200)
        assert "until" not in armed.read()

    def test_moving_in_takes_it_away_above_it_alone(self, armed: Row) -> None:
        armed.commit(BLOCK)
        armed.move_out(105)
        before = armed.read()
        with pytest.raises(ClientError) as caught:
            armed.move_in(105, PACE)
        assert refusal(caught.value) == ("ConditionalCheckFailedException", before)
        answer = armed.move_in(106, PACE)
        assert answer["Attributes"] == armed.read()
        now = armed.read()
        assert (now["lvl"], now["rnd"]) == (number(105), number(MAX_ROUND))
        assert not {"until", "digest", "sig"} & set(now)
        armed.commit(replace(BLOCK, level=106))

    def test_moving_in_takes_it_away_where_the_row_stands_just_there(self, armed: Row) -> None:
        armed.move_out(100)
        armed.move_in(101, PACE)
        assert "until" not in armed.read()
        with pytest.raises(ClientError):
            armed.move_in(101, PACE)

    @pytest.mark.parametrize("until", [{"S": "1"}, {"BOOL": True}])
    def test_moving_in_does_not_pass_over_a_damaged_one(
        self, armed: Row, until: dict[str, str | bool]
    ) -> None:
        armed.update("attribute_exists(#pkh)", "SET #until = :v", {":v": until})
        with pytest.raises(ClientError):
            armed.move_in(200, PACE)
        assert armed.read()["until"] == until

    def test_creates_nothing(self, row: Row) -> None:
        for write in (lambda: row.move_out(5), lambda: row.move_in(5, PACE)):
            with pytest.raises(ClientError) as caught:
                write()
            assert refusal(caught.value) == ("ConditionalCheckFailedException", None)


class TestRace:
    WRITERS = 64

    def test_of_many_digests_for_one_slot_one_wins(self, armed: Row) -> None:
        client = armed.server.client

        def write(writer: int) -> bytes | None:
            slot = replace(VOTE, digest=bytes([writer]) * 32)
            try:
                client.update_item(**armed.request(slot.condition, slot.change, slot.values))
                return slot.digest
            except ClientError as error:
                assert refusal(error)[0] == "ConditionalCheckFailedException"
                return None

        with ThreadPoolExecutor(self.WRITERS) as pool:
            winners = [digest for digest in pool.map(write, range(self.WRITERS)) if digest]
        assert winners == [armed.read()["digest"]["B"]]

    def test_of_many_equal_blocks_one_signature_is_kept(self, armed: Row) -> None:
        client = armed.server.client

        def write(writer: int) -> str:
            slot = replace(BLOCK, signature=f"edsig-{writer}")
            try:
                client.update_item(**armed.request(slot.condition, slot.change, slot.values))
                return str(slot.signature)
            except ClientError as error:
                old = refusal(error)[1]
                assert old is not None
                return str(old["sig"]["S"])

        with ThreadPoolExecutor(self.WRITERS) as pool:
            seen = set(pool.map(write, range(self.WRITERS)))
        assert len(seen) == 1
