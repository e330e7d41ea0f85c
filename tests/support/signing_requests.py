# SPDX-License-Identifier: Apache-2.0
"""What validator clients ask Web3Signer to sign, drawn by seed, with the roots that remerkleable
computes."""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from remerkleable.basic import boolean, uint64
from remerkleable.bitfields import Bitlist, Bitvector
from remerkleable.complex import Container

from support import consensus_types as types
from support.consensus_types import as_json, root_in


class Network(NamedTuple):
    name: str
    root: bytes
    slots_per_epoch: int
    genesis: bytes
    capella: bytes
    deneb: tuple[int, bytes]  # its first epoch
    fulu: tuple[int, bytes]


MAINNET = Network(
    "mainnet",
    bytes.fromhex("4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95"),
    32,
    bytes.fromhex("00000000"),
    bytes.fromhex("03000000"),
    (269568, bytes.fromhex("04000000")),
    (411392, bytes.fromhex("06000000")),
)
GNOSIS = Network(
    "gnosis",
    bytes.fromhex("f5dcb5564e829aab27264b9becd5dfaa017085611224cb3036f573368dbb9d47"),
    16,
    bytes.fromhex("00000064"),
    bytes.fromhex("03000064"),
    (889856, bytes.fromhex("04000064")),
    (1714688, bytes.fromhex("06000064")),
)
HOODI = Network(
    "hoodi",
    bytes.fromhex("212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f"),
    32,
    bytes.fromhex("10000910"),
    bytes.fromhex("40000910"),
    (0, bytes.fromhex("50000910")),
    (50688, bytes.fromhex("70000910")),
)
PREVIOUS = bytes.fromhex("12345678")


def drawn(dice: random.Random, kind: Any) -> Any:
    """A value of that type."""
    if issubclass(kind, Container):
        return kind(**{name: drawn(dice, field) for name, field in kind.fields().items()})
    if issubclass(kind, uint64):
        return kind(dice.choice([0, 1, 2**64 - 1, dice.getrandbits(64), dice.getrandbits(24)]))
    if issubclass(kind, boolean):
        return kind(dice.randrange(2))
    if issubclass(kind, Bitlist):
        sizes = [0, 1, 7, 8, 9, 255, 256, 257, 2047, 2048, kind.limit(), dice.randrange(2048)]
        return kind(dice.randrange(2) for _ in range(min(dice.choice(sizes), kind.limit())))
    if issubclass(kind, Bitvector):
        return kind(dice.randrange(2) for _ in range(kind.vector_length()))
    return kind(dice.randbytes(kind.vector_length()))


class Asked(NamedTuple):
    request: dict[str, Any]
    root: str


