# SPDX-License-Identifier: Apache-2.0
"""What must never be lost or opened: the key and the table, in each of their Regions."""

import json

from redoubt_stack import policies
from redoubt_stack.aws import unless_missing
from redoubt_stack.checks.facts import Facts, Row, Rows, expect
from redoubt_stack.tezos import public_key


def check(facts: Facts) -> Rows:
    yield from _key(facts)
    for region in [facts.aws.region, *_replicas_of_key(facts)]:
        yield from _key_in(facts, region)
    yield from _table(facts)
    for region in [facts.aws.region, *facts.regions]:
        yield from _table_in(facts, region)


def _key(facts: Facts) -> Rows:
    key, parameters = facts.key, facts.parameters
    yield expect("key", "spec", parameters["KeySpec"], key["KeySpec"])
    yield expect("key", "usage", "SIGN_VERIFY", key["KeyUsage"])
    wanted = parameters.get("MultiRegionKey", "false") == "true"
    if not parameters.get("ExistingKeyArn"):
        yield expect("key", "multi-Region", wanted, key.get("MultiRegion", False))
    told = facts.aws.client("kms").get_public_key(KeyId=key["Arn"])
    found = public_key(told["KeySpec"], told["PublicKey"])
    yield expect("key", "public key", parameters.get("PublicKeys"), found.text)
    yield expect("key", "address", parameters.get("KeyHashes"), found.address)


def _replicas_of_key(facts: Facts) -> list[str]:
    replicas = facts.key.get("MultiRegionConfiguration", {}).get("ReplicaKeys", [])
    return [replica["Region"] for replica in replicas]


def _key_in(facts: Facts, region: str) -> Rows:
    subject = f"key in {region}"
    arn = facts.key["Arn"].replace(f":{facts.aws.region}:", f":{region}:")
    client = facts.aws.client("kms", region)
    state = client.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"]
    yield expect(subject, "state", "Enabled", state)
    found = json.loads(client.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
    expected = facts.policy("key-policy", region)
    yield Row(subject, "policy", policies.difference(expected, found))
    grants = client.list_grants(KeyId=arn)["Grants"]
    yield expect(subject, "grants", [], [grant["GranteePrincipal"] for grant in grants])


def _table(facts: Facts) -> Rows:
    name = facts.outputs["TableName"]
    table = facts.aws.client("dynamodb").describe_table(TableName=name)["Table"]
    yield expect("table", "state", "ACTIVE", table["TableStatus"])
    yield expect(
        "table",
        "keys",
        {"pkh": "HASH", "scope": "RANGE"},
        {k["AttributeName"]: k["KeyType"] for k in table["KeySchema"]},
    )
    replicas = {r["RegionName"] for r in table.get("Replicas", [])} - {facts.aws.region}
    yield expect("table", "replicas", sorted(facts.regions), sorted(replicas))
    if replicas:
        yield expect("table", "consistency", "STRONG", table.get("MultiRegionConsistency"))
    expiry = facts.aws.client("dynamodb").describe_time_to_live(TableName=name)
    status = expiry["TimeToLiveDescription"]["TimeToLiveStatus"]
    yield expect("table", "rows expire", "DISABLED", status)


def _table_in(facts: Facts, region: str) -> Rows:
    name, subject = facts.outputs["TableName"], f"table in {region}"
    client = facts.aws.client("dynamodb", region)
    table = client.describe_table(TableName=name)["Table"]
    yield expect(
        subject, "deletion protection", True, table.get("DeletionProtectionEnabled", False)
    )
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    yield expect(subject, "point-in-time recovery", "ENABLED", recovery)
    arn = facts.outputs["TableArn"].replace(f":{facts.aws.region}:", f":{region}:")
    told = unless_missing(
        lambda: client.get_resource_policy(ResourceArn=arn), "PolicyNotFoundException"
    )
    found = json.loads(told["Policy"]) if told else {"Statement": []}
    expected = facts.policy("table-policy", region)
    yield Row(subject, "policy", policies.difference(expected, found))
