# SPDX-License-Identifier: Apache-2.0
"""That the table is the one that was armed, and that no row of it is missing."""

from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each_of
from redoubt_stack.watermarks import KINDS, read_rows, sound_kinds

SUBJECT = "watermarks"


def check(facts: Facts) -> Rows:
    return each_of(facts, SUBJECT, {"the table remembered": _remembered, "rows": _rows})


def _remembered(facts: Facts) -> Rows:
    note = facts.note
    told = facts.aws.client("dynamodb").describe_table(TableName=facts.table)
    now = told["Table"]["TableId"]
    problem = ""
    if note is None:
        problem = "there is no note of its having been armed"
    elif note.state != "armed":
        problem = f"it was never armed; by the note it is {note.state}"
    elif note.table != now:
        problem = f"is {now}; armed was {note.table}: it was restored or made anew"
    yield Row(
        SUBJECT, "the table remembered", problem, f"armed {note.time:%Y-%m-%d}" if note else ""
    )


def _rows(facts: Facts) -> Rows:
    """Of each key; each is named if there are several."""
    for address in facts.addresses or ["unknown"]:
        what = "rows" if len(facts.addresses) < 2 else f"rows of {address}"
        kinds = sound_kinds(read_rows(facts.aws, facts.table, address))
        # Rows of a chain that are gone altogether are known by the note only.
        expected = kinds.keys() | set(facts.note.chains if facts.note else ())
        missing = [
            f"{chain}/{kind}"
            for chain in sorted(expected)
            for kind in sorted(KINDS - kinds.get(chain, set()))
        ]
        problem = "" if kinds else "there are none"
        if missing:
            problem = "missing or damaged: " + ", ".join(missing)
        yield Row(SUBJECT, what, problem, ", ".join(sorted(kinds)))
