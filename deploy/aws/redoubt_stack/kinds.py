# SPDX-License-Identifier: Apache-2.0
"""What there is a stack for, and what is its own of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

AWS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Kind:
    name: str
    template: Path
    purpose: str  # of what is sealed: KMS binds it to this word
    table: str  # follows the stack's name
    table_keys: dict[str, str]  # attribute and its role in the key
    indexes: tuple[str, ...]
    handlers: dict[str, str]  # of the functions, by what the template calls them
    health: str  # what the signer answers to anybody, if it runs
    # What its template leaves no choice of, in the words of one that does.
    implied: Mapping[str, str] = field(default_factory=dict)
    policies: str = ""  # the folder of its own documents; others are those of all stacks
    lacks: tuple[str, ...] = ()  # documents that only another has

    @property
    def functions(self) -> tuple[str, ...]:
        """Those that are always there."""
        return tuple(name for name in self.handlers if name != "Recovery")

    def document(self, folder: Path, name: str) -> Path:
        """Its own of this name, or that of all."""
        own = folder / self.policies / f"{name}.json"
        return own if own.is_file() else folder / f"{name}.json"


TEZOS = Kind(
    name="tezos",
    template=AWS / "template.yaml",
    purpose="tezos-consensus",
    table="watermarks",
    table_keys={"pkh": "HASH", "scope": "RANGE"},
    indexes=(),
    handlers={"Signer": "signer", "Operator": "operator", "Recovery": "recovery"},
    health="/healthz",
    lacks=("author",),
)
ETHEREUM = Kind(
    name="ethereum",
    template=AWS / "ethereum" / "template.yaml",
    purpose="ethereum-validator",
    table="validators",
    table_keys={"id": "HASH"},
    indexes=("active",),
    handlers={
        "Signer": "ethereum-signer",
        "Operator": "ethereum-operator",
        "Recovery": "recovery",
    },
    health="/upcheck",
    implied={"KeyType": "tz4"},  # all are sealed
    policies="ethereum",
    lacks=("key-policy", "warm-role", "warm-trust"),
)
KINDS = {kind.name: kind for kind in (TEZOS, ETHEREUM)}
