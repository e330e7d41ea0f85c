# SPDX-License-Identifier: Apache-2.0
"""What deploy/release and deploy/tools/sources won't take, in a small repository of one package."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.child import ROOT

PIN = re.compile(r"^([0-9a-f]{64})  libb64-dev_(\S+)_amd64[.]deb$", re.MULTILINE)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Its deploy/pins names one small package for x86-64, and the tools."""
    tree = tmp_path / "repository"
    shutil.copytree(ROOT / "deploy", tree / "deploy")
    shutil.copy(ROOT / "CMakeLists.txt", tree)
    (tree / ".gitignore").write_text("/build/\n")
    lines = (ROOT / "deploy" / "pins").read_text().splitlines(keepends=True)
    kept = [line for line in lines if line.startswith("tool") or PIN.match(line.rstrip())]
    (tree / "deploy" / "pins").write_text("".join(kept))
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    commit(tree)
    return tree


def commit(tree: Path) -> None:
    subprocess.run(["git", "add", "-A"], cwd=tree, check=True)
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]
    subprocess.run(["git", *who, "commit", "-q", "-m", "."], cwd=tree, check=True)


def run(tree: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_what_is_not_committed_is_no_release(repository: Path) -> None:
    (repository / "new").write_text("")
    code, said = run(repository, "deploy/release", "CMakeLists.txt")
    assert code == 1 and "a release is a commit" in said and "new" in said


def test_a_version_that_the_mirror_lost_is_replaced_but_never_released(repository: Path) -> None:
    pins = repository / "deploy" / "pins"
    pins.write_text(PIN.sub(r"\1  libb64-dev_0.1-1_amd64.deb", pins.read_text()))
    commit(repository)
    code, said = run(repository, "deploy/tools/sources", "x86_64")
    assert code == 0 and "WARNING" in said and "instead of libb64-dev_0.1-1_amd64.deb" in said
    third_party = repository / "build" / "third_party" / "x86_64"
    assert (third_party / "root/usr/lib/x86_64-linux-gnu/libb64.a").exists()
    code, said = run(repository, "deploy/release", "CMakeLists.txt")
    assert code == 1 and "only the pinned sources make a release" in said


def test_another_tool_is_no_release_tool(repository: Path) -> None:
    pins = repository / "deploy" / "pins"
    pins.write_text(re.sub(r"(?m)^tool zip .*$", "tool zip 2.0-1", pins.read_text()))
    commit(repository)
    code, said = run(repository, "deploy/release", "CMakeLists.txt")
    assert code == 1 and "instead of 2.0" in said and "only the pinned sources" in said


def test_another_hash_is_refused(repository: Path) -> None:
    pins = repository / "deploy" / "pins"
    pins.write_text(PIN.sub(rf"{'0' * 64}  libb64-dev_\2_amd64.deb", pins.read_text()))
    code, said = run(repository, "deploy/tools/sources", "x86_64")
    assert code == 1 and "not in deploy/pins" in said
    assert not (repository / "build/third_party/x86_64/root/usr").exists()
