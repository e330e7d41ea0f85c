# SPDX-License-Identifier: Apache-2.0
"""bench/main.py: what it measures, how it ends, and what it keeps."""

import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import documents
import main
import quota
import sections
from fakes import Bench, program
from printed import (
    LATENCY,
    TZ4,
    VALIDATORS,
    floor,
    load,
    series,
    spaced,
    starts,
    thaw,
    validator_bursts,
    validator_starts,
)
from svg import Drawing

Run = Callable[..., int]


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(documents, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(documents, "documents", lambda: [tmp_path / "README.md"])
    (tmp_path / "README.md").write_text("It is <!-- bench:binary --><!-- /bench -->.\n")
    return tmp_path / "results"


@pytest.fixture
def run(bench: Bench, results: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    bench.answers(("floor", floor()))

    def with_options(*options: str) -> int:
        monkeypatch.setattr(sys, "argv", ["main.py", *options])
        return main.main()

    return with_options


@pytest.fixture
def everything(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Can be measured, but small machines."""
    monkeypatch.setattr(quota, "ROOT", tmp_path / "none")
    kinds = ("attestation", "preattestation", "block")
    cases = (*(f"{kind}/secp256k1" for kind in kinds), "floor/vote", "floor/block")
    asked = VALIDATORS["series"]
    validators = VALIDATORS | {
        "series": asked
        | dict.fromkeys(("block", "selection proof", "selection proof/new key"), asked["refused"])
    }
    tail = {**LATENCY, "series": {case: series([14, 15]) for case in cases}}
    bench.answers(
        ("floor", floor()),
        ("--fault", tail),
        ("validator-starts", validator_starts()),
        ("validator-bursts", validator_bursts()),
        ("validators", validators),
        ("starts", starts(0)),
        ("spaced", spaced()),
        ("thaw", thaw()),
        ("load", load()),
        ("--keys tz4", TZ4),
        ("latency", LATENCY),
    )
    bench.sizes(2_000_000, 1_000_000)
    bench.micro(("der/p256/ours", 100), ("der/p256/library", 100))
    program(bench.scripts / "instructions" / "check", "echo block/tz1\n")
    bench.operator()


def headings(text: str) -> list[str]:
    return re.findall(r"^## ([\w-]+)$", text, re.MULTILINE)


# Options, the size of the program, and how it ends.
ENDS = [
    (["--check", "size"], 8_800_000, 0),
    (["--check", "size"], 8_800_001, 1),
    (["size", "--check"], 8_800_001, 1),
    (["size"], 8_800_001, 0),
    (["--check", "--scale", "0.1", "size"], 8_800_001, 1),
]


@pytest.mark.parametrize(("options", "size", "code"), ENDS)
def test_ends_as_the_budget_was_kept(
    options: list[str], size: int, code: int, bench: Bench, run: Run
) -> None:
    bench.sizes(size, 1)
    assert run(*options) == code


@pytest.mark.parametrize(("ours", "code"), [(200, 0), (201, 1)])
def test_ends_as_the_steps_are_within_twice_their_library(
    ours: float, code: int, bench: Bench, run: Run
) -> None:
    bench.micro(("der/p256/ours", ours), ("der/p256/library", 100))
    assert run("--check", "micro") == code


def test_one_line_beyond_is_enough(bench: Bench, run: Run) -> None:
    bench.sizes(8_800_001, 1)
    bench.micro(("der/p256/ours", 1), ("der/p256/library", 1))
    assert run("--check", "size", "micro") == 1
    assert run("--check", "micro") == 0


@pytest.mark.parametrize(("slowest", "code"), [(14.25, 1), (20.0, 0)], ids=["quiet", "noisy"])
def test_what_cannot_be_judged_fails_no_check(
    slowest: float, code: int, bench: Bench, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is it called kept: an attestation is 1 ms above that floor."""
    cases = {name: series(case["ms"], 0, 0) for name, case in LATENCY["series"].items()}
    cases |= {"floor/vote": series([14.0] * 98 + [slowest] * 2, 0, 0)}
    cases |= {"attestation/p256": series([15.0], 0, 0), "attestation/ed25519": series([15.0], 0, 0)}
    seen = {**LATENCY, "series": cases, "after": LATENCY["before"]}
    bench.answers(("floor", floor()), ("latency", seen))
    assert run("--check", "latency") == code
    assert ("1.00 ms | **beyond**" in capsys.readouterr().out) == (code == 1)


REFUSED = [
    (["sizes"], "invalid choice: 'sizes'"),
    (["size", "everything"], "invalid choice: 'everything'"),
    (["--scale", "half"], "invalid float value: 'half'"),
    (["--budget"], "unrecognized arguments: --budget"),
]


@pytest.mark.parametrize(("options", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_other_options_are_refused(
    options: list[str], why: str, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*options)
    assert ended.value.code == 2 and why in capsys.readouterr().err


def test_shows_what_was_asked_for_and_the_budget_of_it(
    run: Run, everything: None, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("starts", "size")
    shown = capsys.readouterr().out
    assert headings(shown) == ["machine", "starts", "size", "budget"]
    assert "bootstrap: 2000000 bytes, zip: 1000000 bytes" in shown
    assert "| exec to first `next`, public keys known | 10 ms | 9.00 ms | kept |" in shown
    assert "peak memory" not in shown
    assert shown.splitlines()[-1] == "3 kept, 0 beyond, 0 not judged: noisy machine"
    assert not results.exists()


@pytest.mark.parametrize(("options", "count"), [([], 50), (["--scale", "0.1"], 5)])
def test_scale_is_a_share_of_the_samples(
    options: list[str], count: int, run: Run, everything: None, bench: Bench
) -> None:
    run(*options, "starts")
    assert [each.split()[:2] for each in bench.asked[1:]] == [["starts", str(count)]] * 2


def test_a_whole_run_is_kept_and_drawn(
    run: Run, everything: None, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--check") == 1  # by processor time
    shown = capsys.readouterr().out
    assert headings(shown) == [*sections.SECTIONS, "budget"]
    kept = (results / "README.md").read_text()
    assert headings(kept) == ["machine", "budget", *list(sections.SECTIONS)[1:]]
    assert "not measured: needs root" in kept
    for line in kept[kept.index("## machine") :].splitlines():
        assert line in shown.splitlines()
    (picture,) = re.findall(r"!\[.+\]\((.+)\)", kept)
    words = Drawing(results / picture).words
    assert "signatures a second" in words and "not measured: needs root" in words
    assert documents.results(documents.kept(results)) == kept
    written = (results.parent / "README.md").read_text()
    assert written == "It is <!-- bench:binary -->2.0 MB<!-- /bench -->.\n"


def test_a_run_of_fewer_samples_is_not_kept(run: Run, everything: None, results: Path) -> None:
    assert run("--scale", "0.5") == 0
    assert not results.exists()


def test_nothing_is_kept_of_a_run_that_fails(
    run: Run, everything: None, bench: Bench, results: Path
) -> None:
    bench.answers(("floor", floor()), ("starts", starts(0)))
    with pytest.raises(SystemExit, match="no answer to latency"):
        run()
    assert not results.exists()


def test_as_a_program_it_ends_alike(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.answers(("floor", floor()))
    bench.sizes(8_800_001, 1)
    monkeypatch.setattr(sys, "argv", ["main.py", "--check", "size"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(main.__file__, run_name="__main__")
    assert ended.value.code == 1
