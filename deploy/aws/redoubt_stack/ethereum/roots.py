# SPDX-License-Identifier: Apache-2.0
"""What a request for a signature is about, in 32 bytes: by means of their own, no part of the
signer. Rules: consensus-specs (ssz/simple-serialize.md, ssz/merkle-proofs.md; `compute_domain` in
phase0/beacon-chain.md; builder-specs for registrations). Attestations as they are since Electra."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from redoubt_stack.ethereum.known_networks import Network

Fields = dict[str, Any]
MOST_VOTERS = 64 * 2048  # of an aggregate


def signing_root(network: Network, request: Fields) -> bytes:
    kind = KINDS[request["type"]]
    message = request[kind.member]
    message = message.get("data", message)  # some types wrap it: {version, data}
    if kind.epoch is None:  # on any fork, and no genesis root is in it
        version, genesis = network.forks[0].version, bytes(32)
    else:
        info = request["fork_info"]
        is_before = kind.epoch(network, message) < int(info["fork"]["epoch"])
        version = info["fork"]["previous_version" if is_before else "current_version"]
        genesis = _hex(info["genesis_validators_root"])
    fork = container(_hex(version).ljust(32, b"\0"), genesis)
    return container(kind.root(message), bytes.fromhex(kind.domain) + fork[:28])


# --- SSZ ------------------------------------------------------------------------------------------
def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _hex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _merkle(leaves: list[bytes], most: int = 0) -> bytes:
    """`most`: leaves of the tree, if those given are but its first."""
    depth = (max(most, len(leaves)) - 1).bit_length()
    empty = bytes(32)
    for _ in range(depth):
        if len(leaves) % 2:
            leaves = [*leaves, empty]
        leaves = [_hash(leaves[i] + leaves[i + 1]) for i in range(0, len(leaves), 2)]
        empty = _hash(empty + empty)
    return leaves[0]


def container(*fields: bytes) -> bytes:
    return _merkle(list(fields))


def number(text: str) -> bytes:
    return int(text).to_bytes(8, "little").ljust(32, b"\0")


def _chunks(data: bytes) -> list[bytes]:
    return [data[i : i + 32].ljust(32, b"\0") for i in range(0, len(data), 32)]


def vector(text: str) -> bytes:
    """Of bytes, or bits, whose number is the type's."""
    return _merkle(_chunks(_hex(text)))


def bit_list(text: str, most: int) -> bytes:
    """Its highest bit ends it, and does not count."""
    bits = int.from_bytes(_hex(text), "little")
    length = bits.bit_length() - 1
    data = (bits ^ 1 << length).to_bytes(len(_hex(text)), "little")[: -(-length // 8)]
    return container(_merkle(_chunks(data) or [bytes(32)], most // 256), number(str(length)))


# --- Messages -------------------------------------------------------------------------------------
def _checkpoint(told: Fields) -> bytes:
    return container(number(told["epoch"]), _hex(told["root"]))


def _attestation(told: Fields) -> bytes:
    return container(
        number(told["slot"]),
        number(told["index"]),
        _hex(told["beacon_block_root"]),
        _checkpoint(told["source"]),
        _checkpoint(told["target"]),
    )


def _block(told: Fields) -> bytes:
    header = told["block_header"]
    return container(
        number(header["slot"]),
        number(header["proposer_index"]),
        *(_hex(header[name]) for name in ("parent_root", "state_root", "body_root")),
    )


def _aggregate(told: Fields) -> bytes:
    of = told["aggregate"]
    aggregate = container(
        bit_list(of["aggregation_bits"], MOST_VOTERS),
        _attestation(of["data"]),
        vector(of["signature"]),
        vector(of["committee_bits"]),
    )
    return container(number(told["aggregator_index"]), aggregate, vector(told["selection_proof"]))


def _contribution(told: Fields) -> bytes:
    of = told["contribution"]
    contribution = container(
        number(of["slot"]),
        _hex(of["beacon_block_root"]),
        number(of["subcommittee_index"]),
        vector(of["aggregation_bits"]),
        vector(of["signature"]),
    )
    return container(
        number(told["aggregator_index"]), contribution, vector(told["selection_proof"])
    )


def _registration(told: Fields) -> bytes:
    return container(
        vector(told["fee_recipient"]),
        number(told["gas_limit"]),
        number(told["timestamp"]),
        vector(told["pubkey"]),
    )


class Kind(NamedTuple):
    domain: str  # hex
    member: str  # of the request
    root: Callable[[Fields], bytes]
    epoch: Callable[[Network, Fields], int] | None  # in whose fork it is signed


def _of_slot(*path: str) -> Callable[[Network, Fields], int]:
    """`path`: where in the message the slot is."""

    def epoch(network: Network, told: Fields) -> int:
        for name in path:
            told = told[name]
        return network.epoch_of(int(told["slot"]))

    return epoch


AGGREGATE = Kind("06000000", "aggregate_and_proof", _aggregate, _of_slot("aggregate", "data"))
KINDS = {
    "BLOCK_V2": Kind("00000000", "beacon_block", _block, _of_slot("block_header")),
    "ATTESTATION": Kind(
        "01000000", "attestation", _attestation, lambda _, told: int(told["target"]["epoch"])
    ),
    "RANDAO_REVEAL": Kind(
        "02000000",
        "randao_reveal",
        lambda told: number(told["epoch"]),
        lambda _, told: int(told["epoch"]),
    ),
    "AGGREGATION_SLOT": Kind(
        "05000000", "aggregation_slot", lambda told: number(told["slot"]), _of_slot()
    ),
    "AGGREGATE_AND_PROOF": AGGREGATE,
    "AGGREGATE_AND_PROOF_V2": AGGREGATE,
    "SYNC_COMMITTEE_MESSAGE": Kind(
        "07000000",
        "sync_committee_message",
        lambda told: _hex(told["beacon_block_root"]),
        _of_slot(),
    ),
    "SYNC_COMMITTEE_SELECTION_PROOF": Kind(
        "08000000",
        "sync_aggregator_selection_data",
        lambda told: container(number(told["slot"]), number(told["subcommittee_index"])),
        _of_slot(),
    ),
    "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF": Kind(
        "09000000", "contribution_and_proof", _contribution, _of_slot("contribution")
    ),
    "VALIDATOR_REGISTRATION": Kind("00000001", "validator_registration", _registration, None),
}
