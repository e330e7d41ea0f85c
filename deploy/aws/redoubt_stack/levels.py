# SPDX-License-Identifier: Apache-2.0
"""Whether a level can be meant. Armed too high, a key signs nothing until the chain gets there, and
nothing lowers a row; too low, the pace fence holds it back until a level a second has caught up."""

from dataclasses import dataclass
from datetime import datetime

from redoubt_stack.chains import HIGHEST_LEVEL, Chain
from redoubt_stack.node import LATE_SECONDS, STALE_SECONDS, Head

# Of a node's head: what a day or so of blocks may differ, which a new key waits for anyway.
NEAR_LEVELS = 10_000
# Below an estimated head: by this part of it. Too low is mended by `raise`.
NEAR_PART = 0.1
# Above it nothing mends: some days of blocks, and what the estimate may be wrong by since a block
# that was seen.
ABOVE_LEVELS = 50_000
ABOVE_PART = 0.01
# Beyond a node's head by so many levels nobody arms.
A_MONTH = 30 * 86_400
TELLS = "`octez-client rpc get /chains/main/blocks/head/header` tells the head; so does --node URL"


@dataclass(frozen=True)
class Judgement:
    impossible: str = ""  # a refusal
    doubt: str = ""  # a question


def judge(chain: Chain, level: int, head: Head | None, now: datetime) -> Judgement:
    """Both empty if the level is likely to be meant."""
    if level < 1 or level > HIGHEST_LEVEL:
        return Judgement(f"--level {level}: a level is from 1 to {HIGHEST_LEVEL:,}. {TELLS}")
    if head is not None:
        return _by_node(chain, level, head, now)
    possible = chain.possible_head(now)
    if level > possible:
        return Judgement(
            f"--level {level:,}: {chain} can't have reached more than {possible:,} by now, and "
            f"nothing lowers a watermark. {TELLS}"
        )
    likely = chain.likely_head(now)
    if chain.seen is None or likely is None:
        return Judgement(
            doubt=f"whether level {level:,} is near the head of {chain} is not known here; a row "
            f"that is too high is never lowered. {TELLS}"
        )
    above = ABOVE_LEVELS + ABOVE_PART * max(0, likely - chain.seen.level)
    if not likely * (1 - NEAR_PART) <= level <= likely + above:
        return Judgement(
            doubt=f"level {level:,} is {_far(level, likely)} of {chain}, which is near {likely:,} "
            f"now: {_harm(level, likely)}. {TELLS}"
        )
    return Judgement()


def _by_node(chain: Chain, level: int, head: Head, now: datetime) -> Judgement:
    if head.chain_id != chain.id:
        return Judgement(
            f"--chain is {chain}, and the node is on {head.chain_id}: give the right one of both"
        )
    if head.seconds_old(now) > STALE_SECONDS:
        return Judgement(
            f"the node's head is of {head.time:%Y-%m-%d %H:%M:%S} UTC, {head.seconds_old(now):.0f} "
            "s ago: wait until it is synchronised (`octez-client bootstrapped`), or give another"
        )
    if level > head.level + A_MONTH:
        return Judgement(
            f"--level {level:,}: the node's head is {head.level:,}, and nothing lowers a watermark"
        )
    if abs(level - head.level) > NEAR_LEVELS:
        return Judgement(
            doubt=f"level {level:,} is {_far(level, head.level)}, {head.level:,}: "
            f"{_harm(level, head.level)}"
        )
    if head.seconds_old(now) > LATE_SECONDS:
        return Judgement(
            doubt=f"the node's head is {head.seconds_old(now):.0f} s old: the chain may be some "
            f"levels further, and what was signed there since be above level {level:,}. Wait until "
            "the node has caught up"
        )
    return Judgement()


def _far(level: int, head: int) -> str:
    where = "above" if level > head else "below"
    return f"{abs(level - head):,} levels {where} the head"


def _harm(level: int, head: int) -> str:
    if level > head:
        return "the key signs nothing before the chain gets there"
    return "the fence lets a key catch up by one level a second, and signs nothing before it has"
