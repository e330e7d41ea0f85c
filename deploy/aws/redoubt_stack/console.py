# SPDX-License-Identifier: Apache-2.0
"""What the person at the terminal sees."""

import argparse
import sys
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError


class Stop(Exception):
    """Nothing more may be done; the text says why, and what to do."""


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


def arguments(program: str, description: str) -> argparse.ArgumentParser:
    """A parser with the options that all programs have."""
    parser = argparse.ArgumentParser(prog=f"deploy/aws/{program}", description=description)
    parser.add_argument("--stack", default="redoubt", help="name of the stack (redoubt)")
    parser.add_argument("--region", help="AWS Region (else that of the AWS configuration)")
    parser.add_argument("--profile", help="profile of the AWS configuration")
    return parser


def run(main: Callable[[list[str]], int]) -> None:
    """Ends with 0, with 1 when `main` found something wrong or stopped, with 2 for bad usage."""
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(f"stopped: {stop}")
    except (ClientError, BotoCoreError) as error:
        sys.exit(f"stopped: AWS: {error}")
    except KeyboardInterrupt:
        sys.exit("stopped by you; run the same command again to go on")
