# SPDX-License-Identifier: Apache-2.0
"""The zips: the same bytes from another folder, and fit for Lambda, each architecture's."""

import json
import subprocess
import zipfile

import pytest

from conftest import Shipped
from support.child import RELEASE, ROOT

MEGABYTE = 1_000_000


def test_another_folder_gives_the_same_zip(shipped_here: Shipped) -> None:
    assert shipped_here.zip.read_bytes() == (RELEASE / "redoubt.zip").read_bytes()


def test_another_folder_gives_the_same_list(shipped_here: Shipped) -> None:
    assert shipped_here.sbom.read_bytes() == (RELEASE / "sbom.cdx.json").read_bytes()


def test_holds_one_executable_of_no_time(shipped: Shipped) -> None:
    with zipfile.ZipFile(shipped.zip) as archive:
        (member,) = archive.infolist()
    assert member.filename == "bootstrap"
    assert member.external_attr >> 16 == 0o100755
    assert member.date_time == (1980, 1, 1, 0, 0, 0)


def test_is_small(shipped: Shipped) -> None:
    assert shipped.bootstrap.stat().st_size <= 8.8 * MEGABYTE
    assert shipped.zip.stat().st_size <= 4.4 * MEGABYTE


def test_is_for_its_architecture(shipped: Shipped) -> None:
    header = subprocess.run(
        ["readelf", "--file-header", shipped.bootstrap], capture_output=True, text=True, check=True
    ).stdout
    names = {"x86_64": "Advanced Micro Devices X86-64", "arm64": "AArch64"}
    assert names[shipped.architecture] in header


def test_says_nothing_of_where_it_was_made(shipped: Shipped) -> None:
    data = shipped.bootstrap.read_bytes()
    for text in (b"/tmp/", b"/deploy/", b"of-a-longer-name", str(ROOT).encode()):
        assert text not in data


@pytest.mark.timeout(300)
def test_arm64_signs() -> None:
    """Each level's block and votes, verified by the local baker; the processor is emulated."""
    done = subprocess.run(
        [
            RELEASE / "redoubt-local",
            "--bootstrap",
            ROOT / "tests" / "tools" / "bootstrap_under_qemu",
            *("--port", "0", "--levels", "3", "--once", "--json"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    signed = {kind: each["signatures"] for kind, each in summary["kinds"].items()}
    assert signed == {"block": 3, "preattestation": 9, "attestation": 9}  # three keys vote
