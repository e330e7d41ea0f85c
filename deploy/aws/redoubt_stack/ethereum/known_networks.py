# SPDX-License-Identifier: Apache-2.0
"""The networks that the signer has compiled in, with their time and forks. Source: their published
configurations (consensus-specs, eth-clients, gnosischain)."""

from dataclasses import dataclass
from typing import Any

NAMES = ("phase0", "altair", "bellatrix", "capella", "deneb", "electra", "fulu")


@dataclass(frozen=True)
class Fork:
    name: str
    version: str  # 0x and hex
    epoch: int


@dataclass(frozen=True)
class Network:
    name: str
    genesis_validators_root: str  # 0x and hex
    genesis_time: int  # seconds
    slots_per_epoch: int
    seconds_per_slot: int
    forks: tuple[Fork, ...]

    def slot_at(self, seconds: float) -> int:
        """Of the time, in seconds since 1970."""
        return int(seconds - self.genesis_time) // self.seconds_per_slot

    def epoch_of(self, slot: int) -> int:
        return slot // self.slots_per_epoch

    def first_slot(self, epoch: int) -> int:
        return epoch * self.slots_per_epoch

    def fork_at(self, epoch: int) -> Fork:
        return self._forks_until(epoch)[-1]

    def fork_info(self, epoch: int) -> dict[str, Any]:
        """As a request has it: the fork of the epoch, and the one before."""
        passed = self._forks_until(epoch)
        fork = {
            "previous_version": passed[-2:][0].version,
            "current_version": passed[-1].version,
            "epoch": str(passed[-1].epoch),
        }
        return {"fork": fork, "genesis_validators_root": self.genesis_validators_root}

    def _forks_until(self, epoch: int) -> list[Fork]:
        return [fork for fork in self.forks if fork.epoch <= epoch]


def _forks(*rows: tuple[str, int]) -> tuple[Fork, ...]:
    """Version and epoch of each."""
    return tuple(
        Fork(name, f"0x{version}", epoch)
        for name, (version, epoch) in zip(NAMES, rows, strict=True)
    )


NETWORKS = (
    Network(
        "mainnet",
        "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95",
        1606824023,
        32,
        12,
        _forks(
            ("00000000", 0),
            ("01000000", 74240),
            ("02000000", 144896),
            ("03000000", 194048),
            ("04000000", 269568),
            ("05000000", 364032),
            ("06000000", 411392),
        ),
    ),
    Network(
        "hoodi",
        "0x212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f",
        1742213400,
        32,
        12,
        _forks(
            ("10000910", 0),
            ("20000910", 0),
            ("30000910", 0),
            ("40000910", 0),
            ("50000910", 0),
            ("60000910", 2048),
            ("70000910", 50688),
        ),
    ),
    Network(
        "sepolia",
        "0xd8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078",
        1655733600,
        32,
        12,
        _forks(
            ("90000069", 0),
            ("90000070", 50),
            ("90000071", 100),
            ("90000072", 56832),
            ("90000073", 132608),
            ("90000074", 222464),
            ("90000075", 272640),
        ),
    ),
    Network(
        "gnosis",
        "0xf5dcb5564e829aab27264b9becd5dfaa017085611224cb3036f573368dbb9d47",
        1638993340,
        16,
        5,
        _forks(
            ("00000064", 0),
            ("01000064", 512),
            ("02000064", 385536),
            ("03000064", 648704),
            ("04000064", 889856),
            ("05000064", 1337856),
            ("06000064", 1714688),
        ),
    ),
    Network(
        "chiado",
        "0x9d642dac73058fbf39c0ae41ab1e34e4d889043cb199851ded7095bc99eb4c1e",
        1665396300,
        16,
        5,
        _forks(
            ("0000006f", 0),
            ("0100006f", 90),
            ("0200006f", 180),
            ("0300006f", 244224),
            ("0400006f", 516608),
            ("0500006f", 948224),
            ("0600006f", 1353216),
        ),
    ),
)


def find(name: str) -> Network:
    return next(network for network in NETWORKS if network.name == name)
