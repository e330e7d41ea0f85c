# SPDX-License-Identifier: Apache-2.0
"""How commands about keys ask before they change anything, as those that write rows do: the
function's own dry run first, then the question, then what was agreed to."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, confirm
from redoubt_stack.operate import rows
from redoubt_stack.operate.targets import Target, Unreachable

NO_HARM = "the same command again does no harm"


class Ask(Protocol):
    """`ask` or `ask_recovery`."""

    def __call__(self, target: Target, command: str, **fields: Any) -> Answer: ...


@dataclass(frozen=True)
class Step:
    command: str
    fields: dict[str, Any]
    question: str
    word: str  # what is typed to go on
    again: str = NO_HARM  # what to do if there is no answer


def refuse_unasked(told: Namespace) -> None:
    """Before anything is asked of the signer, or of a person."""
    if not told.dry_run and not told.yes and (told.json or not sys.stdin.isatty()):
        raise BadUsage("nothing was changed: give --yes, or --dry-run to see what would change")


def carry_out(told: Namespace, target: Target, ask: Ask, step: Step) -> Answer:
    """What the function answers to it; or to its dry run, if that is all."""
    rehearsal = ask(target, step.command, **step.fields, dry_run=True)
    if told.dry_run or not rehearsal.ok:
        return rehearsal
    if not told.yes and not _is_there(rehearsal):
        if rehearsal.members.get("rows"):
            rows.show_changes(rehearsal.members)
        confirm(step.question, step.word, "--yes")
    with _under_way(step):
        return ask(target, step.command, **step.fields)


def _is_there(rehearsal: Answer) -> bool:
    """All of it, already."""
    told = [rehearsal.members, *rehearsal.members.get("rows", [])]
    return all(one.get("outcome") == "unchanged" for one in told)


@contextmanager
def _under_way(step: Step) -> Iterator[None]:
    """What is sent can't be called back."""
    shown = f"`deploy/redoubt key list` shows what is there; {step.again}"
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise Unreachable(
            f"you stopped this program, but `{step.command}` had left for the function: whether it "
            f"wrote anything is not known. {shown}"
        ) from stopped
    except Unreachable as reason:
        raise Unreachable(f"{reason}\n  {shown}") from reason
