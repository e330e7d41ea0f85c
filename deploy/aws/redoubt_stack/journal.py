# SPDX-License-Identifier: Apache-2.0
"""What a deployment remembers of arming, in the bucket: it arms only a table that it made itself,
and only once. Rows that are missing later mean that what was signed is forgotten, and then the
operator has to think, not a script."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, code_of, unless_missing
from redoubt_stack.console import Stop
from redoubt_stack.kinds import TEZOS, Kind

# A run that was cut off is resumed by the next one, not by one of another month.
FRESH = timedelta(days=1)
BY_HAND = (
    "Look at the rows (`status`); `arm` or `raise` by hand, docs/operations.md (Which level), and "
    "run this again with --taken-as-armed"
)


# Of a note; those that came later are written only if there is something to say, so that an older
# release reads the note of a stack that has nothing of it.
LATER = ("sealed", "proofs", "unarmed", "settings")
LISTS = ("chains", "forgotten", *LATER)
STATES = ("creating", "created", "arming", "armed", "forgotten")


@dataclass(frozen=True)
class Note:
    """
    | state     | the table                                                       |
    |-----------|-----------------------------------------------------------------|
    | creating  | did not exist when the stack's creation began                   |
    | created   | was made by it, and is the one with this id                     |
    | arming    | the same; rows are being made on `chain`, at `level`            |
    | armed     | is the one with this id; on `chains` all rows exist from now on |
    | forgotten | was deleted, told twice                                         |
    """

    state: str
    time: datetime
    table: str | None = None
    chain: str | None = None
    level: int | None = None
    chains: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()  # addresses of which the watermarks were deleted
    # What a deployment made besides: sealed keys with their proofs of possession, and addresses of
    # which no row was armed yet although others' were.
    sealed: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    unarmed: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()  # NAME=VALUE: parameters that a stack made again has to have
    break_glass: str = ""  # the role that deleted them may go on after the stack is gone
    etag: str | None = field(default=None, compare=False)

    @property
    def is_fresh(self) -> bool:
        return datetime.now(UTC) - self.time < FRESH


class Journal:
    def __init__(self, aws: Aws, artifacts: Artifacts, stack: str, kind: Kind = TEZOS) -> None:
        self._dynamodb = aws.client("dynamodb")
        self._artifacts = artifacts
        self._stack = stack
        self._name = f"{stack}/arming.json"
        self.table = f"{stack}-{kind.table}"
        self.bucket = artifacts.bucket

    def describe_table(self) -> dict[str, Any] | None:
        found = unless_missing(
            lambda: self._dynamodb.describe_table(TableName=self.table), "ResourceNotFoundException"
        )
        return None if found is None else found["Table"]

    def table_id(self) -> str | None:
        """DynamoDB's own, which a table of the same name that is made later does not have."""
        table = self.describe_table()
        return None if table is None else str(table["TableId"])

    def read(self) -> Note | None:
        found = self._artifacts.read_note(self._name)
        if found is None:
            return None
        text, etag = found
        try:
            lists = {name: tuple(text.pop(name, ())) for name in LISTS}
            time = datetime.fromisoformat(text.pop("time"))
            note = Note(**text, **lists, time=time, etag=etag)
        except (KeyError, TypeError, ValueError):
            note = None
        if note is None or note.state not in STATES or note.time.tzinfo is None:
            raise Stop(
                f"{self._name} in the bucket {self._artifacts.bucket} is damaged: put back "
                "an older version of it, which the bucket keeps, and look who wrote this one"
            )
        return note

    def write(self, before: Note | None, state: str, **fields: Any) -> Note:
        """Refused if anybody wrote since `before` was read. The table is the one that was looked
        at, not the one that may have come since."""
        now = datetime.now(UTC).replace(microsecond=0)
        kept = before or Note(state, now)
        note = replace(kept, state=state, time=now, **fields)
        text = {k: v for k, v in vars(note).items() if k != "etag" and (v or k not in LATER)}
        text |= {"time": now.isoformat()}
        try:
            etag = self._artifacts.write_note(self._name, text, before and before.etag)
        except ClientError as error:
            # The last one: what was read is gone.
            if code_of(error) in ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"):
                raise Stop(
                    "somebody else deploys this stack at this moment: when they have ended, run "
                    "this again"
                ) from error
            raise
        return replace(note, etag=etag)

    def begin_creation(self, own_key: bool) -> None:
        """The table does not exist. Where a creation was begun before, it may have been made and
        lost since; a new key has signed nothing with it, and of an older one we can be sure only
        if it was just now."""
        note = self.read()
        again = note is None or note.state == "forgotten"
        if not again and not (note.state == "creating" and (own_key or note.is_fresh)):
            raise self.lost(f"a table {self.table} is remembered")
        fresh = {"chains": (), **dict.fromkeys(LATER, ())}
        self.write(note, "creating", table=None, chain=None, level=None, **fresh)

    def lost(self, found: str) -> Stop:
        """What to do about what was found, which had a table or was to have one."""
        note = self.read()
        if note is not None and note.state in ("creating", "forgotten"):
            return Stop(
                f"{found}, and the table {self.table} does not exist: a creation or a removal of "
                "this stack was not finished. As the account's root user or the break-glass role, "
                "run "
                f"`deploy/redoubt destroy --stack {self._stack} --everything --forget "
                f"{self._stack}`, then this again: it begins anew, with another key"
            )
        return Stop(
            f"{found}, and the table {self.table} does not exist: its watermarks are lost. "
            "docs/operations.md (Lost table) says what to do"
        )

    def known(self) -> Note:
        """The note that belongs to the table that is there; any doubt is a stop."""
        note = self.read()
        table = self.describe_table()
        if note is None:
            raise Stop(
                f"it is not known whether {self.table} was armed: its note is missing in the "
                f"bucket {self._artifacts.bucket}. {BY_HAND}"
            )
        if table is None:
            raise Stop(f"{self.table} does not exist. docs/operations.md (Lost table) says more")
        if note.state == "creating" and self._is_made_since(note, table):
            return self.write(note, "created", table=table["TableId"])
        if note.state in ("creating", "forgotten"):
            raise self._exchanged()
        self.refuse_exchange(note)
        return note

    def refuse_exchange(self, note: Note) -> None:
        """A stop unless the table is still the one of the note."""
        if note.table != self.table_id():
            raise self._exchanged()

    def _exchanged(self) -> Stop:
        return Stop(
            f"{self.table} is not the table that was here before: it was restored or made anew, "
            f"and may have forgotten what was signed. Stop every signer. {BY_HAND}"
        )

    def _is_made_since(self, note: Note, table: dict[str, Any]) -> bool:
        """By the creation that the note is of, which may have failed days ago."""
        # The note was written a moment before, by another clock.
        since = note.time - timedelta(minutes=5)
        made: datetime = table["CreationDateTime"]
        is_of_creation = since <= made <= note.time + FRESH
        return is_of_creation and "RestoreSummary" not in table