class Client:
    """Draws requests for one key. With `last_slot` nothing is for later; without, for any time that
    there is. Payments go to `fee`, or anywhere."""

    def __init__(
        self,
        network: Network,
        seed: int,
        key: bytes,
        *,
        last_slot: int | None = None,
        fee: bytes | None = None,
    ) -> None:
        self.network = network
        self.dice = random.Random(seed)
        self.key = key
        self.last_slot = last_slot
        self.fee = fee

    def slot(self) -> int:
        if self.last_slot is None:
            return int(drawn(self.dice, uint64))
        return self.dice.randrange(self.last_slot + 1)

    def epoch(self) -> int:
        if self.last_slot is None:
            return int(drawn(self.dice, uint64))
        return self.slot() // self.network.slots_per_epoch

    def in_fork(self, kind: str, domain: int, member: Any, root: bytes, epoch: int) -> Asked:
        """Its fork began at, before or after the message's epoch."""
        known_fork = self.network.fulu if epoch >= self.network.fulu[0] else self.network.deneb
        begun = self.dice.random() < 0.5
        fork_epoch = max(epoch - self.dice.randrange(3), 0) if begun else epoch + 1
        if fork_epoch >= 2**64:
            begun, fork_epoch = True, epoch
        versions = (PREVIOUS, known_fork[1]) if begun else (known_fork[1], PREVIOUS)
        request = {
            "type": kind,
            "fork_info": {
                "fork": {
                    "previous_version": "0x" + versions[0].hex(),
                    "current_version": "0x" + versions[1].hex(),
                    "epoch": str(fork_epoch),
                },
                "genesis_validators_root": "0x" + self.network.root.hex(),
            },
            **member,
        }
        domain_type = domain.to_bytes(4, "little")
        return Asked(request, root_in(domain_type, known_fork[1], self.network.root, root))

    def at_slot(self, kind: str, domain: int, member: Any, root: bytes, slot: int) -> Asked:
        return self.in_fork(kind, domain, member, root, slot // self.network.slots_per_epoch)

    def block(self, slot: int | None = None) -> Asked:
        header = drawn(self.dice, types.BeaconBlockHeader)
        header.slot = self.slot() if slot is None else slot
        member = {"beacon_block": {"version": "FULU", "block_header": as_json(header)}}
        return self.at_slot("BLOCK_V2", 0, member, header.hash_tree_root(), int(header.slot))

    def attestation(self, epochs: tuple[int, int] | None = None) -> Asked:
        """From a source to a target."""
        data = drawn(self.dice, types.AttestationData)
        data.slot = self.slot()
        data.source.epoch, data.target.epoch = epochs or (self.epoch(), self.epoch())
        member = {"attestation": as_json(data)}
        return self.in_fork("ATTESTATION", 1, member, data.hash_tree_root(), int(data.target.epoch))

    def randao(self) -> Asked:
        epoch = uint64(self.epoch())
        member = {"randao_reveal": {"epoch": as_json(epoch)}}
        return self.in_fork("RANDAO_REVEAL", 2, member, epoch.hash_tree_root(), int(epoch))

    def exit(self) -> Asked:
        message = drawn(self.dice, types.VoluntaryExit)
        message.epoch = self.epoch()
        member = {"voluntary_exit": as_json(message)}
        asked = self.in_fork("VOLUNTARY_EXIT", 4, member, message.hash_tree_root(), 0)
        capella = self.network.capella
        root = root_in(b"\4\0\0\0", capella, self.network.root, message.hash_tree_root())
        return asked._replace(root=root)

    def aggregation_slot(self) -> Asked:
        slot = uint64(self.slot())
        member = {"aggregation_slot": {"slot": as_json(slot)}}
        return self.at_slot("AGGREGATION_SLOT", 5, member, slot.hash_tree_root(), int(slot))

    def aggregate(self) -> Asked:
        """Laid out by the fork of its slot; wrapped or bare, under the old name or the new."""
        is_new = self.dice.random() < 0.6
        layout = types.AggregateOfAllCommittees if is_new else types.AggregateOfOneCommittee
        message = drawn(self.dice, layout)
        epoch = (self.network.fulu if is_new else self.network.deneb)[0] + self.dice.randrange(99)
        message.aggregate.data.slot = epoch * self.network.slots_per_epoch
        member = as_json(message)
        if self.dice.random() < 0.5:
            member = {"version": "FULU", "data": member}
        kind = self.dice.choice(["AGGREGATE_AND_PROOF", "AGGREGATE_AND_PROOF_V2"])
        root = message.hash_tree_root()
        return self.in_fork(kind, 6, {"aggregate_and_proof": member}, root, epoch)

    def sync_message(self) -> Asked:
        root, slot = self.dice.randbytes(32), uint64(self.slot())
        member = {"beacon_block_root": "0x" + root.hex(), "slot": as_json(slot)}
        whole = {"sync_committee_message": member}
        return self.at_slot("SYNC_COMMITTEE_MESSAGE", 7, whole, root, int(slot))

    def sync_selection(self) -> Asked:
        data = drawn(self.dice, types.SyncAggregatorSelectionData)
        data.slot = self.slot()
        member = {"sync_aggregator_selection_data": as_json(data)}
        root = data.hash_tree_root()
        return self.at_slot("SYNC_COMMITTEE_SELECTION_PROOF", 8, member, root, int(data.slot))

    def contribution(self) -> Asked:
        message = drawn(self.dice, types.ContributionAndProof)
        message.contribution.slot = self.slot()
        member = {"contribution_and_proof": as_json(message)}
        kind, slot = "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF", int(message.contribution.slot)
        return self.at_slot(kind, 9, member, message.hash_tree_root(), slot)

    def registration(self) -> Asked:
        message = drawn(self.dice, types.ValidatorRegistration)
        message.pubkey = self.key
        message.fee_recipient = self.fee or message.fee_recipient
        request = {"type": "VALIDATOR_REGISTRATION", "validator_registration": as_json(message)}
        root = root_in(b"\0\0\0\1", self.network.genesis, bytes(32), message.hash_tree_root())
        return Asked(request, root)

    def deposit(self) -> Asked:
        message = drawn(self.dice, types.DepositMessage)
        message.pubkey = self.key
        member = as_json(message) | {"genesis_fork_version": "0x" + self.network.genesis.hex()}
        root = root_in(b"\3\0\0\0", self.network.genesis, bytes(32), message.hash_tree_root())
        return Asked({"type": "DEPOSIT", "deposit": member}, root)

    def payload_attestation(self) -> Asked:
        """By the draft's name, or by that of a client that wraps nothing."""
        data = drawn(self.dice, types.PayloadAttestationData)
        data.slot = self.slot()
        root = data.hash_tree_root()
        if self.dice.random() < 0.5:
            member = {"payload_attestation_message": {"version": "GLOAS", "data": as_json(data)}}
            return self.at_slot("PAYLOAD_ATTESTATION_MESSAGE", 12, member, root, int(data.slot))
        member = {"payload_attestation_data": as_json(data)}
        return self.at_slot("PAYLOAD_ATTESTATION", 12, member, root, int(data.slot))

    def preferences(self) -> Asked:
        data = drawn(self.dice, types.ProposerPreferences)
        data.proposal_slot = self.slot()
        data.fee_recipient = self.fee or data.fee_recipient
        member = {"proposer_preferences": {"version": "GLOAS", "data": as_json(data)}}
        root = data.hash_tree_root()
        return self.at_slot("PROPOSER_PREFERENCES", 13, member, root, int(data.proposal_slot))

    def of_other_types(self) -> Iterator[Asked]:
        """One of each that nobody is slashed for; of aggregates, which have many forms, two."""
        for draw in (
            *(self.randao, self.exit, self.aggregation_slot, self.aggregate, self.aggregate),
            *(self.sync_message, self.sync_selection, self.contribution, self.registration),
            *(self.deposit, self.payload_attestation, self.preferences),
        ):
            yield draw()
