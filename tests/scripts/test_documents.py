# SPDX-License-Identifier: Apache-2.0
"""The documents say what the kept results say, wherever they say it between marks."""

import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

import documents
import drawing
from measured import FIGURES
from svg import Drawing

VALUE = "It has <!-- bench:binary -->{}<!-- /bench -->, unpacked.\n"
TABLE = "Sizes:\n\n<!-- bench:size -->{}<!-- /bench -->\n"
SIZES = "\n\nbootstrap: 7341672 bytes, zip: 3920176 bytes\n\n"


# --- This repository's ----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def kept() -> documents.Json:
    return documents.kept(documents.RESULTS)


def test_no_document_differs_from_the_results(kept: documents.Json) -> None:
    """`bench/docs` writes them."""
    assert [path for path, _ in documents.differing(kept)] == []


def test_the_results_page_is_made_of_the_results(kept: documents.Json) -> None:
    text = (documents.RESULTS / "README.md").read_text(encoding="utf-8")
    assert text == documents.results(kept)


def test_the_picture_is_made_of_the_results(kept: documents.Json, tmp_path: Path) -> None:
    """Of the same words and shapes; another version of the drawing library may round otherwise."""
    drawing.draw(kept, tmp_path / "figures.svg")
    again, there = (Drawing(folder / "figures.svg") for folder in (tmp_path, documents.RESULTS))
    assert again.words == there.words
    for title in ("% of requests answered by then", "ms above the minimum's median"):
        assert again.shapes(title) == there.shapes(title)


# --- Any ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("before", ["", "1 MB", "\n\nwhatever\n| there | was |\n\n"])
@pytest.mark.parametrize(
    ("text", "right"), [(VALUE, "7.3 MB"), (TABLE, SIZES)], ids=["a value", "a table"]
)
def test_what_is_between_two_marks_is_written(text: str, right: str, before: str) -> None:
    written = documents.rewritten(text.format(before), FIGURES)
    assert written == text.format(right)
    assert documents.rewritten(written, FIGURES) == written


def test_what_is_outside_is_left_alone() -> None:
    text = "3 MB <!-- a word --> 4 MB\n\n```\n<!-- bench -->\n```\n"
    assert documents.rewritten(text.replace("bench", "no"), FIGURES) == text.replace("bench", "no")
    both = VALUE.format("1 MB") + "7 MB" + VALUE.format("2 MB")
    assert documents.rewritten(both, FIGURES) == both.replace("1 MB", "7.3 MB").replace(
        "2 MB", "7.3 MB"
    )


WRONG = [
    ("an unknown name", "<!-- bench:weight --><!-- /bench -->", "no figure is called weight"),
    ("no end", "<!-- bench:size -->", "a mark without its other"),
    ("no beginning", "1 MB<!-- /bench -->", "a mark without its other"),
    ("no name", "<!-- bench -->1<!-- /bench -->", "a mark without its other"),
    ("one in another", "<!-- bench:size --><!-- bench:zip --><!-- /bench -->", "a mark without"),
]


