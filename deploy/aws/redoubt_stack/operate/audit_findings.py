# SPDX-License-Identifier: Apache-2.0
"""What an audit can find, and what to do about each. docs/operations.md (Auditing) has the why."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

MOST_KEPT = 1000  # of a kind; the others are counted


class Weight(StrEnum):
    ALARM = "alarm"  # an irregularity
    GAP = "gap"  # something could not be judged
    NOTE = "note"  # nothing to do


class Kind(NamedTuple):
    weight: Weight
    title: str
    do: str


STOLEN = "stop the signer, and go through docs/operations.md (Foreign signatures)"
KINDS = {
    "double_signature": Kind(
        Weight.ALARM,
        "TWO DIGESTS WERE RELEASED AT ONE POSITION: this can be slashed",
        "stop the signer now, and go through docs/runbooks/double-signed.md",
    ),
    "foreign_signature": Kind(Weight.ALARM, "signed by somebody else than the signer", STOLEN),
    "unasked_signature": Kind(
        Weight.ALARM,
        "signed, and no line of the log asked for it",
        f"was the log cut? Else the role's credentials are out: {STOLEN}",
    ),
    "foreign_attempt": Kind(
        Weight.ALARM,
        "somebody else tried to sign, and was refused",
        "find out who that is; `deploy/redoubt verify` says whether the key's policy still holds",
    ),
    "release_without_event": Kind(
        Weight.ALARM,
        "released without a Sign event of KMS",
        "does the trail leave KMS out, or was it stopped? Else the log was written to by another "
        "hand, or the function asks another KMS: `deploy/redoubt verify`",
    ),
    "first_release_missing": Kind(
        Weight.ALARM,
        "released again, and the log does not have the first time",
        "audit the time before, too. Not there either: a line was lost, or another function "
        "writes into this table",
    ),
    "went_back": Kind(
        Weight.ALARM,
        "released below a position that was released before",
        "stop the signer, the row was lowered: docs/runbooks/double-signed.md",
    ),
    "shared_request_id": Kind(
        Weight.ALARM,
        "one answer of KMS stands in two lines",
        "a line was copied or forged: who may write to the log group?",
    ),
    "wrong_algorithm": Kind(
        Weight.ALARM,
        "signed by another algorithm or message type than the signer asks for",
        "what was signed was not what was logged: `deploy/redoubt verify` compares the code",
    ),
    "other_key": Kind(
        Weight.ALARM,
        "the answer of KMS is of another key than this address's others",
        "`deploy/redoubt verify`: were KMS_KEY_ID and PUBLIC_KEYS changed?",
    ),
    "other_role": Kind(
        Weight.ALARM,
        "the signer's request was made by another principal than its others",
        "was its role exchanged on purpose? `deploy/redoubt verify`",
    ),
    "key_changed": Kind(
        Weight.ALARM,
        "the key, its policy or its grants were changed",
        "was this you? Else stop the signer; `deploy/redoubt verify` says what differs",
    ),
    "trail_changed": Kind(
        Weight.ALARM,
        "CloudTrail was changed",
        "was this you? What happened while it was off is in no trail",
    ),
    "trail_gap": Kind(
        Weight.GAP,
        "the trail has nothing, while the log has releases",
        "give the files of this time, too; does the trail record KMS's events?",
    ),
    "log_gap": Kind(
        Weight.ALARM,
        "signed many times, and the log has nothing at all of this time",
        f"give the log of this time, too. There is none? Then who asked is not known: {STOLEN}",
    ),
    "old_lines": Kind(
        Weight.GAP,
        "lines of a signer that did not name digest and KMS's answer yet",
        "audit from its update on",
    ),
    "key_unknown": Kind(
        Weight.GAP,
        "no release and no --key says which key of KMS is this signer's",
        "give --key ARN, once for each of its keys",
    ),
    "unreadable": Kind(Weight.GAP, "not read", "get it again, whole and as AWS gives it"),
    "nothing_to_judge": Kind(
        Weight.GAP,
        "no release and no signature that could be judged",
        "are period, stack and Region right? Of the last quarter of an hour nothing is judged yet",
    ),
    "unread_answer": Kind(
        Weight.NOTE,
        "signatures of calls whose answer the signer never read (slow, hedged, cut off)",
        "nothing",
    ),
    "killed": Kind(
        Weight.NOTE,
        "signatures of a process that Lambda ended before it wrote its line",
        "nothing, if seldom; else docs/operations.md (No vote)",
    ),
    "before_the_period": Kind(
        Weight.NOTE,
        "released again shortly after the period began: the first time is before it",
        "nothing",
    ),
}


def stamp(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Finding:
    kind: str
    ms: int
    about: dict[str, Any] = field(default_factory=dict)  # what is known of it, by its name

    def words(self) -> str:
        known = [f"{name} {value}" for name, value in self.about.items() if value not in ("", None)]
        return ", ".join([stamp(self.ms), *known] if self.ms else known)

    def members(self) -> dict[str, Any]:
        at = stamp(self.ms) if self.ms else None
        return {"finding": self.kind, "weight": KINDS[self.kind].weight, "at": at, **self.about}


@dataclass
class Findings:
    all: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, ms: int = 0, /, **about: Any) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= MOST_KEPT:
            self.all.append(Finding(kind, ms, about))

    def number(self, weight: Weight) -> int:
        return sum(n for kind, n in self.counts.items() if KINDS[kind].weight is weight)

    def of(self, kind: str) -> list[Finding]:
        return sorted((f for f in self.all if f.kind == kind), key=lambda found: found.ms)
