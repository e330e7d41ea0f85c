# SPDX-License-Identifier: Apache-2.0
"""Compares what KMS signed, as CloudTrail tells it, with what the signer's log says it released:
names each signature that the signer did not ask for, and each release without a signature of KMS.
Changes nothing. docs/operations.md (Auditing)."""

import sys
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from redoubt_stack.console import BadUsage
from redoubt_stack.operate import options
from redoubt_stack.operate.follow import now_ms
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import Target, Unreachable

if TYPE_CHECKING:
    from redoubt_stack.operate.audit_match import Matcher
    from redoubt_stack.operate.audit_report import Audit

EXAMPLES = """
audit
audit --from 2026-11-28 --to 2026-11-29 --trail s3://my-trail
audit --trail CloudTrail/ --log exported-log/ --json
"""
EXITS = """ends with:
  0  done, and all is well
  1  irregularities: each is named, with what to do
  2  wrong usage: nothing was read
  3  no irregularity, but not all could be read or judged, or there was nothing to judge"""
DAY_MS = 86_400_000
# As a rule, CloudTrail has delivered an event by then.
DELIVERED_MS = 900_000


def main(given: list[str]) -> int:
    parser = options.parser("audit", __doc__ or "", EXAMPLES, EXITS)
    add = parser.add_argument
    add("--from", dest="since", type=time, metavar="TIME", help="in UTC (a day before --to)")
    add("--to", dest="until", type=time, metavar="TIME", help="in UTC (now)")
    add(
        "--trail",
        nargs="+",
        default=[],
        metavar="WHERE",
        help="CloudTrail's files, folders of them, or s3://BUCKET/PREFIX (LookupEvents)",
    )
    add("--log", nargs="+", default=[], metavar="FILE", help="the signer's log (its log group)")
    add(
        "--key",
        action="append",
        default=[],
        metavar="ARN",
        help="each of the signer's (as it says)",
    )
    options.add_json(parser)
    told = parser.parse_args(given)
    audit = _read(told)
    return audit.print_json() if told.json else audit.print()


def _read(told: Namespace) -> "Audit":
    """Whoever may not read has found no irregularity."""
    try:
        return run(told)
    except Exception as error:
        if "botocore" not in sys.modules:
            raise
        from redoubt_stack import advice

        raise Unreachable(advice.told_by_aws(error)) from error


def time(text: str) -> int:
    """In milliseconds since 1970; for argparse."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text}: give 2026-11-28 or 2026-11-28T14:30") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


def period(told: Namespace, now: int) -> tuple[int, int]:
    """Files are read whole, unless a period is given."""
    until = min(told.until or now, now)
    if told.since is None:
        since = 0 if told.log and told.until is None else until - DAY_MS
    else:
        since = told.since
    if since >= until:
        raise BadUsage("--from is not before --to, or lies ahead")
    return since, until


class Source:
    """Where the trail and the log are, and whose they are."""

    def __init__(self, told: Namespace) -> None:
        self._trail = told.trail
        self._buckets = [where for where in told.trail if where.startswith("s3://")]
        self._has_all = bool(told.trail and told.log)
        is_asked = not self._has_all or self._buckets
        self.target: Target | None = choose(told) if is_asked else None
        if self._buckets and self.target and self.target.is_local:
            raise BadUsage("--trail s3://...: the local host has no bucket")
        self.is_local = self.target is not None and self.target.is_local
        self.where = self.target.where if self.target else "files"
        self.keys, self.role = set(told.key), ""
        if self.target and not self._has_all and not told.key:
            self.keys, self.role = self.target.signer

    def read_trail(self, matcher: "Matcher") -> None:
        from redoubt_stack.operate import audit_sources

        for url in self._buckets:
            audit_sources.read_trail_bucket(self.target, url, matcher)
        files = [where for where in self._trail if where not in self._buckets]
        if files:
            audit_sources.read_trail_files(files, matcher)
        if not self._trail:
            audit_sources.read_key_events(self.target, matcher)


def run(told: Namespace) -> "Audit":
    # What takes long to read in is read in for this command only.
    from redoubt_stack.operate import audit_sources
    from redoubt_stack.operate.audit_findings import Findings, Weight
    from redoubt_stack.operate.audit_log import LogReader
    from redoubt_stack.operate.audit_match import Matcher
    from redoubt_stack.operate.audit_report import Audit

    now = now_ms()
    since, until = period(told, now)
    source = Source(told)
    findings, log = Findings(), LogReader(since, until)
    if told.log:
        audit_sources.read_log_files(told.log, log, findings)
    else:
        audit_sources.read_log_of(source.target, log, findings)
    matcher = Matcher(log, source.keys, source.role, findings)
    if log.old:
        findings.add("old_lines", lines=log.old)
    source.read_trail(matcher)
    judged_to = min(until, now if source.is_local else now - DELIVERED_MS)
    matcher.finish(judged_to)
    if not matcher.judged and not any(map(findings.number, (Weight.ALARM, Weight.GAP))):
        findings.add("nothing_to_judge")
    return Audit(source.where, log, matcher, findings, judged_to)
