# SPDX-License-Identifier: Apache-2.0
"""Rows that are missing are a stop and never armed again, whatever they were lost with."""

from account import Account
from conftest import LEVEL, deploy_new

from support.keys import SecretKey

ARM = ("--chain", "mainnet", "--level", str(LEVEL))


def delete_rows(account: Account, table: str, kinds: tuple[str, ...]) -> None:
    dynamodb = account.client("dynamodb")
    for item in dynamodb.scan(TableName=table)["Items"]:
        if item["scope"]["S"].rpartition("/")[2] in kinds:
            dynamodb.delete_item(TableName=table, Key={k: item[k] for k in ("pkh", "scope")})


def test_missing_rows_stop_a_deployment(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "forgetful", authorized)
    for kinds in (("block",), ("preattestation", "attestation")):  # one of three, then all
        delete_rows(account, "forgetful-watermarks", kinds)
        left = signer.rows()
        ran = account.deploy("forgetful", *ARM)
        assert ran.code == 1 and "missing or damaged" in ran.text, ran.text
        assert signer.rows() == left


def test_another_table_of_the_name_stops_a_deployment(
    account: Account, authorized: SecretKey
) -> None:
    signer = deploy_new(account, "restored", authorized)
    dynamodb = account.client("dynamodb")
    name = "restored-watermarks"
    old = dynamodb.describe_table(TableName=name)["Table"]
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=name)
    shape = {key: old[key] for key in ("KeySchema", "AttributeDefinitions")}
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **shape)
    ran = account.deploy("restored", *ARM)
    assert ran.code == 1 and "is not the table that was here before" in ran.text, ran.text
    assert signer.rows() == []


def test_a_lost_note_stops_a_deployment(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "unnoted", authorized)
    s3 = account.client("s3")
    bucket = s3.list_buckets()["Buckets"][0]["Name"]
    s3.delete_object(Bucket=bucket, Key="unnoted/arming.json")
    ran = account.deploy("unnoted", *ARM)
    assert ran.code == 1 and "--taken-as-armed" in ran.text, ran.text
    ran = account.deploy("unnoted", *ARM, "--taken-as-armed")
    assert "armed before; nothing was changed" in ran.text, ran.text
    assert {row["level"] for row in signer.rows()} == {LEVEL}
