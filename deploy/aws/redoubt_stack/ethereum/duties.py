# SPDX-License-Identifier: Apache-2.0
"""What a beacon chain asks of validators, slot by slot: a chain that nobody builds, the same each
time, with blocks and roots that are made up, and times and messages as consensus-specs has them
(phase0/validator.md, altair/validator.md, electra/validator.md). What a message holds of other
messages are the signatures that the signer gave for those."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from redoubt_stack.ethereum.known_networks import Network

Fields = dict[str, Any]
Id = tuple[str, str, int]  # type, key, and the slot that the message is about


class Signed(Protocol):
    """Signatures that were given, 0x and hex: a dict, or what waits for them."""

    def __getitem__(self, id: Id, /) -> str: ...


# When in a slot, in its ten-thousandths (consensus-specs, configs/mainnet.yaml). The proposal waits
# for the block that the node builds; what is for the next slot is asked for in this one.
RANDAO, PROPOSAL, VOTE, AHEAD, AGGREGATE = 0, 833, 3333, 5000, 6667

SYNC_MEMBERS = 4  # at most; of the network's 512
SYNC_SUBCOMMITTEES = 4
SYNC_CONTRIBUTORS = 1  # of the members, in a slot
VOTES_AN_AGGREGATE = 16  # one of so many voters aggregates, and one at least
COMMITTEES = 64
GAS_LIMIT = 60_000_000


@dataclass(frozen=True)
class Duty:
    """One request to the signer."""

    slot: int  # in which it is due
    at: int  # ten-thousandths of the slot after its begin
    key: str
    type: str
    member: str  # of the request, that holds the message
    about: int  # the slot that the message is about
    message: Callable[[Signed], Fields]

    @property
    def id(self) -> Id:
        return (self.type, self.key, self.about)

    @property
    def has_fork(self) -> bool:
        return self.type != "VALIDATOR_REGISTRATION"

    def request(self, network: Network, signed: Signed) -> Fields:
        """What is sent, without `signingRoot`. A KeyError: a signature that it needs is missing."""
        body = {"type": self.type, self.member: self.message(signed)}
        if self.has_fork:
            body["fork_info"] = network.fork_info(network.epoch_of(self.about))
        return body


@dataclass(frozen=True)
class Duties:
    """Of all `keys` (0x and hex) from `first` on, which begins an epoch, for some `epochs`."""

    network: Network
    keys: Sequence[str]
    first: int
    epochs: int
    fee_recipient: str

    @property
    def slots(self) -> range:
        return range(self.first, self.first + self.epochs * self.network.slots_per_epoch)

    def at_start(self) -> list[Duty]:
        """What a client asks for when it starts."""
        registrations = [self._registration(key) for key in self.keys]
        return registrations + self._proofs(self.first, self.first, 0)

    def of(self, slot: int) -> list[Duty]:
        """In the order of their times; those of one time depend on none of that time."""
        ahead = self._proofs(slot + 1, slot, AHEAD) if slot + 1 in self.slots else []
        return [
            *self._proposal(slot),
            *(self._vote(slot, key) for key in self.attesters(slot)),
            *(self._sync_message(slot, key) for key in self._sync_members),
            *ahead,
            *(self._aggregate(slot, key) for key in self.aggregators(slot)),
            *(self._contribution(slot, key) for key in self._contributors(slot)),
        ]

    # Who

    def attesters(self, slot: int) -> list[str]:
        """Each key once an epoch."""
        epoch, size = self._epoch(slot), self.network.slots_per_epoch
        if epoch not in self._orders:
            order = sorted(self.keys, key=lambda key: _digest("committee", epoch, key))
            self._orders[epoch] = order
        return self._orders[epoch][slot % size :: size]

    def aggregators(self, slot: int) -> list[str]:
        return self.attesters(slot)[::VOTES_AN_AGGREGATE]

    def proposer(self, slot: int) -> str:
        return self.keys[int.from_bytes(_digest("proposer", slot)) % len(self.keys)]

    @cached_property
    def _orders(self) -> dict[int, list[str]]:
        """Of an epoch: its keys in the order of their slots. Sorted once, as there may be many."""
        return {}

    @cached_property
    def _sync_members(self) -> list[str]:
        return sorted(self.keys, key=lambda key: _digest("sync", key))[:SYNC_MEMBERS]

    def _contributors(self, slot: int) -> list[str]:
        members = self._sync_members
        return [members[(slot + i) % len(members)] for i in range(SYNC_CONTRIBUTORS)]

    @cached_property
    def _indices(self) -> dict[str, str]:
        return {key: str(1_000_000 + i) for i, key in enumerate(self.keys)}

    def _epoch(self, slot: int) -> int:
        return self.network.epoch_of(slot)

    # Messages

    def _duty(self, slot: int, at: int, key: str, type: str, member: str, fields: Fields) -> Duty:
        return Duty(slot, at, key, type, member, slot, lambda _: fields)

    def _registration(self, key: str) -> Duty:
        time = self.network.genesis_time + self.first * self.network.seconds_per_slot
        fields = {
            "fee_recipient": self.fee_recipient,
            "gas_limit": str(GAS_LIMIT),
            "timestamp": str(time),
            "pubkey": key,
        }
        return self._duty(
            self.first, 0, key, "VALIDATOR_REGISTRATION", "validator_registration", fields
        )

    def _proofs(self, about: int, slot: int, at: int) -> list[Duty]:
        """Selection proofs, by which who aggregates is chosen."""
        return [
            *(
                Duty(slot, at, key, "AGGREGATION_SLOT", "aggregation_slot", about, _slot(about))
                for key in self.attesters(about)
            ),
            *(
                Duty(
                    slot,
                    at,
                    key,
                    "SYNC_COMMITTEE_SELECTION_PROOF",
                    "sync_aggregator_selection_data",
                    about,
                    _slot(about, subcommittee_index=self._subcommittee(key)),
                )
                for key in self._sync_members
            ),
        ]

    def _subcommittee(self, key: str) -> str:
        return str(self._sync_members.index(key) % SYNC_SUBCOMMITTEES)

    def _proposal(self, slot: int) -> list[Duty]:
        key, epoch = self.proposer(slot), self._epoch(slot)
        randao = self._duty(
            slot, RANDAO, key, "RANDAO_REVEAL", "randao_reveal", {"epoch": str(epoch)}
        )

        def block(signed: Signed) -> Fields:
            header = {
                "slot": str(slot),
                "proposer_index": self._indices[key],
                "parent_root": _root("block", slot - 1),
                "state_root": _root("state", slot),
                "body_root": _root("body", slot, signed[randao.id]),
            }
            return {"version": self._version(slot), "block_header": header}

        return [randao, Duty(slot, PROPOSAL, key, "BLOCK_V2", "beacon_block", slot, block)]

    def _version(self, slot: int) -> str:
        return self.network.fork_at(self._epoch(slot)).name.upper()

    def _vote(self, slot: int, key: str) -> Duty:
        return self._duty(slot, VOTE, key, "ATTESTATION", "attestation", self.attestation(slot))

    def attestation(self, slot: int) -> Fields:
        """The same of all voters of a slot: since Electra, `index` is 0 (EIP-7549)."""
        epoch = self._epoch(slot)
        return {
            "slot": str(slot),
            "index": "0",
            "beacon_block_root": _root("block", slot),
            "source": self._checkpoint(epoch - 1),
            "target": self._checkpoint(epoch),
        }

    def _checkpoint(self, epoch: int) -> Fields:
        return {
            "epoch": str(epoch),
            "root": _root("block", self.network.first_slot(epoch)),
        }

    def _aggregate(self, slot: int, key: str) -> Duty:
        """Of its own vote alone, so that its signature is the whole of the aggregate's."""
        voters = self.attesters(slot)

        def message(signed: Signed) -> Fields:
            aggregate = {
                "aggregation_bits": _bit_list(voters.index(key), len(voters)),
                "data": self.attestation(slot),
                "signature": signed["ATTESTATION", key, slot],
                "committee_bits": _bits(0, COMMITTEES),
            }
            data = {
                "aggregator_index": self._indices[key],
                "aggregate": aggregate,
                "selection_proof": signed["AGGREGATION_SLOT", key, slot],
            }
            return {"version": self._version(slot), "data": data}

        type = "AGGREGATE_AND_PROOF_V2"
        return Duty(slot, AGGREGATE, key, type, "aggregate_and_proof", slot, message)

    def _sync_message(self, slot: int, key: str) -> Duty:
        fields = {"beacon_block_root": _root("block", slot), "slot": str(slot)}
        return self._duty(
            slot, VOTE, key, "SYNC_COMMITTEE_MESSAGE", "sync_committee_message", fields
        )

    def _contribution(self, slot: int, key: str) -> Duty:
        """Of its own message alone."""

        def message(signed: Signed) -> Fields:
            contribution = {
                "slot": str(slot),
                "beacon_block_root": _root("block", slot),
                "subcommittee_index": self._subcommittee(key),
                "aggregation_bits": _bits(self._sync_members.index(key), 128),
                "signature": signed["SYNC_COMMITTEE_MESSAGE", key, slot],
            }
            return {
                "aggregator_index": self._indices[key],
                "selection_proof": signed["SYNC_COMMITTEE_SELECTION_PROOF", key, slot],
                "contribution": contribution,
            }

        type = "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF"
        return Duty(slot, AGGREGATE, key, type, "contribution_and_proof", slot, message)


def _slot(about: int, **more: str) -> Callable[[Signed], Fields]:
    return lambda _: {"slot": str(about), **more}


def _digest(*parts: Any) -> bytes:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).digest()


def _root(*parts: Any) -> str:
    return "0x" + _digest(*parts).hex()


def _bits(one: int, size: int) -> str:
    """A vector of bits, of which one is set (SSZ: the first is a byte's lowest)."""
    return "0x" + (1 << one).to_bytes(size // 8, "little").hex()


def _bit_list(one: int, size: int) -> str:
    """A list, which a last bit ends."""
    return "0x" + (1 << one | 1 << size).to_bytes(size // 8 + 1, "little").hex()
