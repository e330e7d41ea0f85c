# SPDX-License-Identifier: Apache-2.0
"""The dashboard as it is drawn from a log."""

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import preview
from svg import Drawing, shares

START = 1_700_000_000_000


def line(ms: int, /, **members: Any) -> dict[str, Any]:
    """So many milliseconds after the start."""
    return {"_aws": {"Timestamp": START + ms}, "verdict": "ok", **members}


# Votes: 3 in the first second, 1 in the second, 2 in the fourth. Two 500s, one 400.
LINES = [
    line(0, votes=1, ms=10, watermark_refusals=1, conflicts=1, upstream_codes=["InternalFailure"]),
    line(999, votes=2, ms=30, watermark_refusals=3, conflicts=1),
    line(1000, votes=1, ms=20, watermark_refusals=1, conflicts=1, verdict="conflict"),
    line(1500, blocks=1, verdict="unauthorized", upstream_codes=["InternalFailure"]),
    line(
        3200,
        votes=2,
        watermark_refusals=2,
        conflicts=1,
        verdict="unauthorized",
        upstream_codes=["ThrottlingException"],
    ),
]
OTHERS = ["START RequestId: 1", '{"verdict": "ok", "votes": 100}', '["_aws"]', "", "{"]
STATISTICS = [
    ("Sum", [1, 2, 6], 9),
    ("Maximum", [1, 6, 2], 6),
    ("Average", [1, 2, 6], 3),
    ("p50", [3, 1, 2], 2),
    ("p99", list(range(1, 101)), 99),
    ("p99.9", list(range(1, 1001)), 999),
    ("p100", [3, 1, 2], 3),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Whose lines are in no order."""
    texts = [json.dumps(each) for each in (*LINES[1:], LINES[0])]
    path = tmp_path_factory.mktemp("preview") / "log"
    path.write_text("\n".join([OTHERS[0], *texts, *OTHERS[1:]]) + "\n")
    return path


def draw(log: Path, svg: Path, *options: str) -> Drawing:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["preview.py", str(log), str(svg), *options])
        preview.main()
    return Drawing(svg)


@pytest.fixture(scope="module")
def drawn(log: Path) -> Drawing:
    return draw(log, log.parent / "dashboard.svg")


def test_of_a_log_only_the_signers_lines_are_taken(log: Path) -> None:
    assert preview.lines_of(log) == [*LINES[1:], LINES[0]]


def test_a_log_without_any_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n".join(OTHERS))
    with pytest.raises(SystemExit, match="no line of the signer's in .*log"):
        preview.lines_of(tmp_path / "log")


@pytest.mark.parametrize(
    ("name", "values", "expected"), STATISTICS, ids=[case[0] for case in STATISTICS]
)
def test_statistic(name: str, values: list[float], expected: float) -> None:
    assert preview.statistic(name, values) == expected


# Metric, statistic, seconds of a period; when a period begins, and its value.
SERIES = [
    ("votes", "Sum", 1.0, [0, 1, 3], [3, 1, 2]),
    ("votes", "Sum", 2.0, [0, 2], [4, 2]),
    ("votes", "Sum", 0.5, [0, 0.5, 1, 3], [1, 2, 1, 2]),
    ("votes", "Maximum", 2.0, [0, 2], [2, 2]),
    ("ms", "p50", 60.0, [0], [20]),
    ("blocks", "Sum", 1.0, [1], [1]),
    ("retries", "Sum", 1.0, [], []),
]


@pytest.mark.parametrize(("metric", "stat", "period", "begins", "values"), SERIES)
def test_series(
    metric: str, stat: str, period: float, begins: list[float], values: list[float]
) -> None:
    assert preview.series(LINES, metric, stat, period) == (begins, values)


@pytest.fixture
def widgets() -> list[dict[str, Any]]:
    body = preview.Stack(preview.LEAST).properties("Dashboard")["DashboardBody"]
    return list(json.loads(body)["widgets"])


def test_every_graph_of_the_dashboard_is_there_but_the_alarms(
    drawn: Drawing, widgets: list[dict[str, Any]]
) -> None:
    titles = {one["properties"]["title"].replace("hour", "second") for one in widgets}
    assert titles - set(drawn.words) == {"Alarms"}
    assert not [word for word in drawn.words if "hour" in word]
    assert "seconds; a point for each second" in drawn.words


def test_what_only_aws_counts_is_named_and_not_drawn(drawn: Drawing) -> None:
    assert "counted on AWS only: requests, 4xx, 5xx, 429" in drawn.words
    assert drawn.shapes("counted on AWS only: requests, 4xx, 5xx, 429") == []
    assert "seconds; a point for each second; on AWS only: signatures" in drawn.words
    assert not [word for word in drawn.words if "0.04" in word]


def test_counts_are_bars_side_by_side(drawn: Drawing) -> None:
    bars = drawn.shapes("votes")
    assert shares([bar.height for bar in bars]) == pytest.approx(shares([3, 1, 2]))
    first, second, fourth = (min(x for x, _ in bar.points) for bar in bars)
    assert fourth - first == pytest.approx(3 * (second - first))
    blocks = drawn.shapes("blocks")  # have an axis of their own, above
    assert [bar.height > 0 for bar in blocks] == [True]


def test_no_bar_covers_another(drawn: Drawing) -> None:
    bars = [bar for bar in drawn.shapes("of them conflicts") if len(bar.points) > 2]
    spans = sorted((min(x for x, _ in bar.points), max(x for x, _ in bar.points)) for bar in bars)
    assert len(spans) == 3 * 2
    for (_, end), (begin, _) in itertools.pairwise(spans):
        assert end <= begin + 0.001


def test_waits_are_set_against_a_level(drawn: Drawing) -> None:
    for title in ("Stages of a signature, p50", "Stages of a signature, p99"):
        shapes = drawn.shapes(title)
        (level,) = (shape for shape in shapes if shape.colour == "#333333")
        assert all(level.height >= shape.height for shape in shapes)
    assert {"a level: 6 s", "0.1", "1000"} < set(drawn.words)


def test_codes_are_counted(drawn: Drawing, widgets: list[dict[str, Any]]) -> None:
    by_count = [
        [shape.width for shape in drawn.shapes(one["properties"]["title"])]
        for one in widgets
        if one["type"] == "log"
    ]
    assert len(by_count) == 2  # the commonest is drawn last, on top
    for widths in by_count:
        assert shares(widths) == pytest.approx([1 / 3, 2 / 3])
    assert {"InternalFailure", "ThrottlingException", "conflict", "unauthorized"} < set(drawn.words)
    assert "ok" not in drawn.words


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("5", ["Signed, per 5 s", "seconds; a point for each 5 s"]),
        ("60", ["Signed, per minute", "minutes; a point for each minute"]),
        ("3600", ["Signed, per hour", "minutes; a point for each hour"]),
    ],
)
def test_the_period_is_the_one_that_was_asked_for(
    period: str, words: list[str], log: Path, tmp_path: Path
) -> None:
    drawn = draw(log, tmp_path / "dashboard.svg", "--period", period)
    assert set(words) < set(drawn.words)


def test_where_nothing_went_wrong_it_says_none(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(json.dumps(LINES[0] | {"upstream_codes": []}))
    assert draw(tmp_path / "log", tmp_path / "dashboard.svg").words.count("none") == 2


# --- Of validators --------------------------------------------------------------------------------
VOTES = [
    line(second * 1000, key=key, attestations=1, table_ms=4, sign_ms=2, ms=6)
    for second, key in ((0, "0x" + "a" * 96), (1, "0x" + "b" * 96), (4, "0x" + "a" * 96))
]


def test_validators_have_a_dashboard_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n".join(map(json.dumps, VOTES)))
    drawn = draw(tmp_path / "log", tmp_path / "dashboard.svg", "--chain", "ethereum")
    bars = drawn.shapes("attestations")
    assert shares([bar.height for bar in bars]) == pytest.approx(shares([1, 1, 1]))
    assert "until others wait: 4 s" in drawn.words
    assert "counted on AWS only: decryptions, asked for" in drawn.words


def test_who_was_not_heard_for_longest_comes_first() -> None:
    assert preview.silence(VOTES) == {"0xbbbbbbbb...": 3, "0xaaaaaaaa...": 0}
    assert len(preview.silence([VOTES[0] | {"key": f"0x{n:096x}"[::-1]} for n in range(40)])) == 10
