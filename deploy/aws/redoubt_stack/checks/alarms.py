# SPDX-License-Identifier: Apache-2.0
"""Whether anybody hears an alarm. Of `doctor`: a release can't have subscribers."""

from typing import Any

from redoubt_stack.aws import Aws
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each_of

SUBJECT = "alarms"


def check(facts: Facts) -> Rows:
    return each_of(facts, SUBJECT, {"subscribers": _subscribers, "alarms": _alarms})


def _topic(facts: Facts) -> str:
    return facts.parameters.get("AlarmTopicArn") or facts.stack.resource("AlarmTopic")


def _subscribers(facts: Facts) -> Rows:
    """Whoever subscribed and did not confirm hears nothing."""
    topic = _topic(facts)
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
    topic = _topic(facts)
    call = {n for n, alarm in found.items() if not topic or topic in alarm["AlarmActions"]}
    silent = ", ".join(sorted(_wanted(facts) - call))
    yield Row(
        SUBJECT, "are there", f"deleted, or call nobody at the topic: {silent}" * bool(silent)
    )
    silenced = sorted(name for name, alarm in found.items() if not alarm["ActionsEnabled"])
    yield Row(SUBJECT, "silenced", ", ".join(silenced))
    ringing = sorted(name for name, alarm in found.items() if alarm["StateValue"] == "ALARM")
    yield Row(SUBJECT, "ringing", ", ".join(ringing))


def _wanted(facts: Facts) -> set[str]:
    """Those that call somebody, by the template."""
    made = [resource.get("Properties", {}) for resource in facts.template["Resources"].values()]
    names = [alarm["AlarmName"]["Fn::Sub"] for alarm in made if alarm.get("AlarmActions")]
    return {name.replace("${AWS::StackName}", facts.stack.name) for name in names}


def _of_stack(aws: Aws, stack: str) -> dict[str, dict[str, Any]]:
    """Those that call somebody: others are parts of these."""
    pages = aws.client("cloudwatch").get_paginator("describe_alarms")
    told = pages.paginate(AlarmNamePrefix=f"{stack}-", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = [
        alarm for page in told for kind in page if kind.endswith("Alarms") for alarm in page[kind]
    ]
    return {alarm["AlarmName"]: alarm for alarm in alarms if alarm.get("AlarmActions")}