@pytest.mark.parametrize(
    ("text", "why"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_marks_that_stand_for_nothing_are_refused(text: str, why: str) -> None:
    with pytest.raises(documents.Wrong, match=why):
        documents.rewritten(text, FIGURES)


@pytest.mark.parametrize("name", [*documents.BLOCKS, *documents.VALUES])
def test_every_name_stands_for_a_figure(name: str) -> None:
    between = documents.between(name, FIGURES)
    assert re.search(r"\d", between)
    assert ("\n" in between) == (name in documents.BLOCKS)


@pytest.mark.parametrize("name", ["tz4-latency", "tz4-machines"])
def test_of_a_section_that_no_whole_run_had_it_says_so(name: str) -> None:
    without = {section: figures for section, figures in FIGURES.items() if section != name}
    said = f"(`bench/run {name}`: younger than the last whole run)"
    assert documents.between(name, without) == f"\n\n{said}\n\n"
    assert documents.between("latency", without) == documents.between("latency", FIGURES)
    rows = "\n".join(documents.summary(without))
    assert ("tz4" in rows) == (name != "tz4-latency")


@pytest.mark.parametrize("section", ["latency", "tz4-latency"])
def test_a_figure_that_its_section_lacks_is_an_error(section: str) -> None:
    with pytest.raises(KeyError):
        documents.between(section, FIGURES | {section: {}})


def test_a_name_stands_for_one_thing() -> None:
    assert not set(documents.BLOCKS) & set(documents.VALUES)


# What the marks stand for, against sums by hand.
VALUES = {
    "vote-added": "0.50 ms",
    "block-added": "0.70 ms",
    "vote-p50": "14.0 ms",
    "vote-p99": "14.5 ms",
    "block-p50": "18.4 ms",
    "block-p99": "18.9 ms",
    "floor-p50": "13.5 ms",
    "floor-p99": "13.8 ms",
    "verifications": "8.0 verifications",
    "processor-ms": "2.50 ms",
    "verification": "25 µs",
    "start": "10 ms",
    "first-signature": "24 ms",
    "memory": "7.6 MB",
    "tz4-vote-added": "0.50 ms",
    "tz4-block-added": "2.25 ms",
    "tz4-vote-p50": "5.2 ms",
    "tz4-block-p50": "7.0 ms",
    "tz4-processor-ms": "2.50 ms",
    "tz4-start": "26 ms",
    "tz4-memory": "8.2 MB",
    "binary": "7.3 MB",
    "zip": "3.9 MB",
    "most-per-second": "121",
}


def test_values() -> None:
    assert {name: documents.between(name, FIGURES) for name in documents.VALUES} == VALUES


def test_the_summary_is_set_against_a_level() -> None:
    rows = "\n".join(documents.summary(FIGURES)).splitlines()
    assert len(rows) == 2 + 6
    assert "14.0 ms (p50), 0.2 % of a level of 6 s; Redoubt's part is 0.50 ms" in rows[2]
    assert "a vote 5.2 ms, a block 7.0 ms; Redoubt's part is 0.50 ms and 2.25 ms |" in rows[4]


# --- Keeping --------------------------------------------------------------------------------------
def test_what_is_kept_is_what_was_measured(tmp_path: Path) -> None:
    figures = deepcopy(FIGURES)
    figures["latency"]["12/4"]["percentiles"]["block"][0] = 18.123456
    documents.keep(figures, tmp_path)
    assert documents.kept(tmp_path) == documents.rounded(figures)
    assert documents.kept(tmp_path)["latency"]["12/4"]["percentiles"]["block"][0] == 18.1235
    assert list(documents.kept(tmp_path)) == list(figures)


# --- bench/docs -----------------------------------------------------------------------------------
@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("bench/results", "docs", "deploy"):
        (tmp_path / folder).mkdir(parents=True)
    for script in ("docs", "documents.py", "tables.py", "figures.py", "budget.py", "price.py"):
        shutil.copy(documents.ROOT / "bench" / script, tmp_path / "bench")
    documents.keep(FIGURES, tmp_path / "bench/results")
    (tmp_path / "README.md").write_text(VALUE.format("a hundred MB"))
    (tmp_path / "docs/performance.md").write_text(TABLE.format("") + VALUE.format("7.3 MB"))
    (tmp_path / "deploy/README.md").write_text("no figure\n")
    return tmp_path


def run(checkout: Path, *options: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, checkout / "bench/docs", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_checks_and_writes_nothing(checkout: Path) -> None:
    status, said = run(checkout, "--check")
    assert status == 1
    assert said.splitlines() == ["README.md: differs", "docs/performance.md: differs"]
    assert (checkout / "README.md").read_text() == VALUE.format("a hundred MB")


def test_writes_and_is_content(checkout: Path) -> None:
    status, said = run(checkout)
    assert status == 0
    assert said.splitlines() == ["README.md: written", "docs/performance.md: written"]
    assert (checkout / "README.md").read_text() == VALUE.format("7.3 MB")
    assert (checkout / "docs/performance.md").read_text().startswith(TABLE.format(SIZES))
    assert (checkout / "deploy/README.md").read_text() == "no figure\n"
    assert run(checkout, "--check") == (0, "")


def test_a_wrong_mark_is_named_with_its_document(checkout: Path) -> None:
    (checkout / "docs/performance.md").write_text("<!-- bench:weight --><!-- /bench -->")
    for options in ([], ["--check"]):
        status, said = run(checkout, *options)
        assert status == 1
        assert said.startswith("bench/docs: docs/performance.md: no figure is called weight; there")
    assert (checkout / "README.md").read_text() == VALUE.format("a hundred MB")
