# SPDX-License-Identifier: Apache-2.0
"""The chains that have a name here, and which levels they can have reached: a watermark is never
lowered, so a level with a digit too many would disable a key for good."""

import difflib
from dataclasses import dataclass
from datetime import UTC, datetime

from redoubt_stack.tezos import is_chain_id

HIGHEST_LEVEL = 2**31 - 1
# The function's own bounds: no chain is older, nor faster than the fence lets levels pass.
FIRST_CHAIN = datetime(2018, 7, 1, tzinfo=UTC)
LEVELS_A_SECOND = 1
# Above this the function wants to be told twice (`force`).
UNUSUAL_LEVEL = 50_000_000


@dataclass(frozen=True)
class Seen:
    """A block that was, and how the levels have followed since, roughly."""

    level: int
    time: datetime
    block_seconds: float


@dataclass(frozen=True)
class Chain:
    id: str
    name: str = ""
    genesis: datetime = FIRST_CHAIN
    shortest_block_seconds: float = 1 / LEVELS_A_SECOND  # so far, of its protocols
    seen: Seen | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id

    def possible_head(self, now: datetime) -> int:
        """Beyond this it can't be."""
        return int((now - self.genesis).total_seconds() / self.shortest_block_seconds)

    def likely_head(self, now: datetime) -> int | None:
        if self.seen is None:
            return None
        passed = (now - self.seen.time).total_seconds()
        return self.seen.level + int(passed / self.seen.block_seconds)


# Genesis from octez (`octez-node config`); each id is the hash of its genesis block.
CHAINS = (
    Chain(
        "NetXdQprcVkpaWU",
        "mainnet",
        datetime(2018, 6, 30, 16, 7, 32, tzinfo=UTC),
        6,
        # Ushuaia's first block; since Tallinn, half a year before, 6.1 s each.
        Seen(13_857_889, datetime(2026, 6, 30, tzinfo=UTC), 6.1),
    ),
    Chain(
        "NetXsqzbfFenSTS",
        "shadownet",
        datetime(2025, 8, 7, 20, tzinfo=UTC),
        4,
        Seen(5_414_090, datetime(2026, 10, 9, 0, 54, 45, tzinfo=UTC), 6.8),
    ),
    Chain("NetXnHfVqm9iesp", "ghostnet", datetime(2022, 1, 25, 15, tzinfo=UTC), 4),
)


def find(text: str) -> Chain:
    """By name or id; a ValueError says what is wrong with it."""
    for chain in CHAINS:
        if text in (chain.name, chain.id):
            return chain
    if is_chain_id(text):
        return Chain(text)
    names = [chain.name for chain in CHAINS]
    near = difflib.get_close_matches(text.lower(), names, 1)
    if near:
        raise ValueError(f"did you mean {near[0]}?")
    if text.startswith("NetX"):
        raise ValueError("the id is mistyped: its checksum is wrong; copy it again")
    raise ValueError(
        f"give {', '.join(names)}, or a chain's id (NetX...), which its node tells: "
        "`octez-client rpc get /chains/main/chain_id`"
    )
