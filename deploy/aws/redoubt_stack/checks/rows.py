# SPDX-License-Identifier: Apache-2.0
"""The rows of verify's table, and how looks at AWS become rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack.aws import code_of
from redoubt_stack.console import say, table


@dataclass(frozen=True)
class Row:
    subject: str
    what: str
    problem: str  # empty if all is as it should be
    note: str = ""  # what a person may want to read although all is well

    @property
    def ok(self) -> bool:
        return not self.problem

    @property
    def shown(self) -> tuple[str, ...]:
        word = "ok" if self.ok else "DIFFERS"
        return (word, self.subject, self.what, self.problem or self.note)


Rows = Iterator[Row]
Look = Callable[[], Rows]


def each(subject: str, looks: dict[str, Look]) -> Rows:
    """Each on its own: one that AWS refuses, or that fails in a way that nobody thought of, is a
    difference, and hides no other."""
    for what, look in looks.items():
        try:
            yield from look()
        except ClientError as error:
            reason = f"{error.operation_name}: {code_of(error)}"
            yield Row(subject, what, f"can't be seen: {reason}")
        except Exception as error:
            yield Row(subject, what, f"can't be seen: {type(error).__name__}: {error}")


def each_of(facts: Any, subject: str, looks: dict[str, Callable[[Any], Rows]]) -> Rows:
    """Of looks at these facts."""
    return each(subject, {what: partial(look, facts) for what, look in looks.items()})


def gather(checks: dict[str, Look]) -> list[Row]:
    return [row for subject, check in checks.items() for row in each(subject, {"": check})]


def expect(subject: str, what: str, expected: Any, found: Any, note: str = "") -> Row:
    problem = "" if expected == found else f"is {found!r}, should be {expected!r}"
    return Row(subject, what, problem, note)


def report(rows: list[Row]) -> int:
    """Prints them; the number of differences."""
    wrong = [row for row in rows if not row.ok]
    table([("", "of", "what", ""), *(row.shown for row in rows)])
    count = f"{len(wrong)} of {len(rows)} differ" if wrong else f"all {len(rows)} as they should be"
    say(f"\n{count}")
    return len(wrong)
