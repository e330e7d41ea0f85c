# SPDX-License-Identifier: Apache-2.0
"""Judges what left a host by what was sent to it and by the rows.

It shares nothing with the product, reads the bytes that went over the wire, and knows times only
as a baker does: a request begins before it is sent, its answer is there once it was read. So it
may miss a wrong by a moment, and accuses nobody falsely.
"""

import itertools
import json
import re
import struct
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from support import base58
from support.keys import PublicKey, blake2b
from support.octez import OctezClient, Reply
from support.payloads import MAX_INT32

Slot = tuple[int, int]  # level, round
Scope = tuple[str, str]  # address, `<chain id>/<kind>`: what a row is named by

MAGIC = {0x11: "block", 0x12: "preattestation", 0x13: "attestation"}

# What a good consensus request may be answered with. Lambda's own 502 has no code.
CONTRACT = {
    200: {""},
    409: {"not_armed", "below_watermark", "already_signed", "handed_over", "too_far_ahead"},
    502: {"", "kms_unavailable", "table_unavailable", "credentials_expired", "deadline"}
    | {"wrap_unavailable"},
    500: {"kms_refused", "table_refused", "damaged_row", "bad_signature"}
    | {"wrap_refused", "damaged_key"},
}

SHOWN = ("pkh", "scope", "lvl", "rnd", "digest", "sig", "pace", "at")
SIGNATURE = re.compile(r"(?:edsig|spsig1|p2sig|sig)[1-9A-HJ-NP-Za-km-z]{80,}")


def read_slot(payload: bytes) -> Slot:
    """Level and round as the protocol's encodings place them."""
    if MAGIC[payload[0]] != "block":
        level, round = struct.unpack_from(">ii", payload, 40)
        return level, round
    (level,) = struct.unpack_from(">i", payload, 5)
    (fitness,) = struct.unpack_from(">I", payload, 83)
    (round,) = struct.unpack_from(">i", payload, 87 + fitness - 4)
    return level, round


@dataclass(eq=False)
class Asked:
    """A request, and what became of it."""

    key: PublicKey
    payload: bytes
    begun: float
    ended: float = float("inf")
    reply: Reply | None = None

    def __post_init__(self) -> None:
        chain = base58.encode("Net", self.payload[1:5])
        self.scope: Scope = (self.key.address, f"{chain}/{MAGIC[self.payload[0]]}")
        self.slot = read_slot(self.payload)
        self.digest = blake2b(self.payload).hex()

    def __str__(self) -> str:
        answer = "" if self.reply is None else f": {self.reply.status} {self.reply.code}"
        what = f"{self.scope[0]} {self.scope[1]} {self.slot} {self.digest[:8]}"
        return f"{what} [{self.begun:.4f}, {self.ended:.4f}]{answer}"


@dataclass(eq=False)
class Lift:
    """A chain's rows, created or lifted to a slot by the operator."""

    chain: str
    slot: Slot
    creates: bool
    begun: float
    done: float = float("inf")


@dataclass(frozen=True)
class Snapshot:
    begun: float
    ended: float
    rows: dict[Scope, dict[str, Any]]


def shown(row: dict[str, Any]) -> str:
    return " ".join(str(row.get(name)) for name in SHOWN)


def slot_of(row: dict[str, Any]) -> Slot:
    return row["lvl"], row["rnd"]


def is_block(scope: Scope) -> bool:
    return scope[1].endswith("/block")


class Highest:
    """Of slots that came at certain times: the highest that had come before a moment."""

    def __init__(self, events: Iterable[tuple[float, Slot]]) -> None:
        ordered = sorted(events)
        self._times = [when for when, _ in ordered]
        self._slots = list(itertools.accumulate((slot for _, slot in ordered), max))

    def before(self, moment: float) -> Slot:
        count = bisect_left(self._times, moment)
        return self._slots[count - 1] if count else (-1, -1)


