# SPDX-License-Identifier: Apache-2.0
"""What `bench/run` does once all is built: measures, prints tables, draws, judges."""

import argparse
import sys
from pathlib import Path
from typing import Any

import budget
import drawing
import sections
import tables

RESULTS = Path(__file__).resolve().parent / "results"

Figures = dict[str, dict[str, Any]]


def shown(name: str, figures: Figures) -> str:
    """A section's tables, in Markdown."""
    lines = tables.budget(figures) if name == "budget" else tables.TABLES[name](figures[name])
    return "\n".join(["", f"## {name}", "", *lines, ""])


def measure(names: list[str], scale: float) -> Figures:
    figures = {}
    for name in names:
        figures[name] = sections.run(name, scale)
        print(shown(name, figures), flush=True)
    return figures


def keep(figures: Figures) -> None:
    RESULTS.mkdir(exist_ok=True)
    drawing.draw(figures, RESULTS / "figures.svg")
    title = "# What `bench/run` measured\n\n![latency, small machines, load](figures.svg)\n"
    text = title + "".join(shown(name, figures) for name in ["budget", *figures])
    (RESULTS / "README.md").write_text(text, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures Redoubt.")
    parser.add_argument("--check", action="store_true", help="end with 1 if beyond the budget")
    parser.add_argument("--scale", type=float, default=1.0, help="a share of the samples")
    parser.add_argument("sections", nargs="*", choices=[[], *sections.SECTIONS], metavar="SECTION")
    given = parser.parse_args()
    figures = measure(given.sections or list(sections.SECTIONS), given.scale)
    print(shown("budget", figures))
    if given.scale == 1.0 and not given.sections:
        keep(figures)
    return 1 if given.check and not all(v.kept for v in budget.verdicts(figures)) else 0


if __name__ == "__main__":
    sys.exit(main())
