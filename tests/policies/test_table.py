# SPDX-License-Identifier: Apache-2.0
"""Every row of the table, answered by an IAM simulator under the policies of iam-policies/."""

import pytest

from asking import answers, files_of
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
