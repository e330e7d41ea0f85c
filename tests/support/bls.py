# SPDX-License-Identifier: Apache-2.0
"""tz4 keys, and signatures by them, judged by py_ecc, which shares nothing with the product."""

import hashlib
import secrets
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

from py_ecc.bls import G2ProofOfPossession as bls
from py_ecc.bls.g2_primitives import pubkey_to_G1, signature_to_G2, subgroup_check
from py_ecc.bls.hash_to_curve import hash_to_G2
from py_ecc.optimized_bls12_381 import (
    FQ12,
    G1,
    Z2,
    add,
    final_exponentiate,
    multiply,
    neg,
    pairing,
)

from support import base58
from support.keys import blake2b


@dataclass(frozen=True)
class BlsKey:
    text: str  # BLpk...

    @property
    def raw(self) -> bytes:
        return base58.decode("BLpk", self.text)

    @property
    def tag(self) -> int:
        return 3

    @property
    def hash(self) -> bytes:
        return blake2b(self.raw, 20)

    @property
    def address(self) -> str:
        return base58.encode("tz4", self.hash)

    def verifies(self, signature: str, message: bytes) -> bool:
        return bool(bls.Verify(self.raw, message, base58.decode("BLsig", signature)))

    def proves(self, proof: str) -> bool:
        """That whoever made it has the secret."""
        return bool(bls.PopVerify(self.raw, base58.decode("BLsig", proof)))


@dataclass(frozen=True)
class Signed:
    key: BlsKey
    message: bytes
    signature: str


def all_verify(signed: list[Signed]) -> bool:
    """Each of them, with two pairings for each key rather than for each signature (0.5 s): of all
    by a key, each times a number that nobody could foresee, the sum verifies. Were one wrong, that
    would be so once in 2^64 times."""
    by_key = defaultdict(list)
    for one in signed:
        by_key[one.key].append(one)
    return all(_sum_verifies(key, ones) for key, ones in by_key.items())


def _sum_verifies(key: BlsKey, signed: list[Signed]) -> bool:
    messages, signatures = Z2, Z2
    for one in signed:
        signature = signature_to_G2(base58.decode("BLsig", one.signature))
        if not subgroup_check(signature):
            return False
        times = secrets.randbits(64) | 1
        messages = add(messages, multiply(_point_of(one.message), times))
        signatures = add(signatures, multiply(signature, times))
    public = pubkey_to_G1(key.raw)
    assert bls.KeyValidate(key.raw)
    pairs = [(messages, public), (signatures, neg(G1))]
    factors = (pairing(q, p, final_exponentiate=False) for q, p in pairs)
    return bool(final_exponentiate(reduce(lambda a, b: a * b, factors)) == FQ12.one())


@cache
def _point_of(message: bytes) -> Any:
    return hash_to_G2(message, bls.DST, hashlib.sha256)
