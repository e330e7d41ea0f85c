# SPDX-License-Identifier: Apache-2.0
"""Keys that the function itself makes, seals, opens and brings in again; and that none of their
secrets leaves it."""

import json
import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from py_ecc.bls import G2ProofOfPossession as bls

from support import base58
from support.child import wait_until
from support.events import HttpRequest, version_2
from support.host import Host, running
from support.octez import Reply
from support.payloads import bls_vote

RECOVERY = "redoubt-recovery"
REGIONS = "us-east-1,eu-west-1,ap-south-1"
LEVEL = 1_000_000
Json = Any


def recover(host: Host, command: str, **fields: Json) -> Json:
    answer = host.invoke({"redoubt": {"command": command, **fields}}, RECOVERY)
    assert answer.function_error is None, answer.payload
    return answer.payload["redoubt"]


def done(told: Json) -> Json:
    assert told["ok"] is True, told
    return told


def vote(host: Host, key: Json, chain: bytes, level: int) -> tuple[bytes, Reply]:
    payload = bls_vote(0x13, level, chain=chain)
    asked = b"\x04\x01\x03" + base58.decode("tz4", key["pkh"]) + payload
    request = HttpRequest(
        method="POST",
        path=f"/keys/{key['pkh']}",
        query=f"authentication={host.authorized.sign(asked)}&version=3",
        headers={"content-type": "application/json"},
        body=json.dumps(payload.hex()) + "\n",
    )
    return payload, host.invoke(version_2(request)).reply


def sign(host: Host, key: Json, chain: bytes, level: int) -> tuple[bytes, bytes]:
    """The bytes, and the signature: of the same bytes and key always the same."""
    payload, reply = vote(host, key, chain, level)
    assert reply.status == 200, reply.text
    return payload, base58.decode("BLsig", json.loads(reply.text)["signature"])


def verifies(key: Json, payload: bytes, signature: bytes) -> bool:
    return bool(bls.Verify(base58.decode("BLpk", key["public_key"]), payload, signature))


def start_anew(host: Host) -> None:
    """Processes that have opened nothing yet."""

    def running_now() -> set[int]:
        return {environment["pid"] for environment in host.environments()}

    before = running_now()
    for pid in before:
        host.control("POST", "/environments/kill", {"pid": pid})
    wait_until(lambda: not before & running_now(), "other processes")


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A consensus key and its companion, two of three KMS keys open them."""
    with running("--keys", "tz4", "--wrapping-keys", REGIONS, "--environments", "1") as started:
        yield started


def test_a_region_that_answers_nothing_holds_up_no_start(host: Host) -> None:
    before = len(host.log())

    def openings() -> list[Json]:
        lines = [json.loads(line) for line in host.log()[before:]]
        return [line for line in lines if "open_ms" in line]

    with host.faults("kms:blackhole#1"):
        start_anew(host)
        wait_until(lambda: bool(openings()), "the keys to be opened")
    (told,) = openings()
    assert len(told["opened"]) == 2
    (missing,) = told["missing_shares"]
    assert missing["kms_key"] in host.setup["wrapping_keys"]
    assert missing["verdict"] == "kms_unavailable"
    assert "500 ms after enough others" in missing["message"]


def test_keys_that_were_made_sign_also_under_other_kms_keys_and_another_wrap(host: Host) -> None:
    key = host.setup["keys"][0]
    kms_keys = host.setup["wrapping_keys"]
    chain = os.urandom(4)
    told = host.operate("arm", chain=base58.encode("Net", chain), level=LEVEL, keys=[key["pkh"]])
    done(told)
    signed = sign(host, key, chain, LEVEL + 1)
    assert verifies(key, *signed)
    (wrap,) = done(host.operate("list_keys"))["wraps"]
    assert (wrap["threshold"], wrap["kms_keys"]) == (2, kms_keys)

    told = recover(host, "rewrap", wrap=wrap["wrap"], kms_keys=[kms_keys[2]], threshold=1)
    assert done(told)["outcome"] == "rewrapped"
    start_anew(host)
    assert sign(host, key, chain, LEVEL + 1) == signed

    told = done(recover(host, "reseal", threshold=3))
    assert [one["outcome"] for one in told["keys"]] == ["resealed", "resealed"]
    assert {one["wrap"] for one in done(host.operate("list_keys"))["keys"]} == {told["wrap"]}
    start_anew(host)
    assert sign(host, key, chain, LEVEL + 1) == signed


def test_a_batch_is_made_once(host: Host) -> None:
    again = done(host.operate("create_key", batch="local", count=2, threshold=2))
    assert again["outcome"] == "unchanged"
    assert again["keys"][0]["public_key"] == host.setup["keys"][0]["public_key"]
    told = host.operate("create_key", batch="local", count=3, threshold=2)
    assert told["error"]["id"] == "bad_request"
    told = host.operate("create_key", batch="more", count=1)
    assert "`threshold` has no default" in told["error"]["msg"]
    before = len(done(host.operate("list_keys"))["keys"])
    more = done(host.operate("create_key", batch="more", count=1, threshold=2))["keys"]
    public = base58.decode("BLpk", more[0]["public_key"])
    assert bls.PopVerify(public, base58.decode("BLsig", more[0]["proof"]))
    assert len(done(host.operate("list_keys"))["keys"]) == before + 1


# --- The drill: the KMS key is lost, and another stack is made ------------------------------------
@dataclass
class Saved:
    public_key: str
    pkh: str
    text: str  # of its secret
    left: list[str]  # all that left the functions that made it


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    identity = tmp_path_factory.mktemp("age") / "backups.key"
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    recipient = subprocess.run(
        ["age-keygen", "-y", identity], check=True, capture_output=True, text=True
    ).stdout.strip()
    options = ("--keys", "tz2", "--wrapping-keys", "us-east-1", "--environments", "1")
    backups = ("--env", "BACKUP=", "--env", f"BACKUP_RECIPIENTS={recipient}")
    with running(*options, *backups) as host:
        told = done(host.operate("create_key", batch="lost", count=1))
        (key,) = told["keys"]
        left = [json.dumps(told), *logs(host), json.dumps(host.rows())]
    return Saved(key["public_key"], key["pkh"], opened(key["backup"], identity), left)


def opened(backup: str, identity: Path) -> str:
    text = subprocess.run(
        ["age", "-d", "-i", identity], input=backup, check=True, capture_output=True, text=True
    ).stdout
    assert text.startswith("BLsk") and text.endswith("\n")
    return text.strip()


def logs(host: Host) -> list[str]:
    return [
        line
        for function in ("redoubt-signer", "redoubt-operator", RECOVERY)
        for line in host.log(function)
    ]


def event_of(host: Host, saved: Saved, chain: str) -> Json:
    """As an operator's machine makes it."""
    (kms_key,) = host.setup["wrapping_keys"]
    context = {
        "redoubt:import": saved.public_key,
        "redoubt:purpose": "tezos-consensus",
        "redoubt:table": host.setup["table"],
    }
    sealed = host.server("kms").client.encrypt(
        KeyId=kms_key, Plaintext=saved.text.encode(), EncryptionContext=context
    )
    return {
        "public_key": saved.public_key,
        "kms_key": kms_key,
        "ciphertext": b64encode(sealed["CiphertextBlob"]).decode(),
        "chain": chain,
        "level": LEVEL,
    }


