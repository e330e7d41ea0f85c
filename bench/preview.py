# SPDX-License-Identifier: Apache-2.0
"""What the stack's dashboard shows, drawn from the log of a local run as one SVG.

Usage: preview.py LOG SVG [--period SECONDS]
LOG has the signer's lines, whatever else is in it; `--period` stands for the dashboard's periods,
as a local run is shorter than a day. What only AWS counts is left empty.
"""

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

from figures import percentile

sys.path.extend(str(Path(__file__).parents[1] / each) for each in ("tests", "deploy/aws"))
from support.cloudformation import LEAST, Stack

mpl.use("svg")
STYLE = {"svg.hashsalt": "redoubt", "font.size": 8}  # equal lines, equal file
COLOURS = ("#2f6690", "#c1440e", "#6a994e", "#8d6a9f")
Line = dict[str, Any]


def lines_of(log: Path) -> list[Line]:
    lines = []
    for text in log.read_text().splitlines():
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            continue
        if isinstance(line, dict) and "_aws" in line:
            lines.append(line)
    if not lines:
        sys.exit(f"preview: no line of the signer's in {log}")
    return lines


def statistic(name: str, values: list[float]) -> float:
    if name.startswith("p"):
        return percentile(values, float(name[1:]))
    return {"Sum": sum(values), "Maximum": max(values), "Average": sum(values) / len(values)}[name]


def series(lines: list[Line], metric: str, stat: str, period: float) -> tuple[list[float], ...]:
    """Seconds since the first line, and the statistic of each period that has values."""
    start = lines[0]["_aws"]["Timestamp"]
    periods: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        if metric in line:
            periods[int((line["_aws"]["Timestamp"] - start) / 1000 // period)].append(line[metric])
    return [k * period for k in sorted(periods)], [
        statistic(stat, periods[k]) for k in sorted(periods)
    ]


def graph(axes: plt.Axes, shown: Line, lines: list[Line], period: float) -> None:
    right = None
    for colour, (namespace, metric, *rest) in zip(COLOURS, shown["metrics"], strict=False):
        options = rest[-1]
        onto = axes
        if options.get("yAxis") == "right":
            right = onto = right or axes.twinx()
        label, stat = options["label"], options.get("stat", shown["stat"])
        if namespace == "Redoubt":
            onto.plot(*series(lines, metric, stat, period), ".-", color=colour, label=label)
        else:
            onto.plot([], [], ".-", color=colour, label=f"{label} (AWS counts it)")
    for line in shown.get("annotations", {}).get("horizontal", []):
        axes.axhline(line["value"], color="grey", linestyle="--", label=line["label"])
    for onto in filter(None, (axes, right)):
        onto.set_ylim(bottom=0)
        onto.spines["top"].set_visible(False)
    entries = [onto.get_legend_handles_labels() for onto in filter(None, (axes, right))]
    axes.legend(sum((e[0] for e in entries), []), sum((e[1] for e in entries), []),
                frameon=False, fontsize=7)  # fmt: skip
    axes.set_xlabel(f"seconds; a point is {period:g} s")


def codes(axes: plt.Axes, shown: Line, lines: list[Line]) -> None:
    """The two queries, as their counts."""
    if "upstream_codes" in shown["query"]:
        count = Counter(code for line in lines for code in line.get("upstream_codes", []))
    else:
        count = Counter(line["verdict"] for line in lines if line["verdict"] != "ok")
    names = [name for name, _ in count.most_common()]
    axes.barh(names[::-1], [count[name] for name in names[::-1]], color=COLOURS[0])
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("requests" if names else "none")


@mpl.rc_context(STYLE)
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("svg", type=Path)
    parser.add_argument("--period", type=float, default=1, help="seconds")
    options = parser.parse_args()
    lines = sorted(lines_of(options.log), key=lambda line: line["_aws"]["Timestamp"])
    body = json.loads(Stack(LEAST).properties("Dashboard")["DashboardBody"])
    widgets = [one for one in body["widgets"] if one["type"] != "alarm"]
    rows = math.ceil(len(widgets) / 2)
    figure, axes = plt.subplots(rows, 2, figsize=(11, 2.3 * rows), layout="constrained")
    for axis, widget in zip(axes.flat, widgets, strict=True):
        axis.set_title(widget["properties"]["title"])
        if widget["type"] == "metric":
            graph(axis, widget["properties"], lines, options.period)
        else:
            codes(axis, widget["properties"], lines)
    figure.savefig(options.svg, metadata={"Date": None})


if __name__ == "__main__":
    main()
