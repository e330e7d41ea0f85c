# SPDX-License-Identifier: Apache-2.0
"""The zip is looked at before anything is made of it, and built where people can see it."""

import os
import stat
import zipfile
from pathlib import Path

import pytest
from redoubt_stack import package
from redoubt_stack.console import Stop

from fakes import program

ELF = b"\x7fELF" + bytes(14)
X86, ARM = ELF + (62).to_bytes(2, "little"), ELF + (183).to_bytes(2, "little")


def zipped(path: Path, content: bytes, name: str = "bootstrap", mode: int = 0o755) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        member = zipfile.ZipInfo(name)
        member.external_attr = (stat.S_IFREG | mode) << 16
        opened.writestr(member, content)
    return path


@pytest.mark.parametrize(
    ("content", "name", "mode", "words"),
    [
        (X86, "bootstrap", 0o755, ""),
        (ARM, "bootstrap", 0o755, "is for arm64, and Architecture is x86_64"),
        (X86, "bootstrap", 0o644, "not executable"),
        (X86, "zip/bootstrap", 0o755, "with a file `bootstrap`"),
        (b"#!/bin/sh\n" + bytes(20), "bootstrap", 0o755, "not a program"),
        (b"", "bootstrap", 0o755, "not a program"),
        (ELF + b"\xff\xff", "bootstrap", 0o755, "not a program"),
    ],
)
def test_a_zip_that_lambda_could_not_run(
    tmp_path: Path, content: bytes, name: str, mode: int, words: str
) -> None:
    found = package.problem(zipped(tmp_path / "redoubt.zip", content, name, mode), "x86_64")
    assert words in found and bool(words) == bool(found)


def test_what_is_no_zip(tmp_path: Path) -> None:
    path = tmp_path / "redoubt.zip"
    path.write_bytes(b"PK, or so")
    assert "is not a zip" in package.problem(path, "x86_64")


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(package, "ROOT", tmp_path)
    monkeypatch.setattr(package.Progress, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(package.Progress, "APART_SECONDS", 0.0)
    return tmp_path / "deploy/build"


def test_what_is_built_is_counted(builder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(builder, 'echo "[7/120] compiling"; echo "said $*" >&2')
    package.build(os.uname().machine)
    shown = capsys.readouterr()
    assert "building: 7/120 files, 0 s" in shown.err and "said --arch" in shown.err
    assert shown.out.startswith("- building for")


def test_a_build_that_fails_says_its_last_words(builder: Path) -> None:
    program(builder, "seq 1 100; echo no compiler >&2; exit 3")
    with pytest.raises(Stop) as stopped:
        package.build("x86_64")
    words = str(stopped.value)
    assert "no compiler" in words and "\n99\n" in words and "\n1\n" not in words
    assert "--zip" in words
