# SPDX-License-Identifier: Apache-2.0
"""Our signing roots against those of remerkleable, of requests that are drawn by seed."""

import json
import random
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from remerkleable.bitfields import Bitlist

from tool import told_by

from support.child import RELEASE
from support.consensus_types import BLSToExecutionChange, DepositData, as_json
from support.signing_requests import GNOSIS, MAINNET, Client, Network, drawn

TOOL = RELEASE / "ethereum-tool"


class Question(NamedTuple):
    line: str
    root: str


def containers(seed: int) -> Iterator[Question]:
    """What no request brings."""
    dice = random.Random(seed)
    for _ in range(20):
        for name, kind in (("deposit", DepositData), ("change", BLSToExecutionChange)):
            data = drawn(dice, kind)
            words = " ".join(as_json(data).values())
            yield Question(f"{name} {words}", "0x" + bytes(data.hash_tree_root()).hex())


def requests(network: Network) -> Iterator[Question]:
    key = random.Random(network.name).randbytes(48)
    client = Client(network, network.slots_per_epoch, key)
    for _ in range(12):
        for asked in (client.block(), client.attestation(), *client.of_other_types()):
            text = json.dumps(asked.request)
            yield Question(f"request {network.name} 0x{key.hex()} {text}", asked.root)


def test_roots_are_those_of_another_implementation() -> None:
    asked = [*containers(3076), *requests(MAINNET), *requests(GNOSIS)]
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
