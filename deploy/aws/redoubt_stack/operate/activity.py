# SPDX-License-Identifier: Apache-2.0
"""What the log's last minutes say of a signer's work: pure reckoning, for `top`."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from redoubt_stack.operate.log_lines import Line
from redoubt_stack.operate.places import Place, members
from redoubt_stack.percentile import percentile

NONE = (0, 0)


@dataclass
class Activity:
    window_ms: int
    _lines: deque[Line] = field(default_factory=deque)
    _last: dict[Place, Line] = field(default_factory=dict)  # signed, also before the window

    def add(self, lines: list[Line]) -> None:
        for line in lines:
            if not line.word("route").startswith("POST "):
                continue
            self._lines.append(line)
            if line.code == "ok" and line.place:
                self._keep_last(line, line.place)

    def _keep_last(self, line: Line, place: Place) -> None:
        before = self._last.get(place)
        if before is None or (line.position or NONE) >= (before.position or NONE):
            self._last[place] = line

    def snapshot(self, now_ms: int) -> dict[str, Any]:
        self._lines = deque(line for line in self._lines if line.ms >= now_ms - self.window_ms)
        refusals = Counter(line.code for line in self._lines if line.code != "ok")
        failures: Counter[str] = Counter()
        for line in self._lines:
            failures.update(line.failed_tries)
        return {
            "minutes": self.window_ms / 60_000,
            "requests": len(self._lines),
            "signing": [self._signing(place) for place in sorted(self._last)],
            "refusals": dict(refusals.most_common()),
            "failed_tries": dict(failures.most_common()),
            **{name: self._sum(name) for name in ("retries", "throttles", "cold_starts")},
        }

    def _signing(self, place: Place) -> dict[str, Any]:
        last = self._last[place]
        signed = [line for line in self._lines if line.code == "ok" and line.place == place]
        taken = sorted(line.number("ms") for line in signed)
        return {
            **members(place, last.position or NONE),
            "at": last.ms,
            "signed": len(signed),
            "p50_ms": percentile(taken, 0.5),
            "p99_ms": percentile(taken, 0.99),
        }

    def _sum(self, name: str) -> int:
        return sum(int(line.number(name)) for line in self._lines)
