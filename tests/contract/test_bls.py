# SPDX-License-Identifier: Apache-2.0
"""Our BLS signatures against py_ecc's, which is written in Python from the curve's definition.

There is one signature of a message by a key, so theirs and ours are equal to the byte.
"""

import random
from typing import NamedTuple

from py_ecc.bls import G2ProofOfPossession as bls
from py_ecc.optimized_bls12_381 import curve_order

from tool import told_by

from support import payloads
from support.child import RELEASE

TOOL = RELEASE / "bls-tool"


class Signed(NamedTuple):
    public_key: bytes
    signature: bytes
    proof: bytes


def by_us(asked: list[tuple[int, bytes]]) -> list[Signed]:
    told = told_by(TOOL, (f"{secret:064x} {message.hex()}" for secret, message in asked))
    return [Signed(*map(bytes.fromhex, line.split())) for line in told]


def test_signatures_are_those_of_another_implementation() -> None:
    dice = random.Random(12_381)
    asked = [
        (1, payloads.bls_vote(0x12, 100)),
        (curve_order - 1, payloads.bls_vote(0x13, 100)),
        (dice.randrange(1, curve_order), payloads.block(100)),
        (dice.randrange(1, curve_order), b""),
    ]
    for (secret, message), ours in zip(asked, by_us(asked), strict=True):
        assert ours.public_key == bls.SkToPk(secret)
        assert ours.signature == bls.Sign(secret, message)
        assert ours.proof == bls.PopProve(secret)


def test_another_implementation_verifies_them() -> None:
    """And refuses another message, and the one for the other."""
    vote = payloads.bls_vote(0x13, 100)
    (ours,) = by_us([(0x1337, vote)])
    assert bls.Verify(ours.public_key, vote, ours.signature)
    assert bls.PopVerify(ours.public_key, ours.proof)
    assert not bls.Verify(ours.public_key, vote + b"\0", ours.signature)
    assert not bls.Verify(ours.public_key, ours.public_key, ours.proof)
