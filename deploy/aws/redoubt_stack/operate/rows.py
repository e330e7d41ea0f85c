# SPDX-License-Identifier: Apache-2.0
"""Rows of the table as the function shows them, in words."""

from collections import Counter
from itertools import groupby
from typing import Any

from redoubt_stack import chains
from redoubt_stack.console import say
from redoubt_stack.operate import tables
from redoubt_stack.operate.wording import as_options

Row = dict[str, Any]
LAST_ROUND = 2**31 - 1
KINDS = ("block", "preattestation", "attestation")


def chain_words(chain: str) -> str:
    """With its name, if it has one here."""
    return next((str(known) for known in chains.CHAINS if known.id == chain), chain)


def position(row: Row | None) -> str:
    """Where a row stands, and where it ends."""
    if row is None:
        return "none"
    if row.get("damaged"):
        return "damaged"
    end = f", until {row['until']}" if row.get("until") is not None else ""
    return where(row["level"], row["round"]) + end


def where(level: int, round: int) -> str:
    """After the last round nothing of the level is left."""
    return f"{level}, closed" if round == LAST_ROUND else f"{level}, round {round}"


def grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """By key and chain, in words; the kinds in their order."""

    def place(row: Row) -> tuple[str, str]:
        return str(row["pkh"]), str(row.get("chain") or str(row.get("scope")).partition("/")[0])

    def order(row: Row) -> tuple[str, str, int]:
        kind = kind_of(row)
        return (*place(row), KINDS.index(kind) if kind in KINDS else len(KINDS))

    found = groupby(sorted(rows, key=order), key=place)
    return [(f"{key} on {chain_words(chain)}", list(group)) for (key, chain), group in found]


def kind_of(row: Row) -> str:
    return str(row.get("kind") or str(row.get("scope")).partition("/")[2])


STATE = ("kind", "level", "round", "signs from", "fence", "until", "below head", "written (UTC)")


def show_state(rows: list[Row], head: int | None) -> None:
    """Of `status`; columns that have nothing to say are left out."""
    for title, group in grouped(rows):
        cells = [_state(row, head) for row in group]
        kept = [i for i, name in enumerate(STATE) if any(row[i] for row in cells)]
        tables.show(
            title,
            tuple(STATE[i] for i in kept),
            [tuple(row[i] for i in kept) for row in cells],
        )


def _state(row: Row, head: int | None) -> tuple[str, ...]:
    if row.get("damaged"):
        return (kind_of(row), "damaged", *[""] * 6)
    first = row["signs_from"]
    from_round = f", round {first['round']}" if first and first["round"] else ""
    return (
        kind_of(row),
        str(row["level"]),
        "closed" if row["level_closed"] else str(row["round"]),
        "nothing" if first is None else f"{first['level']}{from_round}",
        f"to {row['signs_up_to']}",
        "" if row.get("until") is None else str(row["until"]),
        "" if head is None else str(head - row["level"]),
        str(row["written"] or "").replace("T", " ")[:19],
    )


CHANGE = ("kind", "in the data", "before", "after", "outcome")


def show_changes(members: dict[str, Any]) -> None:
    """Of a command that writes: what was, what is or would be, and what came of it."""
    said = Counter(str(row["msg"]) for row in members["rows"] if row.get("msg"))
    several = [words for words, number in said.items() if number > 1]
    for title, group in grouped(members["rows"]):
        cells = [_change(row, several) for row in group]
        kept = [i for i, name in enumerate(CHANGE) if name != CHANGE[1] or "in_data" in group[0]]
        tables.show(
            title,
            tuple(CHANGE[i] for i in kept),
            [tuple(row[i] for i in kept) for row in cells],
        )
    for number, words in enumerate(several, 1):
        say(tables.printable(f"[{number}] {as_options(words)}"))
    if "margin" in members:
        say(f"rows stand {members['margin']} levels above the higher of the data and the head")
    for one in members.get("left_out", ()):
        say(f"not imported, since --chain or --key leave it out: {one['pkh']} on {one['chain']}")
    for key in members.get("not_in_data", ()):
        say(f"not in the data, and left as it is: {key}")


def _change(row: Row, several: list[str]) -> tuple[str, ...]:
    mark = row.get("in_data")
    return (
        kind_of(row),
        "none" if mark is None else where(mark["level"], mark["round"]),
        position(row.get("before")),
        "not known" if _is_unanswered(row) else position(row.get("after")),
        outcome(row, several),
    )


def _is_unanswered(row: Row) -> bool:
    """The table did not say what became of it; of a row that is missing it does."""
    return row.get("after") is None and bool(row.get("msg")) and row["outcome"] != "not_armed"


def outcome(row: Row, several: list[str]) -> str:
    """What is said of several rows is said once, below: here is its number."""
    words, why = str(row.get("outcome", "")), row.get("msg")
    if not why:
        return words
    if why in several:
        return f"refused, {words} [{several.index(why) + 1}]"
    return f"refused, {words}: {as_options(why)}"
