# SPDX-License-Identifier: Apache-2.0
"""The options that the operator's commands share, and what their --help ends with."""

import argparse
import difflib
import re
import textwrap
from typing import Any

from redoubt_stack.operate.targets import ETHEREUM, TEZOS

EXITS = """ends with:
  0  done; or nothing was to be done
  1  refused: what was said tells why, and what to do
  2  wrong usage, or not agreed to in a script: nothing was changed
  3  not reached, or no answer: what was done is not known; the same again does no harm"""
# Those that may stand before the command, too, and take a value.
COMMON = ("--local", "--stack", "--region", "--profile", "--node")


def split(given: list[str]) -> tuple[str, list[str]]:
    """The command, and its options: also those that stand before it."""
    before: list[str] = []
    rest = list(given)
    while rest and rest[0].startswith("-"):
        takes_value = rest[0] in COMMON
        before, rest = before + rest[: 1 + takes_value], rest[1 + takes_value :]
    return (rest[0] if rest else ""), before + rest[1:]


class Parser(argparse.ArgumentParser):
    """Says which option is misspelt, rather than what is missing then."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        known = self._option_string_actions
        for word in args or ():
            name = word.partition("=")[0]
            if re.fullmatch(r"--[\w-]+", name) and name not in known:
                near = difflib.get_close_matches(name, known, 1)
                advice = f"did you mean {near[0]}?" if near else "--help lists all"
                self.error(f"there is no option {name}: {advice}")
        return super().parse_args(args, namespace)


def filled(text: str) -> str:
    """What was put together of parts, in lines that a terminal has room for."""
    return "\n\n".join(textwrap.fill(part, 98) for part in text.split("\n\n"))


def parser(
    command: str, description: str, examples: str, exits: str = EXITS
) -> argparse.ArgumentParser:
    """`examples`: a line each, what stands behind `deploy/redoubt`."""
    stack = ETHEREUM if command.startswith("eth ") else TEZOS
    lines = "\n".join(f"  deploy/redoubt {line}" for line in examples.strip().splitlines())
    made = Parser(
        prog=f"deploy/redoubt {command}",
        description=filled(description),
        epilog=f"examples:\n{lines}\n\n{exits}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = made.add_argument_group("which signer").add_argument
    add("--stack", metavar="NAME", help=f"name of the stack ({stack})")
    add("--region", help="AWS Region (else that of the AWS configuration)")
    add("--profile", help="profile of the AWS configuration")
    add("--local", metavar="URL", help="instead: the URL that deploy/local prints")
    return made


def add_json(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--json", action="store_true", help="print the function's answer, for scripts"
    )


def add_node(made: argparse.ArgumentParser, use: str) -> None:
    made.add_argument("--node", metavar="URL", help=f"a Tezos node, {use}")


def add_rows(made: argparse.ArgumentParser) -> None:
    """Which rows a command is about."""
    made.add_argument("--chain", help="mainnet, shadownet, ghostnet, or a chain's id (NetX...)")
    made.add_argument(
        "--key", action="append", metavar="ADDRESS", help="of this key only; repeatable (all keys)"
    )


def row_fields(told: argparse.Namespace, chain: str | None) -> dict[str, Any]:
    """What --chain, --key and --force say, as the function takes it."""
    fields: dict[str, Any] = {"chain": chain} if chain else {}
    if told.key:
        fields["keys"] = told.key
    if getattr(told, "force", False):
        fields["force"] = True
    return fields


def add_write(made: argparse.ArgumentParser) -> None:
    """How a command asks before it writes."""
    add_node(made, "whose head is shown, and used where none is given (one GET of its header)")
    made.add_argument("--dry-run", action="store_true", help="show what would change, and end")
    made.add_argument("--yes", action="store_true", help="don't ask back (scripts)")
    made.add_argument(
        "--accept-level",
        action="store_true",
        help="with --yes: although the level is far off the chain's head",
    )
    made.add_argument(
        "--partly", action="store_true", help="with --yes: although some of the rows are refused"
    )
    add_json(made)
