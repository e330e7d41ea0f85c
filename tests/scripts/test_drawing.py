# SPDX-License-Identifier: Apache-2.0
"""The drawing is well-formed, and its bars and lines are as long as the figures say."""

import math
from pathlib import Path

import pytest

import budget
import drawing
from measured import FIGURES
from svg import Drawing, Shape, shares

WAITS = "% of requests answered by then"
ADDED = "ms above the minimum's median"
MACHINES = "MB of memory of the Lambda function"
LOAD = "signatures a second"
WAIT = "ms that a baker waits"
USUAL = FIGURES["latency"]["12/4"]
TITLES = [
    "How long a baker waits for a signature",
    "What Redoubt adds to the bare minimum",
    "What a memory size buys: its share of the",
    "Many bakers at once, on two cores",
]
LABELS = [
    *(label for label, _, _ in drawing.WAITS.values()),
    *(f"{what} ({period} ms periods)" for what in ("cold start", "attestation")
      for period in (20, 100)),
    "a level: 6 s",
    "p50: median of runs",
    "p99: median of runs",
    "lowest and highest run",
    "allowed",
    "wait, p50",
    "wait, p99",
]  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    drawn = tmp_path_factory.mktemp("drawing") / "figures.svg"
    drawing.draw(FIGURES, drawn)
    return drawn


@pytest.fixture(scope="module")
def drawn(path: Path) -> Drawing:
    return Drawing(path)


def of_colour(shapes: list[Shape], colour: str) -> list[Shape]:
    return [shape for shape in shapes if shape.colour == colour]


def heights(shapes: list[Shape], colour: str) -> list[float]:
    return [shape.height for shape in of_colour(shapes, colour)]


@pytest.mark.parametrize("word", [*TITLES, *LABELS, WAITS, ADDED, MACHINES, LOAD, WAIT])
def test_says_what_it_shows(word: str, drawn: Drawing) -> None:
    assert word in drawn.words


def test_every_panel_has_a_title(drawn: Drawing) -> None:
    for title, axis in zip(TITLES, (WAITS, ADDED, MACHINES, LOAD), strict=True):
        assert drawn.shapes(title) == drawn.shapes(axis)


def test_the_axes_have_numbers_that_one_reads(drawn: Drawing) -> None:
    assert {"10", "20", "50", "100", "5000", "0.20", "0.25"} <= set(drawn.words)
    assert not [word for word in drawn.words if "10^" in word or "mathdefault" in word]


def test_waits_are_all_percentiles_of_floor_and_signer(drawn: Drawing) -> None:
    lines = drawn.shapes(WAITS)
    waits = [USUAL["percentiles"][kind] for kind in drawing.WAITS]
    assert [line.colour for line in lines] == [drawing.GREY, drawing.BLUE] * 2
    assert [line.dashed for line in lines] == [False, False, True, True]
    (start, _), (end, _) = lines[1].points[0], lines[1].points[-1]
    a_ms = (end - start) / (17 - 13)
    for line, expected in zip(lines, waits, strict=True):
        (first, last) = (13 + (line.points[each][0] - start) / a_ms for each in (0, -1))
        assert (first, last) == pytest.approx((expected[0], expected[-1]))
        assert line.points[-1][1] == pytest.approx(lines[0].points[-1][1])  # all were answered


def test_added_bars_are_the_medians_of_the_runs(drawn: Drawing) -> None:
    shapes = drawn.shapes(ADDED)
    bars = heights(shapes, drawing.BLUE) + heights(shapes, drawing.GREY)
    assert shares(bars) == pytest.approx(shares([0.5, 0.5, 0.7, 1.0, 1.0, 1.2]))


def test_the_lowest_and_highest_run_are_shown(drawn: Drawing) -> None:
    shapes = drawn.shapes(ADDED)
    a_ms = heights(shapes, drawing.BLUE)[0] / 0.5
    reaches = [shape for shape in of_colour(shapes, "#000000") if len(shape.points) == 2]
    seen = sorted(tuple(y / a_ms for _, y in shape.points) for shape in reaches)
    ends = [(0.25, 0.75)] * 2 + [(0.45, 0.95)] + [(0.75, 1.25)] * 2 + [(0.95, 1.45)]
    assert [end for each in seen for end in each] == pytest.approx(
        [end for each in ends for end in each], abs=0.001
    )


def test_what_is_allowed_is_what_the_budget_allows(drawn: Drawing) -> None:
    shapes = drawn.shapes(ADDED)
    bar, allowed = heights(shapes, drawing.BLUE)[0], heights(shapes, drawing.RED)
    of_vote = [line.limit for line in budget.LINES if line.what.startswith("attestation, p")]
    of_block = [line.limit for line in budget.LINES if line.what.startswith("block, p")]
    a_ms = bar / 0.5
    assert [y / a_ms for y in allowed] == pytest.approx(of_vote + of_vote + of_block)


def test_each_limit_is_over_its_bar(drawn: Drawing) -> None:
    shapes = drawn.shapes(ADDED)
    bars = of_colour(shapes, drawing.BLUE) + of_colour(shapes, drawing.GREY)
    lines = of_colour(shapes, drawing.RED)
    middles = [
        sorted(sum(x for x, _ in shape.points) / len(shape.points) for shape in some)
        for some in (bars, lines)
    ]
    assert middles[0] == pytest.approx(middles[1])


def test_machines_are_lines_on_a_scale_of_tenfolds(drawn: Drawing) -> None:
    lines = [[y for _, y in line.points] for line in drawn.shapes(MACHINES)]
    assert [(line.colour, line.dashed) for line in drawn.shapes(MACHINES)] == [
        (drawing.RED, False),
        (drawing.BLUE, False),
        (drawing.RED, True),
        (drawing.BLUE, True),
        (drawing.GREEN, False),
    ]
    (hundred, ten), (also_ten, also_hundred), (two_hundred, twenty), _, level = lines
    assert (ten, hundred) == pytest.approx((also_ten, also_hundred))
    assert lines[3] == pytest.approx([twenty, two_hundred])
    assert level == pytest.approx([hundred + (hundred - ten) * math.log10(60)] * 2)
    assert two_hundred - twenty == pytest.approx(hundred - ten)
    assert ten < twenty < hundred < two_hundred


def test_load_is_bars_and_its_waits_are_lines(drawn: Drawing) -> None:
    rows = FIGURES["load"]["environments"]
    bars = heights(drawn.shapes(TITLES[3]), drawing.GREY)
    assert shares(bars) == pytest.approx(shares([row["per_second"] for row in rows]))
    lines = [shape for shape in drawn.shapes(WAIT) if len(shape.points) == 3]
    seen = [y for line in lines for _, y in line.points]
    ms = [row[percent] for percent in ("p50", "p99") for row in rows]
    a_ms = (seen[2] - seen[0]) / (ms[2] - ms[0])
    assert [ms[0] + (y - seen[0]) / a_ms for y in seen] == pytest.approx(ms)


def test_machines_that_could_not_be_measured_say_why(tmp_path: Path) -> None:
    drawing.draw(FIGURES | {"machines": {"unavailable": "needs root"}}, tmp_path / "figures.svg")
    words = Drawing(tmp_path / "figures.svg").words
    assert "not measured: needs root" in words and MACHINES not in words


def test_equal_figures_make_an_equal_file(path: Path, tmp_path: Path) -> None:
    drawing.draw(FIGURES, tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_bytes() == path.read_bytes()
