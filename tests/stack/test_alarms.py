# SPDX-License-Identifier: Apache-2.0
"""Alarms and dashboard: on metrics that somebody writes, and firing when they should."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from given import KEY
from log_line import METRICS, NAMESPACE, OTHER_MEMBERS, dimensions
from metric_math import Point, evaluate, states
from support.cloudformation import LEAST, TEMPLATE, Stack, load

STACK = Stack(LEAST)
TOPIC = "arn:aws:sns:eu-west-1:000000000000:redoubt-alarms"
ALARMS = STACK.of_type("AWS::CloudWatch::Alarm")
NO_VOTE = STACK.properties("AlarmNoVote")
DASHBOARD = json.loads(STACK.properties("Dashboard")["DashboardBody"])["widgets"]
VALUES = {
    "function": "redoubt-signer",
    "FunctionName": "redoubt-signer",
    "KeyArn": STACK.outputs["KeyArn"],
    "Operation": "Sign",
}


def looked_at(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    if "Metrics" not in alarm:
        return [alarm]
    return [one["MetricStat"]["Metric"] for one in alarm["Metrics"] if "MetricStat" in one]


@pytest.mark.parametrize("name", ALARMS)
def test_looks_at_what_is_written(name: str) -> None:
    for metric in looked_at(ALARMS[name]):
        given = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
        assert set(given) == dimensions(metric["Namespace"], metric["MetricName"])
        assert given == {name: VALUES[name] for name in given}


def test_the_key_s_signatures_are_those_of_an_existing_key_too() -> None:
    alarm = Stack({**LEAST, "ExistingKeyArn": KEY}).properties("AlarmForeignSignatures")
    assert KEY in str(looked_at(alarm))


# Which absence of data is bad news, and which is none.
MISSING = {
    "AlarmVoted": "ignore",
    "AlarmSilent": "breaching",
    "AlarmConflict": "notBreaching",
    "AlarmRefusals": "notBreaching",
    "AlarmAhead": "notBreaching",
    "AlarmLatency": "notBreaching",
    "AlarmThrottles": "notBreaching",
    "AlarmColdStarts": "notBreaching",
    "AlarmServerErrors": "notBreaching",
    "AlarmClientErrors": "notBreaching",
    "AlarmTooMany": "notBreaching",
    "AlarmForeignSignatures": "notBreaching",
}


def test_missing_data_is_treated_as_it_is_meant() -> None:
    assert {name: alarm["TreatMissingData"] for name, alarm in ALARMS.items()} == MISSING


def test_each_alarm_reaches_the_topic_but_the_two_that_one_joins() -> None:
    silent = {name for name, alarm in ALARMS.items() if "AlarmActions" not in alarm}
    assert silent == {"AlarmVoted", "AlarmSilent"}
    for alarm in (NO_VOTE, *(ALARMS[name] for name in ALARMS.keys() - silent)):
        assert alarm["AlarmActions"] == [TOPIC]
        assert alarm["AlarmDescription"].endswith(".")
    assert NO_VOTE["OKActions"] == [TOPIC]


def test_an_own_topic_is_one_that_cloudwatch_and_eventbridge_can_publish_to() -> None:
    assert "KmsMasterKeyId" not in STACK.properties("AlarmTopic")
    policy = STACK.properties("AlarmTopicPolicy")["PolicyDocument"]["Statement"]
    assert {one["Principal"]["Service"] for one in policy} == {
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
    }
    assert all(one["Action"] == "sns:Publish" and one["Resource"] == TOPIC for one in policy)


# --- No vote --------------------------------------------------------------------------------------
def no_vote(votes: Sequence[Point]) -> list[bool]:
    """Whether the joined alarm stands after each minute."""
    assert NO_VOTE["AlarmRule"] == 'ALARM("redoubt-voted") AND ALARM("redoubt-silent")'
    parts = [ALARMS["AlarmVoted"], ALARMS["AlarmSilent"]]
    each = [states(part, evaluate(part["Metrics"], {"votes": votes})) for part in parts]
    return [both == ("ALARM", "ALARM") for both in zip(*each, strict=True)]


NONE: list[Point] = [None]
ZERO: list[Point] = [0]


@pytest.mark.parametrize("idle", [NONE, ZERO], ids=["no requests", "refused requests"])
def test_a_stack_that_never_voted_is_silent(idle: list[Point]) -> None:
    assert not any(no_vote(idle * 3000))


@pytest.mark.parametrize("idle", [NONE, ZERO], ids=["no requests", "refused requests"])
def test_a_stack_that_voted_is_missed_after_some_minutes(idle: list[Point]) -> None:
    stands = no_vote(idle * 100 + [1] + idle * 3000)
    minutes = ALARMS["AlarmSilent"]["EvaluationPeriods"]
    assert not any(stands[: 100 + minutes])
    assert all(stands[100 + minutes :])  # the last minute without, and for ever


def test_votes_end_the_alarm_and_short_gaps_make_none() -> None:
    assert not any(no_vote(([20] + NONE * 4) * 100))
    assert not no_vote([20] + NONE * 60 + [20])[-1]


def test_how_many_minutes_is_a_parameter() -> None:
    silent = Stack({**LEAST, "NoVoteMinutes": "45"}).properties("AlarmSilent")
    assert silent["EvaluationPeriods"] * silent["Metrics"][1]["MetricStat"]["Period"] == 45 * 60


# --- How many minutes are long, for a baker with rights at some levels ---------------------------
LEVEL_SECONDS = 6
SLOTS = 7000  # drawn anew for each level, by stake
LEVELS_A_YEAR = 365.25 * 86_400 / LEVEL_SECONDS


def gaps_a_year(rights: float, minutes: int) -> float:
    """How often a year chance alone leaves so many whole minutes without a right, at the most: a
    gap that long begins with a level with rights, and so many without follow."""
    return LEVELS_A_YEAR * rights * (1 - rights) ** (minutes * 60 / LEVEL_SECONDS)


def rights_of(share: float) -> float:
    """At how many of all levels a baker with this share of the stake has a slot at least."""
    return 1 - (1 - share) ** SLOTS


def test_the_default_suits_the_smallest_baker() -> None:
    """6,000 tez of a thousand million, were all of them staked: one false alarm a year at most."""
    default = int(load()["Parameters"]["NoVoteMinutes"]["Default"])
    assert gaps_a_year(rights_of(6_000 / 1_000_000_000), default) <= 1.05


def told_in_the_docs() -> list[tuple[float, int]]:
    """Rights at one level in so many, and the minutes."""
    text = (TEMPLATE.parents[2] / "docs" / "operations.md").read_text()
    section = text.partition("How many minutes without a vote")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| one in ([0-9,]+) \| [^|]* \| ([0-9]+)", section, re.M)
    assert len(rows) > 3
    return [(1 / float(levels.replace(",", "")), int(minutes)) for levels, minutes in rows]


def test_the_docs_minutes_are_those_of_chance() -> None:
    for rights, minutes in told_in_the_docs():
        assert gaps_a_year(rights, minutes) <= 1.05, rights
        assert gaps_a_year(rights, minutes * 9 // 10) > 1.05, "a tenth less would do as well"


# --- Signatures that nobody asked for -------------------------------------------------------------
def foreign(signatures: Sequence[Point], attempts: Sequence[Point]) -> bool:
    """Whether the alarm stood at any time, with a quiet past (which evaluation does not reach)."""
    alarm = ALARMS["AlarmForeignSignatures"]
    past: list[Point] = [None] * 4
    future: list[Point] = [None] * 4
    data = {
        "signatures": past + list(signatures) + future,
        "attempts": past + list(attempts) + future,
    }
    return "ALARM" in states(alarm, evaluate(alarm["Metrics"], data))


def test_what_was_asked_for_is_no_alarm() -> None:
    assert not foreign([100] * 10, [100] * 10)
    assert not foreign([None] * 10, [None] * 10)


def test_kms_may_count_less() -> None:
    assert not foreign([97, 100, 0, 100], [100, 100, 3, 100])
    assert not foreign([None] * 3, [2, 2, 2])


@pytest.mark.parametrize("late", [+1, -1], ids=["KMS counts later", "KMS counts earlier"])
def test_a_signature_over_the_end_of_a_period_is_no_alarm(late: int) -> None:
    assert not foreign([100, 100 - late, 100 + late, 100], [100] * 4)
    assert not foreign([None, 1 if late < 0 else None, 1 if late > 0 else None], [None, None, 1]
                       if late < 0 else [None, 1, None])  # fmt: skip


def test_one_foreign_signature_is_an_alarm() -> None:
    assert foreign([100, 101, 100, 100], [100] * 4)


def test_a_foreign_signature_while_the_signer_sleeps_is_an_alarm() -> None:
    assert foreign([None, 1, None, None], [None] * 4)
    assert foreign([0, 1, 0, 0], [None] * 4)


def test_a_thief_in_every_period_is_an_alarm() -> None:
    assert foreign([101] * 6, [100] * 6)


# --- Shares ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "answers", "alarm"),
    [
        ("AlarmServerErrors", [2, 2, 2], True),
        ("AlarmServerErrors", [2, 0, 0], False),
        ("AlarmServerErrors", [1, 1, 1], False),
        ("AlarmServerErrors", [None, None, None], False),
        ("AlarmClientErrors", [60, 60, 60], True),
        ("AlarmClientErrors", [60, 60, 40], False),
    ],
)
def test_a_share_of_a_hundred_requests(name: str, answers: list[Point], alarm: bool) -> None:
    data = {"answers": answers, "requests": [100.0] * 3}
    series = evaluate(ALARMS[name]["Metrics"], data)
    assert (states(ALARMS[name], series)[-1] == "ALARM") == alarm


def test_no_requests_are_no_errors() -> None:
    series = evaluate(
        ALARMS["AlarmServerErrors"]["Metrics"], {"answers": [None] * 3, "requests": [None] * 3}
    )
    assert states(ALARMS["AlarmServerErrors"], series)[-1] == "OK"


# --- Single metrics -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "metric", "statistic", "quiet", "loud"),
    [
        ("AlarmConflict", "conflicts", "Sum", 0, 1),
        ("AlarmRefusals", "watermark_refusals", "Sum", 0, 1),
        ("AlarmAhead", "ahead_ms", "Maximum", 2000, 2001),
        ("AlarmLatency", "ms", "p99", 250, 251),
        ("AlarmThrottles", "throttles", "Sum", 0, 1),
        ("AlarmColdStarts", "cold_starts", "Average", 0.2, 0.21),
        ("AlarmTooMany", "Throttles", "Sum", 0, 1),
    ],
)
def test_fires_from_there_on(
    name: str, metric: str, statistic: str, quiet: float, loud: float
) -> None:
    alarm = ALARMS[name]
    assert alarm["MetricName"] == metric
    assert statistic == alarm.get("Statistic", alarm.get("ExtendedStatistic"))
    ends = []
    for value in (quiet, loud):
        identity = [{"Id": "all", "Expression": "seen"}]
        series = evaluate(identity, {"seen": [value] * alarm["EvaluationPeriods"]})
        ends.append(states(alarm, series)[-1])
    assert ends == ["OK", "ALARM"]


# --- The dashboard --------------------------------------------------------------------------------
def graphed() -> list[list[Any]]:
    return [row for w in DASHBOARD if w["type"] == "metric" for row in w["properties"]["metrics"]]


def test_the_dashboard_shows_what_is_written() -> None:
    for namespace, metric, *rest in graphed():
        named = rest[:-1] if isinstance(rest[-1], dict) else rest
        given = dict(zip(named[::2], named[1::2], strict=True))
        assert set(given) == dimensions(namespace, metric)
        assert given == {name: VALUES[name] for name in given}


def test_the_dashboard_leaves_out_no_metric() -> None:
    shown = {metric for namespace, metric, *_ in graphed() if namespace == NAMESPACE}
    assert METRICS.keys() - shown == {"errors"}  # the queries show them by code


def test_the_dashboard_shows_each_alarm() -> None:
    (shown,) = (w["properties"]["alarms"] for w in DASHBOARD if w["type"] == "alarm")
    names = {arn.rsplit(":", 1)[1] for arn in shown}
    told = [a for a in (*ALARMS.values(), NO_VOTE) if "AlarmActions" in a]
    assert names == {alarm["AlarmName"] for alarm in told}


def test_the_dashboard_s_queries_read_the_signer_s_log() -> None:
    queries = [w["properties"]["query"] for w in DASHBOARD if w["type"] == "log"]
    assert len(queries) == 2
    for query in queries:
        assert query.startswith("SOURCE '/aws/lambda/redoubt-signer' | ")
    assert all(any(name in query for query in queries) for name in OTHER_MEMBERS)


def test_the_dashboard_s_widgets_do_not_overlap() -> None:
    places = sorted((w["y"], w["x"], w["height"], w["width"]) for w in DASHBOARD)
    for (y, x, _, width), (next_y, next_x, *_) in pairwise(places):
        assert next_y > y or next_x >= x + width
    assert all(x + width <= 24 for _, x, _, width in places)


def test_the_dashboard_s_budget_is_the_alarm_s() -> None:
    stack = Stack({**LEAST, "LatencyBudgetMs": "77"})
    assert stack.properties("AlarmLatency")["Threshold"] == 77
    assert '"value": 77}' in stack.properties("Dashboard")["DashboardBody"]
