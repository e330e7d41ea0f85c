# SPDX-License-Identifier: Apache-2.0
"""The stack that a template makes, for every choice that its parameters leave."""

import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack.checks.key import MALLEABLE

from given import ALTERNATIVES, APART, KEY, MORE, RECIPIENT, WRAPPING_KEYS
from support.child import ROOT
from support.cloudformation import (
    AUTHORIZED,
    LEAST,
    TEMPLATE,
    VALIDATORS,
    Refused,
    Stack,
    load,
)

# Each choice alone, any two, and all that go together.
CHOICES = [
    *combinations(MORE, 0),
    *combinations(MORE, 1),
    *combinations(MORE, 2),
    tuple(sorted(set(MORE) - ALTERNATIVES)),
]
KEPT = {
    "Key",
    "KeyAlias",
    "WrappingKey",
    "WrappingKeyAlias",
    "Table",
    "SignerRole",
    "OperatorRole",
}
# With sealed keys only.
OF_SEALED = {"WrappingKey", "WrappingKeyAlias"}
SEALED = {"sealed keys, too", "recovery", "more wrapping keys"}
SEALED_ALONE = {"sealed keys alone", "others' wrapping keys"}


@cache
def stack(*choices: str, **parameters: str) -> Stack:
    given = dict(LEAST)
    for choice in choices:
        given |= MORE[choice]
    return Stack({**given, **parameters})


def allowed(choices: tuple[str, ...]) -> bool:
    return not any(pair <= set(choices) for pair in APART)


ALL = [choices for choices in CHOICES if allowed(choices)]


# --- Whatever is chosen ---------------------------------------------------------------------------
@pytest.mark.parametrize("parts", ["all", "kept"])
def test_every_choice_makes_a_whole_stack(parts: str) -> None:
    for choices in ALL:
        made = stack(*choices, Parts=parts)
        assert made.resources
        assert made.outputs


