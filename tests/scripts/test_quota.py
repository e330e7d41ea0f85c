# SPDX-License-Identifier: Apache-2.0
"""A memory size's share of the processor, as control groups are told it. Folders stand for the
kernel's: those that the machine has belong to whoever runs it."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import quota
from fakes import program

NAME = f"redoubt-bench-{os.getpid()}"
# Megabytes, a period in ms, and microseconds of it.
SHARES = [
    (1769, 20, 20_000),
    (1769, 100, 100_000),
    (3538, 20, 40_000),
    (1024, 100, 57_886),
    (128, 20, 1_447),
    (128, 100, 7_236),
    (64, 20, 1_000),  # 724 would be less than the kernel takes
]


@pytest.fixture(params=[1, 2])
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def groups(version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a new group belongs."""
    root = tmp_path / "cgroup"
    parent = root / "cpu" if version == 1 else root
    parent.mkdir(parents=True)
    if version == 1:
        (parent / "cpu.cfs_quota_us").write_text("-1")
    monkeypatch.setattr(quota, "ROOT", root)
    return parent


@contextmanager
def rationed(of: Path, megabytes: int, period_ms: int, group: Path) -> Iterator[Path]:
    """As the kernel's, a group can be removed whatever files it shows."""
    with quota.rationed(of, megabytes, period_ms) as script:
        try:
            yield script
        finally:
            for file in group.iterdir():
                file.unlink()


def told(group: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in group.iterdir()}


@pytest.mark.parametrize(("megabytes", "period_ms", "quota_us"), SHARES)
def test_share(megabytes: int, period_ms: int, quota_us: int, version: int, groups: Path) -> None:
    with rationed(Path("/bin/true"), megabytes, period_ms, groups / NAME):
        period_us = period_ms * 1000
        assert told(groups / NAME) == (
            {"cpu.cfs_period_us": f"{period_us}", "cpu.cfs_quota_us": f"{quota_us}"}
            if version == 1
            else {"cpu.max": f"{quota_us} {period_us}"}
        )


@pytest.mark.parametrize("name", ["real", "a real one", "it's; echo $HOME", "ä"])
def test_the_program_runs_in_the_group(name: str, groups: Path, tmp_path: Path) -> None:
    real = program(tmp_path / name, f"cat {groups / NAME}/cgroup.procs\necho done by $$\n")
    with rationed(real, 128, 20, groups / NAME) as script:
        child = subprocess.Popen([script], stdout=subprocess.PIPE, text=True)
        said, _ = child.communicate()
    assert child.returncode == 0
    assert said == f"0\ndone by {child.pid}\n"  # 0 is who writes it


def test_nothing_is_left(groups: Path) -> None:
    with rationed(Path("/bin/true"), 128, 20, groups / NAME) as script:
        assert (groups / NAME).exists() and script.exists()
    assert not (groups / NAME).exists() and not script.exists()


def test_without_control_groups_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "ROOT", tmp_path / "none")
    with (
        pytest.raises(quota.Unavailable, match="needs root and the cpu controller"),
        quota.rationed(Path("/bin/true"), 128, 20),
    ):
        pytest.fail("it was rationed")


def test_a_group_that_takes_no_limit_is_removed(groups: Path) -> None:
    """No file can be opened, as where the controller is not enabled."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(quota.Unavailable), quota.rationed(Path("/bin/true"), 128, 20):
            pytest.fail("it was rationed")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not (groups / NAME).exists()


def test_a_group_of_somebody_else_is_left_alone(groups: Path) -> None:
    (groups / NAME).mkdir()
    with pytest.raises(quota.Unavailable), quota.rationed(Path("/bin/true"), 128, 20):
        pytest.fail("it was rationed")
    assert (groups / NAME).exists()
