# SPDX-License-Identifier: Apache-2.0
"""Base58Check with Tezos prefixes."""

import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

# kind: (prefix, payload length). Source: octez src/lib_crypto/base58.ml.
KINDS: dict[str, tuple[bytes, int]] = {
    "tz1": (bytes.fromhex("06a19f"), 20),
    "tz2": (bytes.fromhex("06a1a1"), 20),
    "tz3": (bytes.fromhex("06a1a4"), 20),
    "tz4": (bytes.fromhex("06a1a6"), 20),
    "edpk": (bytes.fromhex("0d0f25d9"), 32),
    "sppk": (bytes.fromhex("03fee256"), 33),
    "p2pk": (bytes.fromhex("03b28b7f"), 33),
    "BLpk": (bytes.fromhex("069587cc"), 48),
    "edsk": (bytes.fromhex("0d0f3a07"), 32),
    "spsk": (bytes.fromhex("11a2e0c9"), 32),
    "p2sk": (bytes.fromhex("1051eebd"), 32),
    "edsig": (bytes.fromhex("09f5cd8612"), 64),
    "spsig1": (bytes.fromhex("0d7365133f"), 64),
    "p2sig": (bytes.fromhex("36f02c34"), 64),
    "BLsk": (bytes.fromhex("0396c028"), 32),
    "BLsig": (bytes.fromhex("28ab40cf"), 96),
    "sig": (bytes.fromhex("04822b"), 64),
    "vh": (bytes.fromhex("016af2"), 32),
    "Net": (bytes.fromhex("575200"), 4),
}


def encode_raw(data: bytes) -> str:
    """Base58 of the bytes as they are, without a checksum."""
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return ALPHABET[0] * zeros + text


def decode_raw(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip(ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def checksum(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]


def encode(kind: str, payload: bytes) -> str:
    prefix, length = KINDS[kind]
    assert len(payload) == length, f"{kind} holds {length} bytes, not {len(payload)}"
    return encode_raw(prefix + payload + checksum(prefix + payload))


def decode(kind: str, text: str) -> bytes:
    prefix, length = KINDS[kind]
    data = decode_raw(text)
    body, check = data[:-4], data[-4:]
    assert checksum(body) == check, f"checksum of {text}"
    assert body.startswith(prefix), f"{text} is no {kind}"
    assert len(body) == len(prefix) + length, f"length of {text}"
    return body[len(prefix) :]
