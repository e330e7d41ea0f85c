# SPDX-License-Identifier: Apache-2.0
"""What the stack's dashboard shows, drawn from the log of a local run as one SVG.

Usage: preview.py LOG SVG [--chain ethereum] [--period SECONDS]
LOG has the signer's lines, whatever else is in it; `--period` stands for the dashboard's periods,
as a local run is shorter than a day. What only AWS counts is named, and not drawn. Counts are bars,
and what has an axis of its own is drawn above the rest: nothing covers anything.
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
from matplotlib.figure import SubFigure
from matplotlib.ticker import MaxNLocator

from drawing import LEVEL_MS, plain_log
from figures import percentile

sys.path.extend(str(Path(__file__).parents[1] / each) for each in ("tests", "deploy/aws"))
from support.cloudformation import (
    LEAST,
    LEAST_OF_VALIDATORS,
    TEMPLATE,
    VALIDATORS,
    Stack,
    load,
)

mpl.use("svg")
STYLE = {"svg.hashsalt": "redoubt", "font.size": 8}  # equal lines, equal file
COLOURS = ("#2f6690", "#c1440e", "#6a994e", "#8d6a9f")
# By chain: the stack whose dashboard it is, and how long its clients have.
CHAINS = {
    "tezos": (TEMPLATE, LEAST, LEVEL_MS, "a level: 6 s"),
    "ethereum": (VALIDATORS, LEAST_OF_VALIDATORS, 4000, "until others wait: 4 s"),
}
SILENT_SHOWN = 10
A_MINUTE = 60  # from such periods on, time is told in minutes
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


def worded(period: float) -> str:
    return {1: "second", A_MINUTE: "minute", 60 * A_MINUTE: "hour"}.get(period, f"{period:g} s")


def legend_beside(axes: plt.Axes) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=7)


def note(axes: plt.Axes, text: str) -> None:
    axes.set_axis_off()
    axes.text(0.0, 0.5, text, transform=axes.transAxes, va="center")


def strip(
    axes: plt.Axes, metrics: list[Any], shown: Line, lines: list[Line], period: float
) -> None:
    """What shares an axis."""
    unit = A_MINUTE if period >= A_MINUTE else 1
    width = 0.8 * period / unit / len(metrics)
    for number, (colour, (_, metric, *_, options)) in enumerate(
        zip(COLOURS, metrics, strict=False)
    ):
        stat = options.get("stat", shown["stat"])
        begins, values = series(lines, metric, stat, period)
        at = [begin / unit + (number + 0.5) * width for begin in begins]
        if stat == "Sum":
            axes.bar(at, values, width, color=colour, label=options["label"])
        else:
            middles = [(begin + 0.4 * period) / unit for begin in begins]
            wide = 3 - 0.6 * number  # what lies over another leaves it seen
            axes.plot(middles, values, ".-", color=colour, linewidth=wide, label=options["label"])
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylim(0, max(1.0, axes.get_ylim()[1]))  # nothing at all is drawn as nothing of one
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    last = max(line["_aws"]["Timestamp"] for line in lines) - lines[0]["_aws"]["Timestamp"]
    axes.set_xlim(0, (last / 1000 // period + 1) * period / unit)


def times(axes: plt.Axes, shown: Line, chain: str) -> None:
    """Milliseconds, against what is allowed and what a client has."""
    _, _, whole, words = CHAINS[chain]
    for line in shown.get("annotations", {}).get("horizontal", []):
        axes.axhline(line["value"], color="grey", linestyle="--", label=line["label"])
    axes.axhline(whole, color="#333333", label=words)
    axes.set_yscale("log")
    axes.set_ylim(0.03, 12_000)
    plain_log(axes.yaxis, [0.1, 1, 10, 100, 1000])
    axes.set_ylabel("ms")


def graph(figure: SubFigure, shown: Line, lines: list[Line], period: float, chain: str) -> None:
    own = [metric for metric in shown["metrics"] if metric[0] == "Redoubt" and "function" in metric]
    others = ", ".join(metric[-1]["label"] for metric in shown["metrics"] if metric not in own)
    left = [metric for metric in own if metric[-1].get("yAxis") != "right"]
    strips = [each for each in ([metric for metric in own if metric not in left], left) if each]
    axes = figure.subplots(max(1, len(strips)), 1, sharex=True, squeeze=False)[:, 0]
    title = shown["title"].replace("per hour", f"per {worded(period)}")
    axes[0].set_title(title, loc="left")
    if not own:
        note(axes[0], f"counted on AWS only: {others}")
        return
    for axis, metrics in zip(axes, strips, strict=True):
        strip(axis, metrics, shown, lines, period)
        if "yAxis" in shown:
            times(axis, shown, chain)
        legend_beside(axis)
    unit = "minutes" if period >= A_MINUTE else "seconds"
    aws = f"; on AWS only: {others}" if others else ""
    axes[-1].set_xlabel(f"{unit}; a point for each {worded(period)}{aws}")


def silence(lines: list[Line]) -> dict[str, float]:
    """Of the keys that were not heard for longest, the seconds until the log ends."""
    last = {line["key"]: line["_aws"]["Timestamp"] for line in lines if line.get("attestations")}
    end = lines[-1]["_aws"]["Timestamp"]
    waits = {f"{key[:10]}...": (end - heard) / 1000 for key, heard in last.items()}
    return dict(sorted(waits.items(), key=lambda one: -one[1])[:SILENT_SHOWN])


def answer(query: str, lines: list[Line]) -> tuple[dict[str, float], str]:
    """Of a query by name, and what it is of."""
    if "by key" in query:
        return silence(lines), "seconds"
    if "upstream_codes" in query:
        count = Counter(code for line in lines for code in line.get("upstream_codes", []))
    else:
        count = Counter(line["verdict"] for line in lines if line["verdict"] != "ok")
    return dict(count.most_common()), "requests"


def table(figure: SubFigure, shown: Line, lines: list[Line]) -> None:
    """A query, as bars."""
    axes = figure.subplots()
    axes.set_title(shown["title"], loc="left")
    count, unit = answer(shown["query"], lines)
    names = list(count)
    if not names:
        note(axes, "none")
        return
    axes.barh(names[::-1], [count[name] for name in names[::-1]], 0.5, color=COLOURS[0])
    axes.set_ylim(len(names) - 0.5 - max(3, len(names)), len(names) - 0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(unit)


@mpl.rc_context(STYLE)
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("svg", type=Path)
    parser.add_argument("--chain", choices=CHAINS, default="tezos")
    parser.add_argument("--period", type=float, default=1, help="seconds")
    options = parser.parse_args()
    lines = sorted(lines_of(options.log), key=lambda line: line["_aws"]["Timestamp"])
    template, least, *_ = CHAINS[options.chain]
    stack = Stack(least, template=load(template))
    body = json.loads(stack.properties("Dashboard")["DashboardBody"])
    widgets = [one for one in body["widgets"] if one["type"] != "alarm"]
    rows = math.ceil(len(widgets) / 2)
    figure = plt.figure(figsize=(11, 2.4 * rows), layout="constrained")
    for part, widget in zip(figure.subfigures(rows, 2).flat, widgets, strict=False):
        if widget["type"] == "metric":
            graph(part, widget["properties"], lines, options.period, options.chain)
        else:
            table(part, widget["properties"], lines)
    figure.savefig(options.svg, metadata={"Date": None})


if __name__ == "__main__":
    main()
