# SPDX-License-Identifier: Apache-2.0
"""A function's log from some time on: each line once, also one that CloudWatch shows late."""

import argparse
import re
import time
from collections.abc import Iterator

from redoubt_stack.operate.log_lines import Line, read
from redoubt_stack.operate.targets import Target

# How much later than a newer line CloudWatch may show an older one.
LATE_MS = 30_000
PAUSE_SECONDS = {True: 0.5, False: 2.0}  # local or not
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def seconds(text: str) -> int:
    """Of 90s, 10m, 2h, 1d; for argparse."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text}: give 90s, 10m, 2h, 1d or the like")
    return int(found[1]) * UNITS[found[2]]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Follower:
    def __init__(self, target: Target, function: str, seconds_back: int) -> None:
        self._target = target
        self._function = function
        self._since = now_ms() - seconds_back * 1000
        self._seen: dict[str, int] = {}

    def fresh(self) -> list[Line]:
        """What was not shown yet, in the order of time."""
        found = [e for e in self._target.log(self._function, self._since) if e.id not in self._seen]
        self._seen |= {event.id: event.ms for event in found}
        newest = max(self._seen.values(), default=self._since)
        self._since = max(self._since, newest - LATE_MS)
        self._seen = {id: ms for id, ms in self._seen.items() if ms >= self._since}
        return [read(event) for event in sorted(found, key=lambda event: event.ms)]

    def endlessly(self) -> Iterator[list[Line]]:
        while True:
            yield self.fresh()
            time.sleep(PAUSE_SECONDS[self._target.is_local])
