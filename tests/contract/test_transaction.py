# SPDX-License-Identifier: Apache-2.0
"""What the product takes for granted of DynamoDB when it writes several items at once, and when it
looks through a table in parts."""

import secrets
from typing import Any

import pytest

from row import Item, Row, number
from support.aws import Answer, Server


@pytest.fixture(params=["host", "local_dynamodb"])
def row(request: pytest.FixtureRequest) -> Row:
    found: Any = request.getfixturevalue(request.param)
    server: Server = found.server("dynamodb") if request.param == "host" else found
    return Row(server)


def item(row: Row, scope: str, **more: Any) -> Item:
    return {"pkh": {"S": row.pkh}, "scope": {"S": scope}} | more


def creation(row: Row, scope: str) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": row.table,
            "Item": item(row, scope),
            "ConditionExpression": "attribute_not_exists(#a)",
            "ExpressionAttributeNames": {"#a": "pkh"},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def addition(row: Row, scope: str, text: str, condition: str | None = None) -> dict[str, Any]:
    update: dict[str, Any] = {
        "TableName": row.table,
        "Key": item(row, scope),
        "UpdateExpression": "ADD #w :w",
        "ExpressionAttributeNames": {"#w": "wraps"},
        "ExpressionAttributeValues": {":w": {"SS": [text]}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if condition:
        update["ConditionExpression"] = condition
        update["ExpressionAttributeValues"][":text"] = {"S": text}
    return {"Update": update}


def transact(row: Row, *actions: dict[str, Any], token: str | None = None) -> Answer:
    call: dict[str, Any] = {"TransactItems": list(actions)}
    call["ClientRequestToken"] = token or secrets.token_hex(16)
    return row.server.call("TransactWriteItems", call)


def scopes(row: Row) -> set[str]:
    found = row.server.call(
        "Query",
        {
            "TableName": row.table,
            "KeyConditionExpression": "pkh = :p",
            "ExpressionAttributeValues": {":p": {"S": row.pkh}},
            "ConsistentRead": True,
        },
    ).json()
    return {one["scope"]["S"] for one in found["Items"]}


def test_all_are_written_or_none_with_the_reason_of_each(row: Row) -> None:
    assert transact(row, creation(row, "a"), creation(row, "b")).status == 200
    refused = transact(row, creation(row, "c"), creation(row, "b"))
    assert (refused.status, refused.code) == (400, "TransactionCanceledException")
    reasons = refused.json()["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == item(row, "b")
    assert scopes(row) == {"a", "b"}


def test_the_same_token_again_is_no_second_try(row: Row) -> None:
    token = secrets.token_hex(16)
    for _ in range(2):
        assert transact(row, creation(row, "a"), token=token).status == 200
    other = transact(row, creation(row, "b"), token=token)
    assert (other.status, other.code) == (400, "IdempotentParameterMismatchException")


def test_two_actions_of_one_item_are_refused(row: Row) -> None:
    refused = transact(row, creation(row, "a"), addition(row, "a", "x"))
    assert (refused.status, refused.code) == (400, "ValidationException")


def test_a_set_grows_and_is_asked_what_it_contains(row: Row) -> None:
    for text in ("x", "y", "x"):
        assert transact(row, addition(row, "a", text)).status == 200
    kept = transact(row, addition(row, "a", "z", "contains(#w, :text)"))
    assert kept.json()["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"
    there = kept.json()["CancellationReasons"][0]["Item"]
    assert sorted(there["wraps"]["SS"]) == ["x", "y"]
    assert transact(row, addition(row, "a", "x", "contains(#w, :text)")).status == 200


@pytest.mark.parametrize("texts", [[], ["a", "a"]])
def test_a_set_has_something_and_nothing_twice(row: Row, texts: list[str]) -> None:
    answer = row.server.call(
        "PutItem", {"TableName": row.table, "Item": item(row, "a", tags={"SS": texts})}
    )
    assert (answer.status, answer.code) == (400, "ValidationException")


def test_parts_of_a_table_are_the_whole_and_none_twice(row: Row) -> None:
    for scope in map(str, range(12)):
        put = {"TableName": row.table, "Item": item(row, scope, n=number(1))}
        assert row.server.call("PutItem", put).status == 200
    found: list[str] = []
    for segment in range(4):
        start: Item | None = None
        while True:
            call: dict[str, Any] = {
                "TableName": row.table,
                "Segment": segment,
                "TotalSegments": 4,
                "Limit": 3,
                "FilterExpression": "#p = :p",
                "ProjectionExpression": "#s",
                "ExpressionAttributeNames": {"#p": "pkh", "#s": "scope"},
                "ExpressionAttributeValues": {":p": {"S": row.pkh}},
                "ConsistentRead": True,
            }
            page = row.server.call("Scan", call | ({"ExclusiveStartKey": start} if start else {}))
            assert page.status == 200
            assert page.json()["ScannedCount"] <= 3
            found += [one["scope"]["S"] for one in page.json()["Items"]]
            start = page.json().get("LastEvaluatedKey")
            if start is None:
                break
    assert sorted(found) == sorted(map(str, range(12)))
