# SPDX-License-Identifier: Apache-2.0
"""Which signatures can be those that the signer made and could write down no more."""

import heapq
from collections import defaultdict
from typing import NamedTuple

from redoubt_stack.operate.audit_trail import short


class Event(NamedTuple):
    """A Sign that no line names."""

    ms: int
    id: str
    request_id: str
    key: str
    who: str
    role: str
    source: str
    error: str


class Span(NamedTuple):
    """A time in which so many signatures may have been made that no line names."""

    start: int
    end: int
    number: int
    key: str  # empty: of any


class Explained(NamedTuple):
    found: list[Event]
    others: list[Event]


def explained(events: list[Event], spans: list[Span]) -> Explained:
    """Each event, in the order of time, uses up the span that ends first: no other choice explains
    more of them."""
    by_key: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_key[short(event.key)].append(event)
    result = Explained([], [])
    for key, mine in by_key.items():
        waiting = sorted(span for span in spans if span.key in ("", key))
        waiting.reverse()
        open_spans: list[list[int]] = []  # end, number left
        for event in mine:
            while waiting and waiting[-1].start <= event.ms:
                span = waiting.pop()
                heapq.heappush(open_spans, [span.end, span.number])
            while open_spans and (open_spans[0][0] < event.ms or not open_spans[0][1]):
                heapq.heappop(open_spans)
            if open_spans:
                open_spans[0][1] -= 1
            (result.found if open_spans else result.others).append(event)
    return result


def joined(stretches: set[int]) -> list[tuple[int, int]]:
    """First and last of each row of neighbours."""
    rows: list[tuple[int, int]] = []
    for stretch in sorted(stretches):
        if rows and rows[-1][1] == stretch - 1:
            rows[-1] = (rows[-1][0], stretch)
        else:
            rows.append((stretch, stretch))
    return rows
