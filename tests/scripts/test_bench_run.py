# SPDX-License-Identifier: Apache-2.0
"""bench/run: what it says before it measures, with tools that do as they are told."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fakes import program

ROOT = Path(__file__).resolve().parents[2]
STEPS = [
    "installing what it needs",
    "an environment to draw with",
    "building the program (minutes, the first time)",
    "building what measures it",
    "building what measures it",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "bench", tmp_path / "bench", ignore=shutil.ignore_patterns("results"))
    for tool in ("deploy/tools/install", "deploy/tools/venv", "deploy/build", "path/cmake"):
        program(tmp_path / tool, f'echo "{tool} $*" >>{tmp_path}/asked\n')
    program(tmp_path / "build/bench-venv/bin/python", 'echo "measures: $*"\n')
    return tmp_path


def run(checkout: Path, *options: str) -> tuple[int, str, list[str]]:
    done = subprocess.run(
        [checkout / "bench/run", *options],
        env=os.environ | {"PATH": f"{checkout}/path:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.splitlines()


def asked(checkout: Path) -> list[str]:
    file = checkout / "asked"
    return file.read_text().splitlines() if file.exists() else []


def test_says_what_it_does_and_measures(checkout: Path) -> None:
    status, said, progress = run(checkout, "--check", "size")
    assert (status, said) == (0, "measures: bench/main.py --check size\n")
    assert progress == [f"bench/run: {step} (build/bench.log)" for step in STEPS]
    assert [each.split()[0] for each in asked(checkout)] == [
        "deploy/tools/install",
        "deploy/tools/venv",
        "deploy/build",
        "path/cmake",
        "path/cmake",
    ]


@pytest.mark.parametrize(
    ("option", "status"), [("sizes", 2), ("--fast", 2), ("--help", 0), ("-h", 0)]
)
def test_builds_nothing_for_words_alone(option: str, status: int, checkout: Path) -> None:
    code, said, errors = run(checkout, option)
    assert code == status
    assert "Sections: machine, size," in said if status == 0 else option in errors[-1]
    assert asked(checkout) == []


def test_a_step_that_fails_shows_its_log_and_ends_it(checkout: Path) -> None:
    program(checkout / "deploy/build", "seq 1 100\necho no compiler >&2\nexit 3\n")
    status, said, progress = run(checkout)
    assert (status, said) == (1, "")
    assert progress[: len(STEPS[:3])] == [
        f"bench/run: {step} (build/bench.log)" for step in STEPS[:3]
    ]
    assert progress[3:] == [*map(str, range(62, 101)), "no compiler"]
    assert len(asked(checkout)) == 2
