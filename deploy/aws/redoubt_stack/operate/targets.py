# SPDX-License-Identifier: Apache-2.0
"""Where commands go: the operator function of a stack, or that of the local host."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from redoubt_stack import commands
from redoubt_stack.console import Stop

OPERATOR, RECOVERY = "operator", "recovery"


class Unreachable(Stop):
    """No answer, or none that can be read: whether anything was done is not known."""

    code = 3


@dataclass(frozen=True)
class Event:
    """A line of a function's log."""

    id: str  # no other has it
    ms: int  # since 1970, when it was written
    text: str


def read_event(told: dict[str, Any]) -> Event:
    """As CloudWatch Logs gives one. An id is promised by no more than its documentation: a line
    names its request, and so is told from another."""
    id = told.get("eventId") or f"{told['timestamp']} {told['message']}"
    return Event(str(id), int(told["timestamp"]), str(told["message"]))


class Target(Protocol):
    where: str  # for people
    program: str  # that operates it, as it is typed
    is_local: bool  # stand-ins: nothing is at stake

    @property
    def url(self) -> str:
        """The signer's, with its path."""

    def invoke(self, event: bytes, function: str = OPERATOR) -> bytes:
        """What the operator function answers, or the recovery function."""

    @property
    def signer(self) -> tuple[set[str], str]:
        """The ARNs of the keys that the signer signs with; its role's, if it has one."""

    @property
    def table(self) -> str:
        """Its name."""

    @property
    def wrapping_keys(self) -> list[str]:
        """The ARNs of those that the recovery function takes, as far as it can be seen."""

    def encrypt(self, kms_key: str, plaintext: bytes, context: dict[str, str]) -> bytes:
        """By a KMS key, whatever its Region."""

    def key_events(self, key: str, since_ms: int, until_ms: int) -> Iterable[str]:
        """CloudTrail's records of a key, as LookupEvents gives them: those of 90 days."""

    def log(self, function: str, since_ms: int, until_ms: int | None = None) -> Iterable[Event]:
        """What `signer` or `operator` has written since then, all pages."""


TEZOS, ETHEREUM = "redoubt", "redoubt-ethereum"  # what stacks, and local functions, are called


def ask(target: Target, command: str, **fields: Any) -> commands.Answer:
    return _ask(target, OPERATOR, command, fields)


def ask_recovery(target: Target, command: str, **fields: Any) -> commands.Answer:
    """Of the function that is there only while it is needed."""
    return _ask(target, RECOVERY, command, fields)


def _ask(target: Target, function: str, command: str, fields: dict[str, Any]) -> commands.Answer:
    text = target.invoke(commands.event(command, fields), function)
    try:
        return commands.read(text, f"the {function} function of {target.where}", command)
    except commands.NoAnswer as reason:
        raise Unreachable(
            f"{reason}\n  Whether anything was written is not known: `{target.program} status` "
            "shows it, and the same command again does no harm"
        ) from reason
