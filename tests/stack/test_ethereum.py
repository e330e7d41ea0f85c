# SPDX-License-Identifier: Apache-2.0
"""The stack of Ethereum validators, for every choice that its parameters leave; and what it has in
common with a baker's."""

import json
from functools import cache
from itertools import combinations

import pytest
from redoubt_stack import kinds

from event_pattern import matches
from given import MORE as OF_SIGNER
from given import RECIPIENT, WRAPPING_KEYS
from support.cloudformation import (
    LEAST,
    LEAST_OF_VALIDATORS,
    VALIDATORS,
    Refused,
    Stack,
    load,
)
from test_event_rules import EVENTS, recorded
from test_event_rules import WRAPPING_KEYS as WATCHED

SHARED_CHOICES = (
    "a break-glass role",
    "a boundary",
    "a VPC",
    "a VPC with endpoints",
    "IAM at the URL",
    "a reservation",
    "signed code",
    "a topic",
    "an e-mail address",
    "a version",
)
MORE: dict[str, dict[str, str]] = {name: OF_SIGNER[name] for name in SHARED_CHOICES} | {
    "recovery": {"Recovery": "on", "BackupRecipients": RECIPIENT},
    "two of three": {"WrappingKeyArns": ",".join(WRAPPING_KEYS), "WrapThreshold": "2"},
    "others' wrapping keys": {
        "NewWrappingKey": "false",
        "WrappingKeyArns": ",".join(WRAPPING_KEYS),
    },
    "no backup": {"Backup": "none", "BackupRecipients": ""},
    "another network": {"Network": "custom", "NetworkJson": '{"name":"devnet"}'},
}
APART = {"a topic", "an e-mail address"}
ALL = [
    choices
    for choices in (
        *combinations(MORE, 0),
        *combinations(MORE, 1),
        *combinations(MORE, 2),
        tuple(sorted(set(MORE) - {"a topic", "others' wrapping keys", "no backup"})),
    )
    if not set(choices) >= APART
]
KEPT = {"WrappingKey", "WrappingKeyAlias", "Table", "SignerRole", "OperatorRole"}
OWN = "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"


@cache
def stack(*choices: str, **parameters: str) -> Stack:
    given = dict(LEAST_OF_VALIDATORS)
    for choice in choices:
        given |= MORE[choice]
    return Stack({**given, **parameters}, template=load(VALIDATORS))


def variables(made: Stack, which: str) -> dict[str, str]:
    return dict(made.properties(f"{which}Function")["Environment"]["Variables"])


# --- Whatever is chosen ---------------------------------------------------------------------------
@pytest.mark.parametrize("parts", ["all", "kept"])
def test_every_choice_makes_a_whole_stack(parts: str) -> None:
    for choices in ALL:
        made = stack(*choices, Parts=parts)
        assert made.resources and made.outputs


