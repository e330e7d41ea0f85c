# SPDX-License-Identifier: Apache-2.0
"""Commands that write rows: the function's own dry run first, then the question, then the write."""

import sys
from argparse import Namespace
from dataclasses import dataclass
from typing import Any

from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, confirm, say
from redoubt_stack.operate import answers, rows
from redoubt_stack.operate.targets import Target, Unreachable, ask


@dataclass(frozen=True)
class Change:
    command: str
    fields: dict[str, Any]
    level: int  # what is typed to go on
    does: str  # in words, with the level
    doubt: str = ""
    mends: bool = False  # also rows that can't be read, of which a dry run can't tell


def carry_out(target: Target, options: Namespace, change: Change) -> int:
    _refuse_unasked(options, change)
    rehearsal = ask(target, change.command, **change.fields, dry_run=True)
    parts = Parts.of(rehearsal, change)
    is_held_up = options.yes and bool(parts.refused) and not options.partly
    if options.dry_run or not parts.change or is_held_up:
        return _end(rehearsal, parts, options)
    if not options.yes:
        rows.show_changes(rehearsal.members)
        confirm(_question(target, change, parts), str(change.level), "--yes")
    return answers.finish(_write(target, change), options)


def _write(target: Target, change: Change) -> Answer:
    try:
        return ask(target, change.command, **change.fields)
    except KeyboardInterrupt as stopped:
        raise Unreachable(
            f"you stopped this program, but `{change.command}` at level {change.level} had left "
            "for the function: whether it wrote rows is not known. `deploy/redoubt status` shows "
            "where they stand, and the same command again does no harm"
        ) from stopped


@dataclass(frozen=True)
class Parts:
    """What the dry run says of the rows. Each is written on its own, so one that is refused need
    not hold up the others: else no row could be armed beside one that signs already."""

    found: list[rows.Row]
    refused: list[rows.Row]
    change: list[rows.Row]  # what is left to do

    @staticmethod
    def of(rehearsal: Answer, change: Change) -> "Parts":
        found = rehearsal.members.get("rows", [])
        tried = ("damaged_row",) if change.mends else ()
        refused = [row for row in found if row.get("msg") and row.get("outcome") not in tried]
        left = [row for row in found if row not in refused and row.get("outcome") != "unchanged"]
        return Parts(found, refused, left)


def _end(rehearsal: Answer, parts: Parts, options: Namespace) -> int:
    """Nothing is written."""
    code = answers.finish(rehearsal, options)
    if options.dry_run or options.json:
        return code
    if code == 0:
        say("nothing is to be done")
    elif parts.change:
        print("the rows that are not refused can be changed alone: add --partly", file=sys.stderr)
    return code


def _refuse_unasked(options: Namespace, change: Change) -> None:
    """Before anything is asked of the signer."""
    if options.dry_run:
        return
    if options.yes and change.doubt and not options.accept_level:
        raise BadUsage(f"nothing was changed: {change.doubt}. If it is meant, add --accept-level")
    if not options.yes and (options.json or not sys.stdin.isatty()):
        raise BadUsage("nothing was changed: give --yes, or --dry-run to see what would change")


def _question(target: Target, change: Change, parts: Parts) -> str:
    """Key, chain and level: the function's own words for the first two."""
    keys = sorted({str(row["pkh"]) for row in parts.change})
    on = " and ".join(sorted({rows.chain_words(str(row["chain"])) for row in parts.change}))
    lines = [f"This {change.does} on {on}, of {target.where}:", *(f"  {key}" for key in keys)]
    if change.doubt:
        lines.append(f"CAREFUL: {change.doubt}")
    if parts.refused:
        lines.append(
            f"CAREFUL: {len(parts.refused)} of {len(parts.found)} rows are refused, as shown, and "
            "stay as they are: only the others change"
        )
    return "\n".join(lines)
