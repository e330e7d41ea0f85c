# SPDX-License-Identifier: Apache-2.0
"""Commands to the operator function, and what it answers."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redoubt_stack.console import Stop

if TYPE_CHECKING:
    from redoubt_stack.aws import Aws


# What the function tells Lambda when a variable can't be right: no waiting mends that.
MISTAKEN = "Runtime.InvalidConfiguration"


class NoAnswer(Stop):
    """The function did not start, or is not ours."""

    def __init__(self, text: str, is_mistaken: bool) -> None:
        super().__init__(text)
        self.is_mistaken = is_mistaken


@dataclass(frozen=True)
class Answer:
    ok: bool
    code: str  # of the refusal, else empty
    message: str
    members: dict[str, Any]  # all of the answer: rows, keys, ...

    @property
    def reason(self) -> str:
        """In words, of a refusal; with what each row came to, if rows were written."""
        rows = [
            f"{row.get('chain')}/{row.get('kind')}: {row['outcome']}"
            + (f" ({row['msg']})" if row.get("msg") else "")
            for row in self.members.get("rows", [])
            if row.get("outcome")
        ]
        return "\n    ".join([f"{self.code}: {self.message}", *rows])


def event(command: str, fields: dict[str, Any]) -> bytes:
    return json.dumps({"redoubt": {"command": command, **fields}}).encode()


def ask(aws: "Aws", function: str, command: str, **fields: Any) -> Answer:
    """A NoAnswer if there is none."""
    told = aws.client("lambda").invoke(FunctionName=function, Payload=event(command, fields))
    return read(told["Payload"].read(), function, command)


def read(text: bytes, function: str, command: str) -> Answer:
    try:
        members = json.loads(text)["redoubt"]
        ok = members["ok"] is True
        error = {} if ok else members["error"]
        return Answer(ok, str(error.get("id", "")), str(error.get("msg", "")), members)
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer(
            f"{function} did not answer `{command}`: {_failure(text)}", MISTAKEN.encode() in text
        ) from error


def checked(aws: "Aws", function: str, command: str, **fields: Any) -> Answer:
    """One that is ok; else a stop."""
    answer = ask(aws, function, command, **fields)
    if not answer.ok:
        raise Stop(f"`{command}` was refused: {answer.reason}")
    return answer


def _failure(text: bytes) -> str:
    """Of a function that did not start, the reason is in Lambda's own words."""
    try:
        told = json.loads(text)
        return str(told.get("errorMessage") or told)[:2000]
    except (ValueError, AttributeError):
        return repr(text[:2000])
