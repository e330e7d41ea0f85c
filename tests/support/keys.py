# SPDX-License-Identifier: Apache-2.0
"""Tezos keys of three curves, made of the `cryptography` package: sign, verify, addresses."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from support import base58

PREHASHED = ec.ECDSA(Prehashed(hashes.SHA256()))  # any 32-byte digest


class Curve(Enum):
    """name: address kind, public key, secret key and signature prefixes, tag byte, KMS spec."""

    ED25519 = ("tz1", "edpk", "edsk", "edsig", 0, "ECC_NIST_EDWARDS25519")
    SECP256K1 = ("tz2", "sppk", "spsk", "spsig1", 1, "ECC_SECG_P256K1")
    P256 = ("tz3", "p2pk", "p2sk", "p2sig", 2, "ECC_NIST_P256")

    def __init__(
        self, address: str, public: str, secret: str, signature: str, tag: int, kms_spec: str
    ) -> None:
        self.address = address
        self.public = public
        self.secret = secret
        self.signature = signature
        self.tag = tag
        self.kms_spec = kms_spec

    @property
    def order(self) -> int:
        return {
            Curve.SECP256K1: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
            Curve.P256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        }[self]

    @property
    def elliptic(self) -> ec.EllipticCurve:
        return {Curve.SECP256K1: ec.SECP256K1(), Curve.P256: ec.SECP256R1()}[self]


def blake2b(data: bytes, size: int = 32) -> bytes:
    return hashlib.blake2b(data, digest_size=size).digest()


@dataclass(frozen=True)
class PublicKey:
    curve: Curve
    raw: bytes  # 32 bytes for Ed25519, else the 33 compressed ones

    @staticmethod
    def parse(text: str) -> "PublicKey":
        curve = next(c for c in Curve if text.startswith(c.public))
        return PublicKey(curve, base58.decode(curve.public, text))

    @staticmethod
    def from_spki(der: bytes) -> "PublicKey":
        key = serialization.load_der_public_key(der)
        if isinstance(key, ed25519.Ed25519PublicKey):
            return PublicKey(Curve.ED25519, key.public_bytes_raw())
        assert isinstance(key, ec.EllipticCurvePublicKey)
        curve = {"secp256k1": Curve.SECP256K1, "secp256r1": Curve.P256}[key.curve.name]
        return PublicKey(curve, compressed(key))

    def __str__(self) -> str:
        return base58.encode(self.curve.public, self.raw)

    @property
    def tag(self) -> int:
        return self.curve.tag

    @property
    def hash(self) -> bytes:
        return blake2b(self.raw, 20)

    @property
    def address(self) -> str:
        return base58.encode(self.curve.address, self.hash)

    def verifies(self, signature: str, message: bytes) -> bool:
        """Is this base58 text a signature of the bytes, by octez's rules?"""
        kind = "sig" if signature.startswith("sig") else self.curve.signature
        return self.verifies_raw(base58.decode(kind, signature), blake2b(message))

    def verifies_raw(self, signature: bytes, digest: bytes) -> bool:
        try:
            if self.curve is Curve.ED25519:
                ed25519.Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, digest)
                return True
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            if not (0 < r < self.curve.order and 0 < s < self.curve.order):
                return False
            if self.curve is Curve.SECP256K1 and s > self.curve.order // 2:
                return False  # libsecp256k1 refuses high S
            key = ec.EllipticCurvePublicKey.from_encoded_point(self.curve.elliptic, self.raw)
            key.verify(encode_dss_signature(r, s), digest, PREHASHED)
            return True
        except InvalidSignature:
            return False


def compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


@dataclass(frozen=True)
class SecretKey:
    curve: Curve
    raw: bytes  # the 32-byte seed or scalar

    @staticmethod
    def generate(curve: Curve) -> "SecretKey":
        if curve is Curve.ED25519:
            return SecretKey(curve, ed25519.Ed25519PrivateKey.generate().private_bytes_raw())
        number = ec.generate_private_key(curve.elliptic).private_numbers().private_value
        return SecretKey(curve, number.to_bytes(32, "big"))

    @staticmethod
    def parse(text: str) -> "SecretKey":
        curve = next(c for c in Curve if text.startswith(c.secret))
        return SecretKey(curve, base58.decode(curve.secret, text))

    @property
    def public(self) -> PublicKey:
        if self.curve is Curve.ED25519:
            key = ed25519.Ed25519PrivateKey.from_private_bytes(self.raw).public_key()
            return PublicKey(self.curve, key.public_bytes_raw())
        return PublicKey(self.curve, compressed(self._elliptic().public_key()))

    def _elliptic(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self.raw, "big"), self.curve.elliptic)

    def sign(self, message: bytes, *, generic: bool = False, high_s: bool = False) -> str:
        """Base58 signature of the message's BLAKE2b digest."""
        kind = "sig" if generic else self.curve.signature
        return base58.encode(kind, self.sign_digest(blake2b(message), high_s=high_s))

    def sign_digest(self, digest: bytes, *, high_s: bool = False) -> bytes:
        if self.curve is Curve.ED25519:
            return ed25519.Ed25519PrivateKey.from_private_bytes(self.raw).sign(digest)
        r, s = decode_dss_signature(self._elliptic().sign(digest, PREHASHED))
        if (s > self.curve.order // 2) != high_s:
            s = self.curve.order - s
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
