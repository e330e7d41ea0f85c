# SPDX-License-Identifier: Apache-2.0
"""The stack's policies are those of iam-policies/, whatever the parameters."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from cast import STACK
from documents import Policy, Stack, document
from template import Template

BREAK_GLASS = STACK.BreakGlassRoleArn
ENDPOINT = "vpce-0a1b2c3d4e5f60718"
CURVES = {
    "ECC_SECG_P256K1": ("ECDSA_SHA_256", "DIGEST"),
    "ECC_NIST_P256": ("ECDSA_SHA_256", "DIGEST"),
    "ECC_NIST_EDWARDS25519": ("ED25519_SHA_512", "RAW"),
}


def template_for(stack: Stack, **parameters: str) -> Template:
    """The stack that `stack` describes; both sides get the same names and nothing else."""
    values = stack.values
    per_function = {}
    for name in ("Signer", "Operator"):
        group = values[f"{name}LogGroupArn"]
        per_function |= {
            f"{name}Role": values[f"{name}RoleArn"].rsplit("/", 1)[1],
            f"{name}Role.Arn": values[f"{name}RoleArn"],
            f"{name}Function": values[f"{name}FunctionArn"].rsplit(":", 1)[1],
            f"{name}Function.Arn": values[f"{name}FunctionArn"],
            f"{name}LogGroup": group.rsplit(":", 1)[1],
            f"{name}LogGroup.Arn": f"{group}:*",
        }
    pseudo = {
        "AWS::Partition": stack.Partition,
        "AWS::Region": stack.Region,
        "AWS::AccountId": stack.Account,
        "AWS::StackName": stack.StackName,
    }
    made = {
        "Key": stack.KeyId,
        "Key.Arn": values["KeyArn"],
        "Table": f"{stack.StackName}-watermarks",
        "Table.Arn": values["TableArn"],
        "KmsEndpoint": stack.VpcEndpoint,
    }
    chosen = {
        "AuthorizedKeys": "edpk",
        "CodeBucket": values["CodeBucket"],
        "CodeKey": "redoubt.zip",
        "KeyHashes": stack.KeyHash,
        "BreakGlassRoleArn": stack.BreakGlassRoleArn,
        "VpcId": "vpc-0a1b2c3d" if stack.VpcEndpoint else "",
    }
    return Template(per_function | pseudo | made | chosen | parameters)


def in_order(node: Any) -> Any:
    """The same policy in one spelling: lists sorted, and a list of one as its element."""
    if isinstance(node, dict):
        return {key: in_order(value) for key, value in node.items()}
    if isinstance(node, list):
        ordered = sorted(map(in_order, node), key=str)
        return ordered[0] if len(ordered) == 1 else ordered
    return node


def assert_same(actual: Policy, file: str, stack: Stack) -> None:
    assert in_order(actual) == in_order(document(file, stack))


ADDRESSES = [
    replace(STACK, BreakGlassRoleArn=role, VpcEndpoint=endpoint)
    for role, endpoint in product(("", BREAK_GLASS), ("", ENDPOINT))
] + [replace(STACK, Partition="aws-us-gov", Region="us-gov-west-1", StackName="second")]


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("stack", ADDRESSES, ids=str)
def test_policies(stack: Stack, curve: str) -> None:
    algorithm, message_type = CURVES[curve]
    stack = replace(stack, SigningAlgorithm=algorithm, MessageType=message_type)
    template = template_for(stack, KeySpec=curve)
    for resource, member, file in (
        ("Key", "KeyPolicy", "key-policy"),
        ("SignerRole", "AssumeRolePolicyDocument", "role-trust"),
        ("OperatorRole", "AssumeRolePolicyDocument", "role-trust"),
        ("SignerPolicy", "PolicyDocument", "signer-role"),
        ("OperatorPolicy", "PolicyDocument", "operator-role"),
        ("OperatorUserPolicy", "PolicyDocument", "operator-user"),
        ("AuditorPolicy", "PolicyDocument", "auditor"),
    ):
        assert_same(template.properties(resource)[member], file, stack)


def test_roles_have_no_other_rights() -> None:
    template = template_for(STACK)
    assert template.of_type("AWS::IAM::Role") == ["SignerRole", "OperatorRole"]
    assert template.of_type("AWS::IAM::Policy") == ["SignerPolicy", "OperatorPolicy"]
    for name in ("Signer", "Operator"):
        role = template.properties(f"{name}Role")
        assert set(role) <= {"RoleName", "AssumeRolePolicyDocument", "Description"}
        assert role["RoleName"] == template.values[f"{name}Role"]
        assert template.properties(f"{name}Policy")["Roles"] == [role["RoleName"]]
        assert template.properties(f"{name}Function")["Role"] == template.values[f"{name}Role.Arn"]


def test_existing_key_keeps_its_own_policy() -> None:
    arn = STACK.arn("kms", "key/99999999-12ab-34cd-56ef-1234567890ab")
    template = template_for(STACK, ExistingKeyArn=arn)
    assert template.of_type("AWS::KMS::Key") == []
    stack = replace(STACK, KeyId="99999999-12ab-34cd-56ef-1234567890ab")
    assert_same(template.properties("SignerPolicy")["PolicyDocument"], "signer-role", stack)
    assert_same(template.properties("OperatorPolicy")["PolicyDocument"], "operator-role", stack)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"SecondRegion": "us-east-1", "ThirdRegion": "us-west-2"},
        {"SecondRegion": "us-east-1", "ThirdRegion": "us-west-2", "ThirdRegionRole": "witness"},
    ],
    ids=["one Region", "three replicas", "two and a witness"],
)
@pytest.mark.parametrize("stack", ADDRESSES[:2], ids=["root only", "break-glass"])
def test_table_policy_on_every_replica(stack: Stack, parameters: dict[str, str]) -> None:
    table = template_for(stack, **parameters).properties("Table")
    replicas = [replica["Region"] for replica in table["Replicas"]]
    witnesses = [witness["Region"] for witness in table.get("GlobalTableWitnesses", [])]
    assert replicas + witnesses == [
        stack.Region,
        *(parameters[name] for name in ("SecondRegion", "ThirdRegion") if parameters),
    ]
    for replica in table["Replicas"]:
        # Roles are global and carry the first Region's name; the table has one name everywhere.
        policy = replica["ResourcePolicy"]["PolicyDocument"]
        expected = document("table-policy", stack)
        for statement in expected["Statement"]:
            statement["Resource"] = stack.arn(
                "dynamodb", f"table/{stack.StackName}-watermarks", region=replica["Region"]
            )
        assert in_order(policy) == in_order(expected)


def statement_of(permission: dict[str, Any], function: str) -> dict[str, Any]:
    """What AddPermission makes of its parameters."""
    condition: dict[str, Any] = {}
    if "FunctionUrlAuthType" in permission:
        condition["StringEquals"] = {
            "lambda:FunctionUrlAuthType": permission["FunctionUrlAuthType"]
        }
    if permission.get("InvokedViaFunctionUrl"):
        condition["Bool"] = {"lambda:InvokedViaFunctionUrl": "true"}
    known = {"FunctionName", "Action", "Principal", "FunctionUrlAuthType", "InvokedViaFunctionUrl"}
    assert set(permission) <= known
    return {
        "Effect": "Allow",
        "Principal": permission["Principal"],
        "Action": permission["Action"],
        "Resource": function,
        "Condition": condition,
    }


def public_permissions(template: Template) -> dict[str, dict[str, Any]]:
    """Those that are not for one of AWS' services."""
    permissions = {
        name: template.properties(name) for name in template.of_type("AWS::Lambda::Permission")
    }
    return {
        name: permission
        for name, permission in permissions.items()
        if not permission["Principal"].endswith(".amazonaws.com")
    }


