# SPDX-License-Identifier: Apache-2.0
"""Mistakes in a request to DynamoDB: the code that names each, and nothing written."""

from typing import Any

import pytest

from row import Row, number
from support.aws import Server

# Where a third party is known to differ: (server, row) -> its code; None means that it accepts.
KNOWN: dict[tuple[str, str], str | None] = {
    ("dynamodb-local", "number not in quotes"): None,
    ("dynamodb-local", "no base64"): "InternalFailure",
    ("dynamodb-local", "body not JSON"): "InternalFailure",
    ("ministack", "an attribute set and removed"): None,
    ("ministack", "syntax of the update"): None,
    ("ministack", "ALL_NEW on refusal"): None,
    ("ministack", "order of a boolean"): "ConditionalCheckFailedException",
    ("ministack", "attribute_type of no type"): "ConditionalCheckFailedException",
    ("ministack", "no base64"): None,
    ("ministack", "number not in quotes"): "ValidationException",
    ("ministack", "unknown operation"): "AccessDeniedException",  # rights come first
}

EXISTS = "attribute_exists(#pkh)"


def expected(server: Server, name: str, right: str) -> str | None:
    return KNOWN.get((server.name, name), right)


ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "unused name": (
        {"ExpressionAttributeNames": {"#pkh": "pkh", "#lvl": "lvl", "#x": "x"}},
        "ValidationException",
    ),
    "unused value": (
        {"ExpressionAttributeValues": {":l": number(1), ":x": number(2)}},
        "ValidationException",
    ),
    "unknown name": ({"ExpressionAttributeNames": {"#pkh": "pkh"}}, "ValidationException"),
    "unknown value": ({"ExpressionAttributeValues": {":m": number(1)}}, "ValidationException"),
    "reserved word level": (
        {
            "UpdateExpression": "SET level = :l",
            "ExpressionAttributeNames": {"#pkh": "pkh"},
        },
        "ValidationException",
    ),
    "reserved word at": (
        {"UpdateExpression": "SET at = :l", "ExpressionAttributeNames": {"#pkh": "pkh"}},
        "ValidationException",
    ),
    "reserved word scope": (
        {
            "ConditionExpression": "attribute_exists(scope)",
            "ExpressionAttributeNames": {"#lvl": "lvl"},
        },
        "ValidationException",
    ),
    "no such table": ({"TableName": "absent-table"}, "ResourceNotFoundException"),
    "half a key": ({"Key": {"pkh": {"S": "x"}}}, "ValidationException"),
    "key of another type": (
        {"Key": {"pkh": {"N": "1"}, "scope": {"S": "x"}}},
        "ValidationException",
    ),
    "update of a key attribute": (
        {
            "UpdateExpression": "SET #scope = :l",
            "ExpressionAttributeNames": {"#pkh": "pkh", "#scope": "scope"},
            "ExpressionAttributeValues": {":l": {"S": "x"}},
        },
        "ValidationException",
    ),
    "an attribute set and removed": (
        {"UpdateExpression": "SET #lvl = :l REMOVE #lvl"},
        "ValidationException",
    ),
    "syntax of the update": ({"UpdateExpression": "SET #lvl = = :l"}, "ValidationException"),
    "attribute_type of no type": (
        {
            "ConditionExpression": "attribute_type(#lvl, :t)",
            "ExpressionAttributeNames": {"#lvl": "lvl"},
            "ExpressionAttributeValues": {":l": number(1), ":t": {"S": "number"}},
        },
        "ValidationException",
    ),
    "redundant parentheses": (
        {"ConditionExpression": "attribute_exists(#pkh) AND ((#lvl = :l))"},
        "ValidationException",
    ),
    "syntax of the condition": (
        {"ConditionExpression": "attribute_exists(#pkh) AND ("},
        "ValidationException",
    ),
    "order of a boolean": (
        {
            "ConditionExpression": "#lvl < :b",
            "ExpressionAttributeNames": {"#lvl": "lvl"},
            "ExpressionAttributeValues": {":l": number(1), ":b": {"BOOL": True}},
        },
        "ValidationException",
    ),
    "a value of two types": (
        {"ExpressionAttributeValues": {":l": {"S": "x", "N": "1"}}},
        "ValidationException",
    ),
    "number not in quotes": (
        {"ExpressionAttributeValues": {":l": {"N": 5}}},
        "SerializationException",
    ),
    "no base64": (
        {"ExpressionAttributeValues": {":l": {"B": "***"}}},
        "SerializationException",
    ),
    "ALL_NEW on refusal": (
        {"ReturnValuesOnConditionCheckFailure": "ALL_NEW"},
        "ValidationException",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_mistake_is_named_and_nothing_written(armed: Row, name: str) -> None:
    changes, right = ROWS[name]
    code = expected(armed.server, name, right)
    answer = armed.send(EXISTS, "SET #lvl = :l", {":l": number(1)}, **changes)
    if code is None:
        assert answer.status == 200
        return
    assert answer.code == code, answer.body
    assert answer.status == (500 if code == "InternalFailure" else 400)
    assert armed.read()["lvl"] == number(100)


def test_body_not_json(dynamodb: Server) -> None:
    answer = dynamodb.call("UpdateItem", b"{")
    assert answer.code == expected(dynamodb, "body not JSON", "SerializationException")


def test_unknown_operation(dynamodb: Server) -> None:
    answer = dynamodb.call("EatItem", {})
    assert answer.code == expected(dynamodb, "unknown operation", "UnknownOperationException")
