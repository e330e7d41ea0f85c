# SPDX-License-Identifier: Apache-2.0
"""Every rule against events in the shapes that CloudTrail's and the services' guides show.

events/<rule>.json are those that the rule must tell, and no other rule; others.json are what
nobody need be told."""

import json
from pathlib import Path
from typing import Any

import pytest

from event_pattern import matches
from given import MORE
from support.cloudformation import LEAST, TEMPLATE, Stack, load

EVENTS = Path(__file__).parent / "events"
WRAPPING_KEYS = [
    f"arn:aws:kms:us-east-1:000000000000:key/{id}"
    for id in ("22222222-2222-3333-4444-555555555555", "99999999-8888-7777-6666-000000000002")
]
CHOSEN = MORE["signed code"] | {"KeyType": "both", "WrappingKeyArns": WRAPPING_KEYS[1]}
IDS = {"WrappingKey": WRAPPING_KEYS[0].rpartition("/")[2]}
RULES = {
    rule["Name"].removeprefix("redoubt-"): rule
    for rule in Stack(LEAST | CHOSEN, region="us-east-1", ids=IDS)
    .of_type("AWS::Events::Rule")
    .values()
}


def recorded(name: str) -> list[dict[str, Any]]:
    events = json.loads((EVENTS / f"{name}.json").read_text())
    assert events
    return list(events)


def told_by(event: dict[str, Any]) -> set[str]:
    return {name for name, rule in RULES.items() if matches(rule["EventPattern"], event)}


def test_each_rule_has_events_and_each_file_a_rule() -> None:
    assert {path.stem for path in EVENTS.iterdir()} == {*RULES, "others"}


@pytest.mark.parametrize("name", RULES)
def test_tells_its_events_alone(name: str) -> None:
    for event in recorded(name):
        assert told_by(event) == {name}, event["detail"]


@pytest.mark.parametrize("name", RULES)
def test_every_name_in_a_pattern_is_one_that_was_recorded(name: str) -> None:
    wanted = RULES[name]["EventPattern"]["detail"]["eventName"]
    assert {event["detail"]["eventName"] for event in recorded(name)} == set(wanted)


def test_tells_nothing_else() -> None:
    for event in recorded("others"):
        assert told_by(event) == set(), event["detail"]


def test_keys_that_are_not_there_are_in_no_rule() -> None:
    """And what is there is watched, whatever else is not."""
    alone = {"KeyType": "tz4"}
    given = {"NewWrappingKey": "false", "WrappingKeyArns": ",".join(WRAPPING_KEYS)}
    for choice, expected in (
        ({}, {"key", "sign"}),
        (alone, {"key", "decrypt"}),
        (alone | given, {"decrypt"}),
    ):
        rules = Stack(LEAST | choice, ids=IDS).of_type("AWS::Events::Rule").values()
        names = {rule["Name"].removeprefix("redoubt-") for rule in rules}
        assert names & {"key", "sign", "decrypt"} == expected
    pattern = Stack(LEAST | alone, region="us-east-1", ids=IDS).properties("RuleKey")[
        "EventPattern"
    ]
    heard = [str(one) for one in recorded("key") if matches(pattern, one)]
    assert sum("22222222" in one or "alias/redoubt-wrapping" in one for one in heard) == 4
    assert all("22222222" in one or "alias/redoubt" in one for one in heard)


def test_a_wrapping_key_elsewhere_is_watched_there() -> None:
    """By rules that tell what the signer's stack tells of its own."""
    named = {
        "SignerAccount": "000000000000",
        "SignerRegion": "us-east-1",
        "AlarmEmail": "a@b.example",
    }
    made = Stack(
        named,
        template=load(TEMPLATE.with_name("wrapping-key.yaml")),
        name="redoubt-wrapping",
        region="us-east-1",
        ids=IDS,
    )
    rules = made.of_type("AWS::Events::Rule")
    for name, rule in (("key", "RuleKey"), ("decrypt", "RuleDecrypt")):
        ours = [event for event in recorded(name) if "22222222" in str(event)]
        assert ours and all(matches(rules[rule]["EventPattern"], event) for event in ours)
        assert rules[rule]["State"] == RULES[name]["State"]
        foreign = [
            event for event in recorded("others") if matches(rules[rule]["EventPattern"], event)
        ]
        assert foreign == []


def test_the_issue_s_events_are_among_them() -> None:
    told = {name for rule in RULES.values() for name in rule["EventPattern"]["detail"]["eventName"]}
    assert told >= {
        "PutKeyPolicy",
        "ReplicateKey",
        "CreateGrant",
        "ScheduleKeyDeletion",
        "UpdateFunctionCode20150331v2",
        "UpdateFunctionConfiguration20150331v2",
        "AddPermission20150331v2",
        "UpdateAssumeRolePolicy",
        "PutRolePolicy",
        "AttachRolePolicy",
    }


def test_iam_s_rule_is_where_iam_s_events_are() -> None:
    elsewhere = Stack(LEAST | CHOSEN, region="eu-west-1").of_type("AWS::Events::Rule")
    assert {rule["Name"] for rule in elsewhere.values()} == {
        f"redoubt-{name}" for name in RULES if name != "roles"
    }


def test_an_own_boundary_is_watched() -> None:
    own = MORE["a boundary"]["PermissionsBoundaryArn"]
    (event,) = [
        one
        for one in recorded("roles")
        if "boundary" in one["detail"]["requestParameters"].get("policyArn", "")
    ]
    event["detail"]["requestParameters"]["policyArn"] = own
    rules = Stack(LEAST | MORE["a boundary"], region="us-east-1").of_type("AWS::Events::Rule")
    assert matches(rules["RuleRoles"]["EventPattern"], event)
    assert told_by(event) == set()


def test_a_choice_has_two_branches_at_least() -> None:
    """EventBridge takes a shorter `$or` for a member of that name."""
    for choice in ({}, *MORE.values()):
        for rule in Stack(LEAST | choice, region="us-east-1").of_type("AWS::Events::Rule").values():
            assert len(rule["EventPattern"]["detail"].get("$or", [1, 2])) >= 2


def test_patterns_are_no_longer_than_eventbridge_takes() -> None:
    for choice in ({}, *MORE.values()):
        stack = Stack(LEAST | choice, region="us-east-1", name="redoubt-mainnet-1")
        for rule in stack.of_type("AWS::Events::Rule").values():
            assert len(json.dumps(rule["EventPattern"])) <= 2048, rule["Name"]


def test_a_read_only_event_needs_the_state_that_shows_it() -> None:
    for rule in RULES.values():
        reads = {"Sign", "Decrypt"} & set(rule["EventPattern"]["detail"]["eventName"])
        assert rule["State"] == (
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" if reads else "ENABLED"
        )


@pytest.mark.parametrize("own", [True, False])
def test_messages_go_where_alarms_go(own: bool) -> None:
    topic = "arn:aws:sns:eu-west-1:000000000000:" + ("redoubt-alarms" if own else "ours")
    stack = Stack(LEAST if own else {**LEAST, "AlarmTopicArn": topic})
    for rule in stack.of_type("AWS::Events::Rule").values():
        assert [target["Arn"] for target in rule["Targets"]] == [topic]
        paths = rule["Targets"][0]["InputTransformer"]["InputPathsMap"]
        template = rule["Targets"][0]["InputTransformer"]["InputTemplate"]
        assert all(f"<{name}>" in template for name in paths)
        assert json.loads(template)
