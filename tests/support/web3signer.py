# SPDX-License-Identifier: Apache-2.0
"""Asks a signer as a validator client asks Web3Signer, and what it should have signed, by an SSZ of
its own for attestations (consensus-specs: phase0, SSZ)."""

import hashlib
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from py_ecc.bls import G2ProofOfPossession as pop

ATTESTER = bytes.fromhex("01000000")


@dataclass(frozen=True)
class Reply:
    status: int
    text: str
    code: str  # of a refusal

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Web3Signer:
    url: str
    token: str = ""
    # For servers that tell their names apart and are reached by address.
    more_headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, body: Any = None) -> Reply:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        sent = {"Accept": "application/json", "Content-Type": "application/json"}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, sent | dict(self.more_headers))
        answer = connection.getresponse()
        found = Reply(
            answer.status, answer.read().decode(), answer.headers.get("X-Redoubt-Error", "")
        )
        connection.close()
        return found

    def sign(self, key: str, body: dict[str, Any]) -> Reply:
        return self.request("POST", f"/api/v1/eth2/sign/{key}", body)


@dataclass(frozen=True)
class Chain:
    """A network as tests/vectors/ethereum/networks.json has it, at a time."""

    network: dict[str, Any]

    def slot_at(self, seconds: float) -> int:
        passed = int(seconds) - int(self.network["genesis_time"])
        return passed // int(self.network["seconds_per_slot"])

    @property
    def slots_an_epoch(self) -> int:
        return int(self.network["slots_per_epoch"])

    def epoch_of(self, slot: int) -> int:
        return slot // self.slots_an_epoch

    def fork_info(self, epoch: int) -> dict[str, Any]:
        before, now = [
            fork for fork in self.network["forks"] if int(fork["epoch"]) <= epoch
        ][-2:]  # fmt: skip
        fork = {
            "previous_version": before["version"],
            "current_version": now["version"],
            "epoch": now["epoch"],
        }
        return {"fork": fork, "genesis_validators_root": self.network["genesis_validators_root"]}

    def attestation(self, slot: int, block: bytes = b"\x01" * 32) -> dict[str, Any]:
        """Of one committee's member: source and target of neighbouring epochs."""
        epoch = self.epoch_of(slot)
        return {
            "type": "ATTESTATION",
            "fork_info": self.fork_info(epoch),
            "attestation": {
                "slot": str(slot),
                "index": "0",
                "beacon_block_root": "0x" + block.hex(),
                "source": {"epoch": str(epoch - 1), "root": "0x" + "02" * 32},
                "target": {"epoch": str(epoch), "root": "0x" + "03" * 32},
            },
        }

    def block(self, slot: int, body: bytes = b"\x01" * 32) -> dict[str, Any]:
        header = {"slot": str(slot), "proposer_index": "7", "body_root": "0x" + body.hex()}
        header |= {name: "0x" + "04" * 32 for name in ("parent_root", "state_root")}
        return {
            "type": "BLOCK_V2",
            "fork_info": self.fork_info(self.epoch_of(slot)),
            "beacon_block": {"version": "FULU", "block_header": header},
        }


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def merkle(leaves: list[bytes]) -> bytes:
    while len(leaves) & (len(leaves) - 1):
        leaves = [*leaves, bytes(32)]
    while len(leaves) > 1:
        leaves = [sha256(leaves[i] + leaves[i + 1]) for i in range(0, len(leaves), 2)]
    return leaves[0]


def uint64(text: str) -> bytes:
    return int(text).to_bytes(8, "little").ljust(32, b"\0")


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def signing_root(request: dict[str, Any]) -> bytes:
    of, info = request["attestation"], request["fork_info"]
    source, target = (
        merkle([uint64(of[one]["epoch"]), unhex(of[one]["root"])]) for one in ("source", "target")
    )
    data = [uint64(of["slot"]), uint64(of["index"]), unhex(of["beacon_block_root"])]
    is_before = int(of["target"]["epoch"]) < int(info["fork"]["epoch"])
    version = unhex(info["fork"]["previous_version" if is_before else "current_version"])
    version = version.ljust(32, b"\0")
    fork = merkle([version, unhex(info["genesis_validators_root"])])
    return merkle([merkle([*data, source, target]), ATTESTER + fork[:28]])


def is_signed_by(key: str, request: dict[str, Any], signature: str) -> bool:
    return bool(pop.Verify(unhex(key), signing_root(request), unhex(signature)))
