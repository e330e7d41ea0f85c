# SPDX-License-Identifier: Apache-2.0
"""When the table's policy counts as sealed: by what the seal says, not by its name."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from redoubt_stack import policies
from redoubt_stack.checks.facts import Facts
from redoubt_stack.seal import SEAL, seal

from cast import STACK
from documents import FOLDER, Policy, document, without_seal

PARAMETERS = {
    "KeySpec": "ECC_SECG_P256K1",
    "KeyHashes": ",".join(STACK.KeyHashes),
    "BreakGlassRoleArn": STACK.BreakGlassRoleArn,
    "ExistingKeyArn": STACK.values["KeyArn"],
}
RIGHT = document("table-policy", STACK)


class Dynamo:
    """A table's policy; none if None."""

    def __init__(self, policy: Policy | None) -> None:
        self.policy = policy

    def get_resource_policy(self, ResourceArn: str) -> dict[str, Any]:
        assert ResourceArn == STACK.values["TableArn"]
        if self.policy is None:
            error = {"Error": {"Code": "PolicyNotFoundException", "Message": ""}}
            raise ClientError(error, "GetResourcePolicy")
        return {"Policy": json.dumps(self.policy)}

    def put_resource_policy(
        self, ResourceArn: str, Policy: str, ConfirmRemoveSelfResourceAccess: bool
    ) -> None:
        assert ResourceArn == STACK.values["TableArn"] and ConfirmRemoveSelfResourceAccess
        self.policy = json.loads(Policy)


def sealed_in(dynamo: Dynamo) -> list[str]:
    aws = SimpleNamespace(
        client=lambda *_: dynamo,
        region=STACK.Region,
        account=STACK.Account,
        partition=STACK.Partition,
    )
    stack = SimpleNamespace(
        name=STACK.StackName, parameters=lambda: PARAMETERS, resource=lambda _: ""
    )
    return seal(Facts(aws, stack, FOLDER, FOLDER))  # type: ignore[arg-type]


def with_seal(**other: Any) -> Policy:
    statements = [s | other if s["Sid"] == SEAL else s for s in RIGHT["Statement"]]
    return {**RIGHT, "Statement": statements}


@pytest.mark.parametrize(
    "found",
    [
        None,
        without_seal(RIGHT),
        with_seal(Action="dynamodb:DeleteResourcePolicy"),
        with_seal(Effect="Allow"),
        with_seal(Condition={}),
        document("table-policy", replace(STACK, BreakGlassRoleArn="arn:aws:iam::1:role/other")),
    ],
    ids=["none", "no seal", "half of it", "allows", "denies all", "another's break-glass role"],
)
def test_what_is_no_seal_is_replaced(found: Policy | None) -> None:
    dynamo = Dynamo(found)
    assert sealed_in(dynamo) == [STACK.Region]
    assert policies.difference(RIGHT, dynamo.policy or {}) == ""


def test_a_seal_is_left_with_what_stands_beside_it() -> None:
    """As with a second signer's roles, which an administrator put into a replica's policy."""
    more = {"Sid": "More", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    for found in (RIGHT, {**RIGHT, "Statement": [more, *RIGHT["Statement"]]}):
        dynamo = Dynamo(found)
        assert sealed_in(dynamo) == []
        assert dynamo.policy == found
