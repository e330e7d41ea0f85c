# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt doctor`: what it sees from outside. What the operator function sees has its tests
in tests/unit/operator/tezos/doctor_test.cpp; functions, URL, code and roles in tests/deployment."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack.checks import alarms, choices, trail
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, gather
from redoubt_stack.operate import findings
from redoubt_stack.stack import Stack

import code_facts
from cloud import STACK, Cloud
from support.child import ROOT

TOPIC = "arn:aws:sns:us-east-1:000000000000:redoubt-alarms"
KMS = "kms.amazonaws.com"
ALL = {"IncludeManagementEvents": True, "ReadWriteType": "All"}


# --- From outside ---------------------------------------------------------------------------------
def sound() -> Cloud:
    cloud = Cloud()
    cloud.parameters = {
        "Runtime": "provided.al2023",
        "MemorySize": "512",
        "ReservedConcurrency": "",
        "AlarmEmail": "you@example.org",
    }
    cloud.resources = {"AlarmTopic": TOPIC, "SignerFunction": "redoubt-signer"}
    cloud.subscriptions = ["PendingConfirmation", f"{TOPIC}:1"]
    quiet = {"AlarmActions": [TOPIC], "ActionsEnabled": True, "StateValue": "OK"}
    cloud.alarms = {
        **{name: dict(quiet) for name in code_facts.alarms() - {"redoubt-voted"}},
        "redoubt-no-vote": {**quiet, "AlarmRule": "ALARM(redoubt-silent)"},
        # A part of the one before, which calls nobody.
        "redoubt-silent": {**quiet, "AlarmActions": [], "StateValue": "ALARM"},
        "payroll-late": {**quiet, "StateValue": "ALARM"},
    }
    cloud.trails = {
        "all": {
            "HomeRegion": "eu-west-1",
            "IsMultiRegionTrail": True,
            "logging": True,
            "selectors": {"EventSelectors": [ALL]},
        }
    }
    return cloud


def set_in(where: str, name: str, **change: Any) -> Callable[[Cloud], None]:
    return lambda cloud: getattr(cloud, where)[name].update(change)


def selectors(**change: Any) -> Callable[[Cloud], None]:
    return set_in("trails", "all", selectors={"EventSelectors": [ALL | change]})


def by_fields(*fields: dict[str, Any]) -> Callable[[Cloud], None]:
    selector = {"AdvancedEventSelectors": [{"FieldSelectors": list(fields)}]}
    return set_in("trails", "all", selectors=selector)


def parameter(name: str, value: str) -> Callable[[Cloud], None]:
    return lambda cloud: cloud.parameters.update({name: value})


def both(*steps: Callable[[Cloud], None]) -> Callable[[Cloud], None]:
    def spoil(cloud: Cloud) -> None:
        for step in steps:
            step(cloud)

    return spoil


MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
DATA = {"Field": "eventCategory", "Equals": ["Data"]}
MISCONFIGURED: dict[str, tuple[Callable[[Cloud], None], str]] = {
    "no subscriber": (lambda c: c.subscriptions.clear(), "alarms_subscribers"),
    "nobody confirmed": (lambda c: c.subscriptions.pop(), "alarms_subscribers"),
    "no topic": (lambda c: c.resources.update(AlarmTopic=""), "alarms_subscribers"),
    "no alarms": (lambda c: c.alarms.clear(), "alarms_are_there"),
    "an alarm deleted": (lambda c: c.alarms.pop("redoubt-conflict"), "alarms_are_there"),
    "an alarm that calls nobody": (
        set_in("alarms", "redoubt-conflict", AlarmActions=[]),
        "alarms_are_there",
    ),
    "an alarm that calls others": (
        set_in("alarms", "redoubt-conflict", AlarmActions=[f"{TOPIC}-2"]),
        "alarms_are_there",
    ),
    "an alarm silenced": (
        set_in("alarms", "redoubt-no-vote", ActionsEnabled=False),
        "alarms_silenced",
    ),
    "an alarm rings": (set_in("alarms", "redoubt-5xx", StateValue="ALARM"), "alarms_ringing"),
    "no trail": (lambda c: c.trails.clear(), "cloudtrail_trail"),
    "a trail of another Region": (
        set_in("trails", "all", IsMultiRegionTrail=False),
        "cloudtrail_trail",
    ),
    "a trail that is stopped": (set_in("trails", "all", logging=False), "cloudtrail_trail"),
    "a trail without KMS": (selectors(ExcludeManagementEventSources=[KMS]), "cloudtrail_trail"),
    "a trail of changes": (selectors(ReadWriteType="WriteOnly"), "cloudtrail_trail"),
    "a trail of data": (selectors(IncludeManagementEvents=False), "cloudtrail_trail"),
    "a trail of data, by fields": (by_fields(DATA), "cloudtrail_trail"),
    "a trail of changes, by fields": (
        by_fields(MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}),
        "cloudtrail_trail",
    ),
    "a trail without KMS, by fields": (
        by_fields(MANAGEMENT, {"Field": "eventSource", "NotEquals": [KMS]}),
        "cloudtrail_trail",
    ),
    "a trail of another source, by fields": (
        by_fields(MANAGEMENT, {"Field": "eventSource", "Equals": ["s3.amazonaws.com"]}),
        "cloudtrail_trail",
    ),
    "a trail of some sources, by fields": (
        by_fields(MANAGEMENT, {"Field": "eventSource", "NotStartsWith": ["kms"]}),
        "cloudtrail_trail",
    ),
    "an old runtime": (parameter("Runtime", "provided.al2"), "parameters_runtime"),
    "little memory": (parameter("MemorySize", "128"), "parameters_memorysize"),
    "stopped by choice": (parameter("ReservedConcurrency", "0"), "parameters_reservedconcurrency"),
    "nobody named for alarms": (parameter("AlarmEmail", ""), "parameters_alarmemail"),
}
FINE: dict[str, Callable[[Cloud], None]] = {
    "a topic of one's own": both(
        parameter("AlarmEmail", ""),
        parameter("AlarmTopicArn", TOPIC),
        lambda c: c.resources.clear(),
    ),
    "a trail of this Region": set_in(
        "trails", "all", IsMultiRegionTrail=False, HomeRegion="us-east-1"
    ),
    "a trail by fields": by_fields(MANAGEMENT),
    "a trail without another source": by_fields(
        MANAGEMENT, {"Field": "eventSource", "NotEquals": ["rdsdata.amazonaws.com"]}
    ),
    "a second trail that hears nothing": lambda c: c.trails.update(
        {"other": c.trails["all"] | {"logging": False}}
    ),
}


