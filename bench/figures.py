# SPDX-License-Identifier: Apache-2.0
"""What samples come to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
KINDS = ("attestation", "preattestation", "block")


def percentile(samples: Sequence[float], percent: float) -> float:
    """By nearest rank: `percent` of all samples are not above it."""
    return sorted(samples)[max(0, math.ceil(percent * len(samples) / 100) - 1)]


@dataclass(frozen=True)
class Added:
    """What Redoubt adds to what AWS and the host take: each percentile less the floor's own."""

    p50: float
    p90: float
    p99: float
    max: float

    @classmethod
    def to_floor(cls, samples: Sequence[float], floor: Sequence[float]) -> "Added":
        return cls(*(percentile(samples, p) - percentile(floor, p) for p in (50, 90, 99, 100)))


def floor_of(kind: str, series: Json) -> list[float]:
    return series["floor/block" if kind == "block" else "floor/vote"]["ms"]


def added(seen: Json) -> dict[str, Added]:
    """By kind and by `kind/curve`."""
    series = seen["series"]
    result = {}
    for kind in KINDS:
        cases = {name: case["ms"] for name, case in series.items() if name.startswith(kind)}
        floor = floor_of(kind, series)
        if cases:
            result[kind] = Added.to_floor([ms for case in cases.values() for ms in case], floor)
        result |= {name: Added.to_floor(ms, floor) for name, ms in cases.items() if "/" in name}
    return result
