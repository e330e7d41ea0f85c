# SPDX-License-Identifier: Apache-2.0
"""Every single mistake of some kinds that can be made in the policies, one change each."""

import copy
from collections.abc import Iterator
from typing import Any

from asking import Change
from documents import FILES, source

# Policies of a resource name itself: there "*" is the same.
OF_A_RESOURCE = (
    "key-policy",
    "table-policy",
    "ethereum/table-policy-new",
    "url-policy",
    "role-trust",
    "warm-trust",
)
# Lists so long that a row for each of their actions would only repeat them.
LONG_LISTS = ("deployer", "auditor", "ethereum/deployer", "ethereum/auditor")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statement_mistakes(file: str, statement: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What is wrong, and the statement as it then is (None: gone)."""
    allows = statement["Effect"] == "Allow"
    yield "is missing", None

    actions = listed(statement["Action"])
    if len(actions) > 1 and not (allows and file in LONG_LISTS):
        for action in actions:
            rest = [other for other in actions if other != action]
            yield f"lacks {action}", statement | {"Action": rest}
    if allows:
        services = sorted({action.split(":")[0] for action in actions})
        wide = [f"{service}:*" for service in services]
        if wide != actions:
            yield "has every action of its services", statement | {"Action": wide}
        if statement.get("Resource", "*") != "*" and file not in OF_A_RESOURCE:
            yield "is about every resource", statement | {"Resource": "*"}
        if "Principal" in statement and statement["Principal"] != "*":
            yield "is for everybody", statement | {"Principal": "*"}

    for operator, tests in statement.get("Condition", {}).items():
        for key, values in tests.items():
            changed = copy.deepcopy(statement)
            del changed["Condition"][operator][key]
            if not changed["Condition"][operator]:
                del changed["Condition"][operator]
            yield f"does not look at {key} ({operator})", changed
            if len(listed(values)) > 1:
                for value in values:
                    changed = copy.deepcopy(statement)
                    changed["Condition"][operator][key].remove(value)
                    yield f"does not know {value}", changed


def changes() -> Iterator[Change]:
    for file in FILES:
        policy = source(file)
        for index, statement in enumerate(policy["Statement"]):
            for what, mistake in statement_mistakes(file, statement):
                statements = list(policy["Statement"])
                statements[index : index + 1] = [] if mistake is None else [mistake]
                yield Change(
                    file,
                    f"{statement['Sid']} {what}",
                    {**policy, "Statement": statements},
                    tuple(
                        a
                        for one in (statement, mistake or {})
                        for a in listed(one.get("Action", []))
                    ),
                )
