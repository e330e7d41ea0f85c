# SPDX-License-Identifier: Apache-2.0
"""The rows of the table: read directly, written by the operator function alone."""

import time
from dataclasses import dataclass
from typing import Any

from redoubt_stack import commands
from redoubt_stack.aws import Aws
from redoubt_stack.chains import UNUSUAL_LEVEL
from redoubt_stack.console import Stop
from redoubt_stack.journal import BY_HAND, Journal, Note

KINDS = frozenset({"block", "preattestation", "attestation"})
SEALED = "sealed"  # the scope of the key itself, which is no row
NUMBERS = ("lvl", "rnd", "at", "pace")
HIGHEST_ROUND = 2**31 - 1
# New rights take a while until all of AWS knows them.
SETTLING_SECONDS = 60


@dataclass(frozen=True)
class Start:
    """Where a key's watermarks begin."""

    chain: str
    level: int


@dataclass(frozen=True)
class Row:
    chain: str
    kind: str
    sound: bool  # its attributes are there, and of their types
    level: int | None  # of a sound one
    armed_at: int | None  # the same, if nothing was written since `arm`


def read_rows(aws: Aws, table: str, address: str) -> list[Row]:
    pages = aws.client("dynamodb").get_paginator("query")
    query = {
        "TableName": table,
        "KeyConditionExpression": "pkh = :pkh",
        "ExpressionAttributeValues": {":pkh": {"S": address}},
        "ConsistentRead": True,
    }
    items = [item for page in pages.paginate(**query) for item in page["Items"]]
    return [_row(item) for item in items if item["scope"]["S"] != SEALED]


def _row(item: dict[str, Any]) -> Row:
    chain, _, kind = item["scope"]["S"].partition("/")
    sound = all("N" in item.get(name, {}) for name in NUMBERS)
    sound = sound and "N" in item.get("until", {"N": ""})  # only of a key that is handed over
    level = int(item["lvl"]["N"]) if sound else None
    untouched = sound and "digest" not in item and item["rnd"]["N"] == str(HIGHEST_ROUND)
    return Row(chain, kind, sound, level, level if untouched else None)


def sound_kinds(rows: list[Row]) -> dict[str, set[str]]:
    """By chain, the kinds that have a sound row; a chain with no sound row has none of them."""
    kinds: dict[str, set[str]] = {}
    for row in rows:
        kinds.setdefault(row.chain, set()).update({row.kind} if row.sound else ())
    return kinds


def complete_chains(rows: list[Row], table: str) -> tuple[str, ...]:
    """Chains with a sound row of each kind; a stop if there is none, or one with less."""
    kinds = sound_kinds(rows)
    if not kinds or any(found != KINDS for found in kinds.values()):
        raise Stop(
            f"rows are missing or damaged in {table}, which was armed before. They may have been "
            f"lost with what they remembered: stop every signer. {BY_HAND}"
        )
    return tuple(sorted(kinds))


class Operator:
    """The function that answers commands."""

    def __init__(self, aws: Aws, function: str) -> None:
        self._aws = aws
        self._function = function

    def arm(self, start: Start, keys: tuple[str, ...] = ()) -> None:
        """All keys that the function knows, unless some are named."""
        fields: dict[str, Any] = {"chain": start.chain, "level": start.level}
        if keys:
            fields["keys"] = list(keys)
        if start.level > UNUSUAL_LEVEL:  # asked back before
            fields["force"] = True
        deadline = time.monotonic() + SETTLING_SECONDS
        while True:
            answer = commands.ask(self._aws, self._function, "arm", **fields)
            if answer.ok:
                return
            retried = answer.code in ("table_refused", "kms_refused")
            if not retried or time.monotonic() > deadline:
                raise Stop(
                    f"`arm` was refused: {answer.reason}\n  Mend the reason and run this again; if "
                    "chain or level were wrong and no row was made, other ones can be given"
                )
            time.sleep(5)


@dataclass(frozen=True)
class Armed:
    """What came of arming."""

    words: str
    is_as_asked: bool = True


def compared(rows: list[Row], start: Start | None) -> Armed:
    """Of rows that exist: `start` has no effect on them, which somebody may not know."""
    before = "armed before; nothing was changed"
    if start is None:
        return Armed(before)
    ours = [row for row in rows if row.chain == start.chain and row.level is not None]
    if not ours:
        others = ", ".join(sorted({row.chain for row in rows}))
        return Armed(
            f"{before}. NOT ARMED on {start.chain}: the rows are of {others}. A second chain is "
            "armed with `arm`: docs/operations.md (Commands)",
            is_as_asked=False,
        )
    lower = [row.level for row in ours if row.level is not None and row.level < start.level]
    higher = [row.armed_at for row in ours if row.armed_at is not None]
    higher = [level for level in higher if level > start.level]
    if not lower and not higher:  # what has signed since is higher, as it should be
        return Armed(before)
    at = " and ".join(str(level) for level in sorted({*lower, *higher}))
    what = (
        "No row is ever lowered: the key signs nothing before the chain gets there. If it has "
        "signed nothing yet, `deploy/redoubt destroy --everything` and a new deployment make a "
        "new key"
        if higher
        else "`raise` lifts the rows: docs/operations.md (Commands)"
    )
    return Armed(
        f"{before}. THE ROWS ARE AT LEVEL {at}, NOT AT {start.level}, which had no effect. {what}",
        is_as_asked=False,
    )


