# SPDX-License-Identifier: Apache-2.0
"""Backups against the program `age`: it opens what we encrypt, for each recipient and for nobody
else; and deploy/redoubt reads what it encrypts."""

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from support.child import RELEASE, ROOT

TOOL = RELEASE / "age-tool"
SECRET = "BLsk1eGhiPQXKtvvkBeXzmtVVJs6KPhEF45drF7MLjoCDcSnTGuyjL\n"  # public: never use it
LIMIT = 65_536


@pytest.fixture(scope="module")
def identities(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("identities")
    made = [folder / str(number) for number in range(3)]
    for file in made:
        subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    return made


def recipient(identity: Path) -> str:
    done = subprocess.run(
        ["age-keygen", "-y", identity], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def by_us(plaintext: bytes, *recipients: str) -> subprocess.CompletedProcess[bytes]:
    assert TOOL.exists(), f"{TOOL} is missing: the release preset builds it"
    return subprocess.run([TOOL, *recipients], input=plaintext, capture_output=True, check=False)


def opened(file: bytes, identity: Path) -> subprocess.CompletedProcess[bytes]:
    words = ["age", "--decrypt", "-i", identity]
    return subprocess.run(words, input=file, capture_output=True, check=False)


@pytest.mark.parametrize(
    "plaintext",
    [SECRET.encode(), b"\0", os.urandom(1000), os.urandom(LIMIT - 1), os.urandom(LIMIT)],
    ids=len,
)
def test_each_recipient_opens_what_we_encrypt_and_nobody_else(
    identities: list[Path], plaintext: bytes
) -> None:
    *some, another = identities
    file = by_us(plaintext, *map(recipient, some))
    assert file.returncode == 0, file.stderr
    for identity in some:
        done = opened(file.stdout, identity)
        assert (done.returncode, done.stdout) == (0, plaintext), done.stderr
    done = opened(file.stdout, another)
    assert done.returncode == 1 and b"no identity matched" in done.stderr


def test_a_changed_file_opens_for_nobody(identities: list[Path]) -> None:
    """Header, stanza, MAC, nonce and payload: each line of the armour holds some of them."""
    file = by_us(SECRET.encode(), recipient(identities[0])).stdout
    lines = file.split(b"\n")
    for number in range(1, len(lines) - 2):
        changed = b"Q" if lines[number][5:6] != b"Q" else b"R"
        line = lines[number][:5] + changed + lines[number][6:]
        other = b"\n".join([*lines[:number], line, *lines[number + 1 :]])
        assert opened(other, identities[0]).returncode == 1, number


@pytest.mark.parametrize("size", [0, LIMIT + 1])
def test_what_is_empty_or_too_long_is_refused(identities: list[Path], size: int) -> None:
    done = by_us(bytes(size), recipient(identities[0]))
    assert done.returncode == 1 and done.stdout == b"" and str(size).encode() in done.stderr


def test_a_recipient_is_needed_and_each_once(identities: list[Path]) -> None:
    one, other, _ = map(recipient, identities)
    for wrong in ((), (one, one), (one, other, one), (one.upper(),), (one[:-1],)):
        done = by_us(SECRET.encode(), *wrong)
        assert done.returncode == 1 and done.stdout == b"", wrong


@pytest.mark.parametrize("armour", [["--armor"], []], ids=["armoured", "binary"])
def test_what_age_encrypts_is_read_by_the_operators_command(
    identities: list[Path], tmp_path: Path, armour: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = [*(ROOT / "build/deploy-venv").glob("lib/python3*/site-packages")]
    monkeypatch.setattr(sys, "path", [*sys.path, *map(str, packages)])
    from redoubt_stack.operate import key_secret

    file = tmp_path / "secret.age"
    words = ["age", *armour, "-r", recipient(identities[0]), "-o", file]
    subprocess.run(words, input=SECRET.encode(), check=True)
    told = Namespace(file=str(file), identity=str(identities[0]))
    assert key_secret.read(told).text == SECRET.strip()
