# SPDX-License-Identifier: Apache-2.0
"""Which keys a command is about, and how a command about many of them goes on, a hundred at a time:
so many are written by one call of the function."""

import json
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, Progress, confirm, say
from redoubt_stack.operate import answers, given_files, options, tables
from redoubt_stack.operate.targets import ETHEREUM, Target, Unreachable, ask, choose

Key = dict[str, Any]
MOST = 100  # in one call
KEY = re.compile(r"0x[0-9a-f]{96}")
LONGEST = 4_000_000  # bytes of a list of keys
WHICH = "which keys: --key, --keys-from, --tag or --all"


class Refused(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


def target_of(told: Namespace) -> Target:
    return choose(told, ETHEREUM)


def checked(target: Target, command: str, **fields: Any) -> dict[str, Any]:
    answer = ask(target, command, **fields)
    if not answer.ok:
        raise Refused(answer)
    return answer.members


def all_keys(target: Target) -> tuple[list[Key], list[str]]:
    """In the order of their texts; and those whose items can't be read."""
    keys: list[Key] = []
    damaged: list[str] = []
    more: dict[str, Any] = {}
    with Progress("reading the keys") as progress:
        while True:
            page = checked(target, "list_keys", **more)
            keys += page["keys"]
            damaged += page["damaged"]
            if page["next"] is None:
                return sorted(keys, key=lambda key: str(key["public_key"])), sorted(damaged)
            progress.show(f"{len(keys)} so far")
            more = {"after": page["next"]}


def add_which(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("which keys").add_argument
    add("--key", action="append", metavar="0x...", help="this one; repeatable")
    add("--keys-from", metavar="FILE", help="those of a file, one a line (-: standard input)")
    add("--tag", metavar="TAG", help="all that have this tag")
    add("--all", action="store_true", help="all keys of the stack")


def which(told: Namespace, target: Target) -> list[str]:
    ways = [bool(told.key), told.keys_from is not None, told.tag is not None, told.all]
    if sum(ways) != 1:
        raise BadUsage(f"give one of these, to say {WHICH}")
    if told.key or told.keys_from is not None:
        named = list(told.key or _lines(told.keys_from))
        return list(dict.fromkeys(read_key(name) for name in named))
    found = [
        str(key["public_key"])
        for key in all_keys(target)[0]
        if told.all or told.tag in key.get("tags", [])
    ]
    if not found:
        raise BadUsage(f"{target.where} has no such keys: `deploy/redoubt eth keys list` shows all")
    return found


def read_key(text: str) -> str:
    found = text.lower()
    found = found if found.startswith("0x") else f"0x{found}"
    if not KEY.fullmatch(found):
        raise BadUsage(f"{text}: give a public key, 0x and 96 hexadecimal digits")
    return found


def _lines(file: str) -> Iterator[str]:
    text = given_files.read(file, LONGEST, "list of keys").decode(errors="replace")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip().split()[0]


def counted(names: list[str]) -> str:
    return "1 key" if len(names) == 1 else f"{len(names)} keys"


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


def change(told: Namespace, target: Target, command: str, names: list[str], **fields: Any) -> int:
    """The same of each; what was done is told, also where something ended it."""
    done: list[Key] = []
    code = 0
    with Progress(command) as progress:
        for part in in_parts(names):
            try:
                answer = ask(target, command, keys=part, **fields)
            except Unreachable as reason:
                raise Unreachable(
                    f"{reason}\n  {len(done)} of {len(names)} keys were done"
                ) from None
            done += answer.members.get("keys", [])
            if not answer.ok:
                code = answers.refused(answer)
                break
            progress.show(f"{len(done)} of {len(names)} keys")
    return show_changes(told, done, len(names), code)


def show_changes(told: Namespace, done: list[Key], asked: int, code: int) -> int:
    refused = [key for key in done if key["outcome"] not in ("set", "unchanged", "deleted")]
    if told.json:
        say(json.dumps({"ok": not (code or refused), "keys": done}, indent=2))
        return 1 if code or refused else 0
    if refused:
        rows = [(k["public_key"], k["outcome"], str(k.get("msg") or "")) for k in refused]
        tables.show("refused", ("public key", "code", "why"), rows)
    unchanged = sum(key["outcome"] == "unchanged" for key in done)
    changed = f"{len(done) - len(refused) - unchanged} changed, {unchanged} as they were"
    of = "1 key" if asked == 1 else f"{asked} keys"
    say(f"{of}: {changed}, {len(refused)} refused, {asked - len(done)} not reached")
    return 1 if code or refused else 0
