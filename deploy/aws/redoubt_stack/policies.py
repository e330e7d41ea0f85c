# SPDX-License-Identifier: Apache-2.0
"""The documents of iam-policies/ with this stack's names in them, and how two documents compare."""

import json
import re
from pathlib import Path
from typing import Any

Document = dict[str, Any]


PLACEHOLDER = re.compile(r"\$\{([A-Za-z]+)\}")
# Statements that are there if this parameter of the stack is not empty.
SWITCHES = {
    "VpcInterfaces": "VpcId",
    "VpcInterfacesNotByCode": "VpcId",
    "SignsThroughEndpoint": "VpcId",
    "Vpc": "VpcId",
    "Interfaces": "VpcId",
    "BreakGlassChanges": "BreakGlassRoleArn",
    "WarmRole": "WarmSchedule",
    "WarmRoleWithinBoundary": "WarmSchedule",
    "PassWarmRole": "WarmSchedule",
    "Schedule": "WarmSchedule",
    "CallSigner": "WarmSchedule",
}


def absent(parameters: dict[str, str]) -> frozenset[str]:
    """The statements, by Sid, that a stack with these parameters does not have."""
    return frozenset(sid for sid, switch in SWITCHES.items() if not parameters.get(switch))


def load(
    path: Path, values: dict[str, str] | None, absent: frozenset[str] = frozenset()
) -> Document:
    """With its placeholders filled in, if there are values; without the statements `absent`."""
    document: Document = json.loads(path.read_text())
    document["Statement"] = [s for s in document["Statement"] if s.get("Sid") not in absent]
    if values is None:
        return document
    filled = PLACEHOLDER.sub(lambda found: values[found[1]], json.dumps(document))
    return dict(json.loads(filled))


def placeholders(document: Document) -> set[str]:
    return set(PLACEHOLDER.findall(json.dumps(document)))


def root(values: dict[str, str]) -> str:
    """The account's, which stands where no break-glass role was named."""
    return f"arn:{values['Partition']}:iam::{values['Account']}:root"


def names(partition: str, account: str, region: str, stack: str) -> dict[str, str]:
    """The placeholders that follow from where a stack is and what it is called."""

    def arn(service: str, resource: str, in_region: str = region) -> str:
        return f"arn:{partition}:{service}:{in_region}:{account}:{resource}"

    values = {
        "Partition": partition,
        "Account": account,
        "Region": region,
        "StackName": stack,
        "TableArn": arn("dynamodb", f"table/{stack}-watermarks"),
        "WarmRoleArn": arn("iam", f"role/{stack}-warm-{region}", ""),
        "BoundaryArn": arn("iam", f"policy/{stack}-boundary-{region}", ""),
        "CodeBucket": f"redoubt-artifacts-{account}-{region}",
    }
    for kind in ("signer", "operator"):
        values |= {
            f"{kind.title()}RoleArn": arn("iam", f"role/{stack}-{kind}-{region}", ""),
            f"{kind.title()}FunctionArn": arn("lambda", f"function:{stack}-{kind}"),
            f"{kind.title()}LogGroupArn": arn("logs", f"log-group:/aws/lambda/{stack}-{kind}"),
        }
    return values


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def canonical(value: Any) -> Any:
    """Equal for documents that mean the same: one value is a list of one, lists have no order, and
    `true` and 1 are also written as texts."""
    if isinstance(value, dict):
        return {key: canonical(member) for key, member in value.items()}
    return sorted({_item(item) for item in listed(value)})


def _item(item: Any) -> str:
    if isinstance(item, dict | list):
        return json.dumps(canonical(item), sort_keys=True)
    # A text keeps its case, which matters in an ARN.
    return item if isinstance(item, str) else json.dumps(item)


def statements(document: Document) -> dict[str, Any]:
    """By Sid, or by place where there is none or it is not the first of that name."""
    found: dict[str, Any] = {}
    for i, statement in enumerate(listed(document.get("Statement", []))):
        sid = statement.get("Sid", f"#{i}")
        name = f"{sid} #{i}" if sid in found else sid
        found[name] = canonical({k: v for k, v in statement.items() if k != "Sid"})
    return found


def difference(expected: Document, found: Document) -> str:
    """Empty if they mean the same; else what differs: the language's version, statements."""
    left, right = statements(expected), statements(found)
    words = [f"{sid} is missing" for sid in left if sid not in right]
    words += [f"{sid} was added" for sid in right if sid not in left]
    words += [f"{sid} is another" for sid in left if sid in right and left[sid] != right[sid]]
    if expected.get("Version") != found.get("Version"):
        words.append(f"Version is {found.get('Version')}")
    return ", ".join(words)
