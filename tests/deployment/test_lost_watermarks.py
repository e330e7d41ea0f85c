# SPDX-License-Identifier: Apache-2.0
"""Rows that are missing are a stop and never armed again, whatever they were lost with."""

import json
from pathlib import Path

import pytest
from account import Account, Signer
from conftest import LEVEL, arming, deploy_new, new_signer

from redoubt_stack.artifacts import Artifacts
from redoubt_stack.console import Stop
from redoubt_stack.journal import Journal

from support.keys import SecretKey
from support.payloads import attestation

ARM = arming(LEVEL)


def delete_rows(account: Account, table: str, kinds: tuple[str, ...]) -> None:
    dynamodb = account.client("dynamodb")
    for item in dynamodb.scan(TableName=table)["Items"]:
        if item["scope"]["S"].rpartition("/")[2] in kinds:
            dynamodb.delete_item(TableName=table, Key={k: item[k] for k in ("pkh", "scope")})


def forget_note(account: Account, stack: str) -> None:
    s3 = account.client("s3")
    s3.delete_object(Bucket=bucket(account), Key=f"{stack}/arming.json")


def bucket(account: Account) -> str:
    return str(account.client("s3").list_buckets()["Buckets"][0]["Name"])


def note(account: Account, stack: str) -> dict[str, object]:
    found = account.client("s3").get_object(Bucket=bucket(account), Key=f"{stack}/arming.json")
    return dict(json.loads(found["Body"].read()))


def deploy_unarmed(account: Account, stack: str, authorized: SecretKey) -> Signer:
    ran = account.deploy(stack, *new_signer(authorized)[:6])
    assert "not armed yet" in ran.text, ran.text
    return account.signer(stack)


def table_again(account: Account, name: str, rows: list[dict[str, object]]) -> None:
    """Another table of this name, with these rows: restored, as far as anybody can tell."""
    dynamodb = account.client("dynamodb")
    old = dynamodb.describe_table(TableName=name)["Table"]
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=name)
    shape = {key: old[key] for key in ("KeySchema", "AttributeDefinitions")}
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **shape)
    for row in rows:
        dynamodb.put_item(TableName=name, Item=row)


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
    table_again(account, "restored-watermarks", [])
    ran = account.deploy("restored", *ARM)
    assert ran.code == 1 and "is not the table that was here before" in ran.text, ran.text
    assert signer.rows() == []


def test_a_lost_note_stops_a_deployment(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "unnoted", authorized)
    forget_note(account, "unnoted")
    ran = account.deploy("unnoted", *ARM)
    assert ran.code == 1 and "--taken-as-armed" in ran.text, ran.text
    ran = account.deploy("unnoted", *ARM, "--taken-as-armed")
    assert "armed before; nothing was changed" in ran.text, ran.text
    assert {row["level"] for row in signer.rows()} == {LEVEL}


@pytest.mark.parametrize("lost", [("block",), ("attestation",)])
def test_what_was_armed_by_hand_is_not_armed_again(
    account: Account, authorized: SecretKey, lost: tuple[str, ...]
) -> None:
    stack = f"by-hand-{lost[0]}"
    signer = deploy_unarmed(account, stack, authorized)
    signer.arm(LEVEL)
    vote = attestation(LEVEL + 50)
    assert signer.baker(authorized).sign(signer.key, vote).status == 200
    delete_rows(account, f"{stack}-watermarks", lost)
    left = signer.rows()
    ran = account.deploy(stack, *ARM)
    assert ran.code == 1 and "missing or damaged" in ran.text, ran.text
    assert signer.rows() == left


def test_arming_that_was_cut_off_is_finished_as_it_was_begun(
    account: Account, authorized: SecretKey
) -> None:
    """Between the rows and the note."""
    signer = deploy_new(account, "cut-off", authorized)
    delete_rows(account, "cut-off-watermarks", ("block",))
    begun = note(account, "cut-off") | {"state": "arming", "chains": []}
    s3 = account.client("s3")
    s3.put_object(Bucket=bucket(account), Key="cut-off/arming.json", Body=json.dumps(begun))
    other = account.deploy("cut-off", *ARM, "--level", str(LEVEL + 1))
    assert other.code == 1 and f"--level {LEVEL}, or neither" in other.text, other.text
    ran = account.deploy("cut-off", *ARM)
    assert f"signs above level {LEVEL}" in ran.text, ran.text
    assert len(signer.rows()) == 3

    # Nor once anything was signed.
    assert signer.baker(authorized).sign(signer.key, attestation(LEVEL + 9)).status == 200
    delete_rows(account, "cut-off-watermarks", ("block",))
    s3.put_object(Bucket=bucket(account), Key="cut-off/arming.json", Body=json.dumps(begun))
    ran = account.deploy("cut-off", *ARM)
    assert ran.code == 1 and "missing or damaged" in ran.text, ran.text


