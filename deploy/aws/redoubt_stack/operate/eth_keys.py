# SPDX-License-Identifier: Apache-2.0
"""Which keys a command is about, and how it asks before it changes them."""

import json
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, Progress, confirm, say
from redoubt_stack.operate import answers, given_files, options
from redoubt_stack.operate.wording import VALIDATORS
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import ETHEREUM, Target, ask, ask_recovery

Key = dict[str, Any]
MOST = 100  # in one call
KEY = re.compile(r"0x[0-9a-f]{96}")
LONGEST = 4_000_000  # bytes of a list of keys
WHICH = "which keys: --key, --keys-from, --tag or --all"


class Refused(Exception):
    """What the function said; and what was done before, with that in words."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer
        self.done: list[Any] = []
        self.state = ""

    def tell(self, as_json: bool) -> int:
        if as_json:
            done = {"done": self.done} if self.done else {}
            say(json.dumps({**self.answer.members, **done}, indent=2))
            return 1
        if self.done:
            print(self.state, file=sys.stderr)
        return answers.refused(self.answer, VALIDATORS)


def target_of(told: Namespace) -> Target:
    return choose(told, ETHEREUM)


def checked(target: Target, command: str, **fields: Any) -> dict[str, Any]:
    answer = ask(target, command, **fields)
    if not answer.ok:
        raise Refused(answer)
    return answer.members


def recovered(target: Target, command: str, **fields: Any) -> dict[str, Any]:
    """Of the function that is there only while it is needed."""
    answer = ask_recovery(target, command, **fields)
    if not answer.ok:
        raise Refused(answer)
    return answer.members


def pages(target: Target, command: str) -> Iterator[dict[str, Any]]:
    """Of a command that lists things."""
    more: dict[str, Any] = {}
    while True:
        page = checked(target, command, **more)
        yield page
        if page["next"] is None:
            return
        more = {"after": page["next"]}


def all_keys(target: Target) -> tuple[list[Key], list[str]]:
    """In the order of their texts; and those whose items can't be read."""
    keys: list[Key] = []
    damaged: list[str] = []
    with Progress("reading the keys") as progress:
        for page in pages(target, "list_keys"):
            keys += page["keys"]
            damaged += page["damaged"]
            progress.show(f"{len(keys)} so far")
    return sorted(keys, key=lambda key: str(key["public_key"])), sorted(damaged)


def add_which(parser: ArgumentParser, *, several_tags: bool = False) -> None:
    """`several_tags`: keys are not looked up, but said to the function by their tags."""
    add = parser.add_argument_group("which keys").add_argument
    add("--key", action="append", metavar="0x...", help="this one; repeatable")
    add("--keys-from", metavar="FILE", help="those of a file, one a line (-: standard input)")
    if several_tags:
        add("--tag", action="append", metavar="TAG", help="all that have this tag; repeatable")
        add("--all", action="store_true", help="all keys of the stack")
    else:
        add("--tag", metavar="TAG", help="all that have this tag, and were not deleted")
        add("--all", action="store_true", help="all keys of the stack that were not deleted")


def one_way(told: Namespace) -> None:
    ways = [bool(told.key), told.keys_from is not None, bool(told.tag), told.all]
    if sum(ways) != 1:
        raise BadUsage(f"give one of these, to say {WHICH}")


def named(told: Namespace) -> list[str] | None:
    """By their names; None if they are given in another way."""
    one_way(told)
    if not told.key and told.keys_from is None:
        return None
    given = list(told.key or _lines(told.keys_from))
    if not given:
        raise BadUsage(f"{told.keys_from}: names no key")
    return list(dict.fromkeys(read_key(name) for name in given))


def which(told: Namespace, target: Target, *, deleted: bool = False) -> list[str]:
    """`deleted`: those, too, of --tag and --all, which have no secret any more."""
    given = named(told)
    if given is not None:
        return given
    found = [
        str(key["public_key"])
        for key in all_keys(target)[0]
        if (told.all or told.tag in key["tags"]) and (deleted or key["wrap"])
    ]
    if not found:
        raise BadUsage(f"{target.where} has no such keys: `deploy/redoubt eth keys list` shows all")
    return found


def prefixed(text: str) -> str:
    """As the table and the log have it: keystores leave the 0x out."""
    found = text.lower()
    return found if found.startswith("0x") else f"0x{found}"


def read_key(text: str) -> str:
    found = prefixed(text)
    if not KEY.fullmatch(found):
        raise BadUsage(f"{text}: give a public key, 0x and 96 hexadecimal digits")
    return found


def _lines(file: str) -> Iterator[str]:
    text = given_files.read(file, LONGEST, "list of keys").decode(errors="replace")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip().split()[0]


def counted(names: list[str], thing: str = "key") -> str:
    return f"1 {thing}" if len(names) == 1 else f"{len(names)} {thing}s"


def refuse_unasked(told: Namespace) -> None:
    if not told.yes and (told.json or not sys.stdin.isatty()):
        raise BadUsage("nothing was changed: give --yes")


def agree(told: Namespace, question: str, word: str) -> None:
    if not told.yes:
        confirm(question, word, "--yes")


def add_agreement(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="don't ask back (scripts)")
    options.add_json(parser)


def in_parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), MOST):
        yield names[start : start + MOST]
