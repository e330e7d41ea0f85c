# SPDX-License-Identifier: Apache-2.0
"""bench/instructions/check: which counts it takes, and what it says of the others. A script stands
for valgrind, and runs a script that leaves the counts."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import Bench, counting, imported, program

check = imported("bench/instructions/check")
REFERENCE = {"attestation/tz1": 100_000, "block/tz1": 1_902_777, "authorized_keys": 100}


# --- Judging --------------------------------------------------------------------------------------
# Name, what was counted, whether it is in order, and the word that says what is not.
JUDGED = [
    ("the same", {}, True, None),
    ("3 % more", {"attestation/tz1": 103_000}, True, None),
    ("one more than 3 %", {"attestation/tz1": 103_001}, False, "GREW"),
    ("3 % of a small number", {"authorized_keys": 103}, True, None),
    ("4 % of a small number", {"authorized_keys": 104}, False, "GREW"),
    ("less", {"block/tz1": 1}, True, None),
    ("none any more", {"block/tz1": None}, False, "MISSING"),
    ("a new one", {"block/tz2": 5}, False, "MISSING"),
]


@pytest.mark.parametrize(
    ("changes", "good", "word"), [case[1:] for case in JUDGED], ids=[case[0] for case in JUDGED]
)
def test_judges_and_names_the_case(
    changes: dict[str, int | None], good: bool, word: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = {case: count for case, count in (REFERENCE | changes).items() if count is not None}
    assert check.compare(counts, REFERENCE) is good
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["case", "instructions", "reference", "change"]
    assert [row.split()[0] for row in rows] == list(REFERENCE | changes)
    for case, row in zip(REFERENCE | changes, rows, strict=True):
        assert ("GREW" in row or "MISSING" in row) == (not good and case in changes), row
        assert word is None or case not in changes or row.endswith(f"  {word}")


def test_a_row_has_both_counts_and_the_change(capsys: pytest.CaptureFixture[str]) -> None:
    check.compare({"block/tz1": 1_030_000, "new": 7}, {"block/tz1": 1_000_000, "old": 8})
    rows = [row.split() for row in capsys.readouterr().out.splitlines()[1:]]
    assert rows == [
        ["block/tz1", "1,030,000", "1,000,000", "+3.00%"],
        ["old", "-", "8", "MISSING"],
        ["new", "7", "-", "MISSING"],
    ]


def test_all_rows_are_shown_whatever_the_first_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert not check.compare({case: 10 * count for case, count in REFERENCE.items()}, REFERENCE)
    assert capsys.readouterr().out.count("GREW") == len(REFERENCE)


# --- Reading --------------------------------------------------------------------------------------
def test_counts_are_read_in_the_order_of_the_files(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        (tmp_path / f"calls.{number}").write_text(
            f"version: 1\ndesc: Trigger: Client Request: case/{number}\n\nfn=(1)\n2 3\n"
            f"totals: {number}00\n"
        )
    (tmp_path / "calls.2").write_text("desc: Trigger: Program termination\ntotals: 5\n")
    (tmp_path / "calls.3").write_text("desc: Trigger: Client Request: cut/off\n")
    (tmp_path / "calls").write_text("desc: Trigger: Client Request: whole\ntotals: 6\n")
    counted = check.counts_of(tmp_path)
    assert list(counted.items()) == [("case/1", 100), ("case/9", 900), ("case/10", 1000)]


# --- The whole ------------------------------------------------------------------------------------
Run = Callable[..., tuple[int, str]]
UNTIL_THE_PROGRAM = 'for last; do :; done\nexec "$last"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return program(tmp_path / "path" / "valgrind", UNTIL_THE_PROGRAM).parent


@pytest.fixture
def run(bench: Bench, path: Path) -> Run:
    """A copy of the check, with that reference."""
    write(bench, REFERENCE)
    script = bench.scripts / "instructions" / "check"

    def with_options(*options: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, script, *options],
            env={"PATH": str(path), "CALLER": "somebody"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return with_options


def reference(bench: Bench) -> Path:
    return bench.scripts / "instructions" / "reference.json"


def write(bench: Bench, counts: dict[str, int]) -> None:
    reference(bench).write_text(json.dumps(counts))


def built(bench: Bench, text: str) -> Path:
    return program(bench.release / "redoubt-path", text)


ENDS = [
    ("the same", REFERENCE, 0),
    ("3 % more", REFERENCE | {"authorized_keys": 103}, 0),
    ("more", REFERENCE | {"authorized_keys": 104}, 1),
    ("one case less", {"attestation/tz1": 100_000, "block/tz1": 1_902_777}, 1),
    ("one case more", REFERENCE | {"block/tz2": 1}, 1),
]


@pytest.mark.parametrize(
    ("counts", "code"), [case[1:] for case in ENDS], ids=[case[0] for case in ENDS]
)
def test_ends_as_it_judges(counts: dict[str, int], code: int, bench: Bench, run: Run) -> None:
    built(bench, counting(counts))
    before = reference(bench).read_text()
    ended, said = run()
    assert ended == code
    assert all(case in said for case in REFERENCE | counts)
    assert reference(bench).read_text() == before


def test_another_program_can_be_counted(bench: Bench, run: Run, tmp_path: Path) -> None:
    built(bench, counting({"block/tz1": 9_000_000}))
    assert run(program(tmp_path / "other", counting(REFERENCE)))[0] == 0
    assert run()[0] == 1


def test_runs_alike_whoever_calls(bench: Bench, run: Run, path: Path, tmp_path: Path) -> None:
    """Environment and arguments lie on the program's stack."""
    kept = f'echo "$@" >{tmp_path}/asked\nexport -p >{tmp_path}/environment\n'
    program(path / "valgrind", kept + UNTIL_THE_PROGRAM)
    built(bench, counting(REFERENCE))
    assert run()[0] == 0
    assert (tmp_path / "asked").read_text() == (
        "--tool=callgrind --quiet --vgdb=no --instr-atstart=no --callgrind-out-file=calls"
        " ./program\n"
    )
    environment = (tmp_path / "environment").read_text()
    assert "OPENSSL_ia32cap='~0x6000000000000000:~0x40000'" in environment
    assert "CALLER" not in environment


