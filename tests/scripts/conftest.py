# SPDX-License-Identifier: Apache-2.0
"""Where the scripts are, and the programs that they run: fakes, as real ones take minutes."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redoubt_stack import console, redoubt

from answering import Answering, Run, answering
from fakes import Bench
from support.child import ROOT

# Drawing and auditing need what the tests' own environment has not.
for name in ("bench-venv", "deploy-venv"):
    packages = [*(ROOT / "build" / name).glob("lib/python3*/site-packages")]
    assert packages, f"no build/{name}: run tests/run install"
    sys.path += map(str, packages)
sys.path.append(str(ROOT / "bench"))
os.environ["MPLCONFIGDIR"] = str(ROOT / "build" / "matplotlib")  # which fonts there are


def pytest_configure(config: pytest.Config) -> None:
    for module in ("matplotlib", "pyparsing"):
        config.addinivalue_line("filterwarnings", f"ignore::DeprecationWarning:{module}")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """In the place of build/release and of what bench/run wrote."""
    import commands
    import ethereum_keys
    import programs
    import sections

    made = Bench(tmp_path)
    monkeypatch.setattr(programs, "RELEASE", made.release)
    monkeypatch.setattr(sections, "SECONDS_APART", 0)
    monkeypatch.setattr(commands, "PROGRAM", made.folder / "deploy/redoubt")
    monkeypatch.setattr(commands, "HOST", made.release / "redoubt-local")
    monkeypatch.setattr(ethereum_keys, "PROGRAM", made.folder / "deploy/redoubt")
    monkeypatch.setattr(ethereum_keys, "host", made.functions)
    monkeypatch.setattr(sections, "__file__", str(made.scripts / "sections.py"))
    return made


@pytest.fixture
def function() -> Iterator[Answering]:
    """In the place of the operator function."""
    with answering() as made:
        yield made


@pytest.fixture
def log() -> Iterator[Answering]:
    """In the place of CloudWatch Logs."""
    with answering() as made:
        yield made


@pytest.fixture
def node() -> Iterator[Answering]:
    """Of Tezos."""
    with answering() as made:
        yield made


@pytest.fixture
def run(function: Answering, monkeypatch: pytest.MonkeyPatch) -> Run:
    """deploy/redoubt against `function`; with `typed` at a terminal. The exit code."""

    def started(*words: str, typed: str | None = None) -> int:
        monkeypatch.setattr("sys.stdin.isatty", lambda: typed is not None)
        monkeypatch.setattr("builtins.input", lambda _: typed)
        monkeypatch.setattr(sys, "argv", ["redoubt", "--local", function.url, *words])
        with pytest.raises(SystemExit) as ended:
            console.run(redoubt.run)
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return started
