# SPDX-License-Identifier: Apache-2.0
"""What the design allows, line by line, and whether it was kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from figures import Json


@dataclass(frozen=True)
class Line:
    what: str
    limit: float
    unit: str
    section: str
    seen: Callable[[Json], float]  # in the figures of that section


@dataclass(frozen=True)
class Verdict:
    line: Line
    seen: float

    @property
    def kept(self) -> bool:
        return self.seen <= self.line.limit


def _added(kind: str, percentile: str) -> Callable[[Json], float]:
    return lambda latency: float(latency["12/4"]["added"][kind][percentile])


def _calls(latency: Json) -> float:
    """The dearer of the two, a few repetitions aside."""
    return max(round(calls, 2) for calls in latency["12/4"]["calls_per_signature"].values())


LINES = (
    Line("added to max(KMS, DynamoDB), attestation, p50", 0.5, "ms", "latency",
         _added("attestation", "p50")),
    Line("added to max(KMS, DynamoDB), attestation, p99", 1.0, "ms", "latency",
         _added("attestation", "p99")),
    Line("added to KMS + DynamoDB, block, p50", 0.7, "ms", "latency", _added("block", "p50")),
    Line("added to KMS + DynamoDB, block, p99", 1.2, "ms", "latency", _added("block", "p99")),
    Line("own processor time per signature (the POST), at full speed", 0.4, "ms", "latency",
         lambda latency: float(latency["0/0"]["processor"]["attestation"]["post"])),
    Line("calls per signature, each service", 1.0, "calls", "latency", _calls),
    Line("TLS handshakes during a warm run", 0, "", "latency",
         lambda latency: float(latency["12/4"]["handshakes"])),
    Line("peak memory", 14, "MB", "latency",
         lambda latency: latency["12/4"]["peak_memory"] / 1e6),
    Line("exec to first `next`, public keys known", 10, "ms", "starts",
         lambda starts: float(starts["keys known"]["exec_to_next"])),
    Line("stripped static binary", 8, "MB", "size", lambda size: size["bootstrap"] / 1e6),
    Line("zip", 4, "MB", "size", lambda size: size["zip"] / 1e6),
    Line("steps slower than twice their library", 0, "", "micro",
         lambda micro: float(not micro["within_twice_the_library"])),
    Line("TLS handshakes in a POST after its GET, thawed", 0, "", "thaw",
         lambda thaw: float(sum(thaw[how]["handshakes_in_post"]
                                for how in ("closed", "deserted")))),
)  # fmt: skip


def verdicts(figures: Json) -> Iterator[Verdict]:
    """Of the lines whose section was measured."""
    for line in LINES:
        if line.section in figures:
            yield Verdict(line, line.seen(figures[line.section]))
