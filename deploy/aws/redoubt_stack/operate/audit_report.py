# SPDX-License-Identifier: Apache-2.0
"""What an audit says, for people and for scripts."""

import json
from collections import Counter
from typing import Any, NamedTuple

from redoubt_stack.console import say
from redoubt_stack.operate.audit_book import RELEASES
from redoubt_stack.operate.audit_findings import KINDS, Findings, Weight, stamp
from redoubt_stack.operate.audit_log import LogReader
from redoubt_stack.operate.audit_match import Matcher
from redoubt_stack.operate.tables import printable

MOST_SHOWN = 20  # of a kind
WELL, IRREGULAR, INCOMPLETE = "all well", "irregularities", "incomplete"
EXITS = {WELL: 0, IRREGULAR: 1, INCOMPLETE: 3}


class Audit(NamedTuple):
    where: str
    log: LogReader
    matcher: Matcher
    findings: Findings
    judged_to_ms: int

    @property
    def verdict(self) -> str:
        if self.findings.number(Weight.ALARM):
            return IRREGULAR
        return INCOMPLETE if self.findings.number(Weight.GAP) else WELL

    @property
    def releases(self) -> Counter[str]:
        return Counter({name: self.log.book.release.count(i) for i, name in enumerate(RELEASES)})

    @property
    def period(self) -> tuple[int, int]:
        """From when to when; of a log in files that is read whole, what it is of."""
        first = self.log.from_ms or self.log.first_ms
        return first, self.log.to_ms if self.log.from_ms else self.log.last_ms

    def print(self) -> int:
        first, last = self.period
        counts = self.releases
        kinds = ", ".join(f"{counts[name]} {name}" for name in RELEASES[1:])
        number = sum(counts[name] for name in RELEASES[1:])
        say(f"{self.where}, {stamp(first)} to {stamp(last)} UTC")
        say(f"  releases   {number}: {kinds}; {counts['']} refused")
        say(f"  Sign       {self._signatures()}")
        if self.judged_to_ms < last:
            say(f"  judged to  {stamp(self.judged_to_ms)}: CloudTrail may deliver later ones yet")
        for kind, about in KINDS.items():
            if self.findings.counts[kind]:
                self._print_kind(kind, about.weight, about.title, about.do)
        say(self._ending())
        return EXITS[self.verdict]

    def _signatures(self) -> str:
        words = [f"{self.matcher.events} of KMS for these requests"]
        if self.matcher.failed:
            words.append(f"{self.matcher.failed} failed")
        if others := self.matcher.others:
            words.append(f"{sum(others.values())} of {len(others)} other keys, not looked at")
        return ", ".join(words)

    def _print_kind(self, kind: str, weight: Weight, title: str, do: str) -> None:
        found, number = self.findings.of(kind), self.findings.counts[kind]
        say()
        say(f"{weight.upper()}  {kind}: {title}")
        for finding in found[:MOST_SHOWN]:
            say(f"  {printable(finding.words())}" if finding.words() else "  once")
        if number > MOST_SHOWN:
            say(f"  and {number - MOST_SHOWN} more: --json has them")
        say(f"  -> {do}")

    def _ending(self) -> str:
        alarms, gaps = (self.findings.number(weight) for weight in (Weight.ALARM, Weight.GAP))
        if self.verdict == WELL:
            return "all well: each signature was asked for, each release has its event"
        beside = f", and {gaps} things that could not be judged" if gaps else ""
        if self.verdict == IRREGULAR:
            return f"\n{alarms} irregularities{beside}"
        if self.findings.counts["nothing_to_judge"]:
            return "\nnothing was to be judged, so this says nothing"
        return f"\nincomplete: no irregularity in what was read, but {gaps} things were not judged"

    def print_json(self) -> int:
        first, last = self.period
        told: dict[str, Any] = {
            "verdict": self.verdict,
            "where": self.where,
            "from": stamp(first),
            "to": stamp(last),
            "judged_to": stamp(self.judged_to_ms),
            "releases": {name: self.releases[name] for name in RELEASES[1:]},
            "refused": self.releases[""],
            "signatures": self.matcher.events,
            "failed": self.matcher.failed,
            "other_keys": dict(self.matcher.others),
            "counts": dict(self.findings.counts),
            "findings": [
                finding.members() | {"do": KINDS[kind].do}
                for kind in KINDS
                for finding in self.findings.of(kind)
            ],
        }
        say(json.dumps(told, indent=2))
        return EXITS[self.verdict]
