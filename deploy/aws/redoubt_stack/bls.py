# SPDX-License-Identifier: Apache-2.0
"""tz4 keys: their texts, and the public key that belongs to a secret one, by which a secret is
checked before it goes anywhere. Here, on the operator's machine, nobody times the arithmetic, so it
is the plain one: no package is needed for it."""

from redoubt_stack.tezos import PublicKey, base58check, blake2b, from_base58check

# BLS12-381: y^2 = x^3 + 4 over P; G generates the group of prime order R.
X = -0xD201000000010000
R = X**4 - X**2 + 1
P = (X - 1) ** 2 * R // 3 + X
G = (
    0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
    0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1,
)
PUBLIC = bytes([6, 149, 135, 204])  # BLpk
SECRET = bytes([3, 150, 192, 40])  # BLsk
ADDRESS = bytes([6, 161, 166])  # tz4

Point = tuple[int, int] | None  # None: infinity


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 != x2:
        slope = (y2 - y1) * pow(x2 - x1, -1, P)
    elif y1 == y2:
        slope = 3 * x1 * x1 * pow(2 * y1, -1, P)
    else:
        return None
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _times(factor: int, point: Point) -> Point:
    total: Point = None
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total


def public_key_of(scalar: int) -> str:
    """BLpk: x, with bits that say "compressed" and which of the two y it is."""
    point = _times(scalar, G)
    assert point is not None
    x, y = point
    flags = 0b100 | (y > P // 2)
    return base58check(PUBLIC + (x | flags << 381).to_bytes(48, "big"))


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
