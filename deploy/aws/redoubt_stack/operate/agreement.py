# SPDX-License-Identifier: Apache-2.0
"""How commands about keys ask before they change anything, as those that write rows do."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from redoubt_stack.console import BadUsage, confirm, say
from redoubt_stack.operate.targets import Unreachable


def refuse_unasked(told: Namespace) -> None:
    """Before anything is asked of the signer, or of a person."""
    if not told.dry_run and not told.yes and (told.json or not sys.stdin.isatty()):
        raise BadUsage("nothing was changed: give --yes, or --dry-run to see what would change")


def agree(told: Namespace, question: str, word: str) -> bool:
    """Whether to go on: not in a dry run."""
    if told.dry_run:
        say(f"{question}\ndry run: nothing was changed")
    elif not told.yes:
        confirm(question, word, "--yes")
    return not told.dry_run


@contextmanager
def under_way(command: str, again: str = "the same command again does no harm") -> Iterator[None]:
    """What is sent can't be called back."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise Unreachable(
            f"you stopped this program, but `{command}` had left for the function: whether it "
            f"wrote anything is not known. `deploy/redoubt key list` shows what is there; {again}"
        ) from stopped
    except Unreachable as reason:
        raise Unreachable(
            f"{reason}\n  `deploy/redoubt key list` shows what is there; {again}"
        ) from reason
