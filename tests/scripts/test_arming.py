# SPDX-License-Identifier: Apache-2.0
"""What is armed, by what is remembered: each note against each table and its age, and two who arm
at once, at each step. Never is a table armed that may have forgotten what was signed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.console import Stop
from redoubt_stack.journal import STATES, Journal
from redoubt_stack.watermarks import Armed, Operator, Row, Start, Watermarks, compared

from cloud import KINDS, STACK, Cloud, Table, armed_row, now

ADDRESS = "tz2"
CHAIN, GHOST = "NetXdQprcVkpaWU", "NetXnHfVqm9iesp"
LEVEL = 1000
BEGUN, OTHER = Start(CHAIN, LEVEL), Start(CHAIN, LEVEL + 1)
NOTE = f"{STACK}/arming.json"


def scopes(*kinds: str) -> list[str]:
    return [f"{CHAIN}/{kind}" for kind in kinds]


def rows(kinds: tuple[str, ...] = KINDS, level: int = LEVEL) -> dict[str, Any]:
    return {scope: armed_row(ADDRESS, scope, level) for scope in scopes(*kinds)}


def signed(found: dict[str, Any]) -> dict[str, Any]:
    """One row has signed since."""
    return found | {scopes("block")[0]: found[scopes("block")[0]] | {"digest": {"B": b"x"}}}


def damaged(found: dict[str, Any]) -> dict[str, Any]:
    broken = dict(found[scopes("block")[0]])
    del broken["pace"]
    return found | {scopes("block")[0]: broken}


ROWS: dict[str, dict[str, Any]] = {
    "none": {},
    "all": rows(),
    "one": rows(("block",)),
    "signed": signed(rows()),
    "one signed": signed(rows(("block",))),
    "damaged": damaged(rows()),
    "at another level": rows(level=LEVEL + 9),
}
TABLES = ("missing", "the same", "another", "later", "restored")
# What was not made by the creation that the note is of: long before it began, or after.
APART = {"another": timedelta(hours=-1), "later": timedelta(days=1, minutes=1)}
AGES = {"fresh": timedelta(minutes=1), "old": timedelta(days=1, minutes=1)}
STARTS: dict[str, Start | None] = {"none": None, "as begun": BEGUN, "another": OTHER}


@dataclass(frozen=True)
class World:
    note: str  # a state, or "missing"
    age: str
    table: str
    rows: str
    start: str

    def build(self, meanwhile: dict[int, Callable[[], None]] | None = None) -> Cloud:
        cloud = Cloud(ADDRESS, meanwhile)
        if self.note != "missing":
            begun = {"chain": CHAIN, "level": LEVEL} if self.note in ("arming", "armed") else {}
            text = {
                "state": self.note,
                "time": (now() - AGES[self.age]).isoformat(),
                "table": None if self.note == "creating" else "first",
                "chains": [CHAIN] if self.note == "armed" else [],
                **begun,
            }
            cloud.objects[NOTE] = [json.dumps(text).encode()]
        if self.table != "missing":
            # Another table was made before this deployment had begun anything.
            begun = now() - AGES[self.age]
            made = begun + APART.get(self.table, timedelta(0))
            id = "first" if self.table == "the same" else "second"
            cloud.table = Table(id, made, self.table == "restored", dict(ROWS[self.rows]))
        return cloud

    @property
    def is_known(self) -> bool:
        """That the table is the one that this deployment made."""
        return self.table == "the same" and self.note in ("creating", "created", "arming", "armed")

    @property
    def expected(self) -> str:
        if not self.is_known:
            return "stop"
        state = "created" if self.note == "creating" else self.note
        # A creation that failed may be resumed any day; nobody can have armed what it made.
        fresh = self.age == "fresh" or self.note == "creating"
        start = STARTS[self.start]
        if state in ("created", "arming") and self.rows == "none":
            if start is not None:
                return f"armed at {start.level}" if fresh else "stop"
            if state == "created":
                return "not armed"
            return f"armed at {LEVEL}" if fresh else "stop"
        if state == "arming" and self.rows in ("all", "one"):
            return f"armed at {LEVEL}" if fresh and start in (None, BEGUN) else "stop"
        return "left" if self.rows in ("all", "signed", "at another level") else "stop"


def watermarks(cloud: Cloud) -> tuple[Watermarks, Operator]:
    journal = Journal(cloud, Artifacts(cloud), STACK)
    return Watermarks(cloud, journal, False), Operator(cloud, "operator")


def arm(cloud: Cloud, start: Start | None) -> Armed | Stop:
    try:
        found, operator = watermarks(cloud)
        return found.arm(operator, [ADDRESS], start)
    except Stop as stop:
        return stop


WORLDS = [World(*parts) for parts in product(("missing", *STATES), AGES, TABLES, ROWS, STARTS)]


def test_every_note_against_every_table() -> None:
    """1,260 worlds: what is armed, what is left alone, and what is a stop."""
    assert len(WORLDS) == 6 * 2 * 5 * 7 * 3
    for world in WORLDS:
        cloud = world.build()
        before = dict(cloud.table.rows) if cloud.table else {}
        came = arm(cloud, STARTS[world.start])
        after = dict(cloud.table.rows) if cloud.table else {}
        assert before.items() <= after.items(), world  # no row is ever changed
        words = "stop" if isinstance(came, Stop) else came.words
        if world.expected.startswith("armed at"):
            level = int(world.expected.split()[-1])
            assert words == f"armed on {CHAIN}: signs above level {level}", world
            assert after == rows(level=level), world
            assert note(cloud)["state"] == "armed" and note(cloud)["chains"] == [CHAIN], world
            continue
        assert cloud.armings == [] and after == before, world
        assert words.startswith(
            {"stop": "stop", "left": "armed before", "not armed": "not armed yet"}[world.expected]
        ), (world, words)
        # What ends then is said before.
        assert world.expected != "not armed" or "within a day; later, `arm` by hand" in words


def note(cloud: Cloud) -> dict[str, Any]:
    return dict(json.loads(cloud.objects[NOTE][-1]))


def test_the_rows_are_looked_at_before_functions_run() -> None:
    """`check` refuses what `arm` refuses of an armed table, and writes nothing."""
    for world in WORLDS:
        if world.note != "armed" or world.start != "none":
            continue
        cloud = world.build()
        found, _ = watermarks(cloud)
        try:
            found.check([ADDRESS])
            came = "left"
        except Stop:
            came = "stop"
        assert came == world.expected, world
        assert len(cloud.objects[NOTE]) == 1 and cloud.armings == []


@pytest.mark.parametrize("state", ["created", "arming"])
@pytest.mark.parametrize("mine", [BEGUN, OTHER])
@pytest.mark.parametrize("theirs", [BEGUN, OTHER, None])
def test_two_who_arm_at_once(state: str, mine: Start, theirs: Start | None) -> None:
    """At each step of the one the other runs from beginning to end. Whoever says that a key is
    armed at a level is right for all rows."""
    calls = len(quiet_run(state, mine).asked)
    assert calls >= 10
    for step in range(calls):
        others: list[Armed | Stop] = []
        cloud = World(state, "fresh", "the same", "none", "none").build()

        def other_runs(cloud: Cloud = cloud, others: list[Armed | Stop] = others) -> None:
            others.append(arm(cloud.another(), theirs))

        cloud.meanwhile[step] = other_runs
        came = arm(cloud, mine)
        assert len(others) == 1
        assert cloud.table is not None
        for result in (came, others[0]):
            if isinstance(result, Armed) and result.words.startswith("armed on"):
                level = int(result.words.split()[-1])
                assert cloud.table.rows == rows(level=level), (step, came, others)
        # Whatever became of the two, a third finds all rows, or goes on.
        third = arm(cloud.another(), None)
        assert isinstance(third, Armed), (step, third)
        assert not third.words.startswith("armed") or len(cloud.table.rows) == 3


def quiet_run(state: str, start: Start) -> Cloud:
    cloud = World(state, "fresh", "the same", "none", "none").build()
    assert isinstance(arm(cloud, start), Armed)
    return cloud


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_note_that_is_exchanged_at_any_step_is_a_stop(is_lost: bool) -> None:
    """And is not written over."""
    for step in range(len(quiet_run("created", BEGUN).asked)):
        cloud = World("created", "fresh", "the same", "none", "none").build()

        def exchange(cloud: Cloud = cloud) -> None:
            if is_lost:
                cloud.objects.pop(NOTE)
            else:
                theirs = note(cloud) | {"state": "forgotten", "forgotten": [ADDRESS]}
                cloud.objects[NOTE].append(json.dumps(theirs).encode())

        cloud.meanwhile[step] = exchange
        assert isinstance(arm(cloud, BEGUN), Stop), step
        assert NOTE not in cloud.objects if is_lost else note(cloud)["state"] == "forgotten", step


@pytest.mark.parametrize("state", ["created", "arming"])
def test_a_table_that_is_exchanged_at_any_step_is_not_armed(state: str) -> None:
    """Until the very last look before the command; and later it is a stop all the same."""
    quiet = quiet_run(state, BEGUN)
    invoked = quiet.asked.index("invoke")
    assert quiet.asked[invoked - 1] == "describe_table"
    written = len(quiet.asked) - 1  # the note that says so
    for step in range(written):
        cloud = World(state, "fresh", "the same", "none", "none").build()

        def exchange(cloud: Cloud = cloud) -> None:
            cloud.table = Table("second", now(), True, {})

        cloud.meanwhile[step] = exchange
        assert isinstance(arm(cloud, BEGUN), Stop), step
        assert note(cloud)["state"] != "armed" and note(cloud)["table"] == "first", step
        if step < invoked:
            assert cloud.armings == [], step


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"state":"armed"}',
        b'{"state":"armed","time":"yesterday"}',
        b'{"state":"armed","time":"2026-11-29T00:00:00"}',
        b'{"state":"ARMED","time":"2026-11-29T00:00:00+00:00"}',
        b'{"state":"armed","time":"2026-11-29T00:00:00+00:00","more":1}',
        b"\xff",
    ],
)
def test_a_damaged_note_is_a_stop(text: bytes) -> None:
    cloud = World("armed", "fresh", "the same", "all", "none").build()
    cloud.objects[NOTE].append(text)
    came = arm(cloud, None)
    assert isinstance(came, Stop) and "is damaged" in str(came)
    assert len(cloud.objects[NOTE]) == 2


@pytest.mark.parametrize(
    ("found", "start", "words", "is_as_asked"),
    [
        ([LEVEL] * 3, BEGUN, "armed before; nothing was changed", True),
        ([LEVEL] * 3, None, "armed before; nothing was changed", True),
        ([LEVEL] * 3, Start(GHOST, LEVEL), f"NOT ARMED on {GHOST}", False),
        ([LEVEL] * 3, OTHER, f"AT LEVEL {LEVEL}, NOT AT {LEVEL + 1}", False),
        ([LEVEL] * 3, OTHER, "`raise` lifts the rows", False),
        ([LEVEL * 100] * 3, BEGUN, f"AT LEVEL {LEVEL * 100}, NOT AT {LEVEL}", False),
        ([LEVEL * 100] * 3, BEGUN, "No row is ever lowered", False),
        ([LEVEL, LEVEL + 1, LEVEL], BEGUN, f"AT LEVEL {LEVEL + 1}, NOT", False),
    ],
)
def test_a_level_that_differs_is_said(
    found: list[int], start: Start | None, words: str, is_as_asked: bool
) -> None:
    armed = [Row(CHAIN, kind, True, level, level) for kind, level in zip(KINDS, found, strict=True)]
    came = compared(armed, start)
    assert words in came.words and came.is_as_asked == is_as_asked


def test_what_was_signed_since_is_no_difference() -> None:
    """The same command, months later."""
    assert compared([Row(CHAIN, kind, True, LEVEL + 50, None) for kind in KINDS], BEGUN).is_as_asked
    higher = compared([Row(CHAIN, kind, True, LEVEL, None) for kind in KINDS], OTHER)
    assert not higher.is_as_asked


@pytest.mark.parametrize("left", [(CHAIN,), (GHOST,), ()])
def test_a_chain_that_was_armed_is_missed(left: tuple[str, ...]) -> None:
    cloud = World("armed", "fresh", "the same", "none", "none").build()
    both = note(cloud) | {"chains": [CHAIN, GHOST]}
    cloud.objects[NOTE] = [json.dumps(both).encode()]
    assert cloud.table is not None
    for chain in left:
        for kind in KINDS:
            scope = f"{chain}/{kind}"
            cloud.table.rows[scope] = armed_row(ADDRESS, scope, LEVEL)
    assert isinstance(arm(cloud, BEGUN), Stop)
    assert cloud.armings == [] and note(cloud) == both


@pytest.mark.parametrize("state", ["created", "arming", "armed"])
def test_a_key_whose_watermarks_were_deleted_is_never_armed_again(state: str) -> None:
    cloud = World(state, "fresh", "the same", "none", "none").build()
    text = note(cloud) | {"forgotten": [ADDRESS]}
    cloud.objects[NOTE] = [json.dumps(text).encode()]
    came = arm(cloud, BEGUN)
    assert isinstance(came, Stop) and "never use this key again" in str(came)
    assert cloud.armings == []


@pytest.mark.parametrize("state", ["creating", "created", "arming", "armed", "forgotten"])
@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("own_key", [True, False])
def test_a_table_is_made_only_where_none_was_lost(state: str, age: str, own_key: bool) -> None:
    """Of a creation that was begun and cut off nothing may be left; of an older key only if it was
    just now."""
    cloud = World(state, age, "missing", "none", "none").build()
    found, _ = watermarks(cloud)
    may = state == "forgotten" or (state == "creating" and (own_key or age == "fresh"))
    way_out = "--everything --forget redoubt" if state == "creating" else "its watermarks are lost"
    if may:
        found.journal.begin_creation(own_key)
        assert note(cloud)["state"] == "creating" and note(cloud)["table"] is None
    else:
        with pytest.raises(Stop, match=way_out):
            found.journal.begin_creation(own_key)
        assert note(cloud)["state"] == state
