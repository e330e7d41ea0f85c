# SPDX-License-Identifier: Apache-2.0
"""Reads the signer's log for an audit. Its members: docs/protocol.md (The log)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import msgspec

from redoubt_stack.operate.audit_book import (
    RELEASES,
    Book,
    Entry,
    digest_of,
    is_sealed,
    short_hash,
)
from redoubt_stack.operate.places import Place

AROUND_MS = 60_000  # of the period: a line and its event need not be of the same second
MOST_PLACES = 60_000
MOST_CALLS = 255
HIGHEST = 0x7FFFFFFF  # of levels and rounds
LONGEST_ID = 64
LONGEST_MS = 900_000  # of a function of Lambda
# How a line of ours begins; as CloudWatch exports it, after a time.
BEGIN = re.compile(rb'(?:[0-9][0-9T:.Z-]{18,30} )?\{"')
# A process that Lambda ended may have had each of its calls answered by then.
ENDED = ("timeout", "error", "failure")


class Metrics(msgspec.Struct, gc=False):
    durationMs: float = 0


class Record(msgspec.Struct, gc=False):
    """Of platform.report, how a request ended."""

    requestId: str = ""
    status: str = ""
    metrics: Metrics | None = None


class Line(msgspec.Struct, gc=False):
    timestamp: str = ""
    verdict: str = ""
    requestId: str = ""
    ms: float = 0
    pkh: str = ""
    chain: str = ""
    kind: str = ""
    block_level: int = -1
    round: int = -1
    digest: str = ""
    release: str = ""
    kms_request_id: str = ""
    kms_request_ids: list[str] = []  # noqa: RUF012 - msgspec copies it
    sign_attempts: int = 0
    table_calls: int = 0
    upstream_errors: int = 0
    # of Lambda's own lines
    time: str = ""
    type: str = ""
    record: Record | str | None = None


@dataclass
class LogReader:
    """What a log says of the time from `from_ms` to `to_ms`."""

    from_ms: int
    to_ms: int
    book: Book = field(default_factory=Book)
    ended: list[tuple[int, int, int]] = field(default_factory=list)  # request, from, to
    read: int = 0  # lines that are the signer's or Lambda's
    damaged: int = 0
    old: int = 0
    first_ms: int = 0  # of the lines of the period
    last_ms: int = 0
    _decoder: msgspec.json.Decoder[Line] = field(default_factory=lambda: msgspec.json.Decoder(Line))
    _places: set[Place] = field(default_factory=set)

    def add_all(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.add(line)

    def add(self, text: bytes) -> None:
        """A line as it was written, or with a time before it, as CloudWatch exports it."""
        begin = text.find(b"{")
        if begin < 0:
            return  # Lambda's, as text
        try:
            line = self._decoder.decode(text[begin:] if begin else text)
            at = ms_of(line.timestamp or line.time)
        except (ValueError, RecursionError):  # msgspec's, too
            self.damaged += BEGIN.match(text) is not None
            return
        self.read += 1
        if not self.from_ms - AROUND_MS <= at <= self.to_ms + AROUND_MS:
            return
        if line.sign_attempts or line.release:
            self._add_request(line, at)
        elif line.type == "platform.report" and isinstance(line.record, Record):
            self._add_report(line.record, at)

    def _add_request(self, line: Line, at: int) -> None:
        self.first_ms = min(self.first_ms or at, at)
        self.last_ms = max(self.last_ms, at)
        if not line.digest:
            self.old += 1
            return
        try:
            self.book.add(self._entry(line, at))
        except ValueError:
            self.damaged += 1

    def _entry(self, line: Line, at: int) -> Entry:
        """Raises ValueError for what the signer does not write."""
        ids = line.kms_request_ids
        place = (line.pkh, line.chain, line.kind)
        fewest, most = (0, 0) if is_sealed(place) else (1, MOST_CALLS)
        if (
            line.release not in RELEASES
            or (line.verdict == "ok") != bool(line.release)
            or not 0 <= line.block_level <= HIGHEST
            or not 0 <= line.round <= HIGHEST
            or not fewest <= line.sign_attempts <= most
            or not 0 <= line.ms < HIGHEST
            or len(line.kms_request_id) > LONGEST_ID
            or (ids and max(map(len, ids)) > LONGEST_ID)
        ):
            raise ValueError(line)
        if place not in self._places:
            self._add_place(place)
        return Entry(
            request=line.requestId,
            end_ms=at,
            took_ms=int(line.ms) + 1,
            place=place,
            level=line.block_level,
            round=line.round,
            digest=digest_of(line.digest),
            release=line.release,
            request_id=line.kms_request_id,
            other_ids=ids,
            calls=line.sign_attempts,
            was_resent=line.table_calls > 1,
        )

    def _add_place(self, place: Place) -> None:
        if len(self._places) == MOST_PLACES:
            raise ValueError("more keys than a signer has")
        self._places.add(place)

    def _add_report(self, record: Record, at: int) -> None:
        if record.status in ENDED:
            took = record.metrics.durationMs if record.metrics else 0
            began = at - int(min(max(took, 0), LONGEST_MS))
            self.ended.append((short_hash(record.requestId), began, at))

    @cached_property
    def killed(self) -> list[tuple[int, int]]:
        """From when to when, once all is read: those that wrote no line."""
        wrote = {id for id, _, _ in self.ended}.intersection(self.book.requests)
        return [(began, end) for id, began, end in self.ended if id not in wrote]


_last = ("", 0)


def ms_of(text: str) -> int:
    """Of a time in UTC, in milliseconds since 1970. Many lines are of one second."""
    global _last  # noqa: PLW0603 - a cache of one
    if len(text) < 20 or text[19] not in ".Z" or text[-1] != "Z":
        raise ValueError(text)
    second, ms = text[:19], text[20:-1][:3]
    if second != _last[0]:
        _last = (second, int(datetime.fromisoformat(second + "Z").timestamp()) * 1000)
    return _last[1] + (int(ms.ljust(3, "0")) if ms else 0)
