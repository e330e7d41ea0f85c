# SPDX-License-Identifier: Apache-2.0
"""The dashboard as it is drawn from a log."""

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
    line(0, votes=1, ms=10, upstream_codes=["InternalFailure"]),
    line(999, votes=2, ms=30),
    line(1000, votes=1, ms=20, verdict="conflict"),
    line(1500, blocks=1, verdict="unauthorized", upstream_codes=["InternalFailure"]),
    line(3200, votes=2, verdict="unauthorized", upstream_codes=["ThrottlingException"]),
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


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Whose lines are in no order."""
    texts = [json.dumps(each) for each in (*LINES[1:], LINES[0])]
    path = tmp_path / "log"
    path.write_text("\n".join([OTHERS[0], *texts, *OTHERS[1:]]) + "\n")
    return path


@pytest.fixture
def drawn(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drawing:
    monkeypatch.setattr(sys, "argv", ["preview.py", str(log), str(tmp_path / "dashboard.svg")])
    preview.main()
    return Drawing(tmp_path / "dashboard.svg")


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


def test_every_graph_of_the_dashboard_is_there_but_the_alarms(drawn: Drawing) -> None:
    stack = preview.Stack(preview.LEAST)
    widgets = json.loads(stack.properties("Dashboard")["DashboardBody"])["widgets"]
    titles = {one["properties"]["title"] for one in widgets}
    assert titles - set(drawn.words) == {"Alarms"}
    assert "requests (AWS counts it)" in drawn.words
    assert "seconds; a point is 1 s" in drawn.words

    votes, *_ = drawn.shapes("Signed, per hour")
    assert shares([y for _, y in votes.points]) == pytest.approx(shares([3, 1, 2]))
    first, second, fourth = (x for x, _ in votes.points)
    assert fourth - first == pytest.approx(3 * (second - first))

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
