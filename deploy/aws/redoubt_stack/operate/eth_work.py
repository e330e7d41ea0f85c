# SPDX-License-Identifier: Apache-2.0
"""How a command about many keys goes on, some at a time: its progress is shown, and how far it came
is told, whatever ends it."""

import json
from argparse import Namespace
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from redoubt_stack.commands import Answer
from redoubt_stack.console import Progress, Stop, say
from redoubt_stack.operate import answers, tables
from redoubt_stack.operate.eth_keys import Key, Refused, in_parts
from redoubt_stack.operate.targets import Target, Unreachable, ask
from redoubt_stack.operate.wording import VALIDATORS, as_options

AGAIN = "the same command goes on"
DONE = ("set", "unchanged", "deleted", "resealed")


class Work:
    """`again`: what to do if it is cut off."""

    def __init__(self, what: str, total: int, things: str = "keys", again: str = AGAIN) -> None:
        self.done: list[Any] = []
        self._total, self._things, self._again = total, things, again
        self._progress = Progress(what)

    @property
    def state(self) -> str:
        return f"{len(self.done)} of {self._total} {self._things}"

    def add(self, part: Sequence[Any]) -> None:
        self.done += part
        self._progress.show(self.state)

    def __enter__(self) -> "Work":
        self._progress.__enter__()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        self._progress.__exit__()
        told = f"{self.state} were done: {self._again}"
        if isinstance(error, KeyboardInterrupt):
            raise Unreachable(
                f"you stopped this program, but not what had left for the function: {told}"
            ) from None
        if isinstance(error, Refused):
            error.done, error.state = self.done, told
        elif isinstance(error, Unreachable):
            raise Unreachable(f"{error}\n  {told}") from None
        elif isinstance(error, Stop):  # also of what would be wrong usage, had nothing been done
            raise Stop(f"{error}\n  {told}") from None


def change(told: Namespace, target: Target, command: str, names: list[str], **fields: Any) -> int:
    """The same of each."""
    answer = None
    with Work("changing keys", len(names)) as work:
        for part in in_parts(names):
            answer = ask(target, command, keys=part, **fields)
            work.add(answer.members.get("keys", []))
            if not answer.ok:
                break
    return show_changes(told, work.done, len(names), answer)


def show_changes(
    told: Namespace,
    done: list[Key],
    asked: int,
    last: Answer | None,
    more: dict[str, Any] | None = None,
) -> int:
    """`last`: what the function answered last, if it was asked; `more`: for scripts."""
    refused = [key for key in done if key["outcome"] not in DONE]
    error = {} if last is None or last.ok else {"error": last.members["error"]}
    code = 1 if error or refused else 0
    if told.json:
        say(json.dumps({"ok": not code, **error, "keys": done, **(more or {})}, indent=2))
        return code
    if error and last:
        answers.refused(last, VALIDATORS)
    if refused:
        rows = [
            (k["public_key"], k["outcome"], as_options(str(k.get("msg") or ""), VALIDATORS))
            for k in refused
        ]
        tables.show("refused", ("public key", "code", "why"), rows)
    unchanged = sum(key["outcome"] == "unchanged" for key in done)
    changed = f"{len(done) - len(refused) - unchanged} changed, {unchanged} as they were"
    of = "1 key" if asked == 1 else f"{asked} keys"
    say(f"{of}: {changed}, {len(refused)} refused, {asked - len(done)} not reached")
    return code