def test_what_must_outlive_mistakes_is_retained() -> None:
    for name, resource in load(VALIDATORS)["Resources"].items():
        policies = {resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")}
        assert (policies == {"Retain"}) == (name in KEPT), name
    made = stack()
    assert made.properties("Table")["TableName"] == "redoubt-validators"
    assert made.properties("OperatorRole")["RoleName"] == "redoubt-operator-eu-west-1"
    assert made.properties("SignerRole")["RoleName"] == "redoubt-signer-eu-west-1"


def test_kept_leaves_exactly_what_is_kept() -> None:
    for choices in ALL:
        kept = KEPT | {"SignerLogGroup", "OperatorLogGroup", "RecoveryLogGroup"}
        kept |= {"OperatorUserPolicy", "RecoveryUserPolicy", "AuditorPolicy"}
        if "others' wrapping keys" in choices:
            kept -= {"WrappingKey", "WrappingKeyAlias"}
        if "a VPC with endpoints" in choices:
            kept |= {"KmsEndpointIngress", "SignerSecurityGroup"}
        elif "a VPC" in choices:  # the key's policy names the endpoint
            kept |= {"KmsEndpoint", "EndpointSecurityGroup", "SignerSecurityGroup"}
        before, after = (stack(*choices, Parts=parts).resources for parts in ("all", "kept"))
        assert set(after) == kept
        assert after == {name: before[name] for name in after}


# --- Table and keys -------------------------------------------------------------------------------
def test_the_table_is_in_one_region_and_protected() -> None:
    """Its keys are what the programs look for."""
    table = stack().properties("Table")
    assert load(VALIDATORS)["Resources"]["Table"]["Type"] == "AWS::DynamoDB::GlobalTable"
    (replica,) = table["Replicas"]
    assert replica["DeletionProtectionEnabled"] is True
    assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert "MultiRegionConsistency" not in table, "there are no transactions over several"
    keys = {one["AttributeName"]: one["KeyType"] for one in table["KeySchema"]}
    assert keys == kinds.ETHEREUM.table_keys
    assert f"redoubt-{kinds.ETHEREUM.table}" == table["TableName"]


def test_the_index_tells_which_keys_are_on_and_their_tags() -> None:
    (index,) = stack().properties("Table")["GlobalSecondaryIndexes"]
    assert index == {
        "IndexName": kinds.ETHEREUM.indexes[0],
        "KeySchema": [{"AttributeName": "shard", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["tags"]},
    }


def test_shares_lie_under_the_stack_s_own_key_first() -> None:
    assert variables(stack("two of three"), "Operator")["WRAPPING_KEYS"].split(",") == [
        OWN,
        *WRAPPING_KEYS,
    ]
    others = stack("others' wrapping keys")
    assert others.outputs["WrappingKeys"].split(",") == [*WRAPPING_KEYS]
    assert not others.of_type("AWS::KMS::Key")


def test_the_two_stacks_wrapping_keys_differ_in_their_purpose_alone() -> None:
    own = stack().properties("WrappingKey")
    of_signer = Stack(LEAST | {"KeyType": "tz4"}).properties("WrappingKey")
    text = json.dumps(own | {"Description": ""})
    assert text.count(kinds.ETHEREUM.purpose) == 4
    assert json.loads(text.replace(kinds.ETHEREUM.purpose, kinds.TEZOS.purpose)) == of_signer | {
        "Description": ""
    }


# --- Functions ------------------------------------------------------------------------------------
@pytest.mark.parametrize("which", ["Signer", "Operator", "Recovery"])
def test_functions_know_what_was_chosen(which: str) -> None:
    made = stack("recovery", "two of three", Hedging="off", Gloas="draft")
    assert variables(made, which) == {
        "VALIDATOR_TABLE": "redoubt-validators",
        "NETWORK": "hoodi",
        "NETWORK_JSON": "",
        "WRAPPING_KEYS": ",".join([OWN, *WRAPPING_KEYS]),
        "WRAP_THRESHOLD": 2,
        "BACKUP_RECIPIENTS": RECIPIENT,
        "BACKUP": "",
        "PRINCIPALS": "",
        "GLOAS": "draft",
        "HEDGING": "off",
    }
    function = made.properties(f"{which}Function")
    assert function["Handler"] == kinds.ETHEREUM.handlers[which]
    size = (512, 3) if which == "Signer" else (1769, 30)
    assert (function["MemorySize"], function["Timeout"]) == size
    assert function["LoggingConfig"]["LogGroup"] == f"/aws/lambda/redoubt-{which.lower()}"
    custom = variables(stack("another network", "recovery"), which)
    assert (custom["NETWORK"], custom["NETWORK_JSON"]) == ("custom", '{"name":"devnet"}')


def test_sizes_are_chosen_apart() -> None:
    made = stack("recovery", MemorySize="1024", OperatorMemorySize="512", Timeout="5")
    functions = {which: made.properties(f"{which}Function") for which in kinds.ETHEREUM.handlers}
    sizes = {which: (one["MemorySize"], one["Timeout"]) for which, one in functions.items()}
    assert sizes == {"Signer": (1024, 5), "Operator": (512, 30), "Recovery": (512, 30)}


def test_the_signer_alone_has_a_url_and_is_in_the_vpc() -> None:
    for choices in ALL:
        made = stack(*choices)
        (url,) = made.of_type("AWS::Lambda::Url").values()
        assert url["TargetFunctionArn"].endswith(":function:redoubt-signer")
        permissions = made.of_type("AWS::Lambda::Permission").values()
        assert {one["FunctionName"] for one in permissions} <= {"redoubt-signer"}
        functions = made.of_type("AWS::Lambda::Function")
        inside = {name for name, one in functions.items() if "VpcConfig" in one}
        assert inside == ({"SignerFunction"} if "VPC" in " ".join(choices) else set())


def test_tokens_let_in_through_a_public_url_and_roles_through_one_behind_iam() -> None:
    public, guarded = stack(), stack("IAM at the URL")
    common = {"FunctionName": "redoubt-signer", "Principal": "*"}
    found = public.of_type("AWS::Lambda::Permission").values()
    assert sorted(found, key=lambda one: one["Action"]) == [
        {**common, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True},
        {**common, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
    ]
    assert public.properties("SignerUrl")["AuthType"] == "NONE"
    assert guarded.properties("SignerUrl")["AuthType"] == "AWS_IAM"
    assert not guarded.of_type("AWS::Lambda::Permission")
    assert (
        variables(public, "Signer")["PRINCIPALS"],
        variables(guarded, "Signer")["PRINCIPALS"],
    ) == ("", "on")


def test_a_reservation_caps_or_stops_the_signer_alone() -> None:
    assert "ReservedConcurrentExecutions" not in stack().properties("SignerFunction")
    stopped = stack("a reservation", "recovery").of_type("AWS::Lambda::Function")
    reserved = {n: one.get("ReservedConcurrentExecutions") for n, one in stopped.items()}
    assert reserved == {"SignerFunction": "0", "OperatorFunction": None, "RecoveryFunction": None}


def test_recovery_comes_and_goes_and_changes_no_policy_that_only_root_may_change() -> None:
    on, off = stack(Recovery="on"), stack()
    come = {"RecoveryRole", "RecoveryFunction", "AlarmRecovery"}
    assert on.resources.keys() - off.resources.keys() == come
    assert not off.resources.keys() - on.resources.keys()
    for name in KEPT:
        assert on.resources[name] == off.resources[name]


def test_where_signing_is_chosen_all_functions_take_signed_code_alone() -> None:
    made = stack("signed code", "recovery")
    policies = made.properties("CodeSigning")["CodeSigningPolicies"]
    assert policies == {"UntrustedArtifactOnDeployment": "Enforce"}
    for function in made.of_type("AWS::Lambda::Function").values():
        assert ":code-signing-config:" in function["CodeSigningConfigArn"]


# --- What rings -----------------------------------------------------------------------------------
RULES = {
    rule["Name"].removeprefix("redoubt-"): rule
    for rule in Stack(
        LEAST_OF_VALIDATORS | OF_SIGNER["signed code"] | {"WrappingKeyArns": WATCHED[1]},
        template=load(VALIDATORS),
        region="us-east-1",
        ids={"WrappingKey": WATCHED[0].rpartition("/")[2]},
    )
    .of_type("AWS::Events::Rule")
    .values()
}


def test_rules_are_those_of_a_signer_without_a_kms_key() -> None:
    assert {*RULES, "sign", "others"} == {path.stem for path in EVENTS.iterdir()}


@pytest.mark.parametrize("name", ["decrypt", "functions", "roles"])
def test_tells_what_a_signer_s_stack_tells(name: str) -> None:
    for event in recorded(name):
        told = {of for of, rule in RULES.items() if matches(rule["EventPattern"], event)}
        assert told == {name}, event["detail"]


def test_tells_who_touches_table_or_wrapping_key() -> None:
    text = json.dumps(recorded("table")).replace("-watermarks", "-validators")
    assert all(matches(RULES["table"]["EventPattern"], event) for event in json.loads(text))
    for name in ("key", "table"):  # of another stack
        foreign = [one for one in recorded(name) if "22222222" not in str(one)]
        foreign = [one for one in foreign if "alias/redoubt-wrapping" not in str(one)]
        assert foreign and not any(matches(RULES[name]["EventPattern"], one) for one in foreign)
    ours = [one for one in recorded("key") if "22222222" in str(one)]
    assert ours and all(matches(RULES["key"]["EventPattern"], one) for one in ours)


def test_tells_nothing_else() -> None:
    for event in recorded("others"):
        assert not any(matches(rule["EventPattern"], event) for rule in RULES.values())


# --- Parameters -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "parameters",
    [
        {"Network": "custom"},
        {"NetworkJson": "{}"},
        {"NewWrappingKey": "false"},
        {"Backup": "none", "BackupRecipients": RECIPIENT},
        {"VpcId": "vpc-01"},
        {"KmsEndpointId": "vpce-0a"},
        {"AlarmTopicArn": "arn:aws:sns:eu-west-1:000000000000:ours", "AlarmEmail": "a@b.example"},
    ],
    ids=lambda parameters: " ".join(parameters),
)
def test_half_a_choice_is_refused(parameters: dict[str, str]) -> None:
    assert len(stack(**parameters).broken_rules) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Network", ""),
        ("Network", "goerli"),
        ("NetworkJson", "devnet"),
        ("WrapThreshold", "0"),
        ("WrapThreshold", "6"),
        ("WrappingKeyArns", "alias/wrapping"),
        ("BackupRecipients", "age1" + "b" * 58),
        ("Recovery", "true"),
        ("UrlAuthType", ""),
        ("Gloas", "on"),
        ("ReservedConcurrency", "-1"),
        ("NoAttestationMinutes", "2"),
        ("Timeout", "900"),
        ("Parts", "none"),
    ],
)
def test_other_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(Refused, match=name):
        _ = stack(**{name: value}).resources


def test_the_network_has_no_default() -> None:
    with pytest.raises(Refused, match="Network has no value"):
        _ = Stack({"CodeBucket": "code", "CodeKey": "z"}, template=load(VALIDATORS)).resources


def test_outputs_are_what_the_programs_read() -> None:
    kept = {"WrappingKeys", "TableName", "TableArn", "SignerRoleArn", "OperatorRoleArn"}
    assert set(stack(Parts="kept").outputs) == kept
    assert set(stack().outputs) == kept | {
        "SignerFunction",
        "SignerUrl",
        "OperatorFunction",
        "AlarmTopic",
        "DashboardUrl",
    }
    assert set(stack("recovery").outputs) >= {"RecoveryFunction"}
