# SPDX-License-Identifier: Apache-2.0
"""Whether anybody hears an alarm. Of `doctor`: a release can't have subscribers."""

from functools import partial

from redoubt_stack.aws import Aws
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each

SUBJECT = "alarms"


def check(facts: Facts) -> Rows:
    yield from each(
        SUBJECT,
        {"subscribers": partial(_subscribers, facts), "alarms": partial(_alarms, facts)},
    )


def _subscribers(facts: Facts) -> Rows:
    """Whoever subscribed and did not confirm hears nothing."""
    topic = facts.parameters.get("AlarmTopicArn") or facts.stack.resource("AlarmTopic")
    if not topic:
        yield Row(SUBJECT, "subscribers", "there is no topic that alarms go to")
        return
    confirmed = waiting = 0
    pages = facts.aws.client("sns").get_paginator("list_subscriptions_by_topic")
    for page in pages.paginate(TopicArn=topic):
        for subscription in page["Subscriptions"]:
            is_confirmed = subscription["SubscriptionArn"].startswith("arn:")
            confirmed, waiting = confirmed + is_confirmed, waiting + (not is_confirmed)
    words = f"nobody hears the topic; {waiting} have not confirmed" if not confirmed else ""
    yield Row(SUBJECT, "subscribers", words, f"{confirmed} confirmed")


def _alarms(facts: Facts) -> Rows:
    found = _of_stack(facts.aws, facts.stack.name)
    yield Row(SUBJECT, "are there", "" if found else "there are none")
    silenced = sorted(name for name, alarm in found.items() if not alarm["ActionsEnabled"])
    yield Row(SUBJECT, "silenced", ", ".join(silenced))
    ringing = sorted(name for name, alarm in found.items() if alarm["StateValue"] == "ALARM")
    yield Row(SUBJECT, "ringing", ", ".join(ringing))


def _of_stack(aws: Aws, stack: str) -> dict[str, dict[str, object]]:
    """Those that call somebody: others are parts of these."""
    pages = aws.client("cloudwatch").get_paginator("describe_alarms")
    told = pages.paginate(AlarmNamePrefix=f"{stack}-", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = [
        alarm for page in told for kind in page if kind.endswith("Alarms") for alarm in page[kind]
    ]
    return {alarm["AlarmName"]: alarm for alarm in alarms if alarm.get("AlarmActions")}
