# SPDX-License-Identifier: Apache-2.0
"""How the operator's command verifies signatures of validators, against py_ecc."""

from collections.abc import Iterator

import pytest
from py_ecc.bls import G2ProofOfPossession as bls
from py_ecc.optimized_bls12_381 import field_modulus as p
from redoubt_stack import signatures

SECRET, MESSAGE = 0x5EED, b"\x11" * 32
KEY, SIGNED = bls.SkToPk(SECRET), bls.Sign(SECRET, MESSAGE)
ZERO = bytes([0xC0]) + bytes(47)


def beside_the_group() -> Iterator[bytes]:
    """Points of the curve: of all of them, one in 2^125 is in the group."""
    for x in range(1, 50):
        y = pow(x**3 + 4, (p + 1) // 4, p)
        if y * y % p == x**3 + 4:
            yield (0b100 << 381 | (y > p // 2) << 381 | x).to_bytes(48, "big")


def test_what_is_signed_verifies() -> None:
    assert signatures.is_key(KEY) and signatures.verifies(KEY, MESSAGE, SIGNED)
    other = bls.SkToPk(SECRET + 1)
    assert signatures.is_key(other) and not signatures.verifies(other, MESSAGE, SIGNED)
    assert not signatures.verifies(KEY, MESSAGE[:-1] + b"\x12", SIGNED)


@pytest.mark.parametrize("byte", [0, 1, 47, 48, 95])
def test_one_bit_of_a_signature_counts(byte: int) -> None:
    turned = bytearray(SIGNED)
    turned[byte] ^= 0x20 if byte == 0 else 1  # of the first: which of the two points
    assert not signatures.verifies(KEY, MESSAGE, bytes(turned))


def test_a_key_is_a_point_of_the_group_and_not_its_zero() -> None:
    beside = [*beside_the_group()]
    assert len(beside) > 10
    others = (ZERO, bytes(48), b"\xff" * 48, KEY[:-1], KEY + b"\0", b"")
    for key in (*beside, *others):
        assert not signatures.is_key(key) and not signatures.verifies(key, MESSAGE, SIGNED), key


def test_the_zero_signs_nothing() -> None:
    """Without a look at it, any message would verify for the key of zero."""
    nothing = bytes([0xC0]) + bytes(95)
    assert not signatures.verifies(ZERO, MESSAGE, nothing)
    assert not signatures.verifies(KEY, MESSAGE, nothing)
