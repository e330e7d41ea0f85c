# SPDX-License-Identifier: Apache-2.0
"""The log of an audit, compactly: a million lines in some hundred MB."""

import binascii
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from redoubt_stack.operate.places import Place

RELEASES = ("", "fresh", "stored", "repeated")
DIGEST_SIZE = 32


def compact_id(text: str) -> int | str:
    """As a number, if it is a UUID: what KMS sends."""
    if len(text) == 36:
        try:
            return int(text.replace("-", ""), 16)
        except ValueError:
            pass
    return text


def is_sealed(place: Place) -> bool:
    """Whether the signer itself signs with that key: KMS has no records of it."""
    return place[0].startswith("tz4")


class Entry(NamedTuple):
    """A line of the log: a request that got as far as its signature."""

    request: str  # Lambda's
    end_ms: int
    took_ms: int
    place: Place
    level: int
    round: int
    digest: bytes
    release: str  # one of RELEASES; empty: refused
    request_id: str  # of the answer that counted
    other_ids: list[str]
    calls: int  # sent to KMS
    was_resent: bool  # the commit may have met itself


@dataclass
class Book:
    ids: dict[int | str, int] = field(default_factory=dict)  # its line twice, + 1 if it counted
    names: list[Place] = field(default_factory=list)  # of the places, by number
    places: dict[Place, int] = field(default_factory=dict)
    sealed: set[int] = field(default_factory=set)  # places of keys that KMS never signs with
    requests: "array[int]" = field(default_factory=lambda: array("Q"))
    end_ms: "array[int]" = field(default_factory=lambda: array("q"))
    took_ms: "array[int]" = field(default_factory=lambda: array("I"))
    place: "array[int]" = field(default_factory=lambda: array("H"))
    level: "array[int]" = field(default_factory=lambda: array("I"))
    round: "array[int]" = field(default_factory=lambda: array("I"))
    digests: bytearray = field(default_factory=bytearray)
    release: bytearray = field(default_factory=bytearray)
    was_resent: bytearray = field(default_factory=bytearray)
    has_event: bytearray = field(default_factory=bytearray)  # of the answer that counted
    unread: dict[int, int] = field(default_factory=dict)  # answers that were never read, by line
    copies: list[tuple[int, int | str]] = field(
        default_factory=list
    )  # a line, and an id it took over

    def __len__(self) -> int:
        return len(self.end_ms)

    def add(self, entry: Entry) -> None:
        line = len(self)
        ids = [compact_id(id) for id in entry.other_ids]
        if entry.request_id:
            ids.append(compact_id(entry.request_id))
        taken = [id for id in ids if id in self.ids]
        if taken and self._is_same(self.ids[taken[0]] // 2, entry):
            return  # one line, read twice
        self.requests.append(short_hash(entry.request))
        self.end_ms.append(entry.end_ms)
        self.took_ms.append(entry.took_ms)
        self.place.append(self._number(entry.place))
        self.level.append(entry.level)
        self.round.append(entry.round)
        self.digests += entry.digest
        self.release.append(RELEASES.index(entry.release))
        self.was_resent.append(entry.was_resent)
        self.has_event.append(0)
        if entry.request_id:
            self.ids.setdefault(ids.pop(), 2 * line + 1)
        for id in ids:
            self.ids.setdefault(id, 2 * line)
        unread = entry.calls - len(ids) - bool(entry.request_id)
        if unread > 0:
            self.unread[line] = unread
        for id in taken:
            self.copies.append((line, id))

    def _number(self, place: Place) -> int:
        if place not in self.places:
            self.places[place] = len(self.names)
            self.names.append(place)
            if is_sealed(place):
                self.sealed.add(self.places[place])
        return self.places[place]

    def _is_same(self, line: int, entry: Entry) -> bool:
        return (
            self.end_ms[line] == entry.end_ms
            and self.position(line) == (entry.level, entry.round)
            and self.digest(line) == entry.digest
            and self.places.get(entry.place) == self.place[line]
        )

    def digest(self, line: int) -> bytes:
        return bytes(self.digests[DIGEST_SIZE * line : DIGEST_SIZE * (line + 1)])

    def position(self, line: int) -> tuple[int, int]:
        return self.level[line], self.round[line]

    def by_position(self) -> list[int]:
        """The lines, by place, position and time."""
        return self._sorted(
            ((((self.place[i] << 32 | self.level[i]) << 32 | self.round[i]) << 48) | self.end_ms[i])
            for i in range(len(self))
        )

    def by_time(self) -> list[int]:
        """The lines, by place and time."""
        return self._sorted(self.place[i] << 48 | self.end_ms[i] for i in range(len(self)))

    def _sorted(self, keys: Iterator[int]) -> list[int]:
        order = [key << 32 | i for i, key in enumerate(keys)]
        order.sort()
        for i, key in enumerate(order):
            order[i] = key & 0xFFFFFFFF
        return order


def short_hash(text: str) -> int:
    return hash(text) & 0xFFFFFFFFFFFFFFFF


def digest_of(text: str) -> bytes:
    """Raises ValueError for what is no digest."""
    found = binascii.unhexlify(text)
    if len(found) != DIGEST_SIZE:
        raise ValueError(text)
    return found