def test_keep_leaves_what_callgrind_wrote(bench: Bench, run: Run, tmp_path: Path) -> None:
    built(bench, counting(REFERENCE))
    assert run("--keep", tmp_path / "kept")[0] == 0
    assert check.counts_of(tmp_path / "kept") == REFERENCE


def test_update_makes_the_reference_of_what_was_counted(bench: Bench, run: Run) -> None:
    new = {"block/tz1": 5_000_000, "block/tz2": 7}
    built(bench, counting(new))
    assert run("--update")[0] == 0
    assert reference(bench).read_text() == json.dumps(new, indent=4) + "\n"
    assert run()[0] == 0


def test_update_refuses_two_runs_that_differ(bench: Bench, run: Run, tmp_path: Path) -> None:
    first = counting(REFERENCE)
    second = counting(REFERENCE | {"authorized_keys": 99})
    again = f"[ -e {tmp_path}/first ]"
    built(bench, f"if {again}; then\n{second}else\n{first}: >{tmp_path}/first\nfi\n")
    before = reference(bench).read_text()
    code, said = run("--update")
    assert code == 1 and "two runs gave different counts" in said
    assert reference(bench).read_text() == before


def test_nothing_counted_is_refused(bench: Bench, run: Run) -> None:
    built(bench, "exit 0\n")
    write(bench, {})
    code, said = run()
    assert code == 1 and "callgrind counted nothing" in said


def test_a_program_that_fails_is_refused(bench: Bench, run: Run) -> None:
    built(bench, counting(REFERENCE) + "exit 1\n")
    assert run()[0] == 1


def test_without_valgrind_it_says_what_to_install(bench: Bench, run: Run, path: Path) -> None:
    (path / "valgrind").unlink()
    built(bench, counting(REFERENCE))
    code, said = run()
    assert code == 1 and "no valgrind: run deploy/tools/install bench" in said
