# SPDX-License-Identifier: Apache-2.0
"""Validators' keys from birth to another stack: made under two of three KMS keys, taken down and
back, adopted, and opened again when one of the three is lost."""

import json
import subprocess
from dataclasses import replace
from typing import Any

import pytest
from account import ARCHITECTURE, REGION, ZIP
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from py_ecc.bls import G2ProofOfPossession as pop
from redoubt_stack.aws import Aws
from redoubt_stack.ethereum import networks
from redoubt_stack.kinds import ETHEREUM
from validators import KEYS, STACK, Deployed

from support.keystores import secret_of


def test_it_is_as_it_should_be(deployed: Deployed) -> None:
    assert deployed.differences() == []
    again = deployed.deploy()
    assert again.code == 0 and "nothing to change" in again.text, again.text


def test_the_table_says_what_it_is_for_and_is_sealed(deployed: Deployed) -> None:
    table = f"{STACK}-validators"
    dynamodb = deployed.account.client("dynamodb")
    found = dynamodb.get_item(TableName=table, Key={"id": {"S": "network"}})["Item"]
    found.pop("wraps", None)  # `create_keys` adds those, once there are keys
    assert found == networks.item({"Network": "hoodi"}, table)
    assert not networks.write(Aws(REGION, None), {"Network": "hoodi"}, table)
    policy = dynamodb.get_resource_policy(ResourceArn=deployed.facts.table_arn)["Policy"]
    sids = [statement["Sid"] for statement in json.loads(policy)["Statement"]]
    assert sids == ["NobodyElseWrites", "NobodyElseDeletes", "NobodyElseReplaces"]


def test_who_releases_can_t_invoke(deployed: Deployed) -> None:
    told = deployed.run("deploy", "--policies", deployed.account.policies, "--zip", ZIP)
    assert "whether the operator answers can't be seen: you may not invoke it" in told.text


def test_network_and_new_key_are_fixed(deployed: Deployed) -> None:
    for change in (("--network", "mainnet"), ("--parameter", "NewWrappingKey=false")):
        ran = deployed.run("deploy", "--policies", deployed.account.policies, *change)
        assert ran.code == 1 and "is fixed when a stack is made" in ran.text, ran.text


def listed(deployed: Deployed) -> list[str]:
    told = deployed.ask("operator", "list_keys")
    assert told["ok"], told
    return sorted(key["public_key"] for key in told["keys"])


def test_it_is_taken_down_and_back_and_adopted_with_its_keys(
    deployed: Deployed, keys: list[str]
) -> None:
    assert listed(deployed) == sorted(keys)
    down = deployed.run("destroy", "--yes")
    assert down.code == 0 and "are kept" in down.text, down.text
    back = deployed.deploy()
    assert back.code == 0, back.text
    cloudformation = deployed.account.client("cloudformation")
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK)
    adopted = deployed.deploy(
        *("--network", "hoodi", "--backup-recipient", deployed.recipient, "--threshold", "2"),
        *("--parameter", f"WrappingKeyArns={','.join(deployed.wrapping)}"),
        *("--parameter", f"Architecture={ARCHITECTURE}"),
        *("--parameter", "Recovery=on"),
    )
    assert "adopting what was kept" in adopted.text, adopted.text
    assert deployed.differences() == []
    assert listed(deployed) == sorted(keys)


def share_of(deployed: Deployed) -> dict[str, Any]:
    """What KMS is asked to open: the stack's own share of the first wrap."""
    items = deployed.account.client("dynamodb").scan(TableName=f"{STACK}-validators")["Items"]
    wrap = next(item for item in items if item["id"]["S"].startswith("wrap/"))
    own = deployed.facts.wrapping_key_arn
    (share,) = [one["M"] for one in wrap["shares"]["L"] if one["M"]["key"]["S"] == own]
    return {
        "KeyId": own,
        "CiphertextBlob": share["share"]["B"],
        "EncryptionContext": {
            "redoubt:wrap": wrap["id"]["S"].removeprefix("wrap/"),
            "redoubt:share": f"{share['x']['N']}/3",
            "redoubt:purpose": ETHEREUM.purpose,
        },
    }


def test_what_makes_keys_opens_none_whatever_it_is_given(
    deployed: Deployed, keys: list[str]
) -> None:
    """With the rights that its role has; and with every right of KMS beside them, where the key's
    policy is all that is left."""
    account, share = deployed.account, share_of(deployed)
    assert account.client("kms").decrypt(**share)["Plaintext"], "the emulator's root opens it"
    told = account.client("iam").get_role_policy(
        RoleName=deployed.facts.role("Operator"), PolicyName="operator"
    )
    more = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    every = {"every": {"Version": "2012-10-17", "Statement": [more]}}
    for name, rights in (("maker", {}), ("maker-with-more", every)):
        by = account.person_with(name, {"operator": told["PolicyDocument"], **rights})
        credentials = Credentials(by["AWS_ACCESS_KEY_ID"], by["AWS_SECRET_ACCESS_KEY"])
        kms = replace(account.ministack.root("kms"), credentials=credentials).client
        sealed = {n: v for n, v in share.items() if n != "CiphertextBlob"}
        assert kms.encrypt(**sealed, Plaintext=b"a share")["CiphertextBlob"]
        with pytest.raises(ClientError, match="AccessDenied"):
            kms.decrypt(**share)


