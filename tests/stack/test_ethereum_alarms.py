# SPDX-License-Identifier: Apache-2.0
"""Alarms and dashboard of the signer for validators: on metrics that it writes, and firing when
they should. What it shares with a baker's signer is tried there."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from log_line import NAMESPACE, OF_AWS
from metric_math import Point, evaluate, states
from support.child import ROOT
from support.cloudformation import LEAST, LEAST_OF_VALIDATORS, VALIDATORS, Stack, load
from test_alarms import ALARMS as OF_BAKERS
from test_alarms import looked_at

STACK = Stack(LEAST_OF_VALIDATORS, template=load(VALIDATORS))
TOPIC = "arn:aws:sns:eu-west-1:000000000000:redoubt-alarms"
ALARMS = STACK.of_type("AWS::CloudWatch::Alarm")
DASHBOARD = json.loads(STACK.properties("Dashboard")["DashboardBody"])["widgets"]
OPENINGS = STACK.properties("Openings")["MetricTransformations"][0]
SIGNER = "redoubt-signer"
# Of the log line, which AWS counts by itself.
SOURCE = (ROOT / "bootstrap/handlers/ethereum_log.cpp").read_text()
TABLE = SOURCE.partition("ethereum_metrics = {{")[2].partition("}};")[0]
METRICS = set(re.findall(r'\{"(\w+)", "\w+"\}', TABLE))
MISSING = {
    "AlarmVoted": "ignore",
    "AlarmSilent": "breaching",
} | dict.fromkeys(
    (
        "AlarmFewer",
        "AlarmSlashable",
        "AlarmAhead",
        "AlarmTokens",
        "AlarmLatency",
        "AlarmThrottles",
        "AlarmServerErrors",
        "AlarmClientErrors",
        "AlarmTooMany",
        "AlarmErrors",
        "AlarmManyDecrypts",
    ),
    "notBreaching",
)
SILENT = {"AlarmVoted", "AlarmSilent"}  # parts of another


def is_written(namespace: str, metric: str, given: dict[str, str]) -> bool:
    if metric == OPENINGS["MetricName"]:
        return namespace == OPENINGS["MetricNamespace"] and not given
    if namespace == NAMESPACE:
        return metric in METRICS and given == {"function": SIGNER}
    functions = {SIGNER, "redoubt-operator"}
    known = OF_AWS | {("AWS/Lambda", "Errors"): {"FunctionName"}}
    named = given.get("FunctionName", SIGNER) in functions
    return set(given) == known[(namespace, metric)] and named


def test_alarms_look_at_what_is_written() -> None:
    assert ALARMS.keys() == MISSING.keys()
    for name, alarm in ALARMS.items():
        for metric in looked_at(alarm):
            given = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
            assert is_written(metric["Namespace"], metric["MetricName"], given), name


def test_missing_data_is_treated_as_it_is_meant() -> None:
    assert {name: alarm["TreatMissingData"] for name, alarm in ALARMS.items()} == MISSING


def test_each_alarm_reaches_the_topic_but_the_two_that_one_joins() -> None:
    no_attestation = STACK.properties("AlarmNoVote")
    for alarm in (no_attestation, *(ALARMS[name] for name in ALARMS.keys() - SILENT)):
        assert alarm["AlarmActions"] == [TOPIC] and alarm["AlarmDescription"].endswith(".")
    assert not any("AlarmActions" in ALARMS[name] for name in SILENT)
    assert no_attestation["AlarmName"] == "redoubt-no-attestation"
    assert no_attestation["AlarmRule"] == 'ALARM("redoubt-attested") AND ALARM("redoubt-silent")'


def test_what_is_shared_differs_in_names_alone() -> None:
    """The rest is tried on a baker's."""
    shared = {"AlarmLatency", "AlarmThrottles", "AlarmServerErrors", "AlarmClientErrors"}
    for name in shared | {"AlarmTooMany"}:
        own, theirs = ({**alarms[name]} for alarms in (ALARMS, OF_BAKERS))
        assert own | {"AlarmDescription": ""} == theirs | {"AlarmDescription": ""}, name


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("AlarmSlashable", "slashable_refusals"),
        ("AlarmAhead", "refused_ahead"),
        ("AlarmTokens", "tokens_refused"),
    ],
)
def test_one_is_enough(name: str, metric: str) -> None:
    alarm = ALARMS[name]
    assert (alarm["MetricName"], alarm["Statistic"], alarm["Threshold"]) == (metric, "Sum", 1)
    assert (alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (1, 1)


# --- Silence --------------------------------------------------------------------------------------
SLOTS_OF_EPOCH = {12: 32, 5: 16}  # by seconds a slot: Ethereum's networks, and Gnosis'


def test_one_active_validator_is_never_so_long_without_an_attestation() -> None:
    """From an epoch's first slot to the next one's last."""
    minutes = {
        seconds: -(-(2 * slots - 1) * seconds // 60) for seconds, slots in SLOTS_OF_EPOCH.items()
    }
    assert ALARMS["AlarmSilent"]["EvaluationPeriods"] == minutes[12] == 13
    least = load(VALIDATORS)["Parameters"]["NoAttestationMinutes"]["MinValue"]
    assert least == minutes[5] == 3


def test_no_attestation_rings_once_there_was_one() -> None:
    def rings(attestations: list[Point]) -> bool:
        parts = [ALARMS[name] for name in ("AlarmVoted", "AlarmSilent")]
        ends = [states(one, evaluate(one["Metrics"], {"votes": attestations})) for one in parts]
        return [end[-1] for end in ends] == ["ALARM", "ALARM"]

    assert not rings([None] * 60)
    assert not rings([3] + [None] * 12)
    assert rings([3] + [None] * 13)
    assert rings([3] + [0] * 13)


def fewer(attestations: Sequence[Point]) -> bool:
    alarm = ALARMS["AlarmFewer"]
    series = evaluate(alarm["Metrics"], {"attestations": attestations})
    return "ALARM" in states(alarm, series)


def epochs_in_a_period(seconds: int) -> int:
    (metric,) = [one["MetricStat"] for one in ALARMS["AlarmFewer"]["Metrics"] if len(one) == 3
                 and "MetricStat" in one]  # fmt: skip
    epochs, rest = divmod(metric["Period"], seconds * SLOTS_OF_EPOCH[seconds])
    assert rest == 0
    return int(epochs)


@pytest.mark.parametrize("seconds", SLOTS_OF_EPOCH)
def test_fewer_attestations_ring_if_chance_does_not_explain_them(seconds: int) -> None:
    """Of N validators the difference of two neighbouring periods varies by 1.5 N at most: cut at a
    share p, an epoch has each on one side by chance p (1 - p), twice with another's."""
    epochs = epochs_in_a_period(seconds)
    for validators in (1, 3, 10, 30, 100, 300, 1000, 10_000):
        usual = epochs * validators
        by_chance = 5 * (1.5 * validators) ** 0.5
        assert not fewer([usual, usual - by_chance, usual]), validators


@pytest.mark.parametrize(("validators", "silent"), [(10, 7), (100, 13), (1000, 67)])
def test_who_falls_silent_together_is_missed(validators: int, silent: int) -> None:
    usual = 5 * validators
    assert fewer([usual, usual - 5 * silent])
    assert not fewer([usual, usual - 5 * silent + 5])
    assert fewer([None, usual, None]), "all of them"
    assert not fewer([None, usual, usual])


# --- What is opened -------------------------------------------------------------------------------
def test_openings_are_counted_by_the_line_that_tells_of_them() -> None:
    filtered = STACK.properties("Openings")
    assert filtered["LogGroupName"] == f"/aws/lambda/{SIGNER}"
    (_, member, _) = re.split(r"\$\.(\w+)", filtered["FilterPattern"])
    assert filtered["MetricTransformations"][0]["MetricValue"] == f"$.{member}"
    assert f'"{member}"' in (ROOT / "bootstrap/handlers/sealed_log.cpp").read_text()


def decrypts_ring(decrypts: list[Point], openings: list[Point]) -> bool:
    alarm = ALARMS["AlarmManyDecrypts"]
    quiet: list[Point] = [None] * 4
    data = {"decrypts": quiet + decrypts + quiet, "openings": quiet + openings + quiet}
    return "ALARM" in states(alarm, evaluate(alarm["Metrics"], data))


def test_who_else_opens_is_an_alarm() -> None:
    assert not decrypts_ring([8, 0, 3], [8, 0, 3])
    assert not decrypts_ring([2, 1, 0], [3, 0, 0]), "over the end of a period"
    assert decrypts_ring([8, 1, 3], [8, 0, 3])
    assert decrypts_ring([1], [None])


# --- The dashboard --------------------------------------------------------------------------------
def graphed() -> list[list[Any]]:
    return [row for w in DASHBOARD if w["type"] == "metric" for row in w["properties"]["metrics"]]


def test_the_dashboard_shows_what_is_written_and_leaves_nothing_out() -> None:
    shown = set()
    for namespace, metric, *rest in graphed():
        named = rest[:-1] if isinstance(rest[-1], dict) else rest
        given = dict(zip(named[::2], named[1::2], strict=True))
        assert is_written(namespace, metric, given), metric
        shown |= {metric}
    assert METRICS - shown == {"errors"}  # the queries show them by code
    assert OPENINGS["MetricName"] in shown


def test_the_dashboard_shows_each_alarm() -> None:
    for choice in ({}, {"Recovery": "on", "BackupRecipients": "age1" + "q" * 58}):
        made = Stack(LEAST_OF_VALIDATORS | choice, template=load(VALIDATORS))
        widgets = json.loads(made.properties("Dashboard")["DashboardBody"])["widgets"]
        (shown,) = (w["properties"]["alarms"] for w in widgets if w["type"] == "alarm")
        alarms = made.of_type("AWS::CloudWatch::Alarm").values()
        told = {alarm["AlarmName"] for alarm in alarms if "AlarmActions" in alarm}
        names = [arn.rsplit(":", 1)[1] for arn in shown]
        assert sorted(names) == sorted(told | {"redoubt-no-attestation"})


def test_the_dashboard_s_queries_read_the_signer_s_log() -> None:
    queries = [w["properties"]["query"] for w in DASHBOARD if w["type"] == "log"]
    assert len(queries) == 3
    assert all(query.startswith(f"SOURCE '/aws/lambda/{SIGNER}' | ") for query in queries)
    (by_key,) = [query for query in queries if "by key" in query]
    for member in ("attestations", "target", "key"):
        assert member in by_key and f'"{member}"' in SOURCE


def test_the_dashboard_s_widgets_do_not_overlap() -> None:
    places = sorted((w["y"], w["x"], w["height"], w["width"]) for w in DASHBOARD)
    for (y, x, height, width), (next_y, next_x, *_) in pairwise(places):
        assert next_y >= y + height or (next_y == y and next_x >= x + width)
    assert all(x + width <= 24 for _, x, _, width in places)
    titles = [w["properties"]["title"] for w in DASHBOARD]
    bakers = json.loads(Stack(LEAST).properties("Dashboard")["DashboardBody"])["widgets"]
    assert len(set(titles)) == len(titles) > len(bakers) - 2


def test_the_dashboard_s_budget_is_the_alarm_s() -> None:
    made = Stack(LEAST_OF_VALIDATORS | {"LatencyBudgetMs": "77"}, template=load(VALIDATORS))
    assert made.properties("AlarmLatency")["Threshold"] == 77
    assert '"value": 77}' in made.properties("Dashboard")["DashboardBody"]
