# SPDX-License-Identifier: Apache-2.0
"""What samples come to."""

import math
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Json = dict[str, Any]
KINDS = ("attestation", "preattestation", "block")
FLOORS = ("floor/vote", "floor/block", "floor/table")


def percentile(samples: Sequence[float], percent: float) -> float:
    """By nearest rank: `percent` of all samples are not above it."""
    return sorted(samples)[max(0, math.ceil(percent * len(samples) / 100) - 1)]


def percentiles(samples: Sequence[float], *percents: float) -> dict[str, float]:
    return {f"p{percent:g}": percentile(samples, percent) for percent in percents}


@dataclass(frozen=True)
class Spread:
    """The median of some runs, and how far they lie apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        if f"{self.low:.2f}" == f"{self.high:.2f}":
            return f"{self.median:.2f}"
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def over(runs: Sequence[Json], figure: Callable[[Json], float]) -> Spread:
    return Spread.of([figure(run) for run in runs])


def samples_of(series: Json, kind: str) -> list[float]:
    """Of all its curves."""
    return [ms for name in series if name.startswith(kind) for ms in series[name]["ms"]]


def floors_of(cases: Container[str]) -> list[str]:
    return [floor for floor in FLOORS if floor in cases]


def floor_of(case: str, cases: Container[str]) -> str:
    """What a kind, or a kind with one curve, is compared with: what is signed in the function waits
    for the table alone, and is measured with that floor beside it and no other."""
    if "floor/table" in cases:
        return "floor/table"
    return "floor/block" if case.startswith("block") else "floor/vote"


def run_of(seen: Json) -> Json:
    """What a run of `redoubt-bench latency` came to."""
    series = seen["series"]
    grown = {
        service: {key: seen["after"][service][key] - before[key] for key in before}
        for service, before in seen["before"].items()
    }
    signatures = sum(len(samples_of(series, kind)) for kind in KINDS)
    return {
        "ms": {
            case: percentiles(samples_of(series, case), 50, 90, 99)
            for case in sorted({*KINDS, *series})
        },
        "processor_ms": {
            kind: {
                request: median(
                    case["processor_ms"][request]
                    for name, case in series.items()
                    if name.startswith(kind)
                )
                for request in ("get", "post")
            }
            for kind in (*KINDS, *floors_of(series))
        },
        "verification_us": median(seen["verification_us"]),
        "peak_memory": seen["peak_memory"],
        "calls_per_signature": {s: g["calls"] / signatures for s, g in grown.items()},
        "bytes_per_signature": {s: g["bytes"] / signatures for s, g in grown.items()},
        "handshakes": sum(g["handshakes"] for g in grown.values()),
        "signatures": signatures,
    }


# --- Of one run -----------------------------------------------------------------------------------
def wait(case: str, percent: str) -> Callable[[Json], float]:
    """From POST to answer, in ms."""
    return lambda run: float(run["ms"][case][percent])


def processor_ms(kind: str, request: str) -> Callable[[Json], float]:
    """In ms."""
    return lambda run: float(run["processor_ms"][kind][request])


def added(case: str, percent: str) -> Callable[[Json], float]:
    """What comes on top of a usual wait of the floor's. (The floor's own p99 is not taken off a
    p99: on a noisy machine the difference of two accidents says nothing.)"""
    return lambda run: wait(case, percent)(run) - wait(floor_of(case, run["ms"]), "p50")(run)


def own_ms(kind: str) -> Callable[[Json], float]:
    """A POST's own processor time, less the floor's."""

    def own(run: Json) -> float:
        floor = floor_of(kind, run["ms"])
        return processor_ms(kind, "post")(run) - processor_ms(floor, "post")(run)

    return own


def verifications(kind: str) -> Callable[[Json], float]:
    """The same in verifications of the same run."""
    return lambda run: float(1000 * own_ms(kind)(run) / run["verification_us"])


def noise(floor: str) -> Callable[[Json], float]:
    """How much longer than usual the floor's slow waits are, in ms."""
    return lambda run: wait(floor, "p99")(run) - wait(floor, "p50")(run)