def test_what_must_outlive_mistakes_is_retained() -> None:
    for name, resource in load()["Resources"].items():
        policies = {resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")}
        assert (policies == {"Retain"}) == (name in KEPT), name


def test_what_is_retained_has_a_fixed_name() -> None:
    """So that no update can put a new one in its place."""
    for choices in ALL:
        made = stack(*choices)
        assert made.properties("Table")["TableName"] == "redoubt-watermarks"
        assert made.properties("SignerRole")["RoleName"] == "redoubt-signer-eu-west-1"
        assert made.properties("OperatorRole")["RoleName"] == "redoubt-operator-eu-west-1"


def test_kept_leaves_exactly_what_is_kept() -> None:
    for choices in ALL:
        kept = KEPT | {"SignerLogGroup", "OperatorLogGroup"}
        kept |= {"OperatorUserPolicy", "AuditorPolicy"}  # somebody may have them
        if "an existing key" in choices or SEALED_ALONE & set(choices):
            kept -= {"Key", "KeyAlias"}
        if (SEALED | SEALED_ALONE) & set(choices):
            kept |= {"RecoveryLogGroup", "RecoveryUserPolicy"}
        else:
            kept -= OF_SEALED
        if "others' wrapping keys" in choices:
            kept -= OF_SEALED
        if "a VPC with endpoints" in choices:
            kept |= {"KmsEndpointIngress", "SignerSecurityGroup"}
        elif "a VPC" in choices:  # the key's policy names the endpoint
            kept |= {"KmsEndpoint", "EndpointSecurityGroup", "SignerSecurityGroup"}
        assert set(stack(*choices, Parts="kept").resources) == kept


def test_taking_down_and_back_changes_nothing_that_is_kept() -> None:
    for choices in ALL:
        before, after = (stack(*choices, Parts=parts).resources for parts in ("all", "kept"))
        assert after == {name: before[name] for name in after}


def test_a_kept_role_has_no_rights() -> None:
    for name in ("SignerRole", "OperatorRole"):
        role = stack().properties(name)
        assert not {"Policies", "ManagedPolicyArns"} & set(role)
    assert not stack(Parts="kept").of_type("AWS::IAM::Policy")


def test_a_p256_key_is_warned_of_for_the_same_protocols_everywhere() -> None:
    (protocols,) = re.findall(
        r"rules of (protocols [^;]*?) take", (ROOT / "docs/security.md").read_text()
    )
    assert protocols in MALLEABLE
    assert protocols in load()["Parameters"]["KeySpec"]["Description"]


# --- The table ------------------------------------------------------------------------------------
def test_there_is_no_other_type_of_table() -> None:
    assert "AWS::DynamoDB::Table" not in TEMPLATE.read_text()


def test_each_replica_is_protected() -> None:
    for choices in ALL:
        for replica in stack(*choices).properties("Table")["Replicas"]:
            assert replica["DeletionProtectionEnabled"] is True
            recovery = replica["PointInTimeRecoverySpecification"]
            assert recovery == {"PointInTimeRecoveryEnabled": True}
            statements = replica["ResourcePolicy"]["PolicyDocument"]["Statement"]
            assert {one["Effect"] for one in statements} == {"Deny"}
            place = f":dynamodb:{replica['Region']}:000000000000:table/redoubt-watermarks"
            assert all(one["Resource"].endswith(place) for one in statements)


def test_several_replicas_are_strongly_consistent() -> None:
    for choices in ALL:
        table = stack(*choices).properties("Table")
        replicas = [one["Region"] for one in table["Replicas"]]
        witnesses = [one["Region"] for one in table.get("GlobalTableWitnesses", [])]
        assert replicas[0] == "eu-west-1"
        if "three replicas" in choices or "two replicas and a witness" in choices:
            assert table["MultiRegionConsistency"] == "STRONG"
            assert replicas + witnesses == ["eu-west-1", "eu-west-2", "eu-west-3"]
        else:
            assert "MultiRegionConsistency" not in table
            assert (replicas, witnesses) == (["eu-west-1"], [])


def test_one_of_the_regions_may_only_witness() -> None:
    table = stack("two replicas and a witness").properties("Table")
    assert table["GlobalTableWitnesses"] == [{"Region": "eu-west-3"}]
    assert len(table["Replicas"]) == 2


# --- The key --------------------------------------------------------------------------------------
def test_the_key_signs() -> None:
    key = stack().properties("Key")
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_SECG_P256K1", "SIGN_VERIFY")
    assert key["MultiRegion"] is False
    assert stack(MultiRegionKey="true").properties("Key")["MultiRegion"] is True
    assert stack("Ed25519").properties("Key")["KeySpec"] == "ECC_NIST_EDWARDS25519"


def test_an_existing_key_is_used_and_not_managed() -> None:
    made = stack("an existing key")
    assert not {"Key", "KeyAlias"} & set(made.resources)
    assert made.outputs["KeyArn"] == KEY
    assert variables(made, "Signer")["KMS_KEY_ID"] == KEY


def test_neither_the_key_s_policy_nor_the_table_s_changes_when_the_key_s_address_is_known() -> None:
    """`deploy` fills it in, and may not change the key's policy."""
    before, after = stack(), stack(PublicKeys=AUTHORIZED, KeyHashes="tz2" + "V" * 33)
    for name in KEPT - OF_SEALED:
        assert before.resources[name] == after.resources[name]
    assert before.resources["SignerPolicy"] != after.resources["SignerPolicy"]
    assert before.resources["OperatorPolicy"] != after.resources["OperatorPolicy"]


# --- Functions ------------------------------------------------------------------------------------
def variables(made: Stack, which: str) -> dict[str, str]:
    found = made.properties(f"{which}Function")["Environment"]["Variables"]
    assert isinstance(found, dict)
    return found


def test_one_zip_is_two_functions() -> None:
    made = stack("a version")
    signer, operator = (made.properties(f"{which}Function") for which in ("Signer", "Operator"))
    assert (signer["Handler"], operator["Handler"]) == ("signer", "operator")
    code = {"S3Bucket": "code", "S3Key": "redoubt.zip", "S3ObjectVersion": "v1"}
    assert signer["Code"] == operator["Code"] == code
    assert signer["Role"] != operator["Role"]
    for function in (signer, operator):
        assert function["Runtime"] == "provided.al2023"
        assert function["Architectures"] == ["arm64"]
        assert function["LoggingConfig"]["LogFormat"] == "JSON"


@pytest.mark.parametrize("which", ["Signer", "Operator"])
def test_logs_are_there_before_the_function_and_end(which: str) -> None:
    made = stack(LogRetentionDays="30")
    group = made.properties(f"{which}LogGroup")
    assert group == {
        "LogGroupName": f"/aws/lambda/redoubt-{which.lower()}",
        "RetentionInDays": 30,
    }
    logging = made.properties(f"{which}Function")["LoggingConfig"]
    assert logging["LogGroup"] == group["LogGroupName"]


@pytest.mark.parametrize("which", ["Signer", "Operator"])
def test_outputs_are_the_functions_variables(which: str) -> None:
    more = {"BasePath": "/secret", "KnownKeys": "on", "Hedging": "off", "PublicKeys": AUTHORIZED}
    for made in (stack(), stack(**more), stack("an existing key")):
        told = json.loads(made.outputs[f"{which}Variables"])
        assert told | {"BASE_PATH": variables(made, which)["BASE_PATH"]} == variables(made, which)
        assert list(told) == [
            "KMS_KEY_ID",
            "AUTHORIZED_KEYS",
            "WATERMARK_TABLE",
            "PUBLIC_KEYS",
            "SEALED_KEYS",
            "WRAPPING_KEYS",
            "BACKUP_RECIPIENTS",
            "BACKUP",
            "PROVE_POSSESSION",
            "KNOWN_KEYS",
            "HEDGING",
        ]


def test_a_secret_path_is_told_by_no_description_of_the_stack() -> None:
    assert load()["Parameters"]["BasePath"]["NoEcho"] is True
    made = stack(BasePath="/secret")
    assert "/secret" not in json.dumps(made.outputs)
    told = [name for name, resource in made.resources.items() if "/secret" in json.dumps(resource)]
    assert sorted(told) == ["OperatorFunction", "SignerFunction"]


def test_nothing_is_reserved_by_default() -> None:
    assert "ReservedConcurrentExecutions" not in stack().properties("SignerFunction")
    stopped = stack("a reservation").properties("SignerFunction")
    assert stopped["ReservedConcurrentExecutions"] == "0"
    operator = stack("a reservation").properties("OperatorFunction")
    assert "ReservedConcurrentExecutions" not in operator


def test_unsigned_code_is_refused_where_signing_is_chosen() -> None:
    made = stack("signed code")
    policies = made.properties("CodeSigning")["CodeSigningPolicies"]
    assert policies == {"UntrustedArtifactOnDeployment": "Enforce"}
    for which in ("Signer", "Operator"):
        assert (
            ":code-signing-config:" in made.properties(f"{which}Function")["CodeSigningConfigArn"]
        )
        assert "CodeSigningConfigArn" not in stack().properties(f"{which}Function")


def test_the_schedule_warms_the_signer() -> None:
    target = stack("a schedule").properties("Warm")["Target"]
    assert target["Arn"] == "arn:aws:lambda:eu-west-1:000000000000:function:redoubt-signer"
    assert json.loads(target["Input"]) == {"redoubt": {"command": "warm"}}
    assert "Warm" not in stack().resources


# --- The URL --------------------------------------------------------------------------------------
def test_a_public_url_has_both_permissions_and_opens_nothing_else() -> None:
    permissions = list(stack().of_type("AWS::Lambda::Permission").values())
    common = {"FunctionName": "redoubt-signer", "Principal": "*"}
    assert sorted(permissions, key=lambda one: one["Action"]) == [
        {**common, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True},
        {**common, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
    ]


def test_a_url_behind_iam_is_open_to_nobody() -> None:
    made = stack("IAM at the URL")
    assert made.properties("SignerUrl")["AuthType"] == "AWS_IAM"
    assert not made.of_type("AWS::Lambda::Permission")


def test_only_the_signer_has_a_url() -> None:
    for choices in ALL:
        (url,) = stack(*choices).of_type("AWS::Lambda::Url").values()
        assert url["TargetFunctionArn"].endswith(":function:redoubt-signer")


# --- The network ----------------------------------------------------------------------------------
def test_in_a_vpc_the_signer_reaches_kms_and_the_table() -> None:
    made = stack("a VPC")
    network = made.properties("SignerFunction")["VpcConfig"]
    assert network["SubnetIds"] == ["subnet-01", "subnet-02"]
    endpoints = {
        one["ServiceName"].rsplit(".", 1)[1]: one
        for one in made.of_type("AWS::EC2::VPCEndpoint").values()
    }
    assert endpoints["kms"]["VpcEndpointType"] == "Interface"
    assert endpoints["kms"]["PrivateDnsEnabled"] is True
    assert endpoints["dynamodb"]["VpcEndpointType"] == "Gateway"
    assert endpoints["dynamodb"]["RouteTableIds"] == ["rtb-01"]
    (ingress,) = made.properties("EndpointSecurityGroup")["SecurityGroupIngress"]
    assert [ingress["SourceSecurityGroupId"]] == network["SecurityGroupIds"]
    assert "SecurityGroupIngress" not in made.properties("SignerSecurityGroup")


def test_a_second_signer_in_the_vpc_takes_the_first_one_s_endpoints() -> None:
    """A VPC has one endpoint for KMS with the private name, and a route table one for DynamoDB."""
    first = stack("a VPC")
    told = {name: first.outputs[name] for name in ("KmsEndpointId", "KmsEndpointSecurityGroupId")}
    gateway = {"DynamoDbEndpointId": "vpce-0b"}
    second = Stack(LEAST | MORE["a VPC"] | told | gateway, name="second")
    assert not second.of_type("AWS::EC2::VPCEndpoint")
    assert list(second.of_type("AWS::EC2::SecurityGroup")) == ["SignerSecurityGroup"]
    (way_in,) = second.of_type("AWS::EC2::SecurityGroupIngress").values()
    own = second.properties("SignerFunction")["VpcConfig"]["SecurityGroupIds"]
    assert [way_in["SourceSecurityGroupId"]] == own
    assert way_in["GroupId"] == told["KmsEndpointSecurityGroupId"]
    assert (way_in["IpProtocol"], way_in["FromPort"], way_in["ToPort"]) == ("tcp", 443, 443)
    for made in (first, second):
        statements = made.properties("Key")["KeyPolicy"]["Statement"]
        (bound,) = [one for one in statements if one["Sid"] == "SignsThroughEndpoint"]
        endpoint = bound["Condition"]["StringNotEquals"]["aws:SourceVpce"]
        assert endpoint == told["KmsEndpointId"]
    # Taken down it leaves the first one as it is, and its own key's policy holds.
    kept = Stack(LEAST | MORE["a VPC"] | told | gateway | {"Parts": "kept"}, name="second")
    assert kept.properties("Key") == second.properties("Key")
    assert "KmsEndpointIngress" in kept.resources


def endpoints(made: Stack) -> list[str]:
    found = made.of_type("AWS::EC2::VPCEndpoint").values()
    return sorted(one["ServiceName"].rsplit(".", 1)[1] for one in found)


def test_each_endpoint_is_taken_by_itself() -> None:
    assert endpoints(stack("a VPC")) == ["dynamodb", "kms"]
    kms = stack("a VPC", KmsEndpointId="vpce-0a")
    assert endpoints(kms) == ["dynamodb"] and not kms.of_type("AWS::EC2::SecurityGroupIngress")
    assert endpoints(stack("a VPC", DynamoDbEndpointId="vpce-0b", VpcRouteTableIds="")) == ["kms"]


def test_without_a_vpc_there_is_no_network() -> None:
    kinds = {resource["Type"] for resource in stack().resources.values()}
    assert not any(kind.startswith("AWS::EC2::") for kind in kinds)
    assert "VpcConfig" not in stack().properties("SignerFunction")


# --- Parameters -----------------------------------------------------------------------------------
def test_authorized_keys_have_no_default() -> None:
    assert "Default" not in load()["Parameters"]["AuthorizedKeys"]
    with pytest.raises(Refused, match="AuthorizedKeys has no value"):
        _ = Stack({"CodeBucket": "code", "CodeKey": "redoubt.zip"}).resources


SECP256K1 = "sppk7" + "b" * 50
P256 = "p2pk6" + "a" * 50
BLS = "BLpk1" + "x" * 71


@pytest.mark.parametrize(
    "keys", [AUTHORIZED, SECP256K1, f"{P256},{AUTHORIZED}", f"{BLS},{AUTHORIZED}"]
)
def test_authorized_keys_are_tezos_public_keys(keys: str) -> None:
    assert variables(stack(AuthorizedKeys=keys), "Signer")["AUTHORIZED_KEYS"] == keys


@pytest.mark.parametrize(
    "keys",
    [
        "",
        AUTHORIZED[:-1],
        AUTHORIZED + ",",
        AUTHORIZED.replace("e", "0", 1),
        f"{AUTHORIZED}, {AUTHORIZED}",
        "edsk" + AUTHORIZED[4:],
        "BLpk" + AUTHORIZED[4:],
    ],
)
def test_nothing_else_is_an_authorized_key(keys: str) -> None:
    with pytest.raises(Refused, match="AuthorizedKeys"):
        _ = stack(AuthorizedKeys=keys).resources


@pytest.mark.parametrize(
    "parameters",
    [
        {"SecondRegion": "eu-west-2"},
        {"ThirdRegion": "eu-west-3"},
        {"SecondRegion": "eu-west-2", "ThirdRegion": "eu-west-2"},
        {"ExistingKeyArn": KEY, "MultiRegionKey": "true"},
        {"VpcId": "vpc-01"},
        {"VpcId": "vpc-01", "VpcSubnetIds": "subnet-01"},
        {"VpcSubnetIds": "subnet-01", "VpcRouteTableIds": "rtb-01"},
        {"KmsEndpointId": "vpce-0a"},
        {"DynamoDbEndpointId": "vpce-0b"},
        {"VpcId": "vpc-01", "VpcSubnetIds": "subnet-01", "KmsEndpointId": "vpce-0a"},
        {**MORE["a VPC"], "KmsEndpointSecurityGroupId": "sg-0a"},
        {"WrappingKeyArns": WRAPPING_KEYS[0]},
        {"Recovery": "on"},
        {"ProvePossession": "on"},
        {"BackupRecipients": RECIPIENT},
        {"Backup": "none"},
        {"KeyType": "tz4", "ExistingKeyArn": KEY},
        {"KeyType": "tz4", "MultiRegionKey": "true"},
        {"KeyType": "tz4", "NewWrappingKey": "false"},
        {"KeyType": "both", "Backup": "none", "BackupRecipients": RECIPIENT},
        {"AlarmTopicArn": "arn:aws:sns:eu-west-1:000000000000:ours", "AlarmEmail": "a@b.example"},
    ],
    ids=lambda parameters: " ".join(parameters),
)
def test_half_a_choice_is_refused(parameters: dict[str, str]) -> None:
    assert len(stack(**parameters).broken_rules) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ExistingKeyArn", "alias/redoubt"),
        ("KeySpec", "RSA_2048"),
        ("Runtime", "provided"),
        ("UrlAuthType", ""),
        ("BasePath", "secret"),
        ("KeyHashes", "*"),
        ("KeyHashes", "KT1" + "V" * 33),
        ("PublicKeys", "edsk" + AUTHORIZED[4:]),
        ("KeyType", "tz2"),
        ("KeyHashes", "tz5" + "V" * 33),
        ("SealedKeys", "BLsk1" + "x" * 71),
        ("WrappingKeyArns", "alias/wrapping"),
        ("WrappingKeyArns", ",".join(WRAPPING_KEYS * 3)),
        ("BackupRecipients", "age1" + "b" * 58),
        ("BackupRecipients", "AGE-SECRET-KEY-1" + "Q" * 58),
        ("Backup", "off"),
        ("Recovery", "true"),
        ("ProvePossession", "true"),
        ("ReservedConcurrency", "-1"),
        ("WarmSchedule", "4 minutes"),
        ("NoVoteMinutes", "0"),
        ("Timeout", "900"),
        ("Parts", "none"),
    ],
)
def test_other_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(Refused, match=name):
        _ = stack(**{name: value}).resources


