# SPDX-License-Identifier: Apache-2.0
"""Every row of the table, answered by an IAM simulator under the policies of iam-policies/."""

import pytest

import cast
from asking import answers, files_of
from cast import BREAK_GLASS_ADMIN, MINE, PLAIN, REPLACED, REPLICATION, ROOT, STACK, Person, World
from documents import FILES
from table import Row
from whole_table import TABLE


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


def writers(
    plain: World, replaced: World, who: list[Person], row: dict[str, list[str]]
) -> set[str]:
    """Of people, each in the world that they themselves can make of the plain one: who writes it.
    They replace the table's policy only if they are trusted with it."""
    table = STACK.values["TableArn"]
    asked = [
        Row(one, action, table, False, "", row if "Item" in action else {}, world)
        for one in who
        for action, world in (
            ("dynamodb:PutResourcePolicy", plain),
            ("dynamodb:DeleteResourcePolicy", plain),
            ("dynamodb:PutItem", plain),
            ("dynamodb:PutItem", replaced),
        )
    ]
    told = iter(answers((row, None) for row in asked))
    replaces, writes = set(), set()
    for one in who:
        puts, deletes, here, there = (next(told) for _ in range(4))
        replaces |= {one.name} if puts or deletes else set()
        writes |= {one.name} if here or ((puts or deletes) and there) else set()
    assert replaces == {ROOT.name, BREAK_GLASS_ADMIN.name}
    return writes - replaces


def test_whoever_may_not_write_a_row_may_not_replace_the_policy_that_says_so() -> None:
    of_sealed = {"recovery-role", "recovery-user"}
    who = [one for one in people() if not of_sealed & set(one.policies)]
    assert writers(PLAIN, REPLACED, who, MINE) == {REPLICATION.name}


def test_where_keys_are_sealed_recovery_writes_too() -> None:
    row = {"dynamodb:LeadingKeys": [cast.BLS_KEYS[0]], "dynamodb:Attributes": cast.COMMITTED}
    inside = {one.name for one in people() if one.principal_arn == cast.RECOVERY.principal_arn}
    inside -= {cast.RECOVERY_ROLE_OUTSIDE.name}
    # In a deployer's hand the operator's code does what it may.
    expected = {REPLICATION.name, cast.ROGUE_OPERATOR.name, *inside}
    assert writers(cast.SEALED, cast.SEALED_REPLACED, people(), row) == expected
