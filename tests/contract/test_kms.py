# SPDX-License-Identifier: Apache-2.0
"""What the product takes for granted of KMS: keys, signatures, errors of a wrong request."""

import hashlib
import os
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from keystore import Keystore
from support.keys import Curve, PublicKey

NO_KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000"
ECDSA = (Curve.SECP256K1, Curve.P256)

SPKI = {  # prefix and whole length
    Curve.ED25519: ("302a300506032b6570032100", 44),
    Curve.SECP256K1: ("3056301006072a8648ce3d020106052b8104000a03420004", 88),
    Curve.P256: ("3059301306072a8648ce3d020106082a8648ce3d03010703420004", 91),
}

# Where a third party is known to differ from KMS: (server, row) -> its code; None means it signs.
KNOWN: dict[tuple[str, str], str | None] = {
    ("ministack", "raw above 4096 bytes"): None,
    ("ministack", "unknown message type"): None,
    ("ministack", "Ed25519 over a digest"): "UnsupportedOperationException",
    ("ministack", "no base64"): "ValidationException",
}


def signature(kms: Keystore, curve: Curve, message: bytes) -> tuple[int, int]:
    return decode_dss_signature(b64decode(kms.sign(curve, message).json()["Signature"]))


@pytest.mark.parametrize("curve", Curve, ids=lambda curve: curve.kms_spec)
class TestGetPublicKey:
    def test_gives_spki_and_the_arn(self, kms: Keystore, curve: Curve) -> None:
        body = kms.server.call("GetPublicKey", {"KeyId": kms.arns[curve]}).json()
        der = b64decode(body["PublicKey"])
        prefix, length = SPKI[curve]
        assert (der.hex().startswith(prefix), len(der)) == (True, length)
        assert body["KeyId"] == kms.arns[curve]
        assert (body["KeySpec"], body["KeyUsage"]) == (curve.kms_spec, "SIGN_VERIFY")
        first = "ED25519_SHA_512" if curve is Curve.ED25519 else "ECDSA_SHA_256"
        assert first in body["SigningAlgorithms"]

    def test_never_changes(self, kms: Keystore, curve: Curve) -> None:
        assert kms.public_key(curve) == kms.public_key(curve)


