# SPDX-License-Identifier: Apache-2.0
"""What left the signer: whether a signature is the key's, by other people's BLS; and what can be
slashed, by the specification (consensus-specs, is_slashable_attestation_data and
process_proposer_slashing in phase0/beacon-chain.md), on messages and not on watermarks."""

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import milagro_bls_binding as milagro

from support.clients.messages import Message


class Released(NamedTuple):
    key: str
    message: Message
    signature: str

    @property
    def is_the_key_s(self) -> bool:
        root, key, signature = (
            bytes.fromhex(text[2:])
            for text in (self.message.signing_root, self.key, self.signature)
        )
        return bool(milagro.Verify(key, root, signature))


def are_slashable(one: Message, other: Message) -> bool:
    """Together, of one validator."""
    if one.type != other.type or one.signing_root == other.signing_root:
        return False
    if one.type == "BLOCK_V2":
        return bool(one.value.slot == other.value.slot)
    if one.type != "ATTESTATION":
        return False
    is_double = one.value.target.epoch == other.value.target.epoch
    return bool(is_double or surrounds(one, other) or surrounds(other, one))


def surrounds(outer: Message, inner: Message) -> bool:
    begins_before = outer.value.source.epoch < inner.value.source.epoch
    return bool(begins_before and inner.value.target.epoch < outer.value.target.epoch)


def slashable(released: Iterable[Released]) -> list[tuple[Released, Released]]:
    """All pairs."""
    of_keys: dict[str, list[Released]] = {}
    for one in released:
        of_keys.setdefault(one.key, []).append(one)
    return [
        (one, other)
        for of_key in of_keys.values()
        for one, other in combinations(of_key, 2)
        if are_slashable(one.message, other.message)
    ]
