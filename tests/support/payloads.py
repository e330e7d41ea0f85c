# SPDX-License-Identifier: Apache-2.0
"""The bytes that a Tenderbake baker asks to sign: block headers, preattestations, attestations.

Written from the protocol's encodings (block_header_repr.ml, operation_repr.ml), not from our
product.
"""

import hashlib
import struct
from collections.abc import Callable

MAINNET = bytes.fromhex("7a06a770")  # NetXdQprcVkpaWU
MAX_INT32 = 2**31 - 1


def filler(name: str, *numbers: int) -> bytes:
    """32 bytes that depend on nothing but the arguments."""
    return hashlib.sha256(repr((name, numbers)).encode()).digest()


def fitness(level: int, round: int, locked: int | None = None) -> bytes:
    locked_bytes = b"" if locked is None else struct.pack(">i", locked)
    elements = [
        b"\x02",
        struct.pack(">i", level),
        locked_bytes,
        struct.pack(">i", -1),  # predecessor round 0, stored as -1-r
        struct.pack(">i", round),
    ]
    body = b"".join(struct.pack(">I", len(e)) + e for e in elements)
    return struct.pack(">I", len(body)) + body


def block(
    level: int,
    round: int = 0,
    *,
    chain: bytes = MAINNET,
    salt: int = 0,
    locked: int | None = None,
    seed: bool = False,
) -> bytes:
    """An unsigned block header; another salt makes another block at the same level and round."""
    return b"".join(
        [
            b"\x11",
            chain,
            struct.pack(">i", level),
            b"\x15",  # protocol level
            filler("predecessor", level),
            struct.pack(">q", 1_700_000_000 + level),
            b"\x04",  # validation passes
            filler("operations", level, salt),
            fitness(level, round, locked),
            filler("context", level, salt),
            filler("payload", level, salt),
            struct.pack(">i", 0),  # payload round
            bytes(8),  # proof of work
            b"\xff" + filler("seed", level) if seed else b"\x00",
            b"\x0a",  # votes
        ]
    )


def consensus(
    magic: int,
    tag: int,
    level: int,
    round: int,
    *,
    chain: bytes,
    salt: int,
    slot: int,
    rest: bytes = b"",
) -> bytes:
    return b"".join(
        [
            bytes([magic]),
            chain,
            filler("branch", level),
            bytes([tag]),
            struct.pack(">H", slot),
            struct.pack(">i", level),
            struct.pack(">i", round),
            filler("payload", level, salt),
            rest,
        ]
    )


def preattestation(
    level: int, round: int = 0, *, chain: bytes = MAINNET, salt: int = 0, slot: int = 3
) -> bytes:
    return consensus(0x12, 20, level, round, chain=chain, salt=salt, slot=slot)


def attestation(
    level: int,
    round: int = 0,
    *,
    chain: bytes = MAINNET,
    salt: int = 0,
    slot: int = 3,
    dal: bytes | None = None,
) -> bytes:
    """`dal`: the field of tag 23 as encoded; None is the plain attestation of tag 21."""
    tag = 21 if dal is None else 23
    return consensus(0x13, tag, level, round, chain=chain, salt=salt, slot=slot, rest=dal or b"")


def bls_vote(
    magic: int, level: int, round: int = 0, *, chain: bytes = MAINNET, salt: int = 0
) -> bytes:
    """The form that tz4 keys sign: another tag, no slot."""
    return b"".join(
        [
            bytes([magic]),
            chain,
            filler("branch", level),
            bytes([40 if magic == 0x12 else 41]),
            struct.pack(">i", level),
            struct.pack(">i", round),
            filler("payload", level, salt),
        ]
    )


KINDS: dict[str, Callable[..., bytes]] = {
    "block": block,
    "preattestation": preattestation,
    "attestation": attestation,
}