def test_two_of_three_open_the_same_keys_and_one_does_not(
    deployed: Deployed, keys: list[str]
) -> None:
    """By the recovery function, of keys that are off; the operator has no such command."""
    kms, asked = deployed.account.client("kms"), {"keys": keys, "recipient": deployed.recipient}
    assert deployed.ask("operator", "set_keys", keys=keys, on=False)["ok"]
    assert not deployed.ask("operator", "export_keystore", **asked)["ok"]
    kms.disable_key(KeyId=deployed.wrapping[0])
    told = deployed.ask("recovery", "export_keystore", **asked)
    assert told["ok"], told
    assert [key["public_key"] for key in told["keys"]] == keys
    password = subprocess.run(
        ["age", "-d", "-i", deployed.identity],
        input=told["password"].encode(),
        capture_output=True,
        check=True,
    ).stdout.removesuffix(b"\n")
    secret = secret_of(told["keys"][-1]["keystore"], password)
    assert "0x" + pop.SkToPk(secret).hex() == keys[-1]
    kms.disable_key(KeyId=deployed.facts.wrapping_key_arn)
    lost = deployed.ask("recovery", "export_keystore", **asked)
    assert lost["error"]["id"] == "wrap_refused", lost
    for arn in (deployed.wrapping[0], deployed.facts.wrapping_key_arn):
        kms.enable_key(KeyId=arn)


def sealed_under(deployed: Deployed, wrap: str) -> list[str]:
    items = deployed.account.client("dynamodb").get_item(
        TableName=f"{STACK}-validators", Key={"id": {"S": f"wrap/{wrap}"}}
    )
    return [share["M"]["key"]["S"] for share in items["Item"]["shares"]["L"]]


def test_other_kms_keys_open_them_by_the_operators_commands(
    deployed: Deployed, keys: list[str]
) -> None:
    """A wrap is divided among two of the three; then all keys are sealed anew under all three, and
    are the same."""
    kms, own = deployed.account.client("kms"), deployed.facts.wrapping_key_arn
    two = [word for arn in (own, deployed.wrapping[1]) for word in ("--under", arn)]
    (wrap, *_) = {key["wrap"] for key in deployed.ask("operator", "list_keys")["keys"]}
    done = deployed.run_as_root("rewrap", "--wrap", wrap, *two, "--threshold", "1", "--yes")
    assert done.code == 0 and "rewrapped" in done.text, done.text
    assert sealed_under(deployed, wrap) == [own, deployed.wrapping[1]]
    anew = deployed.run_as_root("reseal", "--all", "--threshold", "2", "--yes")
    assert anew.code == 0 and f"{KEYS} keys: {KEYS} changed" in anew.text, anew.text
    (new,) = {key["wrap"] for key in deployed.ask("operator", "list_keys")["keys"]}
    assert new != wrap and sealed_under(deployed, new) == [own, *deployed.wrapping]
    kms.disable_key(KeyId=deployed.wrapping[0])
    asked = {"keys": keys[:1], "recipient": deployed.recipient}
    assert deployed.ask("recovery", "export_keystore", **asked)["ok"]
    kms.enable_key(KeyId=deployed.wrapping[0])


def test_everything_is_removed_only_when_told_twice(deployed: Deployed) -> None:
    account, own = deployed.account, deployed.facts.wrapping_key_arn
    assert deployed.run("destroy", "--everything").code == 2
    all_of_it = ("destroy", "--everything", "--forget", STACK)
    refused = deployed.run(*all_of_it)
    assert refused.code == 1 and "root user or the break-glass role only" in refused.text
    plan = deployed.run_as_root(*all_of_it, "--plan")
    named = (own, f"{STACK}-validators", *deployed.wrapping, "nothing was changed")
    assert plan.code == 0 and all(name in plan.text for name in named), plan.text
    gone = deployed.run_as_root(*all_of_it)
    assert gone.code == 0, gone.text
    state = account.client("kms").describe_key(KeyId=own)["KeyMetadata"]["KeyState"]
    assert state == "PendingDeletion"
    assert f"{STACK}-validators" not in account.client("dynamodb").list_tables()["TableNames"]
    others = account.client("kms").describe_key(KeyId=deployed.wrapping[0])["KeyMetadata"]
    assert others["KeyState"] == "Enabled"
