# SPDX-License-Identifier: Apache-2.0
"""Tokens of validator clients, and the rights of roles: made, listed, ended. A token is shown once,
at a terminal, or goes to a file that only you can read; the table has no more than its hash."""

import json
import os
import re
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redoubt_stack.console import BadUsage, Stop, say
from redoubt_stack.operate import eth_keys, options, tables
from redoubt_stack.operate.eth_keys import checked
from redoubt_stack.operate.targets import Target, Unreachable

CREATE = """
eth tokens create --may validator --all --label lighthouse-1 --to token.txt
eth tokens create --may validator --tag home --path --to token.txt
eth tokens create --may exit --key 0x... --valid-for 12h
"""
REVOKE = """
eth tokens revoke --id 0123456789abcdef
"""
LIST = """
eth tokens list
"""
SPAN = re.compile(r"([1-9][0-9]{0,5})([mhd])")
SECONDS = {"m": 60, "h": 3600, "d": 86_400}
ID = re.compile(r"[0-9a-f]{16}")
LISTED = ("token or role", "may", "with", "until (UTC)", "in", "label")


def main(given: list[str], action: str) -> int:
    return {"create": _create, "revoke": _revoke, "list": _list}[action.split()[1]](given)


def _add_for(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--principal", metavar="ARN", help="a role's rights, where the URL is under AWS_IAM"
    )


def _create(given: list[str]) -> int:
    about = f"{__doc__} --tag and --all also mean keys that come later."
    parser = options.parser("eth tokens create", about, CREATE)
    add = parser.add_argument
    add(
        "--may",
        action="append",
        required=True,
        metavar="RIGHT",
        help="validator (all duties), exit, read, or one type or route; repeatable",
    )
    add("--valid-for", metavar="TIME", help="such as 90m, 12h, 30d (no end; of exit 24h at most)")
    add("--path", action="store_true", help="for the URL's path (Lodestar), and there alone")
    add("--label", metavar="TEXT", help="to know it again")
    add("--to", metavar="FILE", help="a new file, for the token (else it is shown at a terminal)")
    _add_for(parser)
    eth_keys.add_which(parser, several_tags=True)
    options.add_json(parser)
    told = parser.parse_args(given)
    fields = {"ops": told.may, **_scope(told)}
    if told.valid_for:
        fields["not_after"] = int(time.time()) + _seconds(told.valid_for)
    fields |= {name: getattr(told, name) for name in ("label", "principal") if getattr(told, name)}
    if told.principal:
        if told.to or told.path:
            raise BadUsage("--to and --path are of a token, and a role has none")
        return _told_role(told, checked(eth_keys.target_of(told), "create_token", **fields))
    if not told.to and not sys.stdout.isatty():
        raise BadUsage("nothing was changed: a token is shown at a terminal alone: give --to FILE")
    if told.path:
        fields["path"] = True
    return _make(told, eth_keys.target_of(told), fields)


def _scope(told: Namespace) -> dict[str, Any]:
    if told.tag:
        eth_keys.one_way(told)
        return {"tags": told.tag}
    keys = eth_keys.named(told)
    return {"all": True} if keys is None else {"keys": keys}


def _seconds(text: str) -> int:
    found = SPAN.fullmatch(text)
    if not found:
        raise BadUsage(
            f"--valid-for {text}: give a number of minutes, hours or days: 90m, 12h, 30d"
        )
    return int(found[1]) * SECONDS[found[2]]


def _make(told: Namespace, target: Target, fields: dict[str, Any]) -> int:
    """There is a place for it before it is made."""
    with _place(told.to) as file, _unanswered():
        made = checked(target, "create_token", **fields)
        token = str(made["token"])
        if file is not None:
            _write(file, token, str(made["id"]))
    if told.json:
        shown = made if told.to is None else {n: v for n, v in made.items() if n != "token"}
        say(json.dumps(shown, indent=2))
        return 0
    say(f"token {made['id']} may {', '.join(made['ops'])}, with {_with(made)}; {_until(made)}")
    if told.to:
        say(f"wrote it to {told.to}, which only you can read")
    else:
        say(f"\n{token}\n\nIt is shown this once. Whoever has it may do all that: clear the screen")
    if told.path:
        say("It is for the path alone, URL/t/<token>/..., which proxies write into their logs")
    say(f"To end it: deploy/redoubt eth tokens revoke --id {made['id']}")
    return 0


def _told_role(told: Namespace, made: dict[str, Any]) -> int:
    if told.json:
        say(json.dumps(made, indent=2))
    else:
        may = f"may {', '.join(made['ops'])}, with {_with(made)}; {_until(made)}"
        say(f"{made['principal']} {may}, where the URL is under AWS_IAM")
    return 0


