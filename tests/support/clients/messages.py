# SPDX-License-Identifier: Apache-2.0
"""A message as any client has it before it asks for a signature: its fields in the specification's
order, and the signing root, computed by remerkleable and the network's table of forks alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from redoubt_stack.ethereum.known_networks import Fork, Network
from remerkleable.basic import uint64
from remerkleable.byte_arrays import Bytes32
from remerkleable.complex import Container

from support import consensus_types as types

Fields = dict[str, Any]


class Slot(Container):
    slot: uint64


class Epoch(Container):
    epoch: uint64


class SyncCommitteeMessage(Container):
    beacon_block_root: Bytes32
    slot: uint64


class Kind(NamedTuple):
    member: str  # of the request
    domain: str
    container: Any
    epoch: Callable[[Network, Any], int]  # of a message, by which its fork is chosen


def by_slot(network: Network, value: Any) -> int:
    return network.epoch_of(int(value.slot))


def by_epoch(network: Network, value: Any) -> int:
    return int(value.epoch)


# A container of one field has that field's root, so slots and epochs are what they stand in.
KINDS = {
    "BLOCK_V2": Kind("beacon_block", "00000000", types.BeaconBlockHeader, by_slot),
    "ATTESTATION": Kind(
        "attestation", "01000000", types.AttestationData, lambda _, value: int(value.target.epoch)
    ),
    "RANDAO_REVEAL": Kind("randao_reveal", "02000000", Epoch, by_epoch),
    "VOLUNTARY_EXIT": Kind("voluntary_exit", "04000000", types.VoluntaryExit, by_epoch),
    "AGGREGATION_SLOT": Kind("aggregation_slot", "05000000", Slot, by_slot),
    "AGGREGATE_AND_PROOF": Kind(
        "aggregate_and_proof",
        "06000000",
        types.AggregateOfAllCommittees,
        lambda network, value: by_slot(network, value.aggregate.data),
    ),
    "SYNC_COMMITTEE_MESSAGE": Kind(
        "sync_committee_message", "07000000", SyncCommitteeMessage, by_slot
    ),
    "SYNC_COMMITTEE_SELECTION_PROOF": Kind(
        "sync_aggregator_selection_data",
        "08000000",
        types.SyncAggregatorSelectionData,
        by_slot,
    ),
    "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF": Kind(
        "contribution_and_proof",
        "09000000",
        types.ContributionAndProof,
        lambda network, value: by_slot(network, value.contribution),
    ),
    "VALIDATOR_REGISTRATION": Kind(
        "validator_registration", "00000001", types.ValidatorRegistration, lambda *_: 0
    ),
}


@dataclass(frozen=True)
class Message:
    network: Network
    type: str  # of an aggregate without _V2
    value: Any  # SSZ

    @classmethod
    def read(cls, network: Network, type: str, fields: Fields) -> "Message":
        """As it stands in a request of that type, with its version or bare."""
        type = "AGGREGATE_AND_PROOF" if type == "AGGREGATE_AND_PROOF_V2" else type
        bare = fields.get("block_header") or fields.get("data") or fields
        container = cls._container(network, KINDS[type], bare)
        return cls(network, type, types.from_json(container, bare))

    @staticmethod
    def _container(network: Network, kind: Kind, fields: Fields) -> Any:
        if kind.container is not types.AggregateOfAllCommittees:
            return kind.container
        slot = int(fields["aggregate"]["data"]["slot"])
        is_new = network.epoch_of(slot) >= since(network, "electra")
        return types.AggregateOfAllCommittees if is_new else types.AggregateOfOneCommittee

    @property
    def member(self) -> str:
        return KINDS[self.type].member

    @property
    def bare_fields(self) -> Fields:
        return types.as_json(self.value)

    @property
    def fields(self) -> Fields:
        """What `member` holds, but for aggregates that have a version."""
        if self.type == "BLOCK_V2":
            return {"version": self.fork.upper(), "block_header": self.bare_fields}
        return self.bare_fields

    @cached_property
    def epoch(self) -> int:
        return KINDS[self.type].epoch(self.network, self.value)

    @property
    def fork(self) -> str:
        return self.network.fork_at(self.epoch).name

    def is_since(self, fork: str) -> bool:
        return self.epoch >= since(self.network, fork)

    @property
    def is_for_any_fork(self) -> bool:
        return self.type == "VALIDATOR_REGISTRATION"

    @property
    def fork_info(self) -> Fields:
        """Of the message's own epoch."""
        return self.network.fork_info(self.epoch)

    @cached_property
    def signing_root(self) -> str:
        version, genesis_root = self.network.fork_at(self.epoch).version, self._genesis_root
        if self.is_for_any_fork:
            version, genesis_root = self.network.forks[0].version, bytes(32)
        elif self.type == "VOLUNTARY_EXIT" and self.is_since("deneb"):
            version = version_of(self.network, "capella")  # for ever (EIP-7044)
        is_bare_root = self.type == "SYNC_COMMITTEE_MESSAGE"
        root = self.value.beacon_block_root if is_bare_root else self.value.hash_tree_root()
        domain = bytes.fromhex(KINDS[self.type].domain)
        return types.root_in(domain, bytes.fromhex(version[2:]), genesis_root, root)

    @property
    def _genesis_root(self) -> bytes:
        return bytes.fromhex(self.network.genesis_validators_root[2:])


def _fork(network: Network, name: str) -> Fork:
    return next(fork for fork in network.forks if fork.name == name)


def since(network: Network, fork: str) -> int:
    return _fork(network, fork).epoch


def version_of(network: Network, fork: str) -> str:
    return _fork(network, fork).version
