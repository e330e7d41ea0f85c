# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt key` against the local host: keys are made and their backups opened by the
program `age`; one comes back from its backup into a table that never saw it, and signs under the
same address; what seals it is exchanged."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support import base58
from support.child import ROOT, wait_until
from support.host import Host, running
from test_redoubt_local import Ran, redoubt

VECTORS = json.loads((ROOT / "tests" / "vectors" / "tezos.json").read_text())
LOST = next(key for key in VECTORS["keys"] if key["key_type"] == "tz4")
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("identity") / "backups.key"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    return file


@pytest.fixture(scope="module")
def recipient(identity: Path) -> str:
    words = ["age-keygen", "-y", identity]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def fresh(recipient: str) -> Iterator[Host]:
    """A new stack that is to serve a key of which it has nothing yet."""
    variables = {
        "BACKUP": "",
        "BACKUP_RECIPIENTS": recipient,
        "SEALED_KEYS": LOST["public_key"],
        "PROVE_POSSESSION": "on",
    }
    words = [word for pair in variables.items() for word in ("--env", "=".join(pair))]
    with running("--wrapping-keys", ",".join(REGIONS), *words) as host:
        yield host


def key(host: Host, *words: str) -> Ran:
    return redoubt(host, "key", *words)


def wrapping_keys(host: Host) -> list[str]:
    return [str(arn) for arn in host.setup["wrapping_keys"]]


def listed(host: Host) -> dict[str, Any]:
    ran = key(host, "list", "--json")
    assert ran.code == 0, ran.err
    return {one["pkh"]: one for one in ran.told["keys"]}


def test_keys_are_made_and_age_opens_their_backups(
    fresh: Host, identity: Path, tmp_path: Path
) -> None:
    words = ("create", "--batch", "first", "--threshold", "2", "--output", str(tmp_path))
    tried = key(fresh, *words, "--dry-run")
    assert tried.code == 0 and "dry run: nothing was changed" in tried.out, tried.err
    assert key(fresh, *words).code == 2  # nobody agreed
    assert listed(fresh) == {}
    made = key(fresh, *words, "--yes")
    assert made.code == 0, made.err
    keys = listed(fresh)
    assert len(keys) == 2 and {f"{address}.age" for address in keys} == set(os.listdir(tmp_path))
    for address, one in keys.items():
        assert address in made.out and one["public_key"] in made.out and one["backup"] is True
        file = tmp_path / f"{address}.age"
        done = subprocess.run(["age", "-d", "-i", identity, file], check=True, capture_output=True)
        assert re.fullmatch(rb"BLsk\w{50}\n", done.stdout)
        assert done.stdout.strip().decode() not in made.out + made.err
        # The function opens it, too, and by no other key's name.
        test = ("test-backup", "--file", str(file), "--identity", str(identity))
        carried = ("--kms-key", wrapping_keys(fresh)[1])
        tested = key(fresh, *test, *carried, "--key", address)
        assert tested.code == 0 and address in tested.out, tested.err
    again = key(fresh, *words[:-2], "--yes", "--json")
    assert again.code == 0 and {one["pkh"] for one in again.told["keys"]} == keys.keys()
    assert listed(fresh) == keys


def test_a_lost_key_comes_back_under_its_address(
    fresh: Host, identity: Path, recipient: str, tmp_path: Path
) -> None:
    """The drill of docs/keys.md, from its fourth step on: the stack that made it is gone."""
    backup, chain = tmp_path / "lost.age", base58.encode("Net", os.urandom(4))
    text = f"{LOST['secret_key']}\n".encode()
    subprocess.run(["age", "-a", "-r", recipient, "-o", backup], input=text, check=True)
    where = ("--chain", chain, "--level", "1000000", "--threshold", "1")
    carried = ("--kms-key", wrapping_keys(fresh)[0], "--key", LOST["pkh"])
    words = ("import", "--file", str(backup), "--identity", str(identity), *where, *carried)
    register = ("register", "--consensus", LOST["pkh"])
    before = key(fresh, *register)
    assert before.code == 1 and "octez-client" not in before.out
    tried = key(fresh, *words, "--dry-run")
    assert tried.code == 0 and LOST["pkh"] not in listed(fresh), tried.err
    done = key(fresh, *words, "--yes")
    assert done.code == 0 and f"{LOST['pkh']}: imported" in done.out, done.err
    assert LOST["secret_key"] not in done.out + done.err
    rows = [row for row in fresh.rows() if row["scope"].startswith(f"{chain}/")]
    assert {row["pkh"] for row in rows} == {LOST["pkh"]} and len(rows) == 3
    again = key(fresh, *words, "--yes")
    assert again.code == 0 and f"{LOST['pkh']}: unchanged" in again.out, again.err
    for one in fresh.environments():  # as a deployment of new variables would
        fresh.control("POST", "/environments/kill", {"pid": one["pid"]})

    def shown() -> bool:
        return key(fresh, *register).code == 0

    wait_until(shown, "the signer to have opened the key", 20)
    told = key(fresh, *register).out
    assert f"import secret key redoubt-consensus {fresh.url}/{LOST['pkh']}" in told
    assert re.search(r"--consensus-key-pop BLsig\w{137}\n", told)


def test_what_seals_keys_is_exchanged(fresh: Host) -> None:
    keys = listed(fresh)
    one, *others = wrapping_keys(fresh)
    under = [word for arn in others for word in ("--under", arn)]
    wrap = keys[LOST["pkh"]]["wrap"]
    words = ("rewrap", "--wrap", wrap, *under, "--threshold", "2", "--yes")
    done = key(fresh, *words)
    assert done.code == 0 and f"rewrapped, opened by 2 of {', '.join(others)}" in done.out, done.err
    assert listed(fresh) == keys
    again = key(fresh, *words, "--json")
    assert again.code == 0 and again.told["outcome"] == "unchanged"
    assert again.told["kms_keys"] == others and one not in again.out
    sealed = key(fresh, "reseal", "--threshold", "3", "--yes")
    assert sealed.code == 0, sealed.err
    after = listed(fresh)
    assert after.keys() == keys.keys() and len({one["wrap"] for one in after.values()}) == 1
    assert after[LOST["pkh"]]["wrap"] != wrap
