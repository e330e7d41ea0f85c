# SPDX-License-Identifier: Apache-2.0
"""The figures as one self-contained SVG."""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, MultipleLocator, NullLocator

import budget
from figures import KINDS, Json, Spread, added, over

mpl.use("svg")
STYLE = {"svg.hashsalt": "redoubt", "font.size": 9}  # equal figures, equal file
BLUE, GREY, RED, GREEN = "#2f6690", "#b8c4cc", "#c1440e", "#6a994e"
LEVEL_MS = 6000  # protocols 024 and later; 8 s before
WAITS = {
    "floor/vote": ("bare minimum, a vote", GREY, "-"),
    "attestation": ("Redoubt, an attestation", BLUE, "-"),
    "floor/block": ("bare minimum, a block", GREY, "--"),
    "block": ("Redoubt, a block", BLUE, "--"),
}


def plain_log(axis: Axis, ticks: list[float]) -> None:
    """A logarithmic axis in numbers that one reads."""
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter("{x:g}")


def legend_below(axes: plt.Axes, *others: plt.Axes, columns: int = 2) -> None:
    """Where no data are; each label once."""
    labelled = {}
    for each in (axes, *others):
        handles, labels = each.get_legend_handles_labels()
        labelled |= dict(zip(labels, handles, strict=True))
    axes.legend(labelled.values(), labelled.keys(), loc="upper center", ncols=columns,
                bbox_to_anchor=(0.5, -0.16), frameon=False)  # fmt: skip


def _waits(axes: plt.Axes, usual: Json) -> None:
    """How long a baker waits, floor and signer, at 12 and 4 ms."""
    for kind, (label, colour, line) in WAITS.items():
        axes.plot(usual["percentiles"][kind], range(101), line, label=label, color=colour)
    axes.set_title("How long a baker waits for a signature\n(KMS takes 12 ms, DynamoDB 4)")
    axes.set_xlim(12, 24)
    axes.set_xlabel("ms from the request to its answer")
    axes.set_ylabel("% of requests answered by then")
    level = axes.secondary_xaxis(
        "top", functions=(lambda ms: 100 * ms / LEVEL_MS, lambda share: share * LEVEL_MS / 100)
    )
    level.set_xlabel("% of a level of 6 s")
    level.xaxis.set_major_locator(MultipleLocator(0.05))
    legend_below(axes)


def _added(axes: plt.Axes, usual: Json) -> None:
    limits = {(line.what.split(",")[0], line.what.split()[1]): line.limit
              for line in budget.LINES if line.section == "latency"}  # fmt: skip
    for x, kind in enumerate(KINDS):
        for offset, percent, colour in ((-0.18, "p50", BLUE), (0.18, "p99", GREY)):
            seen: Spread = over(usual["runs"], added(kind, percent))
            reach = [[seen.median - seen.low], [seen.high - seen.median]]
            limit = limits[("block" if kind == "block" else "attestation", percent)]
            axes.bar(
                x + offset, seen.median, 0.32, color=colour, label=f"{percent}: median of runs"
            )
            axes.errorbar(x + offset, seen.median, reach, color="black", capsize=3, linewidth=0.8,
                          label="lowest and highest run")  # fmt: skip
            axes.hlines(limit, x + offset - 0.17, x + offset + 0.17, color=RED, label="allowed")
    axes.set_title("What Redoubt adds to the bare minimum\n(a program that only waits for both)")
    axes.set_xticks(range(len(KINDS)), KINDS)
    axes.set_ylabel("ms above the minimum's median")
    legend_below(axes)


def _machines(axes: plt.Axes, machines: Json) -> None:
    axes.set_title(
        "What a memory size buys: its share of the\nprocessor, given out anew each period"
    )
    if "unavailable" in machines:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "not measured: needs root", ha="center", transform=axes.transAxes)
        return
    for period, line in ((20, "-"), (100, "--")):
        some = [one for one in machines.values() if one["period"] == period]
        sizes = [str(one["megabytes"]) for one in some]
        axes.plot(sizes, [one["exec_to_next"] for one in some], line, color=RED,
                  label=f"cold start ({period} ms periods)")  # fmt: skip
        axes.plot(sizes, [one["attestation"]["p50"] for one in some], line, color=BLUE,
                  label=f"attestation ({period} ms periods)")  # fmt: skip
    axes.axhline(LEVEL_MS, color=GREEN, label="a level: 6 s")
    axes.set_xlabel("MB of memory of the Lambda function")
    axes.set_ylabel("ms")
    axes.set_yscale("log")
    axes.set_ylim(5, 10_000)
    plain_log(axes.yaxis, [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000])
    legend_below(axes)


def _load(axes: plt.Axes, load: Json) -> None:
    rows = load["environments"]
    names = [str(row["environments"]) for row in rows]
    axes.bar(names, [row["per_second"] for row in rows], color=GREY, label="signatures a second")
    axes.set_title("Many bakers at once, on two cores\n(which also play KMS, DynamoDB and bakers)")
    axes.set_xlabel("bakers, each with an environment of its own")
    axes.set_ylabel("signatures a second")
    waits = axes.twinx()
    waits.spines["top"].set_visible(False)
    waits.plot(names, [row["p50"] for row in rows], ".-", color=BLUE, label="wait, p50")
    waits.plot(names, [row["p99"] for row in rows], ".--", color=BLUE, label="wait, p99")
    waits.set_ylabel("ms that a baker waits", color=BLUE)
    waits.set_ylim(bottom=0)
    legend_below(axes, waits, columns=3)


@mpl.rc_context(STYLE)
def draw(figures: Json, path: Path) -> None:
    figure, axes = plt.subplots(2, 2, figsize=(10.5, 9.5), layout="constrained")
    figure.get_layout_engine().set(h_pad=0.15, w_pad=0.15)
    for axis in axes.flat:
        axis.spines[["top", "right"]].set_visible(False)
    _waits(axes[0, 0], figures["latency"]["12/4"])
    _added(axes[0, 1], figures["latency"]["12/4"])
    _machines(axes[1, 0], figures["machines"])
    _load(axes[1, 1], figures["load"])
    figure.savefig(path, metadata={"Date": None})
