# SPDX-License-Identifier: Apache-2.0
"""What samples come to: percentiles, what they are above the floor's, and runs' spread."""

from fractions import Fraction
from typing import Any

import pytest

import figures
from printed import LATENCY, TZ4

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


def test_several_percentiles_are_named() -> None:
    assert figures.percentiles(range(1, 1001), 50, 99.9) == {"p50": 500, "p99.9": 999}


# --- Of a run -------------------------------------------------------------------------------------
@pytest.fixture
def run() -> Any:
    return figures.run_of(LATENCY)


def test_waits_are_of_each_kind_and_of_each_curve(run: Any) -> None:
    assert {case: one["p50"] for case, one in run["ms"].items()} == {
        "attestation": 14,
        "attestation/ed25519": 16,
        "attestation/p256": 14,
        "block": 22,
        "block/p256": 22,
        "floor/block": 17,
        "floor/vote": 13,
        "preattestation": 15,
        "preattestation/p256": 15,
    }
    assert run["ms"]["attestation"] == {"p50": 14, "p90": 18, "p99": 18}


def test_processor_time_is_the_median_of_a_kinds_cases(run: Any) -> None:
    assert run["processor_ms"] == {
        "attestation": {"get": 0.25, "post": 0.75},
        "preattestation": {"get": 0.5, "post": 2},
        "block": {"get": 0.5, "post": 3},
        "floor/vote": {"get": 0.125, "post": 0.25},
        "floor/block": {"get": 0.125, "post": 0.5},
    }
    assert run["verification_us"] == 26


def test_only_signatures_are_counted(run: Any) -> None:
    assert run["signatures"] == 10


def test_calls_are_those_since_the_warm_up(run: Any) -> None:
    assert run["calls_per_signature"] == {"kms": 1.1, "dynamodb": 1.0}
    assert run["bytes_per_signature"] == {"kms": 120, "dynamodb": 200}
    assert run["handshakes"] == 3 + 1
    assert run["peak_memory"] == 7_000_000


# Case, percentile, and what it is above its own floor's p50, 13 for votes and 17 for blocks.
ADDED = [
    ("attestation", "p50", 14 - 13),
    ("attestation/ed25519", "p50", 16 - 13),
    ("preattestation", "p50", 15 - 13),
    ("block", "p50", 22 - 17),
    ("block/p256", "p50", 22 - 17),
    ("attestation", "p99", 18 - 13),
    ("block", "p99", 23 - 17),
]


@pytest.mark.parametrize(("case", "percent", "expected"), ADDED)
def test_each_case_is_above_the_median_of_its_own_floor(
    case: str, percent: str, expected: float, run: Any
) -> None:
    assert figures.added(case, percent)(run) == expected


def test_what_is_signed_here_is_above_a_wait_for_the_table_alone() -> None:
    run = figures.run_of(TZ4)
    assert figures.floors_of(run["ms"]) == ["floor/table"]
    assert figures.added("attestation", "p50")(run) == 6 - 5
    assert figures.added("block/bls", "p99")(run) == 9 - 5
    assert figures.own_ms("attestation")(run) == 3 - 0.25
    assert figures.own_ms("block")(run) == 3.5 - 0.25
    assert run["calls_per_signature"]["kms"] == 0


def test_a_slow_floor_makes_no_slow_answer_good(run: Any) -> None:
    """A p99 is not less for an accident that the floor had, too."""
    before = figures.added("attestation", "p99")(run)
    run["ms"]["floor/vote"]["p99"] = 100
    assert figures.added("attestation", "p99")(run) == before


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("attestation", 0.75 - 0.25), ("preattestation", 2 - 0.25), ("block", 3 - 0.5)],
)
def test_processor_time_is_counted_in_verifications_above_the_floors(
    kind: str, expected: float, run: Any
) -> None:
    assert figures.verifications(kind)(run) == pytest.approx(1000 * expected / 26)


@pytest.mark.parametrize(("floor", "expected"), [("floor/vote", 14 - 13), ("floor/block", 18 - 17)])
def test_noise_is_how_much_later_the_floors_slow_ones_are(
    floor: str, expected: float, run: Any
) -> None:
    assert figures.noise(floor)(run) == expected


# --- Of several -----------------------------------------------------------------------------------
SPREADS = [
    ([5.0], "5.00"),
    ([3.0, 1.0, 2.0], "2.00 (1.00 to 3.00)"),
    ([1.0, 1.0, 9.0], "1.00 (1.00 to 9.00)"),
    ([1.001, 1.002, 1.003], "1.00"),  # as far as is shown
]


@pytest.mark.parametrize(("values", "expected"), SPREADS)
def test_spread(values: list[float], expected: str) -> None:
    assert str(figures.Spread.of(values)) == expected
    assert str(figures.over([{"x": one} for one in values], lambda run: run["x"])) == expected
