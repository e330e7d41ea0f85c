# SPDX-License-Identifier: Apache-2.0
"""What the product takes for granted of DynamoDB when it reads and creates whole items."""

from base64 import b64encode
from typing import Any

import pytest

from row import Item, Row, number
from support.aws import Answer
from support.host import Host

SHARES: Item = {
    "L": [
        {
            "M": {
                "key": {"S": "arn:aws:kms:us-east-1:000000000000:key/1a"},
                "x": {"N": "1"},
                "share": {"B": b64encode(bytes(range(40))).decode()},
            }
        },
        {"M": {}},
    ]
}


def key(row: Row, scope: str) -> Item:
    return {"pkh": {"S": row.pkh}, "scope": {"S": scope}}


def wrap(row: Row, scope: str, made: int = 7) -> Item:
    return key(row, scope) | {"shares": SHARES, "made": number(made)}


def put(row: Row, item: Item, **fields: Any) -> Answer:
    call = {
        "TableName": row.table,
        "Item": item,
        "ConditionExpression": "attribute_not_exists(#a)",
        "ExpressionAttributeNames": {"#a": "pkh"},
        "ReturnValues": "ALL_OLD",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return row.server.call("PutItem", call | fields)


def batch(row: Row, keys: list[Item], **fields: Any) -> Answer:
    wanted = {"Keys": keys, "ConsistentRead": True} | fields
    return row.server.call("BatchGetItem", {"RequestItems": {row.table: wanted}})


class TestPut:
    def test_creates_once_and_then_shows_what_is_there(self, row: Row) -> None:
        answer = put(row, wrap(row, "wrap"))
        assert (answer.status, answer.json()) == (200, {})
        answer = put(row, wrap(row, "wrap", made=8))
        assert (answer.status, answer.code) == (400, "ConditionalCheckFailedException")
        assert answer.json()["Item"] == wrap(row, "wrap")

    def test_replaces_what_is_unchanged(self, row: Row) -> None:
        condition = {
            "ConditionExpression": "#a = :was",
            "ExpressionAttributeNames": {"#a": "shares"},
            "ExpressionAttributeValues": {":was": SHARES},
        }
        missing = put(row, wrap(row, "wrap"), **condition)
        assert (missing.code, "Item" in missing.json()) == (
            "ConditionalCheckFailedException",
            False,
        )
        put(row, wrap(row, "wrap"))
        replaced = put(row, key(row, "wrap") | {"made": number(9)}, **condition)
        assert replaced.json()["Attributes"] == wrap(row, "wrap")
        again = put(row, wrap(row, "wrap"), **condition)
        assert again.json()["Item"] == key(row, "wrap") | {"made": number(9)}

    def test_without_values_has_none_to_send(self, row: Row) -> None:
        answer = put(row, wrap(row, "wrap"), ExpressionAttributeValues={})
        assert (answer.status, answer.code) == (400, "ValidationException")


class TestBatchGet:
    def test_gives_what_is_there_in_any_order(self, row: Row) -> None:
        for scope in ("a", "b", "c"):
            put(row, wrap(row, scope))
        body = batch(row, [key(row, scope) for scope in "cxab"]).json()
        assert set(body) == {"Responses", "UnprocessedKeys"}
        assert body["UnprocessedKeys"] == {}
        items = {item["scope"]["S"]: item for item in body["Responses"][row.table]}
        assert items == {scope: wrap(row, scope) for scope in "abc"}

    def test_of_nothing_that_is_there_is_an_empty_list(self, row: Row) -> None:
        body = batch(row, [key(row, "a")]).json()
        assert body == {"Responses": {row.table: []}, "UnprocessedKeys": {}}

    def test_sees_what_was_written_last(self, row: Row) -> None:
        for made in range(8):
            put(row, wrap(row, "a", made), ConditionExpression="attribute_not_exists(#a) OR "
                "attribute_exists(#a)")  # fmt: skip
            body = batch(row, [key(row, "a")]).json()
            assert body["Responses"][row.table] == [wrap(row, "a", made)]

    def test_takes_a_hundred_keys_and_no_more(self, row: Row) -> None:
        keys = [key(row, f"s{at}") for at in range(101)]
        assert batch(row, keys[:100]).status == 200
        answer = batch(row, keys)
        assert (answer.status, answer.code) == (400, "ValidationException")

    @pytest.mark.parametrize("keys", ["none", "twice", "half a key", "more than a key"])
    def test_refuses_other_lists(self, row: Row, keys: str) -> None:
        lists: dict[str, list[Item]] = {
            "none": [],
            "twice": [key(row, "a"), key(row, "a")],
            "half a key": [{"pkh": {"S": row.pkh}}],
            "more than a key": [wrap(row, "a")],
        }
        answer = batch(row, lists[keys])
        assert (answer.status, answer.code) == (400, "ValidationException")

    def test_what_is_left_is_shaped_as_the_request(self, host: Host) -> None:
        """Only a fault of the stand-in leaves any; DynamoDB does for 16 MB and when throttled."""
        row = Row(host.server("dynamodb"))
        for scope in ("a", "b", "c"):
            put(row, wrap(row, scope))
        keys = [key(row, scope) for scope in "abc"]
        with host.faults("dynamodb:unprocessed"):
            body = batch(row, keys).json()
        assert body["Responses"] == {row.table: [wrap(row, "a")]}
        assert body["UnprocessedKeys"] == {row.table: {"Keys": keys[1:], "ConsistentRead": True}}
