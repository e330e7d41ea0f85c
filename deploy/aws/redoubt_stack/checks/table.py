# SPDX-License-Identifier: Apache-2.0
"""The table, in each Region that has it."""

import json
from functools import partial
from typing import Any

from redoubt_stack import policies
from redoubt_stack.aws import unless_missing
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect


def check(facts: Facts) -> Rows:
    yield from each(
        "table",
        {"settings": partial(_settings, facts), "rows expire": partial(_expiry, facts)},
    )
    looks = {
        "settings": _settings_in,
        "point-in-time recovery": _recovery,
        "policy": _policy,
    }
    for region in [facts.aws.region, *facts.regions]:
        yield from each(
            f"table in {region}",
            {what: partial(look, facts, region) for what, look in looks.items()},
        )


def _described(facts: Facts, region: str) -> dict[str, Any]:
    told = facts.aws.client("dynamodb", region).describe_table(TableName=facts.table)
    return dict(told["Table"])


def _settings(facts: Facts) -> Rows:
    table = _described(facts, facts.aws.region)
    yield expect("table", "state", "ACTIVE", table["TableStatus"])
    yield expect(
        "table",
        "keys",
        facts.kind.table_keys,
        {k["AttributeName"]: k["KeyType"] for k in table["KeySchema"]},
    )
    replicas = {r["RegionName"] for r in table.get("Replicas", [])} - {facts.aws.region}
    yield expect("table", "replicas", sorted(facts.regions), sorted(replicas))
    witnesses = [witness["RegionName"] for witness in table.get("GlobalTableWitnesses", [])]
    yield expect("table", "witness", facts.witnesses, witnesses)
    if replicas:
        yield expect("table", "consistency", "STRONG", table.get("MultiRegionConsistency"))


def _expiry(facts: Facts) -> Rows:
    told = facts.aws.client("dynamodb").describe_time_to_live(TableName=facts.table)
    status = told["TimeToLiveDescription"]["TimeToLiveStatus"]
    yield expect("table", "rows expire", "DISABLED", status)


def _settings_in(facts: Facts, region: str) -> Rows:
    subject, table = f"table in {region}", _described(facts, region)
    protected = table.get("DeletionProtectionEnabled", False)
    yield expect(subject, "deletion protection", True, protected)
    restored = table.get("RestoreSummary")
    # A backup has forgotten what was signed since.
    problem = f"it was, of {restored.get('RestoreDateTime')}" if restored else ""
    yield Row(subject, "not restored", problem)
    stream = (table.get("StreamSpecification") or {}).get("StreamEnabled", False)
    yield expect(subject, "stream", False, stream)
    # Under a KMS key, whoever has that key can stop the table.
    encryption = table.get("SSEDescription") or {}
    default = encryption.get("Status") in (None, "DISABLED")
    yield expect(
        subject, "encryption", "default", "default" if default else encryption.get("SSEType")
    )
    billing = (table.get("BillingModeSummary") or {}).get("BillingMode")
    yield expect(subject, "billing", "PAY_PER_REQUEST", billing)
    # An index that lags holds up the writes; a limit below what a baker needs does, too.
    kinds = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
    indexes = [index["IndexName"] for kind in kinds for index in table.get(kind) or []]
    yield expect(subject, "indexes", [*facts.kind.indexes], indexes)
    limits = {name: n for name, n in (table.get("OnDemandThroughput") or {}).items() if n != -1}
    yield expect(subject, "limits", {}, limits)


def _recovery(facts: Facts, region: str) -> Rows:
    client = facts.aws.client("dynamodb", region)
    told = client.describe_continuous_backups(TableName=facts.table)["ContinuousBackupsDescription"]
    recovery = told["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    yield expect(f"table in {region}", "point-in-time recovery", "ENABLED", recovery)


def _policy(facts: Facts, region: str) -> Rows:
    expected, found = facts.policy("table-policy", region), found_policy(facts, region)
    yield Row(f"table in {region}", "policy", policies.difference(expected, found))


def found_policy(facts: Facts, region: str) -> policies.Document:
    """The one that the table has there; one without statements if it has none."""
    client = facts.aws.client("dynamodb", region)
    arn = facts.in_region(facts.table_arn, region)
    told = unless_missing(
        lambda: client.get_resource_policy(ResourceArn=arn), "PolicyNotFoundException"
    )
    return dict(json.loads(told["Policy"])) if told else {"Statement": []}
