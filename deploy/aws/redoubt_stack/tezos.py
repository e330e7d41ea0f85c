# SPDX-License-Identifier: Apache-2.0
"""Tezos' texts: the public key and address of a KMS key, from the SubjectPublicKeyInfo that
GetPublicKey answers (RFC 5480, RFC 8410); and what is read from a command line, by the very rules
of the function (src/tezos/base58.cpp, types.cpp), which does not start with what breaks them."""

import hashlib
from dataclasses import dataclass
from functools import cache

from redoubt_stack import points

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MAX_BASE58 = 142  # characters; the function reads no longer ones
CHAIN_ID = bytes([87, 82, 0])  # what makes it begin with NetX


@dataclass(frozen=True)
class Curve:
    spki: bytes  # all of the SubjectPublicKeyInfo before the point
    key_prefix: bytes  # of the base58 texts
    hash_prefix: bytes
    point_size: int  # in these texts: Edwards' own form, or a compressed point
    signing_algorithm: str
    message_type: str
    points: points.Weierstrass | points.Edwards25519 | points.Bls12381


CURVES = {
    "ECC_NIST_EDWARDS25519": Curve(
        bytes.fromhex("302a300506032b6570032100"),
        bytes([13, 15, 37, 217]),  # edpk
        bytes([6, 161, 159]),  # tz1
        32,
        "ED25519_SHA_512",
        "RAW",
        points.ED25519,
    ),
    "ECC_SECG_P256K1": Curve(
        bytes.fromhex("3056301006072a8648ce3d020106052b8104000a034200"),
        bytes([3, 254, 226, 86]),  # sppk
        bytes([6, 161, 161]),  # tz2
        33,
        "ECDSA_SHA_256",
        "DIGEST",
        points.SECP256K1,
    ),
    "ECC_NIST_P256": Curve(
        bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
        bytes([3, 178, 139, 127]),  # p2pk
        bytes([6, 161, 164]),  # tz3
        33,
        "ECDSA_SHA_256",
        "DIGEST",
        points.P256,
    ),
}


# KMS does not have it; requests may be signed by such a key.
BLS = Curve(b"", bytes([6, 149, 135, 204]), bytes([6, 161, 166]), 48, "", "", points.BLS12_381)
AUTHORIZING = (*CURVES.values(), BLS)


@dataclass(frozen=True)
class PublicKey:
    text: str  # edpk, sppk, p2pk or BLpk
    address: str  # tz1, tz2, tz3 or tz4
    spec: str = ""  # KMS' name of its curve; none of a sealed key

    @property
    def is_sealed(self) -> bool:
        return not self.spec


def blake2b(data: bytes, size: int) -> bytes:
    return hashlib.blake2b(data, digest_size=size).digest()


def base58check(payload: bytes) -> str:
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number = int.from_bytes(payload + checksum, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return digits  # no prefix of Tezos begins with a zero byte


def from_base58check(text: str) -> bytes | None:
    if not text or len(text) > MAX_BASE58 or set(text) - set(ALPHABET):
        return None
    number = 0
    for digit in text:
        number = number * 58 + ALPHABET.index(digit)
    payload = number.to_bytes((number.bit_length() + 7) // 8, "big")[:-4]
    return payload if base58check(payload) == text else None


def is_chain_id(text: str) -> bool:
    payload = from_base58check(text)
    return payload is not None and payload[:3] == CHAIN_ID and len(payload) == 7


@cache
def problem_of_key(text: str) -> str:
    """Why the function would not take this as a public key; empty if it would. It is never quoted:
    somebody may have pasted a secret key."""
    if text[:4] in ("edsk", "spsk", "p2sk", "BLsk", "edes", "spes", "p2es", "BLes"):
        return "is a secret key, which belongs nowhere but on the baker's machine"
    if text[:3] in ("tz1", "tz2", "tz3", "tz4", "KT1"):
        return "is an address: `octez-client show address NAME` prints the public key as well"
    if text[:4] not in ("edpk", "sppk", "p2pk", "BLpk"):
        return "is not a Tezos public key (edpk, sppk, p2pk, BLpk)"
    odd = sorted(set(text) - set(ALPHABET))
    if odd:
        return f"has a character that no key has: {ascii(odd[0])} (is it the docs' example?)"
    payload = from_base58check(text)
    if payload is None:
        return "is mistyped: its checksum is wrong; copy it again"
    for curve in AUTHORIZING:
        point = payload.removeprefix(curve.key_prefix)
        if point != payload and len(point) == curve.point_size and curve.points.has(point):
            return ""
    return "is not a point of its curve: copy it again"


def address_of(public_key: str) -> str:
    """Of a text that has no problem."""
    payload = from_base58check(public_key) or b""
    for curve in AUTHORIZING:
        point = payload.removeprefix(curve.key_prefix)
        if point != payload:
            return base58check(curve.hash_prefix + blake2b(point, 20))
    raise ValueError("not a public key")


def problems_of_keys(keys: list[str]) -> list[tuple[int, str]]:
    """By position, from 1: why the function would not take this as its list of authorized keys.
    With one mistake it does not start, and answers every request with 502."""
    found = []
    for i, key in enumerate(keys, 1):
        if problem := problem_of_key(key) if key else "is empty":
            found.append((i, problem))
        elif key in keys[: i - 1]:
            found.append((i, "is given twice"))
    return found


def public_key(spec: str, spki: bytes) -> PublicKey:
    curve = CURVES[spec]
    point = spki.removeprefix(curve.spki)
    if point == spki:
        raise ValueError(f"a public key of {spec} that does not look like one")
    if len(point) == 65:  # 04, x, y: compressed to the parity of y, and x
        point = bytes([2 + (point[64] & 1)]) + point[1:33]
    text = base58check(curve.key_prefix + point)
    return PublicKey(text, address_of(text), spec)
