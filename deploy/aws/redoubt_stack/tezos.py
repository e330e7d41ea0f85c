# SPDX-License-Identifier: Apache-2.0
"""Tezos' texts of a KMS key: the public key and its address, from the SubjectPublicKeyInfo that
GetPublicKey answers (RFC 5480, RFC 8410)."""

import hashlib
from dataclasses import dataclass

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True)
class Curve:
    spki: bytes  # all of the SubjectPublicKeyInfo before the point
    key_prefix: bytes  # of the base58 texts
    hash_prefix: bytes
    point_size: int  # in these texts: Edwards' own form, or a compressed point
    signing_algorithm: str
    message_type: str


CURVES = {
    "ECC_NIST_EDWARDS25519": Curve(
        bytes.fromhex("302a300506032b6570032100"),
        bytes([13, 15, 37, 217]),  # edpk
        bytes([6, 161, 159]),  # tz1
        32,
        "ED25519_SHA_512",
        "RAW",
    ),
    "ECC_SECG_P256K1": Curve(
        bytes.fromhex("3056301006072a8648ce3d020106052b8104000a034200"),
        bytes([3, 254, 226, 86]),  # sppk
        bytes([6, 161, 161]),  # tz2
        33,
        "ECDSA_SHA_256",
        "DIGEST",
    ),
    "ECC_NIST_P256": Curve(
        bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
        bytes([3, 178, 139, 127]),  # p2pk
        bytes([6, 161, 164]),  # tz3
        33,
        "ECDSA_SHA_256",
        "DIGEST",
    ),
}


@dataclass(frozen=True)
class PublicKey:
    text: str  # edpk, sppk or p2pk
    address: str  # tz1, tz2 or tz3


def base58check(payload: bytes) -> str:
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number = int.from_bytes(payload + checksum, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return digits  # no prefix of Tezos begins with a zero byte


def is_public_key(text: str) -> bool:
    """Of one of the three curves, and without a slip of the pen."""
    if not text or set(text) - set(ALPHABET):
        return False
    number = 0
    for digit in text:
        number = number * 58 + ALPHABET.index(digit)
    payload = number.to_bytes((number.bit_length() + 7) // 8, "big")[:-4]
    sized = any(
        payload.startswith(curve.key_prefix) and len(payload) == 4 + curve.point_size
        for curve in CURVES.values()
    )
    return sized and base58check(payload) == text


def public_key(spec: str, spki: bytes) -> PublicKey:
    curve = CURVES[spec]
    point = spki.removeprefix(curve.spki)
    if point == spki:
        raise ValueError(f"a public key of {spec} that does not look like one")
    if len(point) == 65:  # 04, x, y: compressed to the parity of y, and x
        point = bytes([2 + (point[64] & 1)]) + point[1:33]
    address = hashlib.blake2b(point, digest_size=20).digest()
    return PublicKey(
        base58check(curve.key_prefix + point), base58check(curve.hash_prefix + address)
    )
