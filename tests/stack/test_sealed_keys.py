# SPDX-License-Identifier: Apache-2.0
"""The stack of a signer with sealed keys: what wraps them, what recovers them, and what rings."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from given import BLS_KEYS, MORE, RECIPIENT, WRAPPING_KEYS
from metric_math import Point, evaluate, states
from support.cloudformation import LEAST, Stack

TZ4 = {"KeyType": "tz4", "BackupRecipients": RECIPIENT}
OWN = "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"


def made(**parameters: str) -> Stack:
    return Stack(LEAST | parameters)


def variables(stack: Stack, which: str) -> dict[str, str]:
    return dict(stack.properties(f"{which}Function")["Environment"]["Variables"])


def test_a_stack_of_before_has_nothing_of_it() -> None:
    plain = made()
    names = ("Wrapping", "Recovery", "Decrypt", "Proving")
    assert not [name for name in plain.resources if any(one in name for one in names)]
    assert "Starts" not in plain.resources
    assert {k: v for k, v in variables(plain, "Signer").items() if v} == {
        "KMS_KEY_ID": OWN,
        "AUTHORIZED_KEYS": LEAST["AuthorizedKeys"],
        "WATERMARK_TABLE": "redoubt-watermarks",
    }


def test_the_wrapping_key_encrypts_and_has_no_replicas() -> None:
    key = made(**TZ4).properties("WrappingKey")
    found = (key["KeySpec"], key["KeyUsage"], key["MultiRegion"], key["PendingWindowInDays"])
    assert found == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", False, 30)
    alias = made(**TZ4).properties("WrappingKeyAlias")
    assert alias["AliasName"] == "alias/redoubt-wrapping"


@pytest.mark.parametrize("which", ["Signer", "Operator", "Recovery"])
def test_functions_of_sealed_keys_alone_have_no_kms_key(which: str) -> None:
    stack = made(**TZ4, SealedKeys=",".join(BLS_KEYS), Recovery="on", ProvePossession="on")
    found = variables(stack, which)
    assert found["KMS_KEY_ID"] == "" and found["PUBLIC_KEYS"] == ""
    assert found["SEALED_KEYS"] == ",".join(BLS_KEYS)
    assert found["WRAPPING_KEYS"] == OWN
    assert (found["BACKUP_RECIPIENTS"], found["BACKUP"]) == (RECIPIENT, "")
    assert found["PROVE_POSSESSION"] == "on"
    told = json.loads(stack.outputs[f"{which}Variables"])
    assert told | {"BASE_PATH": found["BASE_PATH"]} == found
    assert "KeyArn" not in stack.outputs and stack.outputs["WrappingKeys"] == OWN


def test_shares_lie_under_the_stack_s_own_key_first() -> None:
    both = made(**TZ4, WrappingKeyArns=",".join(WRAPPING_KEYS))
    assert variables(both, "Signer")["WRAPPING_KEYS"].split(",") == [OWN, *WRAPPING_KEYS]
    others = made(**MORE["others' wrapping keys"])
    assert variables(others, "Signer")["WRAPPING_KEYS"].split(",") == [*WRAPPING_KEYS]


def test_the_recovery_function_comes_and_goes() -> None:
    on, off = made(**TZ4, Recovery="on"), made(**TZ4)
    come = {"RecoveryRole", "RecoveryFunction", "AlarmRecovery"}
    assert on.resources.keys() - off.resources.keys() == come
    function = on.properties("RecoveryFunction")
    assert (function["FunctionName"], function["Handler"]) == ("redoubt-recovery", "recovery")
    assert function["Code"] == on.properties("OperatorFunction")["Code"]
    assert on.properties("RecoveryRole")["RoleName"] == "redoubt-recovery-eu-west-1"
    urls = on.of_type("AWS::Lambda::Url").values()
    permissions = on.of_type("AWS::Lambda::Permission").values()
    assert [one["TargetFunctionArn"].rpartition(":")[2] for one in urls] == ["redoubt-signer"]
    assert {one["FunctionName"] for one in permissions} == {"redoubt-signer"}


def test_switching_it_on_changes_no_policy_that_only_root_may_change() -> None:
    on, off = made(**TZ4, Recovery="on"), made(**TZ4)
    for name in ("WrappingKey", "Table", "SignerRole", "OperatorRole", "RecoveryLogGroup"):
        assert on.resources[name] == off.resources[name]


def test_its_log_stays() -> None:
    assert "RecoveryLogGroup" in made(**TZ4, Parts="kept").resources


def expression(alarm: dict[str, Any]) -> str:
    (returned,) = [one for one in alarm["Metrics"] if one.get("ReturnData", True)]
    return str(returned["Expression"])


@pytest.mark.parametrize(
    ("name", "parameter"), [("AlarmRecovery", "Recovery"), ("AlarmProving", "ProvePossession")]
)
def test_what_is_on_for_a_day_rings_as_long_as_it_is(name: str, parameter: str) -> None:
    assert name not in made(**TZ4).resources
    alarm = made(**TZ4, **{parameter: "on"}).properties(name)
    assert expression(alarm).startswith("FILL(") and alarm["TreatMissingData"] == "breaching"
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["Threshold"] == 0 and alarm["AlarmActions"]


def test_the_dashboard_is_of_what_there_is() -> None:
    for choice in ({}, *MORE.values()):
        stack = made(**choice)
        body = json.loads(stack.properties("Dashboard")["DashboardBody"])
        (shown,) = [w["properties"]["alarms"] for w in body["widgets"] if w["type"] == "alarm"]
        alarms = stack.of_type("AWS::CloudWatch::Alarm").values()
        named = {alarm["AlarmName"] for alarm in alarms if "AlarmActions" in alarm}
        assert {arn.rpartition(":")[2] for arn in shown} == named | {"redoubt-no-vote"}
        text = json.dumps(body)
        key = stack.outputs.get("KeyArn") or stack.outputs["WrappingKeys"].split(",")[0]
        operation = "Sign" if "KeyArn" in stack.outputs else "Decrypt"
        assert f'"{key}", "Operation", "{operation}"' in text


def decrypts_ring(decrypts: Sequence[Point], starts: Sequence[Point], wraps: str = "1") -> bool:
    """Whether the alarm stood at any time, with a quiet past and future."""
    alarm = made(**TZ4, Wraps=wraps).properties("AlarmManyDecrypts")
    quiet: list[Point] = [None] * 4
    data = {
        "decrypts": [*quiet, *decrypts, *quiet],
        "starts": [*quiet, *starts, *quiet],
    }
    return "ALARM" in states(alarm, evaluate(alarm["Metrics"], data))


def test_what_starts_explain_is_no_alarm() -> None:
    assert not decrypts_ring([3, 0, 1], [3, 0, 1])
    assert not decrypts_ring([None] * 3, [None] * 3)
    assert not decrypts_ring([4, None, 2], [2, None, 1], wraps="2")
    # A start may fail, and one over the end of a period be counted in the next.
    assert not decrypts_ring([1, 0, 1], [2, 0, 1])
    assert not decrypts_ring([2, 4, 3], [3, 3, 3])


def test_one_more_is_an_alarm() -> None:
    assert decrypts_ring([3, 4, 3, 3], [3] * 4)
    assert decrypts_ring([None, 1, None], [None] * 3)
    assert decrypts_ring([2, None, None], [1, None, None])


def test_starts_are_counted_by_the_line_that_each_begins_with() -> None:
    filtered = made(**TZ4).properties("Starts")
    assert filtered["LogGroupName"] == "/aws/lambda/redoubt-signer"
    assert filtered["FilterPattern"] == '{ $.configuration = "*" }'
    (metric,) = filtered["MetricTransformations"]
    alarm = made(**TZ4).properties("AlarmManyDecrypts")
    (starts,) = [one for one in alarm["Metrics"] if one["Id"] == "starts"]
    read = starts["MetricStat"]["Metric"]
    assert (read["Namespace"], read["MetricName"]) == (
        metric["MetricNamespace"],
        metric["MetricName"],
    )
