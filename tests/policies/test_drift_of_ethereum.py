# SPDX-License-Identifier: Apache-2.0
"""The Ethereum stack's policies are those of iam-policies/, whatever the parameters."""

from dataclasses import replace

import pytest

from cast import OTHER_ACCOUNT, STACK, WRAPS_ELSEWHERE, WRAPS_HERE
from cast_of_ethereum import VALIDATOR_STACK
from documents import Stack
from support import cloudformation
from test_drift import BOUNDARY, BREAK_GLASS, ENDPOINT, VPC, assert_same

MORE = f"arn:aws:kms:us-east-1:{OTHER_ACCOUNT}:key/0d0d0d0d-12ab-34cd-56ef-1234567890ab"
STACKS = [
    replace(VALIDATOR_STACK, BreakGlassRoleArn=role, VpcEndpoint=endpoint, WrappingKeyArns=wrapping)
    for role, endpoint, wrapping in (
        ("", "", (WRAPS_HERE,)),
        (BREAK_GLASS, ENDPOINT, (WRAPS_HERE, WRAPS_ELSEWHERE)),
        (BREAK_GLASS, "", (WRAPS_HERE, WRAPS_ELSEWHERE, MORE)),
    )
]


def made_of(stack: Stack, **parameters: str) -> cloudformation.Stack:
    own, *others = stack.WrappingKeyArns
    chosen = cloudformation.LEAST_OF_VALIDATORS | {
        "BreakGlassRoleArn": stack.BreakGlassRoleArn,
        "WrappingKeyArns": ",".join(others),
        "Recovery": "on",
    }
    return cloudformation.Stack(
        chosen | (VPC if stack.VpcEndpoint else {}) | parameters,
        template=cloudformation.load(cloudformation.VALIDATORS),
        region=stack.Region,
        account=stack.Account,
        ids={"WrappingKey": own.rpartition("/")[2], "KmsEndpoint": stack.VpcEndpoint},
    )


@pytest.mark.parametrize("stack", STACKS, ids=str)
def test_policies(stack: Stack) -> None:
    made = made_of(stack)
    for resource, member, file in (
        ("WrappingKey", "KeyPolicy", "wrapping-key-policy"),
        ("SignerRole", "AssumeRolePolicyDocument", "role-trust"),
        ("OperatorRole", "AssumeRolePolicyDocument", "role-trust"),
        ("RecoveryRole", "AssumeRolePolicyDocument", "role-trust"),
        ("SignerPolicy", "PolicyDocument", "signer-role"),
        ("OperatorPolicy", "PolicyDocument", "operator-role"),
        ("OperatorUserPolicy", "PolicyDocument", "operator-user"),
        ("RecoveryUserPolicy", "PolicyDocument", "recovery-user"),
        ("AuditorPolicy", "PolicyDocument", "auditor"),
    ):
        assert_same(made.properties(resource)[member], file, stack)
    (policy,) = made.properties("RecoveryRole")["Policies"]
    assert_same(policy["PolicyDocument"], "recovery-role", stack)
    (replica,) = made.properties("Table")["Replicas"]
    assert_same(replica["ResourcePolicy"]["PolicyDocument"], "table-policy-new", stack)


def test_wrapping_keys_may_all_be_elsewhere() -> None:
    stack = replace(VALIDATOR_STACK, WrappingKeyArns=(WRAPS_ELSEWHERE,))
    given = {"NewWrappingKey": "false", "WrappingKeyArns": WRAPS_ELSEWHERE}
    made = made_of(replace(stack, WrappingKeyArns=("own", WRAPS_ELSEWHERE)), **given)
    assert not made.of_type("AWS::KMS::Key")
    for name in ("signer", "operator"):
        document = made.properties(f"{name.title()}Policy")["PolicyDocument"]
        assert_same(document, f"{name}-role", stack)


def test_roles_have_no_other_rights() -> None:
    made = made_of(STACKS[0])
    roles = made.of_type("AWS::IAM::Role")
    assert list(roles) == ["SignerRole", "OperatorRole", "RecoveryRole"]
    assert list(made.of_type("AWS::IAM::Policy")) == ["SignerPolicy", "OperatorPolicy"]
    for name in ("Signer", "Operator"):
        assert made.properties(f"{name}Policy")["Roles"] == [roles[f"{name}Role"]["RoleName"]]
    assert {name for name, role in roles.items() if "Policies" in role} == {"RecoveryRole"}
    for name in ("Signer", "Operator", "Recovery"):
        assert (
            made.properties(f"{name}Function")["Role"] == VALIDATOR_STACK.values[f"{name}RoleArn"]
        )
    bounded = made_of(STACKS[0], PermissionsBoundaryArn=BOUNDARY).of_type("AWS::IAM::Role")
    assert bounded == {n: role | {"PermissionsBoundary": BOUNDARY} for n, role in roles.items()}
    assert STACK.Account in BOUNDARY