def proof_of(host: Host, saved: Saved) -> Reply:
    asked = HttpRequest(method="GET", path=f"/bls_prove_possession/{saved.pkh}")
    return host.invoke(version_2(asked)).reply


def warm_and_prove(host: Host, saved: Saved) -> bool:
    """What a schedule asks for opens what is closed, once the pause after a refusal is over."""
    done(host.invoke({"redoubt": {"command": "warm"}}).payload["redoubt"])
    return proof_of(host, saved).status == 200


def test_a_key_comes_back_from_its_backup_under_the_same_address(saved: Saved) -> None:
    chain = os.urandom(4)
    key = {"public_key": saved.public_key, "pkh": saved.pkh}
    options = ("--keys", "tz2", "--wrapping-keys", "us-east-1", "--environments", "1")
    served = ("--env", f"SEALED_KEYS={saved.public_key}", "--env", "PROVE_POSSESSION=on")
    with running(*options, *served) as host:
        event = event_of(host, saved, base58.encode("Net", chain))
        _, reply = vote(host, key, chain, LEVEL + 1)
        assert (reply.status, reply.code) == (500, "damaged_key")
        assert done(recover(host, "test_backup", **event))["matches"] is True
        assert done(host.operate("list_keys"))["missing"] == [saved.pkh]
        told = done(recover(host, "import_key", **event))
        assert told["outcome"] == "imported"
        assert [row["outcome"] for row in told["rows"]] == ["armed"] * 3
        again = done(recover(host, "import_key", **event))
        assert again["outcome"] == "unchanged"
        assert proof_of(host, saved).code == "damaged_key"  # nobody can have it opened by asking
        wait_until(lambda: warm_and_prove(host, saved), "a warm process to have opened the key", 20)
        assert verifies(key, *sign(host, key, chain, LEVEL + 1))
        left = [json.dumps([told, again]), *logs(host), json.dumps(host.rows())]
    scalar = base58.decode("BLsk", saved.text)
    spellings = [saved.text, scalar.hex(), scalar[::-1].hex(), b64encode(scalar).decode()[:40]]
    spellings.append(b64encode(scalar[::-1]).decode()[:40])
    for text in saved.left + left:
        assert not any(spelling in text for spelling in spellings), "a secret has left"
