# SPDX-License-Identifier: Apache-2.0
"""The policies of iam-policies/, with their placeholders filled in as a stack would."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from redoubt_stack import kinds

FOLDER = Path(__file__).resolve().parents[2] / "iam-policies"
# Of all stacks and of Tezos' in the folder itself, of Ethereum's in one below.
SHARED = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
FILES = (*SHARED, *sorted(f"ethereum/{path.stem}" for path in FOLDER.glob("ethereum/*.json")))

Policy = dict[str, Any]
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")

# Statements that a stack has only if this member of `Stack` is not empty.
SWITCHES = {
    ("signer-role", "Sign"): "KmsKey",
    ("signer-role", "PublicKey"): "KmsKey",
    ("operator-role", "PublicKey"): "KmsKey",
    ("signer-role", "Open"): "Sealed",
    ("signer-role", "SealedKeys"): "Sealed",
    ("operator-role", "Seal"): "Sealed",
    ("operator-role", "Random"): "Sealed",
    ("operator-role", "NewKeys"): "Sealed",
    ("operator-role", "AllKeys"): "Sealed",
    ("boundary", "OpenFromInside"): "Sealed",
    ("boundary", "SealFromInside"): "Sealed",
    ("boundary", "RandomFromInside"): "Sealed",
    ("boundary", "ReadFromInside"): "Sealed",
    ("boundary", "KeysFromInside"): "Sealed",
    ("boundary", "LookAtWrappingKeys"): "Sealed",
    ("deployer", "NewWrappingKey"): "Sealed",
    ("deployer", "WrappingAlias"): "Sealed",
    ("deployer", "LookAtWrappingKeys"): "Sealed",
    ("deployer", "RecoveryRole"): "Sealed",
    ("signer-role", "VpcInterfaces"): "VpcEndpoint",
    ("signer-role", "VpcInterfacesNotByCode"): "VpcEndpoint",
    ("key-policy", "SignsThroughEndpoint"): "VpcEndpoint",
    ("key-policy", "BreakGlassChanges"): "BreakGlassRoleArn",
    ("wrapping-key-policy", "OpensThroughEndpoint"): "VpcEndpoint",
    ("wrapping-key-policy", "BreakGlassChanges"): "BreakGlassRoleArn",
    ("boundary", "Interfaces"): "VpcEndpoint",
    ("boundary", "CallSigner"): "WarmSchedule",
    ("deployer", "Vpc"): "VpcEndpoint",
    ("deployer", "WarmRole"): "WarmSchedule",
    ("deployer", "WarmRoleWithinBoundary"): "WarmSchedule",
    ("deployer", "PassWarmRole"): "WarmSchedule",
    ("deployer", "Schedule"): "WarmSchedule",
}


@dataclass(frozen=True)
class Stack:
    """What a deployment chose, and the names that follow from it."""

    Account: str = "111122223333"
    Partition: str = "aws"
    Region: str = "eu-west-1"
    StackName: str = "redoubt"
    KeyId: str = "1234abcd-12ab-34cd-56ef-1234567890ab"
    KeyHashes: tuple[str, ...] = ("tz2KnEMmQ3DovhQdKRQQL3Xs5A6FPM8j6HAy",)
    WrappingKeyArns: tuple[str, ...] = ()
    WrappingKeyAccount: str = "111122223333"
    SigningAlgorithm: str = "ECDSA_SHA_256"
    MessageType: str = "DIGEST"
    BreakGlassRoleArn: str = "arn:aws:iam::111122223333:role/break-glass"
    VpcEndpoint: str = ""
    WarmSchedule: str = ""
    BoundaryArn: str = ""
    KmsKey: bool = True
    Kind: kinds.Kind = kinds.TEZOS

    @property
    def Sealed(self) -> bool:  # noqa: N802 - as the placeholders are spelled
        return bool(self.WrappingKeyArns)

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        region = self.Region if region is None else region
        return f"arn:{self.Partition}:{service}:{region}:{self.Account}:{resource}"

    def policy(self, name: str) -> str:
        return self.arn("iam", f"policy/{self.StackName}-{name}-{self.Region}", region="")

    @property
    def values(self) -> dict[str, Any]:
        """Every placeholder."""
        choices = ("WarmSchedule", "KmsKey", "KeyId", "Kind")
        mine = {name: value for name, value in vars(self).items() if name not in choices}
        per_function = {"RecoveryUserPolicyArn": self.policy("recovery-user")}
        for name in ("signer", "operator", "recovery"):
            role = f"role/{self.StackName}-{name}-{self.Region}"
            function = f"{self.StackName}-{name}"
            per_function |= {
                f"{name.title()}RoleArn": self.arn("iam", role, region=""),
                f"{name.title()}FunctionArn": self.arn("lambda", f"function:{function}"),
                f"{name.title()}LogGroupArn": self.arn("logs", f"log-group:/aws/lambda/{function}"),
            }
        if not self.Sealed:
            per_function |= {n: "" for n in per_function if n.startswith("Recovery")}
        key = f"key/{self.KeyId}"
        return (
            mine
            | per_function
            | {
                "KeyArn": self.arn("kms", key) if self.KmsKey else "",
                "KeyArnInAnyRegion": self.arn("kms", key, region="*") if self.KmsKey else "",
                "WarmRoleArn": self.arn(
                    "iam", f"role/{self.StackName}-warm-{self.Region}", region=""
                ),
                "BoundaryArn": self.BoundaryArn or self.policy("boundary"),
                "Purpose": self.Kind.purpose,
                "Table": self.Kind.table,
                "TableArn": self.arn("dynamodb", f"table/{self.StackName}-{self.Kind.table}"),
                "SigningProfile": self.StackName.replace("-", "_"),
                "CodeBucket": f"redoubt-artifacts-{self.Account}-{self.Region}",
            }
        )


# What `deploy` puts into the table's policy when CloudFormation is done with it.
SEAL = "NobodyElseReplaces"


def without_seal(policy: Policy) -> Policy:
    return {**policy, "Statement": [one for one in policy["Statement"] if one["Sid"] != SEAL]}


@cache
def source(name: str) -> Policy:
    return json.loads((FOLDER / f"{name}.json").read_text())


def fill(node: Any, values: dict[str, Any]) -> Any:
    """`node` with its placeholders replaced; of an element that names several there are as many,
    and so none of one that names what is empty."""
    if isinstance(node, dict):
        return {key: fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [filled for element in node for filled in elements(element, values)]
    return PLACEHOLDER.sub(lambda match: values[match[1]], node)


def elements(element: Any, values: dict[str, Any]) -> list[Any]:
    if not isinstance(element, str):
        return [fill(element, values)]
    found = [element]
    for name in PLACEHOLDER.findall(element):
        value = values[name]
        several = value if isinstance(value, tuple) else (value,) if value else ()
        found = [one.replace(f"${{{name}}}", text) for one in found for text in several]
    return found


def file(name: str, stack: Stack) -> str:
    """Which one says it: the stack's own, or that of all."""
    own = f"{stack.Kind.policies}/{name}"
    return own if own in FILES else name


def document(name: str, stack: Stack, policy: Policy | None = None) -> Policy:
    """The file, or `policy` in its stead, as the stack has it."""
    statements = [
        statement
        for statement in (policy or source(file(name, stack)))["Statement"]
        if (switch := SWITCHES.get((name, statement["Sid"]))) is None or getattr(stack, switch)
    ]
    return {"Version": "2012-10-17", "Statement": fill(statements, stack.values)}
