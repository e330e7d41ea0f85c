# SPDX-License-Identifier: Apache-2.0
"""Whether bytes are a point of a key's curve, as the function asks: it starts with no key that is
not one. Nothing secret goes through here, so the arithmetic is the plain one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Weierstrass:
    """y^2 = x^3 + a x + b over the prime p, where all points but infinity are of the group."""

    p: int
    a: int
    b: int

    def has(self, compressed: bytes) -> bool:
        x = int.from_bytes(compressed[1:], "big")
        square = (x**3 + self.a * x + self.b) % self.p
        return (
            compressed[0] in (2, 3)
            and x < self.p
            and (square == 0 or pow(square, (self.p - 1) // 2, self.p) == 1)
        )


SECP256K1 = Weierstrass(2**256 - 2**32 - 977, 0, 7)
P256 = Weierstrass(
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    -3,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
)


class Edwards25519:
    """RFC 8032, 5.1. Of the group of prime order, as libsodium's crypto_core_ed25519 asks."""

    p = 2**255 - 19
    order = 2**252 + 27742317777372353535851937790883648493
    d = -121665 * pow(121666, -1, p) % p

    def has(self, encoded: bytes) -> bool:
        number = int.from_bytes(encoded, "little")
        y, sign = number & (2**255 - 1), number >> 255
        if y >= self.p:
            return False
        x = self._x(y, sign)
        if x is None or (x, y) == (0, 1):
            return False
        return self._times(self.order, (x, y)) == (0, 1)

    def _x(self, y: int, sign: int) -> int | None:
        p = self.p
        square = (y * y - 1) * pow(self.d * y * y + 1, -1, p) % p
        x = pow(square, (p + 3) // 8, p)
        if (x * x - square) % p:
            x = x * pow(2, (p - 1) // 4, p) % p
        if (x * x - square) % p or (x == 0 and sign):
            return None
        return x if x & 1 == sign else p - x

    def _add(self, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
        p, (x1, y1), (x2, y2) = self.p, one, other
        product = self.d * x1 * x2 * y1 * y2 % p
        x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, p) % p
        y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, p) % p
        return x, y

    def _times(self, factor: int, point: tuple[int, int]) -> tuple[int, int]:
        total = (0, 1)
        while factor:
            if factor & 1:
                total = self._add(total, point)
            point, factor = self._add(point, point), factor >> 1
        return total


ED25519 = Edwards25519()


Point = tuple[int, int] | None  # None: infinity
BLS_X = -0xD201000000010000  # by which the curve is made


class Bls12381:
    """y^2 = x^3 + 4 over p. Compressed: x in 48 bytes, whose first three bits say "compressed",
    "infinity" and which y."""

    order = BLS_X**4 - BLS_X**2 + 1
    p = (BLS_X - 1) ** 2 * order // 3 + BLS_X

    def has(self, compressed: bytes) -> bool:
        """Of the group of prime order, and not infinity, as the function asks."""
        number = int.from_bytes(compressed, "big")
        flags, x = number >> 381, number & (2**381 - 1)
        square = (x**3 + 4) % self.p
        y = pow(square, (self.p + 1) // 4, self.p)
        if flags not in (0b100, 0b101) or x >= self.p or (y * y - square) % self.p:
            return False
        return self.times(self.order, (x, y)) is None

    def add(self, one: Point, other: Point) -> Point:
        if one is None or other is None:
            return one or other
        (x1, y1), (x2, y2) = one, other
        if x1 != x2:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        elif y1 == y2:
            slope = 3 * x1 * x1 * pow(2 * y1, -1, self.p)
        else:
            return None
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def times(self, factor: int, point: Point) -> Point:
        total: Point = None
        while factor:
            if factor & 1:
                total = self.add(total, point)
            point, factor = self.add(point, point), factor >> 1
        return total


BLS12_381 = Bls12381()