@dataclass
class Oracle:
    """Collects a history, from any thread; `violations` judges it once nothing is under way."""

    keys: list[PublicKey]
    fence: int  # above this level nothing may ever be signed; below, time allows everything
    clock: Callable[[], float] = time.monotonic
    asked: list[Asked] = field(default_factory=list)
    lifts: list[Lift] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)

    # The history

    def asks(self, address: str, payload: bytes) -> Asked:
        key = next(key for key in self.keys if key.address == address)
        request = Asked(key, payload, self.clock())
        self.asked.append(request)
        return request

    def hears(self, request: Asked, reply: Reply) -> None:
        request.ended = self.clock()
        request.reply = reply

    def arms(self, chain: str, level: int) -> Lift:
        return self._lifts(chain, (level, MAX_INT32), creates=True)

    def raises(self, chain: str, level: int, round: int = MAX_INT32) -> Lift:
        return self._lifts(chain, (level, round), creates=False)

    def _lifts(self, chain: str, slot: Slot, *, creates: bool) -> Lift:
        lift = Lift(chain, slot, creates, self.clock())
        self.lifts.append(lift)
        return lift

    def has_lifted(self, lift: Lift) -> None:
        lift.done = self.clock()

    def looks(self, read_rows: Callable[[], list[dict[str, Any]]]) -> None:
        begun = self.clock()
        rows = read_rows()
        ended = self.clock()
        seen = self.snapshots[-1].rows if self.snapshots else {}
        named = {}
        for row in rows:
            scope = (row["pkh"], row["scope"])
            plain = {name: row[name] for name in SHOWN if name in row}
            named[scope] = seen[scope] if seen.get(scope) == plain else plain  # of equal ones, one
        self.snapshots.append(Snapshot(begun, ended, named))

    # What it amounts to

    @property
    def released(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.reply and asked.reply.status == 200]

    def tally(self) -> Counter[tuple[int, str]]:
        return Counter((a.reply.status, a.reply.code) for a in self.asked if a.reply)

    def violations(self) -> list[str]:
        return [violation for rule in RULES for violation in rule(self)]

    # The rules

    def _contract(self) -> Iterator[str]:
        """Statuses and codes, and the code in the body once more."""
        for asked in self.asked:
            reply = asked.reply
            if reply is None:
                yield f"never answered: {asked}"
            elif reply.code not in CONTRACT.get(reply.status, ()):
                yield f"not in the contract: {asked} {reply.text}"
            elif reply.status != 200 and SIGNATURE.search(f"{reply.text} {reply.headers}"):
                yield f"a refusal with a signature in it: {asked}"
            elif reply.code and not reply.json()[0]["msg"].startswith(f"{reply.code}: "):
                yield f"body and header differ: {asked} {reply.text}"

    def _signatures(self) -> Iterator[str]:
        for asked in self.released:
            if not self._verifies(asked, asked.reply.signature if asked.reply else ""):
                yield f"does not verify: {asked}"

    @staticmethod
    def _verifies(asked: Asked, signature: str) -> bool:
        try:
            return asked.key.verifies(signature, asked.payload)
        except (AssertionError, ValueError):
            return False  # no base58, or of another curve

    def _one_digest(self) -> Iterator[str]:
        first: dict[tuple[Scope, Slot], Asked] = {}
        for asked in self.released:
            known = first.setdefault((asked.scope, asked.slot), asked)
            if known.digest != asked.digest:
                yield f"two digests: {known} and {asked}"

    def _one_signature(self) -> Iterator[str]:
        first: dict[tuple[Scope, str], Asked] = {}
        for asked in self.released:
            if not is_block(asked.scope):
                continue
            known = first.setdefault((asked.scope, asked.digest), asked)
            if known.reply and asked.reply and known.reply.signature != asked.reply.signature:
                yield f"two signatures of one block: {known} and {asked}"

    def _lifts_of(self, scope: Scope) -> list[Lift]:
        return [lift for lift in self.lifts if scope[1].startswith(lift.chain + "/")]

    def _by_scope(self, requests: Iterable[Asked]) -> dict[Scope, list[Asked]]:
        found: dict[Scope, list[Asked]] = defaultdict(list)
        for asked in requests:
            found[asked.scope].append(asked)
        return found

    def _upwards(self) -> Iterator[str]:
        """Nothing for a request that began after a higher slot was out, or was raised above it."""
        for scope, released in self._by_scope(self.released).items():
            out = [(asked.ended, asked.slot) for asked in released]
            lifted = [(lift.done, lift.slot) for lift in self._lifts_of(scope)]
            highest = Highest(out + lifted)
            for asked in released:
                if highest.before(asked.begun) > asked.slot:
                    yield f"released after {highest.before(asked.begun)}: {asked}"

    def _below_watermark(self) -> Iterator[str]:
        """Such a refusal has something higher that was there before it was answered."""
        for scope, requests in self._by_scope(self.asked).items():
            possible = [(a.begun, a.slot) for a in requests if a.slot[0] <= self.fence]
            lifted = [(lift.begun, lift.slot) for lift in self._lifts_of(scope)]
            highest = Highest(possible + lifted)
            for asked in requests:
                refused = asked.reply is not None and asked.reply.code == "below_watermark"
                if refused and highest.before(asked.ended) <= asked.slot:
                    yield f"nothing higher was asked for: {asked}"

    def _already_signed(self) -> Iterator[str]:
        """Such a refusal has other bytes, or an operator, that came for the slot before it was
        answered. And a digest that was ever released had the slot to itself, before and after."""
        released = {(asked.scope, asked.slot, asked.digest) for asked in self.released}
        rivals: dict[tuple[Scope, Slot], list[tuple[float, str]]] = defaultdict(list)
        for asked in self.asked:
            if asked.slot[0] <= self.fence:
                rivals[asked.scope, asked.slot].append((asked.begun, asked.digest))
        for asked in self.asked:
            if asked.reply is None or asked.reply.code != "already_signed":
                continue
            if (asked.scope, asked.slot, asked.digest) in released:
                yield f"refused for its own digest: {asked}"
            lifted = [(li.begun, "") for li in self._lifts_of(asked.scope) if li.slot == asked.slot]
            others = rivals[asked.scope, asked.slot] + lifted
            if not any(when < asked.ended and digest != asked.digest for when, digest in others):
                yield f"nothing else was asked for at this slot: {asked}"

    def _fence(self) -> Iterator[str]:
        for asked in self.asked:
            refused = asked.reply is not None and asked.reply.code == "too_far_ahead"
            if refused and asked.slot[0] <= self.fence:
                yield f"not too far ahead: {asked}"
        for asked in self.released:
            if asked.slot[0] > self.fence:
                yield f"too far ahead: {asked}"

    def _armed(self) -> Iterator[str]:
        for asked in self.asked:
            arms = [lift for lift in self._lifts_of(asked.scope) if lift.creates]
            code = asked.reply.code if asked.reply else ""
            if code == "not_armed" and any(lift.done < asked.begun for lift in arms):
                yield f"was armed: {asked}"
            if code == "handed_over":  # in this play nobody hands anything over
                yield f"was never handed over: {asked}"
            signed = asked.reply is not None and asked.reply.status == 200
            if signed and not any(lift.begun < asked.ended for lift in arms):
                yield f"was not armed: {asked}"

    def _rows_rise(self) -> Iterator[str]:
        """From one look to the next: no row is gone or lower, a slot keeps its digest and
        signature, and no commit lifts the pace."""
        for before, after in itertools.pairwise(self.snapshots):
            for scope, old in before.rows.items():
                new = after.rows.get(scope)
                if new is None:
                    yield f"the row is gone: {scope}"
                    continue
                same = slot_of(new) == slot_of(old)
                kept = all(new.get(name) == old.get(name) for name in ("digest", "sig"))
                if slot_of(new) < slot_of(old) or (same and not kept):
                    yield f"the row fell or changed: {shown(old)} to {shown(new)}"
                lifts = [lift for lift in self._lifts_of(scope) if lift.begun < after.ended]
                raised = any(slot_of(old) < lift.slot <= slot_of(new) for lift in lifts)
                if new["pace"] > old["pace"] and not raised:
                    yield f"the pace rose: {shown(old)} to {shown(new)}"

    def _rows_hold_what_was_asked(self) -> Iterator[str]:
        never = float("inf")
        begun: dict[tuple[Scope, Slot, str], float] = {}
        for asked in self.asked:
            name = (asked.scope, asked.slot, asked.digest)
            begun[name] = min(asked.begun, begun.get(name, never))
        for snapshot in self.snapshots:
            for scope, row in snapshot.rows.items():
                lifted = any(
                    lift.slot == slot_of(row) and lift.begun < snapshot.ended
                    for lift in self._lifts_of(scope)
                )
                if lifted and row.get("digest") is None:
                    continue
                name = (scope, slot_of(row), row.get("digest", ""))
                if begun.get(name, never) >= snapshot.ended:
                    yield f"nobody asked for this row: {shown(row)}"

    def _rows_hold_what_was_released(self) -> Iterator[str]:
        """A release is never ahead of its row; and what a row tells of its slot is what was
        released."""
        by_scope = self._by_scope(self.released)
        for scope, released in by_scope.items():
            highest = Highest([(asked.ended, asked.slot) for asked in released])
            at: dict[Slot, Asked] = {asked.slot: asked for asked in released}
            for snapshot in self.snapshots:
                row = snapshot.rows.get(scope)
                if row is None:
                    if highest.before(snapshot.begun) > (-1, -1):
                        yield f"released without a row: {scope}"
                    continue
                if slot_of(row) < highest.before(snapshot.begun):
                    yield f"released {highest.before(snapshot.begun)} above the row: {shown(row)}"
                asked = at.get(slot_of(row))
                if asked is not None and not self._agrees(row, asked):
                    yield f"the row is not what was released: {shown(row)}, {asked}"

    @staticmethod
    def _agrees(row: dict[str, Any], asked: Asked) -> bool:
        if row.get("digest") != asked.digest or asked.reply is None:
            return False
        return row.get("sig") == (asked.reply.signature if is_block(asked.scope) else None)

    def _stored_signatures(self) -> Iterator[str]:
        """A block's row always holds the one signature that a retry will get, a vote's none."""
        known = {(asked.scope, asked.digest): asked for asked in self.asked}
        rows = {
            (scope, row.get("digest"), row.get("sig"))
            for snapshot in self.snapshots
            for scope, row in snapshot.rows.items()
        }
        for scope, digest, signature in rows:
            asked = known.get((scope, digest or ""))
            if asked is None or not is_block(scope):
                good = signature is None
            else:
                good = signature is not None and self._verifies(asked, signature)
            if not good:
                yield f"the row's signature is wrong: {scope} {digest} {signature}"


RULES: tuple[Callable[[Oracle], Iterator[str]], ...] = (
    Oracle._contract,
    Oracle._signatures,
    Oracle._one_digest,
    Oracle._one_signature,
    Oracle._upwards,
    Oracle._below_watermark,
    Oracle._already_signed,
    Oracle._fence,
    Oracle._armed,
    Oracle._rows_rise,
    Oracle._rows_hold_what_was_asked,
    Oracle._rows_hold_what_was_released,
    Oracle._stored_signatures,
)


@dataclass(frozen=True)
class WatchedClient(OctezClient):
    """Tells the oracle of each POST as it goes over the wire, also of those that it repeats."""

    oracle: Oracle = field(kw_only=True)

    def request(
        self, method: str, path: str, *, chunks: list[bytes] | None = None, **headers: str
    ) -> Reply:
        if chunks is None:
            return super().request(method, path)
        address = path.removeprefix("/keys/").split("?")[0]
        asked = self.oracle.asks(address, bytes.fromhex(json.loads(b"".join(chunks))))
        reply = super().request(method, path, chunks=chunks, **headers)
        self.oracle.hears(asked, reply)
        return reply
