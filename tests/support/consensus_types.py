# SPDX-License-Identifier: Apache-2.0
"""Messages of validators as SSZ, by remerkleable, a library by other people; containers are written
here a second time, from the specification (consensus-specs, builder-specs)."""

from typing import Any

from remerkleable.basic import boolean, uint64
from remerkleable.bitfields import Bitlist, Bitvector
from remerkleable.byte_arrays import ByteVector, Bytes32
from remerkleable.complex import Container


class Bytes4(ByteVector[4]): ...


class Bytes20(ByteVector[20]): ...


class Bytes48(ByteVector[48]): ...


class Bytes96(ByteVector[96]): ...


class ForkData(Container):
    current_version: Bytes4
    genesis_validators_root: Bytes32


class SigningData(Container):
    object_root: Bytes32
    domain: Bytes32


class Checkpoint(Container):
    epoch: uint64
    root: Bytes32


class AttestationData(Container):
    slot: uint64
    index: uint64
    beacon_block_root: Bytes32
    source: Checkpoint
    target: Checkpoint


class BeaconBlockHeader(Container):
    slot: uint64
    proposer_index: uint64
    parent_root: Bytes32
    state_root: Bytes32
    body_root: Bytes32


class AttestationOfOneCommittee(Container):
    aggregation_bits: Bitlist[2048]
    data: AttestationData
    signature: Bytes96


class AttestationOfAllCommittees(Container):
    aggregation_bits: Bitlist[131072]
    data: AttestationData
    signature: Bytes96
    committee_bits: Bitvector[64]


class AggregateOfOneCommittee(Container):
    aggregator_index: uint64
    aggregate: AttestationOfOneCommittee
    selection_proof: Bytes96


class AggregateOfAllCommittees(Container):
    aggregator_index: uint64
    aggregate: AttestationOfAllCommittees
    selection_proof: Bytes96


class VoluntaryExit(Container):
    epoch: uint64
    validator_index: uint64


class SyncAggregatorSelectionData(Container):
    slot: uint64
    subcommittee_index: uint64


class SyncCommitteeContribution(Container):
    slot: uint64
    beacon_block_root: Bytes32
    subcommittee_index: uint64
    aggregation_bits: Bitvector[128]
    signature: Bytes96


class ContributionAndProof(Container):
    aggregator_index: uint64
    contribution: SyncCommitteeContribution
    selection_proof: Bytes96


class ValidatorRegistration(Container):
    fee_recipient: Bytes20
    gas_limit: uint64
    timestamp: uint64
    pubkey: Bytes48


class DepositMessage(Container):
    pubkey: Bytes48
    withdrawal_credentials: Bytes32
    amount: uint64


class DepositData(Container):
    pubkey: Bytes48
    withdrawal_credentials: Bytes32
    amount: uint64
    signature: Bytes96


class BLSToExecutionChange(Container):
    validator_index: uint64
    from_bls_pubkey: Bytes48
    to_execution_address: Bytes20


class PayloadAttestationData(Container):
    beacon_block_root: Bytes32
    slot: uint64
    payload_present: boolean
    blob_data_available: boolean


class ProposerPreferences(Container):
    dependent_root: Bytes32
    proposal_slot: uint64
    validator_index: uint64
    fee_recipient: Bytes20
    target_gas_limit: uint64


def as_json(value: Any) -> Any:
    """As the beacon API writes it."""
    if isinstance(value, Container):
        return {name: as_json(getattr(value, name)) for name in value.fields()}
    if isinstance(value, boolean):
        return bool(value)
    if isinstance(value, uint64):
        return str(int(value))
    return "0x" + value.encode_bytes().hex()


def from_json(kind: Any, given: Any) -> Any:
    """Reads what `as_json` writes; members that the container lacks are passed over."""
    if issubclass(kind, Container):
        return kind(
            **{name: from_json(field, given[name]) for name, field in kind.fields().items()}
        )
    if issubclass(kind, uint64):
        return kind(int(given))
    if issubclass(kind, boolean):
        return kind(given)
    return kind.decode_bytes(bytes.fromhex(given.removeprefix("0x")))


def root_in(domain: bytes, version: bytes, genesis_root: bytes, root: bytes) -> str:
    fork = ForkData(current_version=version, genesis_validators_root=genesis_root)
    whole = domain + bytes(fork.hash_tree_root())[:28]
    signing = SigningData(object_root=root, domain=whole)
    return "0x" + bytes(signing.hash_tree_root()).hex()
