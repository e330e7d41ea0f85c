# SPDX-License-Identifier: Apache-2.0
"""What the person at the terminal sees."""

import argparse
import sys
import time
from collections.abc import Callable


class Stop(Exception):
    """Nothing more may be done; the text says why, and what to do."""

    code = 1  # what the program ends with


class BadUsage(Stop):
    """What was asked for can't be, whatever the account holds."""

    code = 2


def say(text: str = "") -> None:
    print(text, flush=True)


def step(text: str) -> None:
    say(f"- {text}")


def table(rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their widest cell; the last one as long as it is."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        say("  ".join([*cells, row[-1]]).rstrip())


def arguments(program: str, description: str, stack: str = "redoubt") -> argparse.ArgumentParser:
    """A parser with the options that all programs have."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("--stack", default=stack, help=f"name of the stack ({stack})")
    parser.add_argument("--region", help="AWS Region (else that of the AWS configuration)")
    parser.add_argument("--profile", help="profile of the AWS configuration")
    return parser


class Progress:
    """One line that is written over at a terminal; elsewhere a line now and then. On stderr, and
    nothing at all of what takes no time."""

    QUIET_SECONDS = 1.0
    APART_SECONDS = 15.0  # of lines that stay

    def __init__(self, what: str) -> None:
        self._what = what
        self._since = time.monotonic()
        self._shown = self._since + self.QUIET_SECONDS - self.APART_SECONDS
        self._open = False

    def show(self, detail: str = "") -> None:
        now = time.monotonic()
        elapsed = now - self._since
        if elapsed < self.QUIET_SECONDS:
            return
        line = f"  {self._what}: " + (f"{detail}, " if detail else "") + f"{elapsed:.0f} s"
        if sys.stderr.isatty():
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif now - self._shown >= self.APART_SECONDS:
            print(line, file=sys.stderr, flush=True)
            self._shown = now

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._open:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def confirm(question: str, word: str, option: str) -> None:
    """Goes on only if the person types `word`; a script says it by `option`."""
    say(question)
    if not sys.stdin.isatty():
        raise BadUsage(f"nothing was changed. If this is meant, give {option}")
    if input(f"Type {word} to go on: ").strip() != word:
        raise Stop("nothing was changed")


def run(main: Callable[[list[str]], int]) -> None:
    """Ends with 0, with 1 when `main` found something wrong or stopped, with 2 for bad usage."""
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"stopped: {stop}", file=sys.stderr)
        sys.exit(stop.code)
    except (KeyboardInterrupt, EOFError):
        sys.exit("stopped by you; run the same command again to go on")
    except Exception as error:
        if "botocore" not in sys.modules:  # which takes long to read in, and is not always needed
            raise
        from redoubt_stack import advice

        sys.exit(f"stopped: {advice.told_by_aws(error)}")
