# SPDX-License-Identifier: Apache-2.0
"""The commands of deploy/CHECKING.md, on a release signed with a key made for the test."""

import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import SHIPPED


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A copy to spoil, and the signers that a user trusts."""
    copy = shutil.copytree(SHIPPED, tmp_path / "release")
    key = (copy / "key.pub").read_text()
    (copy / "redoubt-signers").write_text(f'redoubt namespaces="redoubt" {key}')
    return copy


def signature_is_good(release: Path) -> bool:
    command = "ssh-keygen -Y verify -f redoubt-signers -I redoubt -n redoubt -s SHA256SUMS.sig"
    with (release / "SHA256SUMS").open() as sums:
        done = subprocess.run(command.split(), cwd=release, stdin=sums, check=False)
    return done.returncode == 0


def sums_are_good(release: Path) -> bool:
    return subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=release).returncode == 0


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_release_is_good(release: Path) -> None:
    assert signature_is_good(release) and sums_are_good(release)


@pytest.mark.parametrize("name", ["SHA256SUMS", "SHA256SUMS.sig"])
def test_a_flipped_bit_breaks_the_signature(release: Path, name: str) -> None:
    flip(release / name)
    assert not signature_is_good(release)


def test_a_flipped_bit_breaks_the_sums(release: Path) -> None:
    """Of every file: none is left out."""
    files = [path for path in release.iterdir() if path.suffix in (".zip", ".gz", ".json")]
    assert len(files) == 5
    for path in files:
        flip(path)
        assert not sums_are_good(release)
        flip(path)
    assert sums_are_good(release)


def test_another_key_is_refused(release: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (release / "SHA256SUMS.sig").unlink()
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "redoubt", "SHA256SUMS"]
    subprocess.run(command, cwd=release, check=True)
    assert not signature_is_good(release)
