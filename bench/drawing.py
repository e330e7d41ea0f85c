# SPDX-License-Identifier: Apache-2.0
"""The figures as one self-contained SVG."""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

from figures import KINDS, Json

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "redoubt"  # equal figures, equal file
mpl.rcParams["font.size"] = 9
BLUE, GREY, RED = "#2f6690", "#b8c4cc", "#c1440e"


def _distributions(axes: plt.Axes, usual: Json) -> None:
    """How long a baker waits, floor and signer, at 12 and 4 ms."""
    for kind in ("floor/vote", "attestation", "floor/block", "block"):
        samples = sorted(usual["samples"][kind])
        shares = [100 * (i + 1) / len(samples) for i in range(len(samples))]
        floor = kind.startswith("floor")
        axes.plot(samples, shares, label=kind, color=GREY if floor else BLUE,
                  linestyle="--" if "block" in kind else "-")  # fmt: skip
    axes.set_xlim(12, 24)
    axes.set_xlabel("ms from POST to answer; KMS 12 ms, DynamoDB 4 ms")
    axes.set_ylabel("% answered")
    axes.legend(frameon=False)


def _added(axes: plt.Axes, usual: Json) -> None:
    allowed = {"attestation": (0.5, 1.0), "preattestation": (0.5, 1.0), "block": (0.7, 1.2)}
    for x, kind in enumerate(KINDS):
        added = usual["added"][kind]
        for offset, percentile, limit in zip(
            (-0.18, 0.18), ("p50", "p99"), allowed[kind], strict=True
        ):
            axes.bar(x + offset, added[percentile], 0.32, color=BLUE if offset < 0 else GREY)
            axes.hlines(limit, x + offset - 0.17, x + offset + 0.17, color=RED)
    axes.set_xticks(range(len(KINDS)), KINDS)
    axes.set_ylabel("added ms: p50, p99; red: allowed")


def _machines(axes: plt.Axes, machines: Json) -> None:
    for period, style in ((20, "-"), (100, "--")):
        some = [one for one in machines.values() if one["period"] == period]
        sizes = [str(one["megabytes"]) for one in some]
        axes.plot(sizes, [one["attestation"]["p50"] for one in some], style, color=BLUE,
                  label=f"attestation, p50 ({period} ms periods)")  # fmt: skip
        axes.plot(sizes, [one["exec_to_next"] for one in some], style, color=RED,
                  label=f"exec to next ({period} ms periods)")  # fmt: skip
    axes.set_xlabel("MB of Lambda memory")
    axes.set_ylabel("ms")
    axes.set_yscale("log")
    axes.legend(frameon=False)


def _load(axes: plt.Axes, load: Json) -> None:
    rows = load["environments"]
    names = [str(row["environments"]) for row in rows]
    axes.bar(names, [row["per_second"] for row in rows], color=BLUE)
    axes.set_xlabel("environments (two cores, stand-ins included)")
    axes.set_ylabel("signatures a second")
    twin = axes.twinx()
    twin.plot(names, [row["p50"] for row in rows], color=RED)
    twin.set_ylabel("ms, p50", color=RED)


def draw(figures: Json, path: Path) -> None:
    figure, axes = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
    for axis in axes.flat:
        axis.spines[["top", "right"]].set_visible(False)
    _distributions(axes[0, 0], figures["latency"]["12/4"])
    _added(axes[0, 1], figures["latency"]["12/4"])
    if "unavailable" not in figures["machines"]:
        _machines(axes[1, 0], figures["machines"])
    _load(axes[1, 1], figures["load"])
    figure.savefig(path, metadata={"Date": None})