@pytest.mark.parametrize("path", [TEMPLATE, VALIDATORS], ids=["signer", "validators"])
def test_no_parameter_is_left_unsaid_in_the_console(path: Path) -> None:
    template = load(path)
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    shown = [name for group in groups for name in group["Parameters"]]
    assert sorted(shown) == sorted(template["Parameters"])


# --- Outputs --------------------------------------------------------------------------------------
KEPT_OUTPUTS = {"KeyArn", "TableName", "TableArn", "SignerRoleArn", "OperatorRoleArn"}


def test_outputs_are_what_the_scripts_read() -> None:
    shared = {"KmsEndpointId", "KmsEndpointSecurityGroupId"}
    assert set(stack("a VPC", Parts="kept").outputs) == KEPT_OUTPUTS | shared
    assert not shared & set(stack("a VPC with endpoints").outputs)
    assert set(stack(Parts="kept").outputs) == KEPT_OUTPUTS
    assert set(stack().outputs) == KEPT_OUTPUTS | {
        "SignerFunction",
        "OperatorFunction",
        "SignerUrl",
        "SignerVariables",
        "OperatorVariables",
        "AlarmTopic",
        "DashboardUrl",
    }


def test_names_come_of_the_stack_s() -> None:
    """Two stacks in one account and Region, or one name in two Regions, share nothing."""

    def named(made: Stack) -> set[Any]:
        by = re.compile(
            r"^(Alias|Dashboard|Function|LogGroup|ManagedPolicy|Role|Table|Topic)?Name$"
        )
        return {
            value
            for resource in made.resources.values()
            if resource["Type"] != "AWS::Lambda::Permission"
            for key, value in resource["Properties"].items()
            if by.match(key) or key == "AlarmName"
        }

    one, other = named(stack()), named(Stack(LEAST, name="other"))
    assert len(one) > 20
    assert not one & other
    roles = [
        {
            role["RoleName"]
            for role in Stack(LEAST, region=region).of_type("AWS::IAM::Role").values()
        }
        for region in ("eu-west-1", "eu-west-2")
    ]
    assert not roles[0] & roles[1]


def test_the_template_fits() -> None:
    assert len(TEMPLATE.read_bytes()) < 1_000_000 / 8
    assert "Transform" not in load()
