# SPDX-License-Identifier: Apache-2.0
"""Small programs in the place of those that measure, and the scripts that have no suffix."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

from support.child import ROOT


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)
    return path


def imported(script: str) -> ModuleType:
    loader = SourceFileLoader(script.replace("/", "_"), str(ROOT / script))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def of_size(path: Path, size: int) -> None:
    """A file of nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def repetitions(*times: tuple[str, float]) -> str:
    """What Google Benchmark prints."""
    runs = [
        {"run_name": name, "run_type": "iteration", "cpu_time": time, "time_unit": "ns"}
        for name, time in times
    ]
    return json.dumps({"benchmarks": runs})


def counting(counts: dict[str, int]) -> str:
    """A program that leaves what callgrind would, were it asked to after each case."""
    return "".join(
        f"printf 'desc: Trigger: Client Request: {case}\\ntotals: {count}\\n' >calls.{number}\n"
        for number, (case, count) in enumerate(counts.items(), 1)
    )


class Functions:
    """Ethereum's operator and recovery functions, which answer at once, and keep what they were
    asked."""

    url = "http://there"

    def __init__(self, file: Path) -> None:
        self._file = file
        self._made: list[str] = []

    def ask(self, function: str, command: str, **fields: Any) -> dict[str, Any]:
        with self._file.open("a") as kept:
            kept.write(f"{function.removeprefix('redoubt-ethereum-')} {command}\n")
        if command == "create_keys":
            names = [f"0x{len(self._made) + n:096x}" for n in range(fields["count"])]
            self._made += names
            return {"keys": [{"public_key": name, "backup": f"of {name}"} for name in names]}
        if command == "list_keys":
            page, rest = self._made[:50], self._made[50:]
            return {
                "keys": rest if "after" in fields else page,
                "next": None if "after" in fields else 1,
            }
        return {}

    def processor_ms(self, function: str) -> float:
        return 2.5 * len(self._made)

    def peak_memory(self) -> int:
        return 20_000_000 - len(self._made)


class Bench:
    """A copy of bench/ beside a build of fakes. `redoubt-bench` gives the answers that it was
    given, and keeps what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scripts = folder / "bench"
        self.release = folder / "build" / "release"
        shutil.copytree(ROOT / "bench", self.scripts, ignore=shutil.ignore_patterns("results"))
        self.release.mkdir(parents=True)

    def answers(self, *cases: tuple[str, Any]) -> None:
        """To arguments that have this in them; the first that fits."""
        text = f'echo "$*" >>{self.folder}/asked\ncase "$*" in\n'
        for number, (arguments, answer) in enumerate(cases):
            path = self.folder / f"answer.{number}"
            path.write_text(json.dumps(answer))
            text += f"*'{arguments}'*) exec cat {path} ;;\n"
        program(self.release / "redoubt-bench", text + 'esac\necho "no answer to $*" >&2\nexit 3\n')

    def operator(self, does: str = "") -> None:
        """deploy/redoubt, and the host that it asks."""
        program(self.folder / "deploy/redoubt", f'echo "$*" >>{self.folder}/asked\n{does}\n')
        ready = '{"event":"ready","url":"http://there"}'
        program(self.release / "redoubt-local", f"echo '{ready}'\nexec sleep 60\n")

    @contextmanager
    def functions(self, *options: str) -> Iterator["Functions"]:
        """In the place of bench/ethereum_keys.py's host."""
        with (self.folder / "asked").open("a") as kept:
            kept.write(" ".join(options) + "\n")
        yield Functions(self.folder / "asked")

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def sizes(self, bootstrap: int, zipped: int) -> None:
        of_size(self.release / "bootstrap", bootstrap)
        of_size(self.release / "redoubt.zip", zipped)

    def micro(self, *times: tuple[str, float]) -> None:
        program(self.release / "redoubt-micro", f"echo '{repetitions(*times)}'\n")
