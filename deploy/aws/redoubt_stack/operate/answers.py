# SPDX-License-Identifier: Apache-2.0
"""How a command ends: the function's answer, for people or for scripts, and the exit code."""

import json
import sys
from argparse import Namespace

from redoubt_stack.commands import Answer
from redoubt_stack.console import say
from redoubt_stack.operate import rows
from redoubt_stack.operate.tables import printable
from redoubt_stack.operate.wording import OPTIONS, as_options

# What an older function says of a field that came later.
UNKNOWN_FIELD = "this command has no field"
UNKNOWN_COMMAND = "the commands are"


def finish(answer: Answer, options: Namespace) -> int:
    """Of a command that may write rows."""
    if options.json:
        say(json.dumps(answer.members, indent=2))
        return 0 if answer.ok else 1
    if answer.members.get("rows"):
        rows.show_changes(answer.members)
    code = refused(answer) if not answer.ok else 0
    if answer.ok and answer.members.get("note"):
        say(as_options(str(answer.members["note"])))
    if answer.members.get("dry_run"):  # whatever the rows' outcomes are called
        say("dry run: nothing was changed" if options.dry_run else "nothing was changed")
    return code


def refused(answer: Answer, known: dict[str, str] = OPTIONS) -> int:
    """`known`: what fields and commands are called where they are typed."""
    words = as_options(f"refused: {answer.code}: {answer.message}", known)
    print(printable(words) + _advice(answer), file=sys.stderr)
    return 1


def _advice(answer: Answer) -> str:
    if answer.message.startswith((UNKNOWN_FIELD, UNKNOWN_COMMAND)):
        return (
            "\n  The function is older than this program: deploy it anew, by this one, or take the "
            "version of this program that it was deployed with"
        )
    return ""
