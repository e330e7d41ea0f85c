# SPDX-License-Identifier: Apache-2.0
"""The operator's command: what there is, and the way to it."""

import difflib
import importlib
import io
import os
import sys

from redoubt_stack import console
from redoubt_stack.console import BadUsage
from redoubt_stack.operate import options
from redoubt_stack.operate.listing import COMMANDS


HELP = """usage: deploy/redoubt [--stack NAME | --local URL] COMMAND ...

Operates a Redoubt signer: one that is deployed, found by the name of its stack (redoubt), or one
that deploy/local runs on this machine.

commands:
{commands}

`deploy/redoubt COMMAND --help` has options and examples. What says which signer (--stack, --region,
--profile, --local), --node and --json may stand before the command, too, if it has them: `deploy`,
`verify`, `destroy` and `cost` are for AWS alone, and have no --local.

{exits}"""


def help_text() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {command.does}" for name, command in COMMANDS.items()]
    return HELP.format(commands="\n".join(lines), exits=options.EXITS)


def main(given: list[str]) -> int:
    command, rest = options.split(given)
    if not command:
        print(help_text())
        return 0 if {"--help", "-h"} & set(rest) else 2
    if command not in COMMANDS:
        near = difflib.get_close_matches(command, COMMANDS, 1)
        raise BadUsage(
            f"there is no command {command}: "
            + (f"did you mean {near[0]}?" if near else "`deploy/redoubt --help` lists them")
        )
    program = importlib.import_module(f"redoubt_stack.{COMMANDS[command].module}")
    code: int = program.main(rest)
    sys.stdout.flush()
    return code


def run(given: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):  # a log may hold what no encoding has
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return main(given)
    except BrokenPipeError:  # who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    console.run(run)