def seen(cloud: Cloud) -> list[findings.Finding]:
    stack: Any = Stack(cloud, None, STACK)  # type: ignore[arg-type]
    facts = Facts(cloud, stack, ROOT / "iam-policies", Path("no.zip"))  # type: ignore[arg-type]
    looks = {
        module.__name__: lambda m=module: m.check(facts) for module in (alarms, choices, trail)
    }
    return findings.from_rows(gather(looks), {})


@pytest.mark.parametrize("name", MISCONFIGURED)
def test_what_is_wrong_outside_is_found_alone(name: str) -> None:
    spoil, expected = MISCONFIGURED[name]
    cloud, well = sound(), sound()
    assert seen(cloud) == []
    spoil(cloud)
    (found,) = seen(cloud)
    assert found.check == expected and found.found
    assert found.do == findings.TO_DO[expected] != findings.PUT_BACK
    vars(cloud).update(deepcopy({k: v for k, v in vars(well).items() if k != "meanwhile"}))
    assert seen(cloud) == []


@pytest.mark.parametrize("name", FINE)
def test_what_is_well_is_not_found(name: str) -> None:
    cloud = sound()
    FINE[name](cloud)
    assert seen(cloud) == []


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("list_subscriptions_by_topic", "alarms subscribers"),
        ("describe_alarms", "alarms alarms"),
        ("describe_trails", "CloudTrail trail"),
    ],
)
def test_a_right_that_is_missing_is_one_line_and_hides_nothing(call: str, what: str) -> None:
    cloud = sound()
    cloud.refused = {call}
    parameter("Runtime", "provided.al2")(cloud)
    unseen, runtime = sorted(seen(cloud), key=lambda one: one.check)
    assert runtime.check == "parameters_runtime"
    assert (unseen.check, unseen.severity) == ("not_seen", "warning")
    assert unseen.found == f"you may not see: {what}" and "auditor.json" in unseen.do


def test_rows_become_findings_without_the_names_of_a_stack() -> None:
    rows = [
        Row("redoubt-signer", "log levels", "leaves out lines: WARN"),
        Row("redoubt-operator-eu-west-1", "number of its policies", "is 2, should be 1"),
        Row("redoubt-signer", "code", "can't be seen: FileNotFoundError: no.zip"),
        Row("redoubt-operator", "code", "is [('FileNotFoundError', '0a')], should be []"),
        Row("redoubt-signer", "URLs", "can't be seen: ListUrls: ResourceNotFoundException"),
        Row("redoubt-signer", "runtime", ""),
    ]
    kinds = {
        "redoubt-signer": "Signer",
        "redoubt-operator": "Operator",
        "redoubt-operator-eu-west-1": "Operator role",
    }
    found = findings.from_rows(rows, kinds)
    assert [(one.check, one.severity) for one in found] == [
        ("signer_log_levels", "error"),
        ("operator_role_number_of_its_policies", "error"),
        ("operator_code", "error"),
        ("signer_urls", "error"),
        ("not_seen", "warning"),
    ]
    assert "metrics" in findings.TO_DO["signer_log"] and found[1].do == findings.PUT_BACK
    assert "deploy/build" in found[4].do
