# SPDX-License-Identifier: Apache-2.0
"""The stack's policies are those of iam-policies/, whatever the parameters."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from redoubt_stack import kinds

from cast import AWAY, BLS_KEYS, OTHER_ACCOUNT, SEALED_STACK, STACK, WRAPS_ELSEWHERE, WRAPS_HERE
from documents import Policy, Stack, document, without_seal
from support import cloudformation
from support.cloudformation import LEAST

BOUNDARY = STACK.values["BoundaryArn"]
BREAK_GLASS = STACK.BreakGlassRoleArn
ENDPOINT = "vpce-0a1b2c3d4e5f60718"
VPC = {"VpcId": "vpc-01", "VpcSubnetIds": "subnet-01", "VpcRouteTableIds": "rtb-01"}
CURVES = {
    "ECC_SECG_P256K1": ("ECDSA_SHA_256", "DIGEST"),
    "ECC_NIST_P256": ("ECDSA_SHA_256", "DIGEST"),
    "ECC_NIST_EDWARDS25519": ("ED25519_SHA_512", "RAW"),
}


def made_of(stack: Stack, **parameters: str) -> cloudformation.Stack:
    """What the template makes of the deployment that `stack` describes."""
    chosen = LEAST | {
        "KeyHashes": ",".join(stack.KeyHashes),
        "BreakGlassRoleArn": stack.BreakGlassRoleArn,
    }
    ids = {"Key": stack.KeyId}
    if stack.Sealed:
        own, *others = stack.WrappingKeyArns
        ids["WrappingKey"] = own.rpartition("/")[2]
        chosen |= {
            "KeyType": "both" if stack.KmsKey else "tz4",
            "WrappingKeyArns": ",".join(others),
            "Recovery": "on",
        }
    if stack.VpcEndpoint:
        chosen |= VPC
        ids["KmsEndpoint"] = "vpce-0f" if "KmsEndpointId" in parameters else stack.VpcEndpoint
    return cloudformation.Stack(
        chosen | parameters,
        name=stack.StackName,
        region=stack.Region,
        account=stack.Account,
        partition=stack.Partition,
        ids=ids,
    )


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
    made = made_of(stack, KeySpec=curve)
    for resource, member, file in (
        ("Key", "KeyPolicy", "key-policy"),
        ("SignerRole", "AssumeRolePolicyDocument", "role-trust"),
        ("OperatorRole", "AssumeRolePolicyDocument", "role-trust"),
        ("SignerPolicy", "PolicyDocument", "signer-role"),
        ("OperatorPolicy", "PolicyDocument", "operator-role"),
        ("OperatorUserPolicy", "PolicyDocument", "operator-user"),
        ("AuditorPolicy", "PolicyDocument", "auditor"),
    ):
        assert_same(made.properties(resource)[member], file, stack)


SEALED = [
    replace(
        STACK,
        BreakGlassRoleArn=role,
        VpcEndpoint=endpoint,
        KmsKey=kms,
        KeyHashes=(*(STACK.KeyHashes if kms else ()), *BLS_KEYS),
        WrappingKeyArns=(WRAPS_HERE, *others),
    )
    for role, endpoint, kms, others in (
        ("", "", False, ()),
        (BREAK_GLASS, ENDPOINT, False, (WRAPS_ELSEWHERE,)),
        (BREAK_GLASS, "", True, (WRAPS_ELSEWHERE, WRAPS_ELSEWHERE.replace("0e0e", "0d0d"))),
    )
]


@pytest.mark.parametrize("stack", SEALED, ids=str)
def test_policies_of_sealed_keys(stack: Stack) -> None:
    made = made_of(stack)
    for resource, member, file in (
        ("WrappingKey", "KeyPolicy", "wrapping-key-policy"),
        ("RecoveryRole", "AssumeRolePolicyDocument", "role-trust"),
        ("SignerPolicy", "PolicyDocument", "signer-role"),
        ("OperatorPolicy", "PolicyDocument", "operator-role"),
        ("RecoveryUserPolicy", "PolicyDocument", "recovery-user"),
        ("AuditorPolicy", "PolicyDocument", "auditor"),
    ):
        assert_same(made.properties(resource)[member], file, stack)
    role = made.properties("RecoveryRole")
    assert set(role) == {"RoleName", "AssumeRolePolicyDocument", "Policies"}
    (policy,) = role["Policies"]
    assert_same(policy["PolicyDocument"], "recovery-role", stack)
    assert made.properties("RecoveryFunction")["Role"] == stack.values["RecoveryRoleArn"]
    assert ("Key" in made.resources) == stack.KmsKey
    bounded = made_of(stack, PermissionsBoundaryArn=BOUNDARY).properties("RecoveryRole")
    assert bounded == role | {"PermissionsBoundary": BOUNDARY}
    (replica,) = made.properties("Table")["Replicas"]
    expected = without_seal(document("table-policy", stack))
    assert in_order(replica["ResourcePolicy"]["PolicyDocument"]) == in_order(expected)


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=kinds.KINDS)
def test_a_wrapping_key_elsewhere_has_the_same_policy(kind: kinds.Kind) -> None:
    """The signer is in no VPC, of which the key's owner knows nothing."""
    for role in ("", f"arn:aws:iam::{OTHER_ACCOUNT}:role/glass"):
        stack = replace(AWAY.stack, BreakGlassRoleArn=role, Kind=kind)
        made = cloudformation.Stack(
            {
                "SignerAccount": stack.Account,
                "SignerRegion": stack.Region,
                "AlarmEmail": "owner@example.org",
                "Purpose": kind.purpose,
                "BreakGlassRoleArn": role,
            },
            template=cloudformation.load(cloudformation.TEMPLATE.with_name("wrapping-key.yaml")),
            name="redoubt-wrapping",
            region="us-east-1",
            account=OTHER_ACCOUNT,
        )
        key = made.properties("WrappingKey")
        assert_same(key["KeyPolicy"], "wrapping-key-policy", stack)
        own = made_of(SEALED[0]).properties("WrappingKey")
        assert {k: v for k, v in key.items() if k not in ("KeyPolicy", "Description")} == {
            k: v for k, v in own.items() if k not in ("KeyPolicy", "Description")
        }
        assert made.outputs["WrappingKeyArn"].startswith(f"arn:aws:kms:us-east-1:{OTHER_ACCOUNT}:")