def test_a_key_that_existed_before_is_not_armed_again(
    account: Account, authorized: SecretKey
) -> None:
    """Its stack removed, everything; the key, being its owner's, stays, and has signed."""
    key = account.client("kms").create_key(KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")
    existing = ("--parameter", f"ExistingKeyArn={key['KeyMetadata']['Arn']}")
    signer = deploy_new(account, "borrowed", authorized, *existing)
    assert signer.baker(authorized).sign(signer.key, attestation(LEVEL + 9)).status == 200
    ran = account.destroy("borrowed", "--everything", "--forget", "borrowed", as_root=True)
    assert ran.code == 0, ran.text
    state = account.client("kms").describe_key(KeyId=key["KeyMetadata"]["Arn"])["KeyMetadata"]
    assert state["KeyState"] == "Enabled"
    ran = account.deploy("borrowed", *new_signer(authorized), *existing)
    assert ran.code == 1 and "never use this key again" in ran.text, ran.text
    assert account.signer("borrowed").rows() == []


def test_a_slip_before_anything_was_made_is_resumed(
    account: Account, authorized: SecretKey, tmp_path: Path
) -> None:
    """Also with a key that existed before: nothing was lost, as nothing was there."""
    key = account.client("kms").create_key(KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")
    existing = ("--parameter", f"ExistingKeyArn={key['KeyMetadata']['Arn']}")
    refused = json.loads(account.template.read_text())
    refused["Resources"]["Slip"] = {"Type": "AWS::Redoubt::Nothing"}
    path = tmp_path / "refused.json"
    path.write_text(json.dumps(refused))
    slip = account.deploy("slip", *new_signer(authorized), *existing, "--template", str(path))
    assert slip.code == 1 and "AWS::Redoubt::Nothing" in slip.text, slip.text
    assert note(account, "slip")["state"] == "creating"
    ran = account.deploy("slip", *new_signer(authorized), *existing)
    assert f"signs above level {LEVEL}" in ran.text, ran.text


def test_removal_that_was_cut_off_is_finished(account: Account, authorized: SecretKey) -> None:
    """After the key was scheduled for deletion, and before anything else was."""
    signer = deploy_new(account, "halved", authorized)
    kms = account.client("kms")
    kms.schedule_key_deletion(KeyId=signer.outputs["KeyArn"], PendingWindowInDays=30)
    ran = account.destroy("halved", "--everything", "--forget", "halved", as_root=True)
    assert ran.code == 0, ran.text
    assert note(account, "halved")["forgotten"] == [signer.key.address]
    assert "halved-watermarks" not in account.client("dynamodb").list_tables()["TableNames"]


def test_somebody_elses_key_is_not_removed(account: Account, authorized: SecretKey) -> None:
    """And nothing is, if the alias leads elsewhere."""
    deploy_new(account, "misled", authorized)
    kms = account.client("kms")
    other = kms.create_key(KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    kms.update_alias(AliasName="alias/misled", TargetKeyId=other["KeyId"])
    ran = account.destroy("misled", "--everything", "--forget", "misled", as_root=True)
    assert ran.code == 1 and "is not this stack's key" in ran.text, ran.text
    assert kms.describe_key(KeyId=other["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    assert note(account, "misled")["state"] == "armed"


def test_no_function_runs_on_a_table_that_is_not_known(
    account: Account, authorized: SecretKey
) -> None:
    signer = deploy_new(account, "older", authorized)
    rows = account.client("dynamodb").scan(TableName="older-watermarks")["Items"]
    assert signer.baker(authorized).sign(signer.key, attestation(LEVEL + 9)).status == 200
    assert account.destroy("older").code == 0
    table_again(account, "older-watermarks", rows)
    ran = account.deploy("older")
    assert ran.code == 1 and "is not the table that was here before" in ran.text, ran.text
    functions = account.client("lambda").list_functions()["Functions"]
    assert "older-signer" not in [f["FunctionName"] for f in functions]


def test_the_chain_that_was_armed_is_missed(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "chains", authorized)
    ghost = "NetXnHfVqm9iesp"
    assert signer.command("arm", chain=ghost, level=5)["ok"]
    assert account.deploy("chains").code == 0
    assert note(account, "chains")["chains"] == sorted([ghost, "NetXdQprcVkpaWU"])
    dynamodb = account.client("dynamodb")
    for item in dynamodb.scan(TableName="chains-watermarks")["Items"]:
        if item["scope"]["S"].startswith("NetXdQprcVkpaWU/"):
            key = {name: item[name] for name in ("pkh", "scope")}
            dynamodb.delete_item(TableName="chains-watermarks", Key=key)
    for options in ((), ARM):
        ran = account.deploy("chains", *options)
        assert ran.code == 1 and "NetXdQprcVkpaWU are missing" in ran.text, ran.text


def test_two_deployments_at_once_do_not_both_arm(account: Account, authorized: SecretKey) -> None:
    """The later write of a note that somebody else wrote meanwhile is refused."""
    signer = deploy_unarmed(account, "twice", authorized)
    journal = Journal(signer.facts.aws, Artifacts(signer.facts.aws), "twice")
    mine = journal.known()
    journal.write(mine, "arming", chain="NetXdQprcVkpaWU", level=5)
    with pytest.raises(Stop, match="somebody else"):
        journal.write(mine, "arming", chain="NetXdQprcVkpaWU", level=6)
