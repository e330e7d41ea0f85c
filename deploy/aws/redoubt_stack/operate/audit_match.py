# SPDX-License-Identifier: Apache-2.0
"""Compares KMS's own records with what the signer wrote down."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from redoubt_stack.operate import audit_positions
from redoubt_stack.operate.audit_book import compact_id
from redoubt_stack.operate.audit_findings import Findings, stamp
from redoubt_stack.operate.audit_log import AROUND_MS, LogReader, ms_of
from redoubt_stack.operate.audit_positions import STRETCH_MS, about
from redoubt_stack.operate.audit_spans import Event, Span, explained, joined
from redoubt_stack.operate.audit_trail import (
    CHANGES,
    CLOUDTRAIL,
    KMS,
    BadRecords,
    Record,
    short,
)

# CloudTrail's times are whole seconds, by another clock; and a call that was given up may be
# carried out a moment later.
CLOCKS_MS = 3000
MOST_KEPT = 200_000  # events without a line; the others are counted
MOST_COUNTED = 10_000  # sorts of these, and changes
LONGEST_KEY = 400  # whoever asks may name a key as he likes; no ARN is that long
CALLS_OF_A_REQUEST = 12
MANY = 10  # in a stretch, so that nothing beside them is no accident
ASKED = {"tz1": ("ED25519_SHA_512", "RAW")}
ASKED_ELSE = ("ECDSA_SHA_256", "DIGEST")


@dataclass
class Matcher:
    log: LogReader
    keys: set[str]  # of this signer, as far as they are given
    role: str  # of the signer, if it is given
    findings: Findings
    events: int = 0  # Sign events of the signer's requests
    others: Counter[str] = field(default_factory=Counter)  # Sign events of other keys, by key
    failed: int = 0  # of the signer's own
    judged: int = 0  # releases and Sign events, once all is judged
    _held: list[Event] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)  # ids of what is held, or told
    _roles: Counter[str] = field(default_factory=Counter)
    _role_of: dict[str, tuple[int, Event]] = field(default_factory=dict)
    _key_of: dict[int, str] = field(default_factory=dict)  # by place
    _uncounted: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # beyond MOST_KEPT
    _left_out: int = 0  # beyond MOST_COUNTED
    _stretches: set[int] = field(default_factory=set)  # of the period, that the trail has
    _changes: list[Record] = field(default_factory=list)

    def add_all(self, records: list[Record]) -> None:
        for record in records:
            try:
                at = ms_of(record.eventTime)
            except ValueError as error:
                raise BadRecords(f"a record's time is {record.eventTime[:30]!r}") from error
            # A line and its event need not lie on one side of the period's border.
            if not self.log.from_ms - AROUND_MS < at <= self.log.to_ms + AROUND_MS:
                continue
            self._stretches.add(at // STRETCH_MS)
            is_within = self.log.from_ms - 1000 < at <= self.log.to_ms
            if record.eventSource == KMS and record.eventName == "Sign":
                self._add_sign(record, at, is_within)
            elif is_within and record.eventName in CHANGES.get(record.eventSource, ()):
                self._add_change(record)

    def _add_change(self, record: Record) -> None:
        if record.eventID in self._seen:
            return
        if len(self._changes) == MOST_COUNTED:
            self._left_out += 1
            return
        self._seen.add(record.eventID)
        self._changes.append(record)

    def _add_sign(self, record: Record, at: int, is_within: bool) -> None:
        found = self.log.book.ids.get(compact_id(record.requestID or ""))
        if found is None:
            if is_within:
                self._hold(_event(record, at))
        elif record.errorCode is None:
            self._add_asked(record, at, found)
        else:
            self.failed += 1

    def _hold(self, event: Event) -> None:
        if event.id in self._seen:
            return  # delivered twice
        if len(self._held) == MOST_KEPT:
            self._count(event)
            return
        self._seen.add(event.id)
        self._held.append(event)

    def _count(self, event: Event) -> None:
        sort = (event.key, event.role, event.error)
        if sort in self._uncounted or len(self._uncounted) < MOST_COUNTED:
            self._uncounted[sort] += 1
        else:
            self._left_out += 1

    def _add_asked(self, record: Record, at: int, found: int) -> None:
        book, line = self.log.book, found // 2
        if found % 2:
            if book.has_event[line]:
                return  # delivered twice
            book.has_event[line] = 1
        elif record.eventID in self._seen:
            return
        else:
            self._seen.add(record.eventID)
        self.events += 1
        self._roles[record.who.role] += 1
        if record.who.role not in self._role_of:
            self._role_of[record.who.role] = (line, _event(record, at))
        key = record.key
        if self._key_of.setdefault(book.place[line], key) != key:
            self.findings.add("other_key", at, **about(self.log, line), key_arn=key)
        self._judge_algorithm(record, at, line)

    def _judge_algorithm(self, record: Record, at: int, line: int) -> None:
        asked = record.parameters
        pkh = self.log.book.names[self.log.book.place[line]][0]
        if (asked.signingAlgorithm, asked.messageType) != ASKED.get(pkh[:3], ASKED_ELSE):
            self.findings.add(
                "wrong_algorithm",
                at,
                **about(self.log, line),
                algorithm=asked.signingAlgorithm,
                message_type=asked.messageType,
            )

    def finish(self, judged_to_ms: int) -> None:
        """`judged_to_ms`: until then the trail has what it will ever have."""
        own = {short(key) for key in (*self.keys, *self._key_of.values())}
        book = self.log.book
        if not own and (len(book.names) > len(book.sealed) or (self._held and not len(book))):
            self.findings.add("key_unknown")
        self._judge_roles()
        self._judge_changes(own)
        released = self._released(judged_to_ms, is_sealed=False)
        sealed = self._released(judged_to_ms, is_sealed=True)
        gaps = self._gaps(released)
        self._judge_held(own)
        audit_positions.judge(self.log, self.findings, judged_to_ms, gaps)
        if judged_to_ms > self.log.from_ms:
            self.judged = released.total() + sealed.total() + self.events

    def _judge_roles(self) -> None:
        """Each that asked for a line's signature, other than the one that asked most."""
        for role, number in self._roles.most_common()[1:]:  # who asked for some of them
            line, event = self._role_of[role]
            self.findings.add(
                "other_role", event.ms, **about(self.log, line), principal=event.who, events=number
            )

    def _judge_changes(self, own: set[str]) -> None:
        for record in self._changes:
            is_trail = record.eventSource == CLOUDTRAIL
            if not is_trail and short(record.key) not in own:
                continue
            self.findings.add(
                "trail_changed" if is_trail else "key_changed",
                ms_of(record.eventTime),
                event=record.eventName,
                principal=record.who.name,
                source_ip=record.sourceIPAddress,
                failed=record.errorCode,
                key_arn="" if is_trail else record.key,
            )

    def _released(self, judged_to_ms: int, *, is_sealed: bool) -> Counter[int]:
        """How many signatures of such keys in each stretch, as far as the trail is there."""
        book = self.log.book
        return Counter(
            end // STRETCH_MS
            for end, release, place in zip(book.end_ms, book.release, book.place, strict=True)
            if release
            and (place in book.sealed) == is_sealed
            and self.log.from_ms <= end <= judged_to_ms
        )

    def _gaps(self, released: Counter[int]) -> set[int]:
        """The stretches in which the trail has nothing."""
        gaps = {
            stretch
            for stretch, number in released.items()
            if number >= MANY and stretch not in self._stretches
        }
        self._add_gaps("trail_gap", gaps, "releases", released)
        return gaps

    def _add_gaps(self, kind: str, gaps: set[int], what: str, number: Counter[int]) -> None:
        """`number`: of what the other side has, in each stretch."""
        for first, last in joined(gaps):
            told = {what: sum(number[stretch] for stretch in range(first, last + 1))}
            end = stamp((last + 1) * STRETCH_MS)
            self.findings.add(kind, first * STRETCH_MS, to=end, **told)

    def _judge_held(self, own: set[str]) -> None:
        roles = {*self._roles, *([self.role] if self.role else [])}
        asked_for: list[Event] = []  # by the signer's role, perhaps by the signer
        for event in sorted(self._held):
            if short(event.key) not in own:
                self.others[event.key] += 1
            elif roles and event.role not in roles:
                self.findings.add(_kind(False, event.error), event.ms, **_told(event))
            elif event.error:
                self.failed += 1
            else:
                asked_for.append(event)
        unread = explained(asked_for, self._unread_spans())
        killed = explained(unread.others, self._killed_spans())
        self._judge_uncounted(own, roles)
        if self._left_out:
            why = f"{self._left_out} events: more of strangers than can be told apart"
            self.findings.add("unreadable", file="the trail", why=why)
        self._note("unread_answer", unread.found)
        self._note("killed", killed.found)
        self._judge_unasked(killed.others)

    def _judge_uncounted(self, own: set[str], roles: set[str]) -> None:
        for (key, role, error), number in self._uncounted.items():
            if short(key) not in own:
                self.others[key] += number
            elif role in roles and error:
                self.failed += number
            else:
                self.findings.counts[_kind(role in roles, error)] += number

    def _note(self, kind: str, events: list[Event]) -> None:
        self.events += len(events)
        if events:
            self.findings.add(kind, events[0].ms, signatures=len(events))

    def _unread_spans(self) -> list[Span]:
        book = self.log.book
        return [
            Span(
                book.end_ms[line] - book.took_ms[line] - CLOCKS_MS,
                book.end_ms[line] + CLOCKS_MS,
                number,
                short(self._key_of.get(book.place[line], "")),
            )
            for line, number in book.unread.items()
        ]

    def _killed_spans(self) -> list[Span]:
        return [
            Span(start - CLOCKS_MS, end + CLOCKS_MS, CALLS_OF_A_REQUEST, "")
            for start, end in self.log.killed
        ]

    def _judge_unasked(self, events: list[Event]) -> None:
        """Many in a stretch of which the log has no line: the log is missing, not the lines."""
        logged = {end // STRETCH_MS for end in self.log.book.end_ms}
        number = Counter(event.ms // STRETCH_MS for event in events)
        gaps = {s for s in number if number[s] >= MANY and s not in logged}
        self._add_gaps("log_gap", gaps, "signatures", number)
        for event in events:
            if event.ms // STRETCH_MS not in gaps:
                self.findings.add("unasked_signature", event.ms, **_told(event))


def _kind(is_the_signer: bool, error: str) -> str:
    if is_the_signer:
        return "unasked_signature"
    return "foreign_attempt" if error else "foreign_signature"


def _event(record: Record, at: int) -> Event:
    return Event(
        at,
        record.eventID or f"{record.requestID} {at}",
        record.requestID or "",
        record.key[:LONGEST_KEY],
        record.who.name,
        record.who.role,
        record.sourceIPAddress,
        record.errorCode or "",
    )


def _told(event: Event) -> dict[str, Any]:
    return {
        "principal": event.who,
        "source_ip": event.source,
        "request_id": event.request_id,
        "event_id": event.id,
        "key_arn": event.key,
        "error": event.error,
    }
