# SPDX-License-Identifier: Apache-2.0
"""BLS signatures of Ethereum (proof of possession, keys in G1), verified by arkworks: no part of
the functions, which sign with blst. A signature takes some milliseconds."""

from py_arkworks_bls12381 import GT, G1Point, G2Point

SUITE = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"


def is_key(key: bytes) -> bool:
    """A point of the group of prime order, and not its zero."""
    return _key(key) is not None


def verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    point = _key(key)
    try:
        signed = G2Point.from_compressed_bytes(signature)
    except ValueError:
        return False
    if point is None:
        return False
    hashed = G2Point.hash_to_curve(message, SUITE)
    return GT.pairing_check([point, -G1Point()], [hashed, signed])


def _key(key: bytes) -> G1Point | None:
    try:
        point = G1Point.from_compressed_bytes(key)
    except ValueError:
        return None
    return None if point == G1Point.identity() else point
