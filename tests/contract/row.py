# SPDX-License-Identifier: Apache-2.0
"""A watermark row and the writes that the product does to it, as the design words them."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from support.aws import Answer, Server

Item = dict[str, dict[str, Any]]  # typed attributes

# Each name is aliased: `level`, `at` or `scope` are among DynamoDB's reserved words.
NAMES = {f"#{n}": n for n in ("pkh", "scope", "lvl", "rnd", "digest", "sig", "at", "pace", "until")}

HIGHER = "#lvl < :l OR (#lvl = :l AND #rnd < :r)"  # DynamoDB refuses redundant parentheses
SAME = "(#lvl = :l AND #rnd = :r AND #digest = :d)"
SOUND = (
    "attribute_type(#rnd, :N) AND attribute_type(#at, :N) AND "
    "(attribute_not_exists(#digest) OR attribute_type(#digest, :B)) AND "
    "(attribute_not_exists(#sig) OR attribute_type(#sig, :S))"
)
REACHED = "(attribute_not_exists(#until) OR #until >= :l)"
TYPES = {f":{letter}": {"S": letter} for letter in "BNS"}
MAX_ROUND = 2**31 - 1
SLACK = 300_000


def number(value: int) -> dict[str, str]:
    return {"N": str(value)}


def fresh_pkh() -> str:
    return "tz1" + secrets.token_hex(16)


@dataclass
class Row:
    """One row of the table, fresh for each test."""

    server: Server
    table: str = "redoubt-watermarks"
    scope: str = "NetXdQprcVkpaWU/attestation"
    pkh: str = field(default_factory=fresh_pkh)

    @property
    def key(self) -> Item:
        return {"pkh": {"S": self.pkh}, "scope": {"S": self.scope}}

    def request(
        self, condition: str, update: str, values: Item, returned: str = "NONE"
    ) -> dict[str, Any]:
        words = re.findall(r"#\w+", condition + update)
        used = {alias: name for alias, name in NAMES.items() if alias in words}
        return {
            "TableName": self.table,
            "Key": self.key,
            "ConditionExpression": condition,
            "UpdateExpression": update,
            "ExpressionAttributeNames": used,
            "ExpressionAttributeValues": values,
            "ReturnValues": returned,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

    def update(self, *args: Any, **more: Any) -> dict[str, Any]:
        return dict(self.server.client.update_item(**self.request(*args, **more)))

    def send(self, condition: str, update: str, values: Item, **changes: Any) -> Answer:
        """The same, raw, and with members exchanged."""
        body = self.request(condition, update, {})
        body["ExpressionAttributeValues"] = values
        return self.server.call("UpdateItem", body | changes)

    def read(self) -> Item:
        answer = self.server.client.query(
            TableName=self.table,
            KeyConditionExpression="#pkh = :pkh",
            ExpressionAttributeNames={"#pkh": "pkh"},
            ExpressionAttributeValues={":pkh": {"S": self.pkh}},
            ConsistentRead=True,
        )
        return dict(next(i for i in answer["Items"] if i["scope"]["S"] == self.scope))

    # What the product does

    def arm(self, level: int, pace: int) -> dict[str, Any]:
        return self.update(
            "attribute_not_exists(#pkh)",
            "SET #lvl = :l, #rnd = :r, #pace = :p, #at = :t",
            {":l": number(level), ":r": number(MAX_ROUND), ":p": number(pace), ":t": number(1)},
        )

    def raise_to(self, level: int, round: int, pace: int) -> dict[str, Any]:
        values = {":l": number(level), ":r": number(round), ":p": number(pace), ":t": number(2)}
        return self.update(
            f"attribute_exists(#pkh) AND ({HIGHER})",
            "SET #lvl = :l, #rnd = :r, #pace = :p, #at = :t REMOVE #digest, #sig",
            values,
            "ALL_NEW",
        )

    def move_out(self, until: int) -> dict[str, Any]:
        return self.update(
            f"#lvl <= :u AND attribute_type(#pace, :N) AND {SOUND} AND "
            "(attribute_not_exists(#until) OR #until > :u)",
            "SET #until = :u, #at = :t",
            {":u": number(until), ":t": number(4), **TYPES},
            "ALL_NEW",
        )

    def move_in(self, first: int, pace: int, seen: int = 4) -> dict[str, Any]:
        values = {":l": number(first - 1), ":r": number(MAX_ROUND), ":f": number(first)}
        values |= {":p": number(pace), ":q": number(pace - SLACK), ":t": number(3)}
        values |= {":seen": number(seen)}
        return self.update(
            "#pace >= :q AND "
            "(#lvl < :l OR (#lvl = :l AND (#rnd < :r OR attribute_exists(#until)))) AND "
            "(attribute_not_exists(#until) OR (#until < :f AND #at = :seen))",
            "SET #lvl = :l, #rnd = :r, #pace = :p, #at = :t REMOVE #digest, #sig, #until",
            values,
            "ALL_NEW",
        )

    def commit(self, slot: "Slot") -> dict[str, Any]:
        return self.update(slot.condition, slot.change, slot.values, "ALL_NEW")


@dataclass(frozen=True)
class Slot:
    """A commit. A block carries its signature, and has no branch for an equal digest; it demands
    that the row is sound, so that nobody signs over a damaged one."""

    level: int
    round: int
    digest: bytes
    pace: int  # `:p` of the design
    signature: str | None = None
    loose: bool = False

    @property
    def condition(self) -> str:
        if self.signature:
            return f"#pace >= :q AND ({HIGHER}) AND {SOUND} AND {REACHED}"
        return f"#pace >= :q AND ({HIGHER} OR {SAME})"

    @property
    def change(self) -> str:
        sets = "SET #lvl = :l, #rnd = :r, #digest = :d, #at = :t"
        if self.signature:
            sets += ", #sig = :s"
        if self.round == 0 and not self.loose:
            sets += ", #pace = :p"
        return sets

    @property
    def values(self) -> Item:
        values: Item = {
            ":l": number(self.level),
            ":r": number(self.round),
            ":d": {"B": self.digest},
            ":t": number(1_790_000_000_000),
            ":q": number(self.pace - (SLACK if self.loose else 0)),
        }
        if self.signature:
            values |= {":s": {"S": self.signature}, **TYPES}
        if self.round == 0 and not self.loose:
            values[":p"] = number(self.pace)
        return values


def refusal(error: ClientError) -> tuple[str, Item | None]:
    """The code, and the row that ALL_OLD gave."""
    return error.response["Error"]["Code"], error.response.get("Item")
