# SPDX-License-Identifier: Apache-2.0
"""Taking over the key, table and roles of a stack that was deleted."""

from dataclasses import dataclass
from typing import Any

from redoubt_stack.aws import Aws, unless_missing
from redoubt_stack.console import Stop
from redoubt_stack.stack import Import, Stack
from redoubt_stack.template import Template


@dataclass(frozen=True)
class Found:
    imports: list[Import]
    parameters: dict[str, str]  # what the key says of itself


def kept_resources(aws: Aws, stack: Stack, template: Template, own_key: bool) -> Found:
    """All of them, or a stop: half a set is nobody's guess to complete. `own_key`: the key is the
    stack's, not one that existed before it."""
    alias = f"alias/{stack.name}"
    key = _key(aws, alias) if own_key else None
    kinds = ("Signer", "Operator")
    roles = {f"{kind}Role": f"{stack.name}-{kind.lower()}-{aws.region}" for kind in kinds}
    missing = [name for name in roles.values() if not _role(aws, name)]
    missing += [f"the key behind {alias}"] if own_key and key is None else []
    if missing:
        raise Stop(
            f"the table {stack.name}-watermarks exists, but not {', '.join(missing)}: "
            "choose another --stack, or bring back what is missing"
        )
    found = {"Table": {"TableName": f"{stack.name}-watermarks"}}
    found |= {logical_id: {"RoleName": name} for logical_id, name in roles.items()}
    parameters = {}
    if key is not None:
        found |= {"Key": {"KeyId": key["KeyId"]}, "KeyAlias": {"AliasName": alias}}
        several = str(key.get("MultiRegion", False)).lower()
        parameters = {"KeySpec": key["KeySpec"], "MultiRegionKey": several}
    return Found([Import(i, template.kind(i), name) for i, name in found.items()], parameters)


def _key(aws: Aws, alias: str) -> dict[str, Any] | None:
    found = unless_missing(lambda: aws.client("kms").describe_key(KeyId=alias), "NotFoundException")
    return None if found is None else found["KeyMetadata"]


def _role(aws: Aws, name: str) -> bool:
    iam = aws.client("iam")
    return unless_missing(lambda: iam.get_role(RoleName=name), "NoSuchEntity") is not None
