# SPDX-License-Identifier: Apache-2.0
"""tz4 keys: their texts, and the public key that belongs to a secret one, by which a secret is
checked before it goes anywhere. Here, on the operator's machine, nobody times the arithmetic, so it
is the plain one: no package is needed for it."""

from redoubt_stack.points import BLS12_381
from redoubt_stack.tezos import PublicKey, base58check, blake2b, from_base58check

# G generates the group of prime order R.
R, P = BLS12_381.order, BLS12_381.p
G = (
    0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
    0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1,
)
PUBLIC = bytes([6, 149, 135, 204])  # BLpk
SECRET = bytes([3, 150, 192, 40])  # BLsk
ADDRESS = bytes([6, 161, 166])  # tz4


def public_key_of(scalar: int) -> str:
    return base58check(PUBLIC + compressed(scalar))


def compressed(scalar: int) -> bytes:
    """Its public key: x, with bits that say "compressed" and which of the two y it is."""
    point = BLS12_381.times(scalar, G)
    assert point is not None
    x, y = point
    flags = 0b100 | (y > P // 2)
    return (x | flags << 381).to_bytes(48, "big")


def scalar_of(secret: str) -> int | None:
    """Of a BLsk, whose bytes are the scalar's, the last one first."""
    payload = from_base58check(secret)
    if payload is None or len(payload) != 36 or not payload.startswith(SECRET):
        return None
    scalar = int.from_bytes(payload[4:], "little")
    return scalar if 0 < scalar < R else None


def is_public_key(text: str) -> bool:
    """By its form: whether it is a point of the group, the function says."""
    payload = from_base58check(text)
    return payload is not None and len(payload) == 52 and payload.startswith(PUBLIC)


def address_of(public_key: str) -> str:
    payload = from_base58check(public_key) or b""
    return base58check(ADDRESS + blake2b(payload[4:], 20))


def key(text: str) -> PublicKey:
    if not is_public_key(text):
        raise ValueError("is not the public key of a tz4 key (BLpk...)")
    return PublicKey(text, address_of(text))


def problems_of_keys(keys: list[str]) -> list[tuple[int, str]]:
    """By position, from 1: why the function would not take this as its list of sealed keys."""
    found = []
    for i, text in enumerate(keys, 1):
        if not is_public_key(text):
            found.append((i, "is not the public key of a tz4 key (BLpk...)"))
        elif text in keys[: i - 1]:
            found.append((i, "is given twice"))
    return found
