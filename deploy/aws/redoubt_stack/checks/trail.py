# SPDX-License-Identifier: Apache-2.0
"""Whether CloudTrail hears who signs and who changes things: the rules on its events, and `audit`,
hear nothing else. Of `doctor`: a trail is the account's, not the stack's."""

from typing import Any

from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each_of

SUBJECT = "CloudTrail"
KMS = "kms.amazonaws.com"


def check(facts: Facts) -> Rows:
    return each_of(facts, SUBJECT, {"trail": _trail})


def _trail(facts: Facts) -> Rows:
    """One that does all is enough; if there is none, what the best one lacks."""
    client = facts.aws.client("cloudtrail")
    trails = client.describe_trails(includeShadowTrails=True)["trailList"]
    here = [t for t in trails if t.get("IsMultiRegionTrail") or t["HomeRegion"] == facts.aws.region]
    lacking = {trail["Name"]: _lacks(client, trail) for trail in here}
    words = "" if "" in lacking.values() else "; ".join(f"{n} {w}" for n, w in lacking.items())
    if not here:
        words = f"no trail records management events in {facts.aws.region}"
    yield Row(SUBJECT, "trail", words, ", ".join(n for n, lack in lacking.items() if not lack))


def _lacks(client: Any, trail: dict[str, Any]) -> str:
    arn = trail["TrailARN"]
    if not client.get_trail_status(Name=arn).get("IsLogging"):
        return "is stopped"
    told = client.get_event_selectors(TrailName=arn)
    simple, advanced = told.get("EventSelectors", []), told.get("AdvancedEventSelectors", [])
    heard = any(map(_hears, simple)) or any(map(_hears_by_fields, advanced))
    return "" if heard else "leaves out KMS's events, or those that only read, as Sign"


def _hears(selector: dict[str, Any]) -> bool:
    """To CloudTrail, `Sign` reads."""
    return (
        selector.get("IncludeManagementEvents", True)
        and selector.get("ReadWriteType", "All") == "All"
        and KMS not in selector.get("ExcludeManagementEventSources", [])
    )


def _hears_by_fields(selector: dict[str, Any]) -> bool:
    """Any field beside the category leaves something out, but for a source that is not KMS."""
    fields = {field["Field"]: field for field in selector.get("FieldSelectors", [])}
    category = fields.pop("eventCategory", {})
    source = fields.pop("eventSource", {"Field": "eventSource", "NotEquals": []})
    return (
        category.get("Equals") == ["Management"]
        and not fields
        and source.keys() == {"Field", "NotEquals"}
        and KMS not in source.get("NotEquals", [])
    )
