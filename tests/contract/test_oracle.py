# SPDX-License-Identifier: Apache-2.0
"""Our independent Tezos implementation, held to the vectors: an oracle is worth no more."""

import json
from typing import Any

import pytest

from support import base58
from support.authentication import message
from support.child import ROOT
from support.keys import Curve, PublicKey, SecretKey, blake2b
from support.payloads import attestation, block, preattestation

VECTORS: dict[str, Any] = json.loads((ROOT / "tests" / "vectors" / "tezos.json").read_text())
OURS = {curve.address for curve in Curve}  # of tz4 keys it knows the addresses only


def rows(section: str) -> list[dict[str, Any]]:
    chosen = [row for row in VECTORS[section] if row.get("key_type", "tz1") in OURS]
    assert chosen, f"the vectors have no {section}"
    return chosen


def test_base58_texts_are_read_and_written() -> None:
    seen = 0
    for row in rows("base58"):
        for kind, (prefix, length) in base58.KINDS.items():
            if prefix.hex() == row["prefix_hex"] and length == row["payload_length"]:
                payload = bytes.fromhex(row["payload_hex"])
                assert base58.encode(kind, payload) == row["encoded"]
                assert base58.decode(kind, row["encoded"]) == payload
                seen += 1
    assert seen >= 15


def test_addresses_follow_from_public_keys() -> None:
    for row in rows("keys"):
        key = PublicKey.parse(row["public_key"])
        assert (key.address, str(key)) == (row["pkh"], row["public_key"])
        secret = row.get("secret_key", "")
        if len(secret) == 54:
            assert str(SecretKey.parse(secret).public) == row["public_key"]


@pytest.mark.parametrize("section", ["payload_signatures", "signatures"])
def test_signatures_are_judged_as_octez_does(section: str) -> None:
    payloads = {row["id"]: row["payload"] for row in VECTORS["payloads"] + VECTORS["refuse"]}
    for row in rows(section):
        text = row.get("message") or payloads[row["payload_id"]]
        signed = PublicKey.parse(row["public_key"]).verifies(row["signature"], bytes.fromhex(text))
        assert signed == row["valid"], row


def test_authentication_messages_are_built_as_octez_does() -> None:
    signers = {row["pkh"]: PublicKey.parse(row["public_key"]) for row in rows("keys")}
    seen = 0
    for row in VECTORS["authentication"]:
        if row["valid"] and row["signer_pkh"] in signers:
            built = message(signers[row["signer_pkh"]], bytes.fromhex(row["payload"]))
            assert built.hex() == row["auth_message"]
            seen += 1
    assert seen >= 9


@pytest.mark.parametrize("curve", Curve, ids=lambda curve: curve.address)
def test_what_it_signs_it_verifies(curve: Curve) -> None:
    secret = SecretKey.generate(curve)
    assert secret.public.verifies(secret.sign(b"a"), b"a")
    assert not secret.public.verifies(secret.sign(b"a"), b"b")
    assert secret.public.verifies(secret.sign(b"a", generic=True), b"a")
    if curve is not Curve.ED25519:
        high = secret.sign(b"a", high_s=True)
        assert secret.public.verifies(high, b"a") == (curve is Curve.P256)


def test_payloads_have_the_legal_lengths() -> None:
    assert [len(block(5)), len(block(5, 1, locked=0))] == [198, 202]
    assert [len(block(5, seed=True)), len(block(5, 1, locked=0, seed=True))] == [230, 234]
    assert [len(preattestation(5)), len(attestation(5)), len(attestation(5, dal=b"\0"))] == [
        80,
        80,
        81,
    ]
    assert blake2b(block(5)) != blake2b(block(5, salt=1))
