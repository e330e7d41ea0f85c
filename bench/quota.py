# SPDX-License-Identifier: Apache-2.0
"""The processor time that Lambda gives at a memory size, rationed by a control group."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory

# Source: AWS Lambda guide, "Configure Lambda function memory": one vCPU at 1,769 MB, in proportion.
MEGABYTES_A_PROCESSOR = 1769

ROOT = Path("/sys/fs/cgroup")


class Unavailable(Exception):
    """Rationing is not possible here; says why."""


def _make_group(share: float, period_us: int) -> Path:
    """A control group of version 1 or 2 with that share of one processor."""
    quota_us = max(1000, round(share * period_us))  # the kernel's least
    version_1 = ROOT / "cpu"
    parent = version_1 if (version_1 / "cpu.cfs_quota_us").exists() else ROOT
    group = parent / f"redoubt-bench-{os.getpid()}"
    try:
        group.mkdir()
        try:
            if parent == version_1:
                (group / "cpu.cfs_period_us").write_text(str(period_us), encoding="ascii")
                (group / "cpu.cfs_quota_us").write_text(str(quota_us), encoding="ascii")
            else:
                (group / "cpu.max").write_text(f"{quota_us} {period_us}", encoding="ascii")
        except OSError:
            group.rmdir()
            raise
    except OSError as error:
        raise Unavailable(f"needs root and the cpu controller of control groups: {error}") from None
    return group


@contextmanager
def rationed(program: Path, megabytes: int, period_ms: int) -> Iterator[Path]:
    """A program that runs `program` with the processor time of that memory size."""
    group = _make_group(megabytes / MEGABYTES_A_PROCESSOR, period_ms * 1000)
    try:
        with TemporaryDirectory() as folder:
            script = Path(folder) / "bootstrap"
            script.write_text(
                f"#!/bin/sh\necho 0 >{group}/cgroup.procs\nexec {quote(str(program))}\n",
                encoding="utf-8",
            )
            script.chmod(0o755)
            yield script
    finally:
        group.rmdir()
