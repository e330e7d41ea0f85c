# SPDX-License-Identifier: Apache-2.0
"""Judges the releases that the log tells of: against KMS's records, and against each other."""

from collections import deque
from itertools import groupby
from typing import Any

from redoubt_stack.operate.audit_book import RELEASES
from redoubt_stack.operate.audit_findings import Findings
from redoubt_stack.operate.audit_log import LogReader
from redoubt_stack.operate.places import members

STORED = RELEASES.index("stored")
# Two environments' clocks differ by less.
CLOCKS_MS = 2000
AGAIN_MS = 60_000  # a baker asks again within seconds
FIRST_MS = 900_000  # of the period: what came before it has no line
STRETCH_MS = 900_000  # what is looked at for gaps


def about(log: LogReader, line: int) -> dict[str, Any]:
    book = log.book
    return {
        **members(book.names[book.place[line]], book.position(line)),
        "release": RELEASES[book.release[line]],
        "digest": book.digest(line).hex(),
    }


def judge(log: LogReader, findings: Findings, judged_to_ms: int, gaps: set[int]) -> None:
    judge_events(log, findings, judged_to_ms, gaps)
    judge_positions(log, findings)
    judge_order(log, findings)


def judge_events(log: LogReader, findings: Findings, judged_to_ms: int, gaps: set[int]) -> None:
    """Whether KMS knows of each. In a gap of the trail nobody can tell."""
    book = log.book
    copies = {line for line, _ in book.copies}
    for line, id in book.copies:
        findings.add(
            "shared_request_id", book.end_ms[line], **about(log, line), request_id=written(id)
        )
    ids: dict[int, str] = {}
    for line in range(len(book)):
        end = book.end_ms[line]
        if (
            book.release[line]
            and book.place[line] not in book.sealed
            and not book.has_event[line]
            and line not in copies
            and log.from_ms <= end <= judged_to_ms
            and end // STRETCH_MS not in gaps
        ):
            ids[line] = ""
    for id, found in book.ids.items() if ids else ():
        if found % 2 and found // 2 in ids:
            ids[found // 2] = written(id)
    for line, id in ids.items():
        findings.add("release_without_event", book.end_ms[line], **about(log, line), request_id=id)


def written(id: int | str) -> str:
    """As AWS writes it."""
    if isinstance(id, str):
        return id
    text = f"{id:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def judge_positions(log: LogReader, findings: Findings) -> None:
    book = log.book
    position = lambda line: (book.place[line], book.level[line], book.round[line])  # noqa: E731
    for _, same in groupby(book.by_position(), position):
        lines = list(same)
        if len(lines) == 1 and book.release[lines[0]] < STORED:
            continue  # almost all
        released = {book.digest(line): line for line in lines if book.release[line]}
        if len(released) > 1:
            last = max(released.values(), key=lambda line: book.end_ms[line])
            told = about(log, last) | {"digests": " ".join(sorted(d.hex() for d in released))}
            findings.add("double_signature", book.end_ms[last], **told)
        _judge_first(log, findings, lines)


def _judge_first(log: LogReader, findings: Findings, lines: list[int]) -> None:
    """What comes out of the row was put there by a request before; or by this one, whose commit was
    sent twice. That request may have been refused in the end, or killed."""
    book = log.book
    known: set[bytes] = set()
    for line in lines:
        digest, end = book.digest(line), book.end_ms[line]
        if (
            book.release[line] >= STORED
            and digest not in known
            and not book.was_resent[line]
            and not any(end - AGAIN_MS <= killed <= end for _, killed in log.killed)
        ):
            is_early = end < max(log.from_ms, log.first_ms) + FIRST_MS
            kind = "before_the_period" if is_early else "first_release_missing"
            findings.add(kind, end, **about(log, line))
        known.add(digest)


def judge_order(log: LogReader, findings: Findings) -> None:
    """Nothing is released to a request that began after something higher was released."""
    book = log.book
    for _, same in groupby(book.by_time(), lambda line: book.place[line]):
        highest = (-1, -1)
        recent: deque[int] = deque()  # perhaps not before the next one began
        for line in same:
            if not book.release[line]:
                continue
            began = book.end_ms[line] - book.took_ms[line] - CLOCKS_MS
            while recent and book.end_ms[recent[0]] < began:
                highest = max(highest, book.position(recent.popleft()))
            if book.position(line) < highest:
                told = about(log, line)
                findings.add("went_back", book.end_ms[line], **told, after=highest[0])
            recent.append(line)
