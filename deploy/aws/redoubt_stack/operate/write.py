# SPDX-License-Identifier: Apache-2.0
"""Commands that write rows: the function's own dry run first, then the question, then the write."""

import sys
from argparse import Namespace
from dataclasses import dataclass
from typing import Any

from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, confirm, say
from redoubt_stack.operate import answers, rows
from redoubt_stack.operate.targets import Target, ask


@dataclass(frozen=True)
class Change:
    command: str
    fields: dict[str, Any]
    level: int  # what is typed to go on
    does: str  # in words, with the level
    doubt: str = ""


def carry_out(target: Target, options: Namespace, change: Change) -> int:
    _refuse_unasked(options, change)
    rehearsal = ask(target, change.command, **change.fields, dry_run=True)
    if not rehearsal.ok or options.dry_run or not _would_change(rehearsal):
        code = answers.finish(rehearsal, options)
        if code == 0 and not options.dry_run and not options.json:
            say("nothing is to be done")
        return code
    if not options.yes:
        rows.show_changes(rehearsal.members)
        confirm(_question(target, change, rehearsal), str(change.level), "--yes")
    return answers.finish(ask(target, change.command, **change.fields), options)


def _refuse_unasked(options: Namespace, change: Change) -> None:
    """Before anything is asked of the signer."""
    if options.dry_run:
        return
    if options.yes and change.doubt and not options.accept_level:
        raise BadUsage(f"nothing was changed: {change.doubt}. If it is meant, add --accept-level")
    if not options.yes and (options.json or not sys.stdin.isatty()):
        raise BadUsage("nothing was changed: give --yes, or --dry-run to see what would change")


def _would_change(rehearsal: Answer) -> bool:
    return any(row.get("outcome") != "unchanged" for row in rehearsal.members["rows"])


def _question(target: Target, change: Change, rehearsal: Answer) -> str:
    """Key, chain and level: the function's own words for the first two."""
    found = rehearsal.members["rows"]
    keys = sorted({str(row["pkh"]) for row in found})
    on = " and ".join(sorted({rows.chain_words(str(row["chain"])) for row in found}))
    lines = [f"This {change.does} on {on}, of {target.where}:", *(f"  {key}" for key in keys)]
    if change.doubt:
        lines.append(f"CAREFUL: {change.doubt}")
    return "\n".join(lines)
