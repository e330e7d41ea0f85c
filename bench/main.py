# SPDX-License-Identifier: Apache-2.0
"""What `bench/run` does once all is built: measures, prints tables, draws, judges."""

import argparse
import sys
from collections import Counter

import budget
import documents
import sections
from figures import Json


def measure(names: list[str], scale: float) -> Json:
    """The machine comes first: what is measured on it is worth as much as it is steady."""
    figures = {}
    for name in dict.fromkeys(["machine", *names]):
        figures[name] = sections.run(name, scale)
        print(documents.section(name, figures), flush=True)
    return figures


def keep(figures: Json) -> None:
    """All that is said of them comes from the file: the same as whoever reads it finds."""
    import drawing  # which nobody needs to have who only asks for --help

    documents.RESULTS.mkdir(exist_ok=True)
    documents.keep(figures, documents.RESULTS)
    kept = documents.kept(documents.RESULTS)
    drawing.draw(kept, documents.RESULTS / "figures.svg")
    documents.write(kept)


def judge(figures: Json) -> Counter[budget.State]:
    states = Counter(verdict.state for verdict in budget.verdicts(figures))
    print(documents.section("budget", figures))
    print(", ".join(f"{states[state]} {state.value.strip('*')}" for state in budget.State))
    return states


def options() -> argparse.Namespace:
    names = ", ".join(sections.SECTIONS)
    parser = argparse.ArgumentParser(
        prog="bench/run", description=f"Measures Redoubt. Sections: {names}; all if none is named."
    )
    parser.add_argument("--check", action="store_true", help="end with 1 if beyond the budget")
    parser.add_argument("--scale", type=float, default=1.0, help="a share of the samples")
    parser.add_argument("sections", nargs="*", choices=[[], *sections.SECTIONS], metavar="SECTION")
    return parser.parse_args()


def main() -> int:
    given = options()
    figures = measure(given.sections or list(sections.SECTIONS), given.scale)
    if given.scale == 1.0 and not given.sections:
        keep(figures)
    states = judge(figures)
    return 1 if given.check and states[budget.State.BEYOND] else 0


if __name__ == "__main__":
    sys.exit(main())