@dataclass(frozen=True)
class Watermarks:
    aws: Aws
    journal: Journal
    taken_as_armed: bool

    def check(self, addresses: list[str]) -> None:
        """Before anything runs that signs: the table is the one that is known, and whole."""
        if self.taken_as_armed:
            self._take(addresses)
            return
        note = self.journal.known()
        if note.state == "armed":
            self._check_armed(note, addresses)

    def arm(self, operator: Operator, addresses: list[str], start: Start | None) -> Armed:
        """Makes the rows of a table that this deployment made. What was done, in words."""
        note = self.journal.known()
        for address in addresses:
            if address in note.forgotten:
                raise Stop(f"the watermarks of {address} were deleted: never use this key again")
        rows = [row for address in addresses for row in self._rows(address)]
        # Of an arming that made no row nothing is left: it may as well begin with another start.
        if note.state in ("created", "arming") and not rows and start is not None:
            self._refuse_old(note)
            note = self.journal.write(note, "arming", chain=start.chain, level=start.level)
        if note.state == "created" and not rows:
            return Armed(
                "not armed yet: it signs nothing. Run this again with --chain and --level within a "
                "day; later, `arm` by hand: docs/operations.md (Commands)"
            )
        if note.state == "arming" and all(row.armed_at == note.level for row in rows):
            return self._finish(operator, note, start)
        note = self._check_armed(note, addresses)
        return self._arm_added(operator, note, start) if note.unarmed else compared(rows, start)

    def _rows(self, address: str) -> list[Row]:
        return read_rows(self.aws, self.journal.table, address)

    def _arm_added(self, operator: Operator, note: Note, start: Start | None) -> Armed:
        """Of keys that came later. One whose rows are there was imported with them."""
        bare = tuple(address for address in note.unarmed if not self._rows(address))
        if bare and start is None:
            return Armed(
                f"{', '.join(bare)}: not armed yet, and sign nothing. Run this again with --chain "
                "and --level"
            )
        if bare and start is not None:
            operator.arm(start, bare)
            self.journal.refuse_exchange(note)
        self.journal.write(note, "armed", unarmed=())
        begun = f" on {start.chain}, above level {start.level}" if start else ""
        return Armed(f"{', '.join(bare) or 'keys that came with their rows'}: armed{begun}")

    def _finish(self, operator: Operator, note: Note, start: Start | None) -> Armed:
        assert note.chain is not None and note.level is not None
        begun = Start(note.chain, note.level)
        if start not in (None, begun):
            raise Stop(
                f"arming was begun on {begun.chain} at level {begun.level}, and rows are there: "
                f"give --chain {begun.chain} --level {begun.level}, or neither"
            )
        self._refuse_old(note)
        self.journal.refuse_exchange(note)
        operator.arm(begun)
        self.journal.refuse_exchange(note)
        self.journal.write(note, "armed", chains=(begun.chain,))
        return Armed(f"armed on {begun.chain}: signs above level {begun.level}")

    def _refuse_old(self, note: Note) -> None:
        if not note.is_fresh:
            raise Stop(
                f"{self.journal.table} was {note.state} on {note.time:%Y-%m-%d}, more than a day "
                f"ago, and somebody may have armed it since. {BY_HAND}"
            )

    def _check_armed(self, note: Note, addresses: list[str]) -> Note:
        """Each key has all rows of each chain, but for those that came later."""
        known = [address for address in addresses if address not in note.unarmed]
        if not known:
            return note
        chains = self._complete_chains(known)
        lost = set(note.chains) - set(chains)
        if lost:
            raise Stop(
                f"the rows of {', '.join(sorted(lost))} are missing or damaged in "
                f"{self.journal.table}: stop every signer. {BY_HAND}"
            )
        if note.state != "armed" or set(chains) != set(note.chains):
            return self.journal.write(note, "armed", chains=chains)
        return note

    def _complete_chains(self, addresses: list[str]) -> tuple[str, ...]:
        """Those of all keys. A key may have been armed on a chain where others were not."""
        of_each = [complete_chains(self._rows(one), self.journal.table) for one in addresses]
        return tuple(sorted(set.intersection(*map(set, of_each))))

    def _take(self, addresses: list[str]) -> None:
        """The operator has looked, and says so."""
        if not addresses:
            raise Stop("--taken-as-armed is for a key whose address is known already")
        chains, table = self._complete_chains(addresses), self.journal.table_id()
        note = self.journal.read()
        self.journal.write(note, "armed", table=table, chains=chains, unarmed=())