def test_wrapping_keys_may_all_be_elsewhere() -> None:
    stack = replace(SEALED_STACK, WrappingKeyArns=(WRAPS_ELSEWHERE,))
    given = {"NewWrappingKey": "false", "WrappingKeyArns": WRAPS_ELSEWHERE}
    made = made_of(replace(stack, WrappingKeyArns=("own", WRAPS_ELSEWHERE)), **given)
    assert not made.of_type("AWS::KMS::Key")
    for resource, file in (("SignerPolicy", "signer-role"), ("OperatorPolicy", "operator-role")):
        assert_same(made.properties(resource)["PolicyDocument"], file, stack)


def test_an_endpoint_that_was_there_binds_the_key() -> None:
    stack = replace(STACK, VpcEndpoint="vpce-0a")
    made = made_of(stack, KmsEndpointId="vpce-0a")
    assert_same(made.properties("Key")["KeyPolicy"], "key-policy", stack)
    assert_same(made.properties("SignerPolicy")["PolicyDocument"], "signer-role", stack)


def test_roles_have_no_other_rights() -> None:
    made = made_of(STACK)
    assert list(made.of_type("AWS::IAM::Role")) == ["SignerRole", "OperatorRole"]
    assert list(made.of_type("AWS::IAM::Policy")) == ["SignerPolicy", "OperatorPolicy"]
    for name in ("Signer", "Operator"):
        role = made.properties(f"{name}Role")
        assert set(role) <= {"RoleName", "AssumeRolePolicyDocument", "Description"}
        bounded = made_of(STACK, PermissionsBoundaryArn=BOUNDARY).properties(f"{name}Role")
        assert bounded == role | {"PermissionsBoundary": BOUNDARY}
        assert made.properties(f"{name}Policy")["Roles"] == [role["RoleName"]]
        assert made.properties(f"{name}Function")["Role"] == STACK.values[f"{name}RoleArn"]