@contextmanager
def _place(name: str | None) -> Iterator[int | None]:
    """A new file that nobody else can read; gone again, if there was nothing to put there."""
    if name is None:
        yield None
        return
    try:
        opened = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadUsage(f"{name} exists, and is not written over: give another --to") from None
    except OSError as error:
        raise BadUsage(f"{name}: can't be written ({error.strerror})") from error
    try:
        yield opened
    except BaseException:
        Path(name).unlink()
        raise
    finally:
        os.close(opened)


def _write(file: int, token: str, id: str) -> None:
    try:
        os.write(file, f"{token}\n".encode())
        os.fsync(file)
    except OSError as error:
        raise Stop(
            f"token {id} was made, but can't be written ({error.strerror}), so nobody has it: "
            f"`deploy/redoubt eth tokens revoke --id {id}`, and make another"
        ) from error


@contextmanager
def _unanswered() -> Iterator[None]:
    """One that was made although nobody was told it."""
    advice = (
        "whether a token was made is not known, and nobody has it: look by `deploy/redoubt eth "
        "tokens list`, and revoke it"
    )
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise Unreachable(f"you stopped this program: {advice}") from stopped
    except Unreachable as reason:
        raise Unreachable(f"{reason}\n  {advice}") from reason


def _revoke(given: list[str]) -> int:
    about = "Ends a token, or the rights of a role: within a minute nothing is signed for it."
    parser = options.parser("eth tokens revoke", about, REVOKE)
    parser.add_argument("--id", metavar="ID", help="a token's, as `eth tokens list` shows it")
    _add_for(parser)
    eth_keys.add_agreement(parser)
    told = parser.parse_args(given)
    if (told.id is None) == (told.principal is None):
        raise BadUsage("give --id ID, or --principal ARN")
    if told.id is not None and not ID.fullmatch(told.id):
        raise BadUsage(
            "--id: give 16 hexadecimal digits, what is between a token's two underscores"
        )
    eth_keys.refuse_unasked(told)
    target = eth_keys.target_of(told)
    name = {"id": told.id} if told.id else {"principal": told.principal}
    who = f"token {told.id}" if told.id else str(told.principal)
    question = f"This ends {who}, of {target.where}: clients that have it sign nothing any more"
    eth_keys.agree(told, question, "revoke")
    members = checked(target, "revoke_token", **name)
    if told.json:
        say(json.dumps(members, indent=2))
    elif members["outcome"] == "revoked":
        say(f"{who} is revoked; a signer that has seen it forgets it within a minute")
    else:
        say(f"there is no {who}: `deploy/redoubt eth tokens list` shows all")
    return 0


def _list(given: list[str]) -> int:
    about = "All tokens and roles, with what each may do. No secret is in here."
    parser = options.parser("eth tokens list", about, LIST)
    options.add_json(parser)
    told = parser.parse_args(given)
    target = eth_keys.target_of(told)
    pages = [*eth_keys.pages(target, "list_tokens")]
    tokens = [token for page in pages for token in page["tokens"]]
    damaged = sorted(str(name) for page in pages for name in page["damaged"])
    if told.json:
        say(json.dumps({"ok": True, "tokens": tokens, "damaged": damaged}, indent=2))
        return 0
    rows = sorted(_row(token) for token in tokens)
    if rows:
        tables.show(f"tokens of {target.where}", LISTED, rows)
    else:
        say(f"{target.where} has no tokens: `deploy/redoubt eth tokens create` makes one")
    for name in damaged:
        say(tables.printable(f"{name}: DAMAGED: it lets nobody in"))
    return 0


def _row(token: dict[str, Any]) -> tuple[str, ...]:
    name = str(token.get("id") or token["principal"])
    place = "" if "principal" in token else "path" if token["path"] else "header"
    end = _until(token).removeprefix("until ").removesuffix(" UTC")
    return (name, ", ".join(token["ops"]), _with(token), end, place, str(token["label"]))


def _with(made: dict[str, Any]) -> str:
    """Which keys, in words."""
    if "tags" in made:
        return f"keys tagged {' or '.join(made['tags'])}"
    if "keys" not in made:
        return "all keys"
    first = str(made["keys"][0])
    return first if len(made["keys"]) == 1 else f"{len(made['keys'])} keys"


def _until(made: dict[str, Any]) -> str:
    if made["not_after"] is None:
        return "no end"
    end = f"{datetime.fromtimestamp(made['not_after'], UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"OVER since {end}" if made["expired"] else f"until {end}"
