# SPDX-License-Identifier: Apache-2.0
"""What the product takes for granted of DynamoDB beyond its own writes: numbers, types, answers."""

import re
import zlib
from dataclasses import replace
from typing import Any

import pytest

from row import Item, Row, number

EXISTS = "attribute_exists(#pkh)"

# Where a third party is known to differ from DynamoDB: it returns numbers as they were written.
KNOWN = {
    ("dynamodb-local", "leading zeros"): "007",
    ("dynamodb-local", "trailing zeros"): "1.50",
    ("dynamodb-local", "exponent"): "1E3",
    ("dynamodb-local", "minus zero"): "-0",
    ("dynamodb-local", "plus sign"): "+5",
}


class TestNumbers:
    @pytest.mark.parametrize(
        ("name", "sent", "kept"),
        [
            ("leading zeros", "007", "7"),
            ("trailing zeros", "1.50", "1.5"),
            ("exponent", "1E3", "1000"),
            ("minus zero", "-0", "0"),
            ("plus sign", "+5", "5"),
            ("38 digits", "1" * 38, "1" * 38),
            ("negative", "-1789000000001", "-1789000000001"),
        ],
    )
    def test_are_trimmed_when_returned(self, armed: Row, name: str, sent: str, kept: str) -> None:
        armed.update(EXISTS, "SET #lvl = :l", {":l": {"N": sent}})
        assert armed.read()["lvl"]["N"] == KNOWN.get((armed.server.name, name), kept)

    @pytest.mark.parametrize("text", ["1" * 39, "1e126", "abc", "", "0x1", " 5", "1 2", "NaN"])
    def test_that_are_none_are_refused(self, armed: Row, text: str) -> None:
        answer = armed.send(EXISTS, "SET #lvl = :l", {":l": {"N": text}})
        assert (answer.status, answer.code) == (400, "ValidationException")

    @pytest.mark.parametrize(
        ("stored", "relation", "value", "holds"),
        [
            (2**53, "<", 2**53 + 1, True),
            (2**53 + 1, "<", 2**53, False),
            (2**53 + 1, "=", 2**53, False),
            (2**63, "<", 2**63 + 1, True),
            (10**37, "<", 10**37 + 1, True),
            (-(2**53), ">=", -(2**53) - 1, True),
            (-(2**53) - 1, ">=", -(2**53), False),
            (9, "<", 10, True),  # as text it would not
            (-10, "<", -9, True),
            (-1, "<", 0, True),
            (0, ">=", 0, True),
        ],
    )
    def test_compare_exactly(
        self, armed: Row, stored: int, relation: str, value: int, holds: bool
    ) -> None:
        armed.update(EXISTS, "SET #pace = :p", {":p": number(stored)})
        answer = armed.send(f"#pace {relation} :v", "SET #rnd = :v", {":v": number(value)})
        assert answer.status == (200 if holds else 400), answer.body

    def test_forms_of_one_number_are_equal(self, armed: Row) -> None:
        armed.update(EXISTS, "SET #pace = :p", {":p": {"N": "1E3"}})
        assert armed.send("#pace = :v", "SET #rnd = :v", {":v": number(1000)}).status == 200


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "holds"),
        [
            ("#digest = :d", True),
            ("#digest = :other", False),
            ("#digest = :text", False),
            ("#digest = :short", False),
            ("#digest <> :other", True),
            ("#lvl = :text", False),
            ("#lvl < :text", False),
            ("#lvl > :text", False),
            ("#sig = :text", False),  # `sig` is missing from here on
            ("#sig < :text", False),
            ("#sig >= :text", False),
            ("#sig <> :text", True),
            ("NOT #sig = :text", True),
            ("attribute_not_exists(#sig)", True),
            ("attribute_exists(#sig)", False),
            ("attribute_type(#digest, :B)", True),
            ("attribute_type(#digest, :N)", False),
            ("attribute_type(#lvl, :N)", True),
            ("attribute_type(#lvl, :S)", False),
            ("attribute_type(#sig, :S)", False),
            ("NOT attribute_type(#sig, :S)", True),
            ("attribute_not_exists(#sig) OR attribute_type(#sig, :S)", True),
            ("attribute_not_exists(#digest) OR attribute_type(#digest, :S)", False),
            ("attribute_exists(#sig) OR #digest = :d", True),
            ("#digest = :other OR #digest = :d AND attribute_exists(#sig)", False),
            ("(#digest = :other OR #digest = :d) AND attribute_exists(#pkh)", True),
            ("NOT (#digest = :other OR #digest = :text)", True),
        ],
    )
    def test_hold_or_not(self, armed: Row, condition: str, holds: bool) -> None:
        digest = b"\x00\xff" * 16
        armed.update(EXISTS, "SET #digest = :d", {":d": {"B": digest}})
        all_values: Item = {
            ":d": {"B": digest},
            ":other": {"B": b"\x01\xff" * 16},
            ":short": {"B": digest[:-1]},
            ":text": {"S": "text"},
            ":B": {"S": "B"},
            ":N": {"S": "N"},
            ":S": {"S": "S"},
        }
        used = {name: all_values[name] for name in re.findall(r":\w+", condition)}
        client = armed.server.client
        request = armed.request(condition, "SET #rnd = :one", used | {":one": number(1)})
        if holds:
            client.update_item(**request)
            assert armed.read()["rnd"] == number(1)
        else:
            with pytest.raises(client.exceptions.ConditionalCheckFailedException):
                client.update_item(**request)

    def test_compare_what_stood_before_the_update(self, armed: Row) -> None:
        assert armed.send("#lvl = :old", "SET #lvl = :new", {
            ":old": number(100), ":new": number(101)
        }).status == 200  # fmt: skip