def test_existing_key_keeps_its_own_policy() -> None:
    arn = STACK.arn("kms", "key/99999999-12ab-34cd-56ef-1234567890ab")
    made = made_of(STACK, ExistingKeyArn=arn)
    assert not made.of_type("AWS::KMS::Key")
    stack = replace(STACK, KeyId="99999999-12ab-34cd-56ef-1234567890ab")
    assert_same(made.properties("SignerPolicy")["PolicyDocument"], "signer-role", stack)
    assert_same(made.properties("OperatorPolicy")["PolicyDocument"], "operator-role", stack)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"SecondRegion": "us-east-1", "ThirdRegion": "us-west-2"},
        {"SecondRegion": "us-east-1", "ThirdRegion": "us-west-2", "ThirdRegionRole": "witness"},
    ],
    ids=["one Region", "three replicas", "two and a witness"],
)
@pytest.mark.parametrize("stack", ADDRESSES, ids=str)
def test_table_policy_on_every_replica(stack: Stack, parameters: dict[str, str]) -> None:
    table = made_of(stack, **parameters).properties("Table")
    replicas = [replica["Region"] for replica in table["Replicas"]]
    witnesses = [witness["Region"] for witness in table.get("GlobalTableWitnesses", [])]
    assert replicas + witnesses == [
        stack.Region,
        *(parameters[name] for name in ("SecondRegion", "ThirdRegion") if parameters),
    ]
    for replica in table["Replicas"]:
        # Roles are global and carry the first Region's name; the table has one name everywhere.
        policy = replica["ResourcePolicy"]["PolicyDocument"]
        expected = without_seal(document("table-policy", stack))
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


def test_url_permissions() -> None:
    made = made_of(STACK, WarmSchedule="rate(4 minutes)")
    permissions = made.of_type("AWS::Lambda::Permission")
    assert {one["FunctionName"] for one in permissions.values()} == {"redoubt-signer"}
    for statement in document("url-policy", STACK)["Statement"]:
        permission = permissions.pop(statement.pop("Sid"))
        assert statement_of(permission, statement["Resource"]) == statement
    assert permissions == {}


def test_schedule_calls_the_signer_and_no_more() -> None:
    made = made_of(STACK, WarmSchedule="rate(4 minutes)")
    assert list(made.of_type("AWS::IAM::Role")) == ["SignerRole", "OperatorRole", "WarmRole"]
    role = made.properties("WarmRole")
    assert role["RoleName"] == "redoubt-warm-eu-west-1", "the name that deployer.json knows"
    assert_same(role["AssumeRolePolicyDocument"], "warm-trust", STACK)
    (policy,) = role["Policies"]
    assert_same(policy["PolicyDocument"], "warm-role", STACK)
    assert set(role) == {"RoleName", "AssumeRolePolicyDocument", "Policies"}
    bounded = made_of(STACK, WarmSchedule="rate(4 minutes)", PermissionsBoundaryArn=BOUNDARY)
    assert bounded.properties("WarmRole") == role | {"PermissionsBoundary": BOUNDARY}


def test_auditor_sees_the_boundary_that_was_chosen() -> None:
    own = "arn:aws:iam::111122223333:policy/ours"
    stack = replace(STACK, BoundaryArn=own)
    made = made_of(stack, PermissionsBoundaryArn=own)
    assert_same(made.properties("AuditorPolicy")["PolicyDocument"], "auditor", stack)
