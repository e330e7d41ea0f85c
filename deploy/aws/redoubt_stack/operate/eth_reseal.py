# SPDX-License-Identifier: Apache-2.0
"""Other KMS keys, or another number of them, open what is sealed: by the recovery function, which
is there only while the stack's parameter Recovery is on."""

import json
from argparse import ArgumentParser, Namespace
from typing import Any

from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, confirm, say
from redoubt_stack.operate import agreement, answers, eth_keys, key_recover, options, tables
from redoubt_stack.operate.eth_work import Work, show_changes
from redoubt_stack.operate.targets import Target, ask_recovery
from redoubt_stack.operate.wording import VALIDATORS

Fields = dict[str, Any]
REWRAP = """
eth rewrap --all --under arn:... --under arn:... --under arn:... --threshold 2
eth rewrap --wrap 0123... --threshold 1
"""
RESEAL = """
eth reseal --all
eth reseal --tag home --under arn:... --under arn:... --threshold 2
"""
REVOKES = (
    "A copy of the table as it was still opens by the KMS keys of before, until you disable those"
)


def main(given: list[str], action: str) -> int:
    return _rewrap(given) if action == "rewrap" else _reseal(given)


def _rewrap(given: list[str]) -> int:
    about = f"Divides what wraps keys anew: neither they nor their ids change. {__doc__}"
    parser = options.parser("eth rewrap", about, REWRAP)
    add = parser.add_argument_group("which wraps").add_argument
    add("--wrap", action="append", metavar="ID", help="this one; repeatable (`eth status`)")
    add("--all", action="store_true", help="all that a key is sealed under")
    told = _parsed(parser, given)
    division = key_recover.division(told)
    target = eth_keys.target_of(told)
    wraps = _wraps(told, target)
    parts = [{"wrap": wrap, **division} for wrap in wraps]
    done = _carry_out(told, target, "rewrap", parts, eth_keys.counted(wraps, "wrap"))
    return _show_wraps(told, done)


def _reseal(given: list[str]) -> int:
    about = f"Seals keys anew, each hundred of them under one new wrap. {__doc__}"
    parser = options.parser("eth reseal", about, RESEAL)
    eth_keys.add_which(parser)
    told = _parsed(parser, given)
    division = key_recover.division(told)
    target = eth_keys.target_of(told)
    keys = eth_keys.which(told, target)
    parts = [{"keys": part, **division} for part in eth_keys.in_parts(keys)]
    done = _carry_out(told, target, "reseal", parts, eth_keys.counted(keys))
    wraps = [one.members["wrap"] for one in done if one.members.get("wrap")]
    more = {"wraps": wraps, **_rehearsed(told)}
    found = [key for one in done for key in one.members.get("keys", [])]
    code = show_changes(told, found, len(keys), done[-1], more)
    _show_wrong(told, done)
    return code


def _parsed(parser: ArgumentParser, given: list[str]) -> Namespace:
    key_recover.add_division(parser)
    parser.add_argument("--dry-run", action="store_true", help="try all of it, and write nothing")
    eth_keys.add_agreement(parser)
    told = parser.parse_args(given)
    agreement.refuse_unasked(told)
    return told


def _wraps(told: Namespace, target: Target) -> list[str]:
    if bool(told.wrap) == told.all:
        raise BadUsage("give one of these, to say which wraps: --wrap or --all")
    for wrap in told.wrap or ():
        if not key_recover.WRAP.fullmatch(wrap):
            raise BadUsage(f"--wrap {wrap}: give an id of 32 characters (`eth status` shows some)")
    if told.wrap:
        return list(dict.fromkeys(told.wrap))
    found = {str(key["wrap"]) for key in eth_keys.all_keys(target)[0] if key["wrap"]}
    if not found:
        raise BadUsage(f"{target.where} has no keys: `deploy/redoubt eth keys create` makes some")
    return sorted(found)


def _carry_out(
    told: Namespace, target: Target, command: str, parts: list[Fields], what: str
) -> list[Answer]:
    """All of it is tried before anything is asked or written. The answers; one that is refused is
    the last."""
    rehearsed = _each(target, command, [part | {"dry_run": True} for part in parts], "trying")
    if told.dry_run or not rehearsed[-1].ok:
        return rehearsed
    if not told.yes:
        under = key_recover.under_words(told)
        question = f"This seals {what} of {target.where} again, under {under}. {REVOKES}"
        confirm(question, what.split()[0], "--yes")
    return _each(target, command, parts, "sealing")


def _each(target: Target, command: str, parts: list[Fields], doing: str) -> list[Answer]:
    done: list[Answer] = []
    with Work(doing, len(parts), "calls") as work:
        for part in parts:
            done.append(ask_recovery(target, command, **part))
            work.add(done[-1:])
            if not done[-1].ok:
                break
    return done


def _rehearsed(told: Namespace) -> Fields:
    return {"dry_run": True} if told.dry_run else {}


def _show_wraps(told: Namespace, done: list[Answer]) -> int:
    wraps = [one.members for one in done if one.ok]
    last = done[-1]
    if told.json:
        error = {} if last.ok else {"error": last.members["error"]}
        listed = [{n: v for n, v in one.items() if n not in ("ok", "note")} for one in wraps]
        say(json.dumps({"ok": last.ok, **error, "wraps": listed, **_rehearsed(told)}, indent=2))
        return 0 if last.ok else 1
    rows = [(w["wrap"], w["outcome"], str(w["threshold"]), ", ".join(w["kms_keys"])) for w in wraps]
    if rows:
        tables.show("wraps", ("wrap", "outcome", "opened by", "of these KMS keys"), rows)
    _show_wrong(told, done)
    return 0 if last.ok else answers.refused(last, VALIDATORS)


def _show_wrong(told: Namespace, done: list[Answer]) -> None:
    if told.json:
        return
    for kms_key in sorted({key for one in done for key in one.members.get("wrong_shares", [])}):
        say(f"CAREFUL: a share under {kms_key} was wrong: somebody wrote into the table")
    if told.dry_run:
        say("dry run: nothing was changed")
