# SPDX-License-Identifier: Apache-2.0
"""Our signing roots against those of remerkleable, a library of SSZ by other people.

Requests are drawn by seed.
"""

import json
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from remerkleable.basic import boolean, uint64
from remerkleable.bitfields import Bitlist, Bitvector
from remerkleable.complex import Container

from tool import told_by

from support.child import RELEASE
from support.consensus_types import (
    AggregateOfAllCommittees,
    AggregateOfOneCommittee,
    AttestationData,
    BeaconBlockHeader,
    BLSToExecutionChange,
    ContributionAndProof,
    DepositData,
    DepositMessage,
    PayloadAttestationData,
    ProposerPreferences,
    SyncAggregatorSelectionData,
    ValidatorRegistration,
    VoluntaryExit,
    as_json,
    root_in,
)

TOOL = RELEASE / "ethereum-tool"


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
    line: str
    root: str


class Client:
    """Draws requests, with the root that it computed itself."""

    def __init__(self, network: Network, seed: int) -> None:
        self.network = network
        self.dice = random.Random(seed)
        self.key = self.dice.randbytes(48)

    def asked(self, request: dict[str, Any], root: str) -> Asked:
        line = f"request {self.network.name} 0x{self.key.hex()} {json.dumps(request)}"
        return Asked(line, root)

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
        return self.asked(request, root_in(domain_type, known_fork[1], self.network.root, root))

    def at_slot(self, kind: str, domain: int, member: Any, root: bytes, slot: int) -> Asked:
        return self.in_fork(kind, domain, member, root, slot // self.network.slots_per_epoch)

    def block(self) -> Asked:
        header = drawn(self.dice, BeaconBlockHeader)
        member = {"beacon_block": {"version": "FULU", "block_header": as_json(header)}}
        return self.at_slot("BLOCK_V2", 0, member, header.hash_tree_root(), int(header.slot))

    def attestation(self) -> Asked:
        data = drawn(self.dice, AttestationData)
        member = {"attestation": as_json(data)}
        return self.in_fork("ATTESTATION", 1, member, data.hash_tree_root(), int(data.target.epoch))

    def randao(self) -> Asked:
        epoch = drawn(self.dice, uint64)
        member = {"randao_reveal": {"epoch": as_json(epoch)}}
        return self.in_fork("RANDAO_REVEAL", 2, member, epoch.hash_tree_root(), int(epoch))

    def exit(self) -> Asked:
        message = drawn(self.dice, VoluntaryExit)
        member = {"voluntary_exit": as_json(message)}
        asked = self.in_fork("VOLUNTARY_EXIT", 4, member, message.hash_tree_root(), 0)
        capella = self.network.capella
        root = root_in(b"\4\0\0\0", capella, self.network.root, message.hash_tree_root())
        return asked._replace(root=root)

    def aggregation_slot(self) -> Asked:
        slot = drawn(self.dice, uint64)
        member = {"aggregation_slot": {"slot": as_json(slot)}}
        return self.at_slot("AGGREGATION_SLOT", 5, member, slot.hash_tree_root(), int(slot))

    def aggregate(self) -> Asked:
        """Laid out by the fork of its slot; wrapped or bare, under the old name or the new."""
        is_new = self.dice.random() < 0.6
        message = drawn(self.dice, AggregateOfAllCommittees if is_new else AggregateOfOneCommittee)
        epoch = (self.network.fulu if is_new else self.network.deneb)[0] + self.dice.randrange(99)
        message.aggregate.data.slot = epoch * self.network.slots_per_epoch
        member = as_json(message)
        if self.dice.random() < 0.5:
            member = {"version": "FULU", "data": member}
        kind = self.dice.choice(["AGGREGATE_AND_PROOF", "AGGREGATE_AND_PROOF_V2"])
        root = message.hash_tree_root()
        return self.in_fork(kind, 6, {"aggregate_and_proof": member}, root, epoch)

    def sync_message(self) -> Asked:
        root, slot = self.dice.randbytes(32), drawn(self.dice, uint64)
        member = {"beacon_block_root": "0x" + root.hex(), "slot": as_json(slot)}
        whole = {"sync_committee_message": member}
        return self.at_slot("SYNC_COMMITTEE_MESSAGE", 7, whole, root, int(slot))

    def sync_selection(self) -> Asked:
        data = drawn(self.dice, SyncAggregatorSelectionData)
        member = {"sync_aggregator_selection_data": as_json(data)}
        root = data.hash_tree_root()
        return self.at_slot("SYNC_COMMITTEE_SELECTION_PROOF", 8, member, root, int(data.slot))

    def contribution(self) -> Asked:
        message = drawn(self.dice, ContributionAndProof)
        member = {"contribution_and_proof": as_json(message)}
        kind, slot = "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF", int(message.contribution.slot)
        return self.at_slot(kind, 9, member, message.hash_tree_root(), slot)

    def registration(self) -> Asked:
        message = drawn(self.dice, ValidatorRegistration)
        message.pubkey = self.key
        request = {"type": "VALIDATOR_REGISTRATION", "validator_registration": as_json(message)}
        root = root_in(b"\0\0\0\1", self.network.genesis, bytes(32), message.hash_tree_root())
        return self.asked(request, root)

    def deposit(self) -> Asked:
        message = drawn(self.dice, DepositMessage)
        message.pubkey = self.key
        member = as_json(message) | {"genesis_fork_version": "0x" + self.network.genesis.hex()}
        root = root_in(b"\3\0\0\0", self.network.genesis, bytes(32), message.hash_tree_root())
        return self.asked({"type": "DEPOSIT", "deposit": member}, root)

    def payload_attestation(self) -> Asked:
        data = drawn(self.dice, PayloadAttestationData)
        member = {"payload_attestation_message": {"version": "GLOAS", "data": as_json(data)}}
        root = data.hash_tree_root()
        return self.at_slot("PAYLOAD_ATTESTATION_MESSAGE", 12, member, root, int(data.slot))

    def preferences(self) -> Asked:
        data = drawn(self.dice, ProposerPreferences)
        member = {"proposer_preferences": {"version": "GLOAS", "data": as_json(data)}}
        root = data.hash_tree_root()
        return self.at_slot("PROPOSER_PREFERENCES", 13, member, root, int(data.proposal_slot))

    def all_kinds(self) -> Iterator[Callable[[], Asked]]:
        yield from (self.block, self.attestation, self.randao, self.exit, self.aggregation_slot)
        yield from (self.aggregate, self.aggregate, self.sync_message, self.sync_selection)
        yield from (self.contribution, self.registration, self.deposit)
        yield from (self.payload_attestation, self.preferences)


def containers(seed: int) -> Iterator[Asked]:
    """What no request brings."""
    dice = random.Random(seed)
    for _ in range(20):
        data = drawn(dice, DepositData)
        words = " ".join(as_json(data).values())
        yield Asked(f"deposit {words}", "0x" + bytes(data.hash_tree_root()).hex())
        change = drawn(dice, BLSToExecutionChange)
        words = " ".join(as_json(change).values())
        yield Asked(f"change {words}", "0x" + bytes(change.hash_tree_root()).hex())


def test_roots_are_those_of_another_implementation() -> None:
    asked = list(containers(3076))
    for network in (MAINNET, GNOSIS):
        client = Client(network, network.slots_per_epoch)
        asked += [draw() for _ in range(12) for draw in client.all_kinds()]
    told = told_by(TOOL, (line for line, _ in asked))
    for (line, root), ours in zip(asked, told, strict=True):
        assert ours == root, line[:300]


def test_a_tree_is_hashed_as_the_definition_says() -> None:
    """remerkleable, too, is held to something: a list of bits by hand."""
    bits = Bitlist[2048]([1, 0, 1])
    layer = [bytes([5]) + bytes(31)] + [bytes(32)] * 7
    while len(layer) > 1:
        layer = [sha256(layer[i] + layer[i + 1]).digest() for i in range(0, len(layer), 2)]
    assert sha256(layer[0] + (3).to_bytes(32, "little")).digest() == bytes(bits.hash_tree_root())
