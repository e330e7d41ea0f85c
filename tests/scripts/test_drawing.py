# SPDX-License-Identifier: Apache-2.0
"""The drawing is well-formed, and its bars and lines are as long as the figures say."""

from pathlib import Path

import pytest

import budget
import drawing
from measured import FIGURES
from svg import Drawing, Shape, shares

WAITS = "ms from POST to answer; KMS 12 ms, DynamoDB 4 ms"
ADDED = "added ms: p50, p99; red: allowed"
MACHINES = "MB of Lambda memory"
LOAD = "signatures a second"
USUAL = FIGURES["latency"]["12/4"]


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


@pytest.mark.parametrize(
    "word",
    [WAITS, "% answered", ADDED, MACHINES, LOAD, "ms, p50", *USUAL["samples"]]
    + [f"attestation, p50 ({period} ms periods)" for period in (20, 100)]
    + [f"exec to next ({period} ms periods)" for period in (20, 100)],
)
def test_says_what_it_shows(word: str, drawn: Drawing) -> None:
    assert word in drawn.words


def test_waits_are_all_samples_of_floor_and_signer(drawn: Drawing) -> None:
    lines = drawn.shapes(WAITS)
    samples = [
        sorted(USUAL["samples"][kind])
        for kind in ("floor/vote", "attestation", "floor/block", "block")
    ]
    assert [line.colour for line in lines] == [drawing.GREY, drawing.BLUE] * 2
    assert [line.dashed for line in lines] == [False, False, True, True]
    (start, _), (end, _) = lines[1].points[0], lines[1].points[-1]
    a_ms = (end - start) / (16 - 13)
    for line, expected in zip(lines, samples, strict=True):
        ms = [13 + (x - start) / a_ms for x, _ in line.points]
        assert ms == pytest.approx(expected)
        answered = [y - line.points[0][1] for _, y in line.points]
        step = answered[-1] / (len(expected) - 1)
        assert answered == pytest.approx([step * i for i in range(len(expected))])
        assert line.points[-1][1] == pytest.approx(lines[0].points[-1][1])  # all were answered


def test_added_bars_are_the_figures(drawn: Drawing) -> None:
    shapes = drawn.shapes(ADDED)
    kinds = ("attestation", "preattestation", "block")
    p50 = [USUAL["added"][kind]["p50"] for kind in kinds]
    p99 = [USUAL["added"][kind]["p99"] for kind in kinds]
    drawn_heights = heights(shapes, drawing.BLUE) + heights(shapes, drawing.GREY)
    assert shares(drawn_heights) == pytest.approx(shares(p50 + p99))


def test_what_is_allowed_is_what_the_budget_allows(drawn: Drawing) -> None:
    shapes = drawn.shapes(ADDED)
    bar, allowed = heights(shapes, drawing.BLUE)[0], heights(shapes, drawing.RED)
    of_vote = [line.limit for line in budget.LINES if line.what.startswith("added to max")]
    of_block = [line.limit for line in budget.LINES if line.what.startswith("added to KMS +")]
    a_ms = bar / USUAL["added"]["attestation"]["p50"]
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
        (drawing.BLUE, False),
        (drawing.RED, False),
        (drawing.BLUE, True),
        (drawing.RED, True),
    ]
    (ten, hundred), (also_hundred, also_ten), (twenty, two_hundred), _ = lines
    assert (ten, hundred) == pytest.approx((also_ten, also_hundred))
    assert lines[3] == pytest.approx([two_hundred, twenty])
    assert two_hundred - twenty == pytest.approx(hundred - ten)
    assert ten < twenty < hundred < two_hundred


def test_load_is_bars_and_its_p50_a_line(drawn: Drawing) -> None:
    rows = FIGURES["load"]["environments"]
    bars = heights(drawn.shapes(LOAD), drawing.BLUE)
    assert shares(bars) == pytest.approx(shares([row["per_second"] for row in rows]))
    (line,) = drawn.shapes("ms, p50")
    low, also_low, high = (y for _, y in line.points)
    assert low == also_low < high and line.colour == drawing.RED


def test_equal_figures_make_an_equal_file(path: Path, tmp_path: Path) -> None:
    drawing.draw(FIGURES, tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_bytes() == path.read_bytes()
