# SPDX-License-Identifier: Apache-2.0
"""What samples come to: percentiles, and what is added to the floor's."""

from fractions import Fraction
from typing import Any

import pytest

import figures

HUNDRED = list(range(1, 101))
# Name, samples, per cent, and which of the samples that is.
PERCENTILES = [
    ("the only one", [7], 50, 7),
    ("of two the lower is half", [1, 2], 50, 1),
    ("of three the middle", [3, 1, 2], 50, 2),
    ("half of a hundred", HUNDRED, 50, 50),
    ("nine tenths", HUNDRED, 90, 90),
    ("all but one", HUNDRED, 99, 99),
    ("one more than all but one", [*HUNDRED, 101], 99, 100),
    ("all", HUNDRED, 100, 100),
    ("none", HUNDRED, 0, 1),
    ("in no order", HUNDRED[::-1], 90, 90),
    ("the same many times", [5, 5, 5, 9], 75, 5),
    ("all but one of a thousand", list(range(1, 1001)), 99.9, 999),
    ("all but three of 3,000", list(range(1, 3001)), 99.9, 2997),
    ("all but one of 1,500", list(range(1, 1501)), 99.9, 1499),
]


@pytest.mark.parametrize(
    ("samples", "percent", "expected"),
    [case[1:] for case in PERCENTILES],
    ids=[case[0] for case in PERCENTILES],
)
def test_percentile(samples: list[float], percent: float, expected: float) -> None:
    assert figures.percentile(samples, percent) == expected


@pytest.mark.parametrize("percent", ["50", "90", "99", "99.9", "100"])
def test_a_percentile_is_the_least_that_so_many_are_not_above(percent: str) -> None:
    for count in [*range(1, 120), 1000, 2000, 3000]:
        found = figures.percentile(range(1, count + 1), float(percent))
        share = Fraction(percent) / 100
        assert Fraction(found, count) >= share > Fraction(found - 1, count), count


def test_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(IndexError):
        figures.percentile([], 50)


# Half of the floor's votes take 2 ms, of its blocks 20 ms.
SERIES: dict[str, Any] = {
    "floor/vote": {"ms": [1, 2, 3]},
    "floor/block": {"ms": [10, 20, 30]},
    "attestation/p256": {"ms": [4, 5, 6]},
    "attestation/ed25519": {"ms": [7, 8, 19]},
    "preattestation/p256": {"ms": [3, 3, 3]},
    "block/p256": {"ms": [21, 25, 26]},
}


def test_each_kind_and_each_case_is_compared_with_its_own_floor() -> None:
    seen = {name: (one.p50, one.max) for name, one in figures.added({"series": SERIES}).items()}
    assert seen == {
        "attestation": (6 - 2, 19 - 3),
        "attestation/p256": (5 - 2, 6 - 3),
        "attestation/ed25519": (8 - 2, 19 - 3),
        "preattestation": (3 - 2, 3 - 3),
        "preattestation/p256": (3 - 2, 3 - 3),
        "block": (25 - 20, 26 - 30),
        "block/p256": (25 - 20, 26 - 30),
    }


def test_each_percentile_is_less_the_floors_own() -> None:
    samples = [2 * ms for ms in range(1, 1001)]
    added = figures.Added.to_floor(samples, range(1, 1001))
    assert added == figures.Added(p50=500, p90=900, p99=990, max=1000)


def test_a_kind_that_was_not_measured_is_left_out() -> None:
    series = {name: ms for name, ms in SERIES.items() if not name.startswith("block")}
    assert set(figures.added({"series": series})) == {
        "attestation",
        "attestation/p256",
        "attestation/ed25519",
        "preattestation",
        "preattestation/p256",
    }


def test_a_series_of_one_curve_is_named_by_its_kind_alone() -> None:
    series = {"attestation": {"ms": [5]}, "floor/vote": {"ms": [1]}, "floor/block": {"ms": [1]}}
    assert figures.added({"series": series}) == {"attestation": figures.Added(4, 4, 4, 4)}
