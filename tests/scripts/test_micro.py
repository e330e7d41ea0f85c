# SPDX-License-Identifier: Apache-2.0
"""bench/micro/check: which steps are slower than twice their library."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import imported, program, repetitions

check = imported("bench/micro/check")
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Of times, in nanoseconds."""

    def with_times(*times: tuple[str, float]) -> int:
        fake = program(tmp_path / "micro", f"echo '{repetitions(*times)}'\n")
        monkeypatch.setattr(sys, "argv", ["check", str(fake)])
        return int(check.main())

    return with_times


# Name, ours, the library's, and how it ends.
RATIOS = [
    ("faster", 80, 100, 0),
    ("twice", 200, 100, 0),
    ("a little more", 200.5, 100, 1),
    ("much more", 1000, 100, 1),
]


@pytest.mark.parametrize(
    ("ours", "library", "code"), [case[1:] for case in RATIOS], ids=[case[0] for case in RATIOS]
)
def test_ends_as_the_ratio_says(
    ours: float, library: float, code: int, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(("der/p256/ours", ours), ("der/p256/library", library)) == code
    _, row = capsys.readouterr().out.splitlines()
    assert row.split()[:2] == ["der/p256", f"{ours:.0f}"]
    assert row.endswith("  SLOW") == (code == 1)


def test_one_slow_step_is_enough_and_all_are_shown(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    b = [("b/x/ours", 300), ("b/x/library", 100)]
    a = [("a/x/ours", 10), ("a/x/library", 10)]
    c = [("c/x/ours", 30), ("c/x/library", 10)]
    assert run(*b, *a, *c) == 1
    rows = [row.split() for row in capsys.readouterr().out.splitlines()]
    assert rows == [
        ["step", "ours,", "ns", "library", "ratio"],
        ["a/x", "10", "10", "1.00"],
        ["b/x", "300", "100", "3.00", "SLOW"],
        ["c/x", "30", "10", "3.00", "SLOW"],
    ]


def test_the_least_of_several_runs_counts(run: Run) -> None:
    slow_once = [("der/p256/ours", 900), ("der/p256/ours", 150), ("der/p256/ours", 300)]
    assert run(*slow_once, ("der/p256/library", 500), ("der/p256/library", 100)) == 0
    assert run(*slow_once, ("der/p256/library", 500), ("der/p256/library", 70)) == 1


def test_a_step_without_a_library_is_never_slow(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(("body/kms/ours", 1e9)) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["body/kms", "1000000000"]


def test_others_are_shown_and_not_compared(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("hmac/x/ours", 100), ("hmac/x/library", 100), ("hmac/x/evp", 1)) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith(" 1.00  evp 1 ns")


def test_nothing_measured_is_not_within(run: Run) -> None:
    with pytest.raises(SystemExit, match="micro measured nothing"):
        run()


# --- Google Benchmark's output --------------------------------------------------------------------
def measured(tmp_path: Path, *runs: dict[str, object]) -> dict[str, dict[str, float]]:
    text = json.dumps({"context": {}, "benchmarks": runs})
    fake = program(tmp_path / "micro", f"echo \"$*\" >{tmp_path}/asked\necho '{text}'\n")
    return dict(check.measure(str(fake)))


def one(**changes: object) -> dict[str, object]:
    given = {"run_name": "a/b/ours", "run_type": "iteration", "cpu_time": 5, "time_unit": "ns"}
    return {**given, **changes}


def test_means_of_repetitions_are_no_repetitions(tmp_path: Path) -> None:
    mean = one(run_type="aggregate", cpu_time=1)
    assert measured(tmp_path, one(), mean) == {"a/b": {"ours": 5}}


def test_another_unit_is_not_taken_for_nanoseconds(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        measured(tmp_path, one(time_unit="us"))


def test_asks_for_interleaved_repetitions_in_json(tmp_path: Path) -> None:
    measured(tmp_path, one())
    assert (tmp_path / "asked").read_text().split() == [
        "--benchmark_format=json",
        "--benchmark_min_time=0.05",
        "--benchmark_repetitions=7",
        "--benchmark_enable_random_interleaving=true",
    ]


def test_a_program_that_fails_is_an_error(tmp_path: Path) -> None:
    fake = program(tmp_path / "micro", f"echo '{repetitions(('a/b/ours', 1))}'\nexit 1\n")
    with pytest.raises(check.subprocess.CalledProcessError):
        check.measure(str(fake))
