# SPDX-License-Identifier: Apache-2.0
"""The rows of the table, through the operator function, and the memory of having armed them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, unless_missing
from redoubt_stack.console import Stop, step

KINDS = frozenset({"block", "preattestation", "attestation"})


@dataclass(frozen=True)
class Start:
    """Where a key's watermarks begin."""

    chain: str
    level: int


class Operator:
    """The function that answers commands."""

    def __init__(self, aws: Aws, function: str) -> None:
        self._lambda = aws.client("lambda")
        self._function = function

    def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        told = self._lambda.invoke(
            FunctionName=self._function,
            Payload=json.dumps({"redoubt": {"command": command, **fields}}).encode(),
        )
        answer = json.loads(told["Payload"].read() or b"{}")
        if "FunctionError" in told or "redoubt" not in answer:
            raise Stop(f"{self._function} did not answer `{command}`: {json.dumps(answer)[:2000]}")
        if not answer["redoubt"]["ok"]:
            error = answer["redoubt"]["error"]
            raise Stop(f"`{command}` was refused: {error['id']}: {error['msg']}")
        return dict(answer["redoubt"])


class Journal:
    """Arms only a table that a run of `deploy` created, and only once. Rows that are missing later
    mean a lost or exchanged table, and there the operator has to think, not a script.

    | state    | the table                                                     |
    |----------|---------------------------------------------------------------|
    | creating | was not there when the stack's creation began                 |
    | created  | is the one with this id, and was never armed                  |
    | armed    | is the one with this id; all rows exist from now on           |
    """

    def __init__(self, aws: Aws, artifacts: Artifacts, stack: str) -> None:
        self._dynamodb = aws.client("dynamodb")
        self._artifacts = artifacts
        self._name = f"{stack}/arming.json"
        self.table = f"{stack}-watermarks"

    def table_id(self) -> str | None:
        """DynamoDB's own, which a table of the same name that is made later does not have."""
        found = unless_missing(
            lambda: self._dynamodb.describe_table(TableName=self.table), "ResourceNotFoundException"
        )
        return None if found is None else str(found["Table"]["TableId"])

    def _is_new_since(self, time: str) -> bool:
        table = self._dynamodb.describe_table(TableName=self.table)["Table"]
        made: datetime = table["CreationDateTime"]
        # The note was written a moment before, by another clock.
        since = datetime.fromisoformat(time) - timedelta(minutes=5)
        return made >= since and "RestoreSummary" not in table

    def write(self, state: str, **fields: Any) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._artifacts.write_note(
            self._name, {"state": state, "table": self.table_id(), "time": now, **fields}
        )

    def before_creation(self) -> None:
        self.write("creating")

    def after_creation(self) -> str:
        """The state, once the stack stands."""
        note = self._artifacts.read_note(self._name)
        if note is None:
            raise Stop(
                f"it is not known whether {self.table} was armed: its note is missing in the bucket"
                f" {self._artifacts.bucket}. Look at the rows (`status`); arm or raise by hand if "
                f"you know that it is right, and then run this with --taken-as-armed"
            )
        if note["state"] == "creating" and self._is_new_since(note["time"]):
            self.write("created")
            return "created"
        if note["table"] != self.table_id():
            raise Stop(
                f"{self.table} is not the table that was here before: it was restored or made "
                "anew, and may have forgotten what was signed. Stop every signer, `raise` above "
                "all that may have been signed, and then run this with --taken-as-armed"
            )
        return str(note["state"])


def arm(operator: Operator, journal: Journal, state: str, address: str, start: Start | None) -> str:
    """Arms if this deployment made the table; else sees that nothing is missing. What was done."""
    if state == "created":
        if start is None:
            return "not armed yet: it signs nothing. Run this again with --chain and --level"
        operator.ask("arm", chain=start.chain, level=start.level)
        journal.write("armed", chain=start.chain, level=start.level)
        return f"armed on {start.chain}: signs above level {start.level}"
    rows = [row for row in operator.ask("status")["rows"] if row["pkh"] == address]
    damaged = [row for row in rows if row.get("damaged")]
    kinds: dict[str, set[str]] = {}
    for row in rows:
        if not row.get("damaged"):
            kinds.setdefault(row["chain"], set()).add(row["kind"])
    missing = [chain for chain, found in kinds.items() if found != KINDS]
    if damaged or missing or not kinds:
        raise Stop(
            f"rows of {address} are missing or damaged in {journal.table}, which was armed before. "
            "They may have been lost with what they remembered: stop every signer, find out what "
            "was signed, and `arm` or `raise` by hand above it (README, Operation)"
        )
    if start is not None and start.chain not in kinds:
        raise Stop(
            f"{journal.table} has rows of {', '.join(kinds)} and not of {start.chain}: "
            "another chain is armed by hand"
        )
    step(f"rows found: {', '.join(sorted(kinds))}")
    return "armed before; nothing was changed"
