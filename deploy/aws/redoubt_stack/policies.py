# SPDX-License-Identifier: Apache-2.0
"""The documents of iam-policies/ with this stack's names in them, and how two documents compare."""

import json
import re
from pathlib import Path
from typing import Any

from redoubt_stack.kinds import TEZOS, Kind

Document = dict[str, Any]


PLACEHOLDER = re.compile(r"\$\{([A-Za-z]+)\}")
# What a placeholder stands for; one that has several stands in a list, whose elements they become.
Values = dict[str, "str | list[str]"]
# Statements that are there if this parameter of the stack is not empty; the last two stand for
# what `KeyType` says.
KMS_KEY, SEALED = "KmsKey", "Sealed"
SWITCHES = {
    "Sign": KMS_KEY,
    "PublicKey": KMS_KEY,
    "Open": SEALED,
    "SealedKeys": SEALED,
    "Seal": SEALED,
    "Random": SEALED,
    "NewKeys": SEALED,
    "AllKeys": SEALED,
    "OpenFromInside": SEALED,
    "SealFromInside": SEALED,
    "RandomFromInside": SEALED,
    "ReadFromInside": SEALED,
    "KeysFromInside": SEALED,
    "LookAtWrappingKeys": SEALED,
    "NewWrappingKey": SEALED,
    "WrappingAlias": SEALED,
    "RecoveryRole": SEALED,
    "VpcInterfaces": "VpcId",
    "VpcInterfacesNotByCode": "VpcId",
    "SignsThroughEndpoint": "VpcId",
    "OpensThroughEndpoint": "VpcId",
    "Vpc": "VpcId",
    "Interfaces": "VpcId",
    "BreakGlassChanges": "BreakGlassRoleArn",
    "WarmRole": "WarmSchedule",
    "WarmRoleWithinBoundary": "WarmSchedule",
    "PassWarmRole": "WarmSchedule",
    "Schedule": "WarmSchedule",
    "CallSigner": "WarmSchedule",
}


# Of a stack with sealed keys only.
OF_SEALED = ("recovery-role", "recovery-user", "wrapping-key-policy")


def has_kms_key(parameters: dict[str, str]) -> bool:
    """One that signs; a stack of before there were others has nothing else."""
    return parameters.get("KeyType", "kms") != "tz4"


def has_sealed_keys(parameters: dict[str, str]) -> bool:
    return parameters.get("KeyType", "kms") != "kms"


def absent(parameters: dict[str, str]) -> frozenset[str]:
    """The statements, by Sid, that a stack with these parameters does not have."""
    by_type = {KMS_KEY: has_kms_key(parameters), SEALED: has_sealed_keys(parameters)}
    return frozenset(
        sid
        for sid, switch in SWITCHES.items()
        if not by_type.get(switch, bool(parameters.get(switch)))
    )


def load(path: Path, values: Values | None, absent: frozenset[str] = frozenset()) -> Document:
    """With its placeholders filled in, if there are values; without the statements `absent`."""
    document: Document = json.loads(path.read_text())
    document["Statement"] = [s for s in document["Statement"] if s.get("Sid") not in absent]
    return document if values is None else dict(_filled(document, values))


def _filled(node: Any, values: Values) -> Any:
    """An element of a list that names what is empty is left out."""
    if isinstance(node, dict):
        return {key: _filled(member, values) for key, member in node.items()}
    if isinstance(node, list):
        return [one for element in node for one in _elements(element, values)]
    return PLACEHOLDER.sub(lambda found: str(values[found[1]]), node)


def _elements(element: Any, values: Values) -> list[Any]:
    if not isinstance(element, str):
        return [_filled(element, values)]
    names = PLACEHOLDER.findall(element)
    if any(not values[name] for name in names):
        return []
    several = values[names[0]] if len(names) == 1 else ""
    return several if isinstance(several, list) else [_filled(element, values)]


def placeholders(document: Document) -> set[str]:
    return set(PLACEHOLDER.findall(json.dumps(document)))


def root(values: Values) -> str:
    """The account's, which stands where no break-glass role was named."""
    return f"arn:{values['Partition']}:iam::{values['Account']}:root"


def names(
    partition: str,
    account: str,
    region: str,
    stack: str,
    *,
    sealed: bool = False,
    kind: Kind = TEZOS,
) -> dict[str, Any]:
    """The placeholders that follow from where a stack is and what it is called. Without `sealed`
    keys there is nothing to recover, and no name for what would."""

    def arn(service: str, resource: str, in_region: str = region) -> str:
        return f"arn:{partition}:{service}:{in_region}:{account}:{resource}"

    values = {
        "Partition": partition,
        "Account": account,
        "Region": region,
        "StackName": stack,
        "Purpose": kind.purpose,
        "Table": kind.table,
        "TableArn": arn("dynamodb", f"table/{stack}-{kind.table}"),
        "SigningProfile": stack.replace("-", "_"),
        "WarmRoleArn": arn("iam", f"role/{stack}-warm-{region}", ""),
        "BoundaryArn": arn("iam", f"policy/{stack}-boundary-{region}", ""),
        "CodeBucket": f"redoubt-artifacts-{account}-{region}",
        "WrappingKeyAccount": account,
        "RecoveryUserPolicyArn": arn("iam", f"policy/{stack}-recovery-user-{region}", ""),
    }
    for of in ("signer", "operator", "recovery"):
        values |= {
            f"{of.title()}RoleArn": arn("iam", f"role/{stack}-{of}-{region}", ""),
            f"{of.title()}FunctionArn": arn("lambda", f"function:{stack}-{of}"),
            f"{of.title()}LogGroupArn": arn("logs", f"log-group:/aws/lambda/{stack}-{of}"),
        }
    if not (sealed or has_sealed_keys({**kind.implied})):
        values |= {name: "" for name in values if name.startswith("Recovery")}
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