class TestSign:
    @pytest.mark.parametrize("curve", Curve, ids=lambda curve: curve.kms_spec)
    def test_answers_the_arn_the_algorithm_and_a_valid_signature(
        self, kms: Keystore, curve: Curve
    ) -> None:
        digest = os.urandom(32)
        answer = kms.sign(curve, digest)
        body = answer.json()
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/x-amz-json-1.1"
        assert body["KeyId"] == kms.arns[curve]
        raw = b64decode(body["Signature"])
        if curve is Curve.ED25519:
            assert body["SigningAlgorithm"] == "ED25519_SHA_512"
        else:
            assert body["SigningAlgorithm"] == "ECDSA_SHA_256"
            r, s = decode_dss_signature(raw)
            raw = r.to_bytes(32, "big") + min(s, curve.order - s).to_bytes(32, "big")
        assert kms.public_key(curve).verifies_raw(raw, digest)

    @pytest.mark.parametrize("curve", ECDSA, ids=lambda curve: curve.kms_spec)
    def test_is_randomised_with_high_and_low_s(self, kms: Keystore, curve: Curve) -> None:
        digest = os.urandom(32)
        seen = [signature(kms, curve, digest) for _ in range(40)]
        assert len(set(seen)) == 40
        # Each is high with probability 1/2: none or all of 40 is one in 10^12.
        assert len({s > curve.order // 2 for _, s in seen}) == 2

    def test_ed25519_is_deterministic(self, kms: Keystore) -> None:
        digest = os.urandom(32)
        both = {kms.sign(Curve.ED25519, digest).json()["Signature"] for _ in range(2)}
        assert len(both) == 1

    @pytest.mark.parametrize("curve", ECDSA, ids=lambda curve: curve.kms_spec)
    def test_raw_hashes_with_sha256_first(self, kms: Keystore, curve: Curve) -> None:
        message = b"any length"
        r, s = decode_dss_signature(
            b64decode(kms.sign(curve, message, MessageType="RAW").json()["Signature"])
        )
        raw = r.to_bytes(32, "big") + min(s, curve.order - s).to_bytes(32, "big")
        public: PublicKey = kms.public_key(curve)
        assert public.verifies_raw(raw, hashlib.sha256(message).digest())

    def test_takes_a_bare_key_id_too_and_still_answers_the_arn(self, kms: Keystore) -> None:
        arn = kms.arns[Curve.P256]
        answer = kms.sign(Curve.P256, bytes(32), KeyId=arn.split("/")[1])
        assert answer.json()["KeyId"] == arn


class TestRefusals:
    ROWS: dict[str, tuple[Curve, bytes, dict[str, str], str]] = {
        "digest of 31 bytes": (Curve.P256, bytes(31), {}, "ValidationException"),
        "digest of 33 bytes": (Curve.SECP256K1, bytes(33), {}, "ValidationException"),
        "empty digest": (Curve.P256, b"", {}, "ValidationException"),
        "raw above 4096 bytes": (
            Curve.P256,
            bytes(4097),
            {"MessageType": "RAW"},
            "ValidationException",
        ),
        "no base64": (Curve.P256, bytes(32), {"Message": "***"}, "SerializationException"),
        "unknown message type": (
            Curve.P256,
            bytes(32),
            {"MessageType": "HASHED"},
            "ValidationException",
        ),
        "unknown algorithm": (
            Curve.P256,
            bytes(32),
            {"SigningAlgorithm": "ROT_13"},
            "ValidationException",
        ),
        "algorithm of another digest": (
            Curve.P256,
            bytes(48),
            {"SigningAlgorithm": "ECDSA_SHA_384"},
            "InvalidKeyUsageException",
        ),
        "ECDSA with an Ed25519 key": (
            Curve.ED25519,
            bytes(32),
            {"SigningAlgorithm": "ECDSA_SHA_256", "MessageType": "DIGEST"},
            "InvalidKeyUsageException",
        ),
        "Ed25519 with a P-256 key": (
            Curve.P256,
            bytes(32),
            {"SigningAlgorithm": "ED25519_SHA_512", "MessageType": "RAW"},
            "InvalidKeyUsageException",
        ),
        "Ed25519 over a digest": (
            Curve.ED25519,
            bytes(32),
            {"MessageType": "DIGEST"},
            "ValidationException",
        ),
        "no such key": (Curve.P256, bytes(32), {"KeyId": NO_KEY}, "NotFoundException"),
    }

    @pytest.mark.parametrize("name", ROWS)
    def test_name_the_mistake(self, kms: Keystore, name: str) -> None:
        curve, message, fields, right = self.ROWS[name]
        code = KNOWN.get((kms.server.name, name), right)
        answer = kms.sign(curve, message, **fields)
        if code is None:
            assert answer.status == 200
            return
        assert (answer.status, answer.code) == (400, code), answer.body
        assert isinstance(answer.json().get("message", answer.json().get("Message")), str)

    def test_public_key_of_no_key(self, kms: Keystore) -> None:
        answer = kms.server.call("GetPublicKey", {"KeyId": NO_KEY})
        assert (answer.status, answer.code) == (400, "NotFoundException")

    def test_body_not_json(self, kms: Keystore) -> None:
        answer = kms.server.call("Sign", b"{")
        assert (answer.status, answer.code) == (400, "SerializationException")

    def test_unknown_operation(self, kms: Keystore) -> None:
        known = {"ministack": "AccessDeniedException"}  # rights come first
        code = known.get(kms.server.name, "UnknownOperationException")
        assert kms.server.call("Eat", {}).code == code
