# SPDX-License-Identifier: Apache-2.0
"""What came of duties, for who looks on: a line a slot, and at the end a table."""

from collections import Counter
from collections.abc import Iterator, Sequence

from redoubt_stack import console
from redoubt_stack.console import say
from redoubt_stack.ethereum.asking import Outcome
from redoubt_stack.ethereum.known_networks import Network
from redoubt_stack.percentile import percentile

GROUPS = {
    "block": ("RANDAO_REVEAL", "BLOCK_V2"),
    "attestations": ("ATTESTATION",),
    "aggregates": ("AGGREGATE_AND_PROOF_V2",),
    "sync committee": ("SYNC_COMMITTEE_MESSAGE", "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF"),
    "selection proofs": ("AGGREGATION_SLOT", "SYNC_COMMITTEE_SELECTION_PROOF"),
}
WIDTH = 18  # of a group, in a line
HEADINGS = ("type", "asked for", "missed", "p50 ms", "p90 ms", "p99 ms", "max ms")
MOST_REASONS = 3  # that one line, or the table, tells


def heading() -> str:
    return f"{'slot':>9} {'epoch':>8}  " + "".join(f"{name:>{WIDTH}}" for name in GROUPS)


def line(network: Network, slot: int, outcomes: Sequence[Outcome]) -> str:
    """How many of each were signed, and after how long the last of them."""
    cells = [_cell([o for o in outcomes if o.duty.type in types]) for types in GROUPS.values()]
    told = "".join(f"{cell:>{WIDTH}}" for cell in cells)
    return "\n".join([f"{slot:>9} {network.epoch_of(slot):>8}  {told}", *_reasons(outcomes)])


def _cell(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return "-"
    signed = [o for o in outcomes if not o.is_missed]
    count = str(len(signed))
    if len(signed) < len(outcomes):
        count += f" of {len(outcomes)}"
    return f"{count} in {max(o.ms for o in signed):.1f} ms" if signed else count


def _reasons(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Why duties were missed, the usual first."""
    reasons = Counter(
        f"{o.duty.type}: {o.refusal or 'signed after its slot'}" for o in outcomes if o.is_missed
    )
    for reason, count in reasons.most_common(MOST_REASONS):
        yield f"    MISSED {count}: {reason}"
    if len(reasons) > MOST_REASONS:
        yield f"    MISSED, for {len(reasons) - MOST_REASONS} other reasons, more"


def start(outcomes: Sequence[Outcome]) -> str:
    """What no slot waits for."""
    count = f"{len(outcomes) - missed(outcomes)} of {len(outcomes)}"
    told = f"at its start: {count} registrations and selection proofs signed"
    return "\n".join([told, *_reasons(outcomes)])


def total(outcomes: Sequence[Outcome]) -> str:
    return f"{len(outcomes)} duties, {missed(outcomes) or 'none'} missed"


def missed(outcomes: Sequence[Outcome]) -> int:
    return sum(o.is_missed for o in outcomes)


def show(outcomes: Sequence[Outcome]) -> None:
    types = list(dict.fromkeys(o.duty.type for o in outcomes))
    rows = [_row(type, [o for o in outcomes if o.duty.type == type]) for type in types]
    if len(types) > 1:
        rows.append(_row("all", outcomes))
    say("from when a duty was due to its signature")
    console.table([(f"  {name}", *others) for name, *others in [HEADINGS, *rows]])
    for reason in _reasons(outcomes):
        say(reason)


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    taken = sorted(o.ms for o in outcomes if o.signature)
    shares = [percentile(taken, share) for share in (0.5, 0.9, 0.99, 1)]
    times = ["-" if value is None else f"{value:.1f}" for value in shares]
    return (name, str(len(outcomes)), str(missed(outcomes)), *times)
