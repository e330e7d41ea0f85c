# SPDX-License-Identifier: Apache-2.0
"""What the product takes for granted of DynamoDB when it looks through the whole table."""

from typing import Any

import pytest

from row import Item, Row
from support.aws import Answer

SCOPES = ("batch", "sealed", "wrap")


def item(row: Row, scope: str) -> Item:
    return {"pkh": {"S": row.pkh}, "scope": {"S": scope}, "made": {"N": "7"}}


@pytest.fixture
def filled(row: Row) -> Row:
    for scope in SCOPES:
        row.server.call("PutItem", {"TableName": row.table, "Item": item(row, scope)})
    return row


def scan(row: Row, **fields: Any) -> Answer:
    return row.server.call("Scan", {"TableName": row.table, "ConsistentRead": True} | fields)


@pytest.mark.parametrize("limit", [7, 50])
def test_all_items_come_once_page_by_page(filled: Row, limit: int) -> None:
    """Others' items may be in the table, too."""
    found: list[Item] = []
    start: Item | None = None
    while True:
        answer = scan(filled, Limit=limit, **({"ExclusiveStartKey": start} if start else {}))
        assert answer.status == 200
        page = answer.json()
        assert len(page["Items"]) == page["Count"] <= limit
        found += page["Items"]
        start = page.get("LastEvaluatedKey")
        if start is None:
            break
        assert set(start) == {"pkh", "scope"}
    ours = [one for one in found if one["pkh"]["S"] == filled.pkh]
    assert sorted(ours, key=str) == sorted((item(filled, scope) for scope in SCOPES), key=str)


def test_a_page_of_nothing_is_refused(filled: Row) -> None:
    answer = scan(filled, Limit=0)
    assert (answer.status, answer.code) == (400, "ValidationException")


def test_a_start_that_is_no_key_is_refused(filled: Row) -> None:
    answer = scan(filled, ExclusiveStartKey={"pkh": {"S": filled.pkh}})
    assert (answer.status, answer.code) == (400, "ValidationException")
