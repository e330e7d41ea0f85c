# SPDX-License-Identifier: Apache-2.0
"""Replaces the authorized key, with which the baker signs its requests, without a gap: the new one
is added, the baker changes over, the log shows that the new one is in use, the old one goes.
`--to` walks through all of it, and goes on where an earlier run ended; without options the keys are
shown, and who uses them. The last key is never removed."""

import sys
import time
from argparse import Namespace
from dataclasses import dataclass

from botocore.exceptions import ClientError

from redoubt_stack.advice import DENIED
from redoubt_stack.aws import code_of
from redoubt_stack.console import BadUsage, Progress, Stop, confirm, say
from redoubt_stack.operate import options, tables
from redoubt_stack.operate.follow import Follower, now_ms, seconds
from redoubt_stack.operate.stack_target import StackTarget
from redoubt_stack.rotation import Rotation, refuse_mistyped, tell_stack
from redoubt_stack.tezos import address_of

EXAMPLES = """
rotate
rotate --to edpk...
rotate --remove edpk... --force
"""
# A key that was used within this time is in use.
IN_USE_MS = 5 * 60_000
# And one that was not, for some levels, is not.
QUIET_MS = 30_000
PAUSE_SECONDS = 2


@dataclass
class Uses:
    """Of the authorized keys, by address: when each was last seen in the signer's log."""

    follower: Follower
    last: dict[str, int]
    is_seen: bool = True  # whether the log can be read at all

    @staticmethod
    def of(target: StackTarget, seconds_back: int) -> "Uses":
        uses = Uses(Follower(target, "signer", seconds_back), {})
        uses.look()
        return uses

    def look(self) -> None:
        try:
            lines = self.follower.fresh()
        except ClientError as error:
            if code_of(error) not in DENIED:
                raise
            self.is_seen = False
            return
        for line in lines:
            if address := line.word("authorized_key"):
                self.last[address] = max(line.ms, self.last.get(address, 0))

    def words(self, key: str) -> str:
        if not self.is_seen:
            return "not known: you may not read the log (iam-policies, auditor.json)"
        ms = self.last.get(address_of(key))
        return "not lately" if ms is None else f"{(now_ms() - ms) // 1000} s ago"

    def is_used(self, key: str, within_ms: int = IN_USE_MS) -> bool:
        return self.last.get(address_of(key), 0) >= now_ms() - within_ms


def main(given: list[str]) -> int:
    told = read_options(given)
    for key in (told.to, told.add):
        if key is not None:
            refuse_mistyped(key)
    target = StackTarget(told.stack or "redoubt", told.region, told.profile)
    rotation = Rotation.of(target.aws, target.name)
    uses = Uses.of(target, told.since)
    if told.to is not None:
        return walk(rotation, uses, told)
    if told.add is not None:
        add(rotation, told.add, told.yes)
        say(_tell(rotation))
    elif told.remove is not None:
        remove(rotation, uses, told.remove, told)
    show(rotation, uses)
    return 0


def read_options(given: list[str]) -> Namespace:
    parser = options.parser("rotate", __doc__ or "", EXAMPLES)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--to", metavar="KEY", help="walk through it: only this one stays")
    which.add_argument("--add", metavar="KEY", help="a public key (edpk, sppk, p2pk)")
    which.add_argument("--remove", metavar="KEY", help="one that is not in use")
    add_option = parser.add_argument
    add_option("--force", action="store_true", help="with --remove: although it is in use (stolen)")
    add_option("--since", type=seconds, default=3600, metavar="TIME", help="how far to look (1h)")
    add_option("--wait", type=seconds, default=600, metavar="TIME", help="for the baker (10m)")
    add_option("--yes", action="store_true", help="don't ask back (scripts)")
    told = parser.parse_args(given)
    if told.local is not None:
        raise BadUsage(
            "rotate changes a stack's variables; deploy/local is given its keys when it starts: "
            "--env AUTHORIZED_KEYS=..."
        )
    return told


def show(rotation: Rotation, uses: Uses) -> None:
    for function, keys in rotation.keys().items():
        rows = [(address_of(key), uses.words(key), key) for key in keys]
        tables.show(function, ("address", "last used", "public key"), rows)


def walk(rotation: Rotation, uses: Uses, told: Namespace) -> int:
    keys = _all(rotation)
    if set(keys) == {told.to}:
        say(f"nothing is to be done: {told.to} is the only key. {_tell(rotation)}")
        return 0
    # Also where it is in one function only, as after a run that was cut off.
    if any(told.to not in found for found in rotation.keys().values()):
        add(rotation, told.to, told.yes)
    say(
        "Now the baker: import the new secret key there, and remove the old one from its wallet "
        "(octez-client takes the first authorized key that it holds)"
    )
    others = [key for key in keys if key != told.to]
    _await_change(uses, told, others)
    for key in others:
        remove(rotation, uses, key, told)
    show(rotation, uses)
    return 0


def _await_change(uses: Uses, told: Namespace, others: list[str]) -> None:
    deadline = time.monotonic() + told.wait
    with Progress(f"waiting until requests are signed by {address_of(told.to)} alone") as progress:
        while uses.is_seen and not _is_changed(uses, told.to, others):
            if time.monotonic() > deadline:
                raise Stop(
                    f"{told.to} is not in use yet, or the old key still is. Both are valid: "
                    "nothing is lost; run the same command again when the baker has changed over"
                )
            progress.show()
            time.sleep(PAUSE_SECONDS)
            uses.look()
    if not uses.is_seen:
        raise Stop(
            "both keys are valid now. Whether the new one is in use can't be seen: you may not "
            "read the log (iam-policies, auditor.json). When the baker has changed over: "
            "`deploy/redoubt rotate --remove <the old key> --force`"
        )
    say(f"{address_of(told.to)} is in use")


def _is_changed(uses: Uses, new: str, others: list[str]) -> bool:
    return uses.is_used(new) and not any(uses.is_used(key, QUIET_MS) for key in others)


def add(rotation: Rotation, key: str, is_agreed: bool) -> None:
    if not is_agreed:
        _refuse_unasked()
        confirm(
            f"From now on requests signed by {key} ({address_of(key)}) are answered, too, by "
            f"{', '.join(rotation.functions)}",
            "add",
            "--yes",
        )
    rotation.change("add", key)


def remove(rotation: Rotation, uses: Uses, key: str, told: Namespace) -> None:
    # The one that stays may be on its way to the baker still.
    if not told.force and not uses.is_seen:
        raise Stop("whether this key is in use can't be seen, without the log: --force removes it")
    if not told.force and told.to is None and uses.is_used(key):
        raise Stop(
            f"{key} is in use, {uses.words(key)}: let the baker change over first, or add --force "
            "if it was stolen"
        )
    if not told.yes:
        _refuse_unasked()
        confirm(
            f"Requests signed by {key} ({address_of(key)}; last used: {uses.words(key)}) are "
            f"refused from now on, by {', '.join(rotation.functions)}",
            "remove",
            "--yes",
        )
    rotation.change("remove", key)
    say(_tell(rotation))


def _refuse_unasked() -> None:
    if not sys.stdin.isatty():
        raise BadUsage("nothing was changed: give --yes")


def _all(rotation: Rotation) -> list[str]:
    """Of either function, each once."""
    return list(dict.fromkeys(key for keys in rotation.keys().values() for key in keys))


def _tell(rotation: Rotation) -> str:
    return tell_stack(_all(rotation))
