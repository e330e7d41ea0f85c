# SPDX-License-Identifier: Apache-2.0
"""What a million signatures cost, against sums by hand."""

import pytest

import price

A_REQUEST = 0.20  # dollars a million
A_SECOND = 16.6667  # dollars a million, of 1 GB
# Name, megabytes, milliseconds of each invocation, and dollars.
COSTS = [
    ("nothing", 1024, (), 0),
    ("a second of a gigabyte", 1024, (1000,), A_REQUEST + A_SECOND),
    ("half of the memory", 512, (1000,), A_REQUEST + A_SECOND / 2),
    ("a tenth of the time", 1024, (100,), A_REQUEST + A_SECOND / 10),
    ("a millisecond begun", 1024, (100.01,), A_REQUEST + A_SECOND * 0.101),
    ("less than a millisecond", 1024, (0.2,), A_REQUEST + A_SECOND * 0.001),
    ("two requests", 1024, (1000, 1000), 2 * (A_REQUEST + A_SECOND)),
    ("each begins its own millisecond", 1024, (0.5, 0.5), 2 * A_REQUEST + A_SECOND * 0.002),
]


@pytest.mark.parametrize(
    ("megabytes", "ms", "dollars"), [case[1:] for case in COSTS], ids=[case[0] for case in COSTS]
)
def test_cost(megabytes: int, ms: tuple[float, ...], dollars: float) -> None:
    assert price.dollars_a_million(megabytes, *ms) == pytest.approx(dollars, rel=1e-9)
