# SPDX-License-Identifier: Apache-2.0
"""Every row of the table, answered by an IAM simulator under the policies of iam-policies/."""

import pytest

import cast
from asking import answers, files_of
from cast import BREAK_GLASS_ADMIN, MINE, PLAIN, REPLACED, REPLICATION, ROOT, STACK, Person
from documents import FILES
from table import TABLE, Row


@pytest.fixture(scope="module")
def answered() -> dict[int, bool]:
    return dict(zip(map(id, TABLE), answers((row, None) for row in TABLE), strict=True))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_row(row: Row, answered: dict[int, bool]) -> None:
    assert answered[id(row)] == row.expected


def test_no_row_is_there_twice() -> None:
    asked = [
        (row.who.name, row.action, row.resource, str(row.context), row.world.name) for row in TABLE
    ]
    assert [question for question in set(asked) if asked.count(question) > 1] == []


@pytest.mark.parametrize("file", FILES)
def test_each_file_allows_and_refuses(file: str) -> None:
    seen = {row.expected for row in TABLE if file in files_of(row)}
    assert seen == {True, False}


def people() -> list[Person]:
    return [one for one in vars(cast).values() if isinstance(one, Person)]


def test_whoever_may_not_write_a_row_may_not_replace_the_policy_that_says_so() -> None:
    """Each person in the world that they themselves can make of the present one."""
    table = STACK.values["TableArn"]
    asked = [
        Row(who, action, table, False, "", MINE if "Item" in action else {}, world)
        for who in people()
        for action, world in (
            ("dynamodb:PutResourcePolicy", PLAIN),
            ("dynamodb:DeleteResourcePolicy", PLAIN),
            ("dynamodb:PutItem", PLAIN),
            ("dynamodb:PutItem", REPLACED),
        )
    ]
    told = iter(answers((row, None) for row in asked))
    replaces, writes = set(), set()
    for who in people():
        puts, deletes, here, replaced = (next(told) for _ in range(4))
        replaces |= {who.name} if puts or deletes else set()
        writes |= {who.name} if here or ((puts or deletes) and replaced) else set()
    trusted = {ROOT.name, BREAK_GLASS_ADMIN.name}
    assert replaces == trusted
    assert writes == trusted | {REPLICATION.name}