class TestAnswers:
    def test_of_success_carries_its_checksum(self, armed: Row) -> None:
        request = armed.request(EXISTS, "SET #lvl = :l", {":l": number(5)}, "ALL_NEW")
        answer = armed.server.call("UpdateItem", request)
        assert answer.status == 200
        assert int(answer.headers["x-amz-crc32"]) == zlib.crc32(answer.body)
        assert answer.headers["content-type"] == "application/x-amz-json-1.0"
        assert answer.headers["x-amzn-requestid"]
        assert answer.headers["date"].endswith(" GMT")
        assert answer.json()["Attributes"]["lvl"] == number(5)

    def test_without_return_values_is_an_empty_object(self, armed: Row) -> None:
        answer = armed.send(EXISTS, "SET #lvl = :l", {":l": number(5)})
        assert (answer.status, answer.json()) == (200, {})

    def test_of_refusal_spells_type_message_and_item(self, armed: Row) -> None:
        answer = armed.send("#lvl > :l", "SET #rnd = :l", {":l": number(500)})
        body = answer.json()
        assert answer.status == 400
        # Amazon's own spells `Message` here, others `message`: a reader takes both.
        assert set(body) in ({"__type", "Message", "Item"}, {"__type", "message", "Item"})
        assert body["__type"].rsplit("#", 1)[-1] == "ConditionalCheckFailedException"
        assert body["Item"] == armed.key | {
            "lvl": number(100),
            "rnd": number(2**31 - 1),
            "pace": number(-5),
            "at": number(1),
        }
        # DynamoDB Local has a checksum on success only.
        if armed.server.name == "dynamodb-local":
            assert "x-amz-crc32" not in answer.headers
        else:
            assert int(answer.headers["x-amz-crc32"]) == zlib.crc32(answer.body)

    def test_of_refusal_has_no_item_unless_asked(self, armed: Row) -> None:
        answer = armed.send(
            "#lvl > :l",
            "SET #rnd = :l",
            {":l": number(500)},
            ReturnValuesOnConditionCheckFailure="NONE",
        )
        assert answer.code == "ConditionalCheckFailedException"
        assert "Item" not in answer.json()

    def test_binary_travels_unharmed(self, armed: Row) -> None:
        every = bytes(range(256))
        armed.update(EXISTS, "SET #digest = :d", {":d": {"B": every}})
        assert armed.read()["digest"] == {"B": every}


class TestQuery:
    def test_gives_the_rows_of_one_key_in_the_order_of_scopes(self, armed: Row) -> None:
        for scope in ("NetXdQprcVkpaWU/preattestation", "NetXdQprcVkpaWU/block"):
            replace(armed, scope=scope).arm(7, 0)
        Row(armed.server).arm(9, 0)  # another key's
        answer = armed.server.call("Query", self.query(armed))
        body = answer.json()
        assert [item["scope"]["S"].split("/")[1] for item in body["Items"]] == [
            "attestation",
            "block",
            "preattestation",
        ]
        assert {item["pkh"]["S"] for item in body["Items"]} == {armed.pkh}
        assert (body["Count"], "LastEvaluatedKey" in body) == (3, False)
        assert int(answer.headers["x-amz-crc32"]) == zlib.crc32(answer.body)

    def test_of_an_unknown_key_is_empty(self, row: Row) -> None:
        body = row.server.call("Query", self.query(row)).json()
        assert (body["Items"], body["Count"]) == ([], 0)

    @staticmethod
    def query(row: Row) -> dict[str, Any]:
        return {
            "TableName": row.table,
            "KeyConditionExpression": "#pkh = :pkh",
            "ExpressionAttributeNames": {"#pkh": "pkh"},
            "ExpressionAttributeValues": {":pkh": {"S": row.pkh}},
            "ConsistentRead": True,
        }