def test_url_permissions() -> None:
    permissions = public_permissions(template_for(STACK, WarmSchedule="rate(4 minutes)"))
    assert {permission["FunctionName"] for permission in permissions.values()} <= {
        "redoubt-signer",
        STACK.values["SignerFunctionArn"],
    }
    for statement in document("url-policy", STACK)["Statement"]:
        made = statement_of(permissions.pop(statement.pop("Sid")), statement["Resource"])
        assert made == statement
    assert permissions == {}


def test_no_public_permission_for_a_url_with_iam() -> None:
    assert public_permissions(template_for(STACK, UrlAuthType="AWS_IAM")) == {}


def test_a_kept_role_has_no_rights() -> None:
    template = template_for(STACK, Parts="kept")
    assert template.of_type("AWS::IAM::Role") == ["SignerRole", "OperatorRole"]
    assert template.of_type("AWS::IAM::Policy") == []
    assert template.of_type("AWS::Lambda::Permission") == []


def test_schedule_calls_the_signer_and_no_more() -> None:
    template = template_for(STACK, WarmSchedule="rate(4 minutes)")
    assert template.of_type("AWS::IAM::Role") == ["SignerRole", "OperatorRole", "WarmRole"]
    role = template.properties("WarmRole")
    assert role["RoleName"] == "redoubt-warm-eu-west-1", "the name that deployer.json knows"
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"] == STACK.values["SignerFunctionArn"]
