# SPDX-License-Identifier: Apache-2.0
"""`verify` finds each tampering, alone and by name, and nothing once it is undone."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import tampering_functions
import tampering_rights
import tampering_state
import tampering_told
from account import REGION, ZIP, Account, Signer
from conftest import deploy_new
from redoubt_stack import kinds, paste, policies, verify
from redoubt_stack.checks import code
from redoubt_stack.checks.rows import Row, Rows, each

from support.keys import Curve, SecretKey
from support.third_party import TRUST

TAMPERINGS: dict[str, Callable[[Account, Signer], Any]] = (
    tampering_functions.TAMPERINGS
    | tampering_rights.TAMPERINGS
    | tampering_state.TAMPERINGS
    | tampering_told.TAMPERINGS
)
# Rows about one thing: an open door is also a policy that is not the one written down.
TOGETHER: dict[str, set[str]] = {
    "table: consistency": {"table: replicas"},
    "key: public key": {"key: address"},
}
for function in ("redoubt-signer", "redoubt-operator"):
    TOGETHER |= {
        f"{function}: direct invocation": {f"{function}: policy"},
        f"{function}: subnets": {f"{function}: security groups"},
        f"{function}: code": {f"{function}: answers"},
        f"{function}: variables": {f"{function}: answers"},
        f"{function}: reserved concurrency": {f"{function}: answers"},
        f"{function}: answers": {
            f"{function}: authorized keys",
            f"{function}: authorized keys are keys",
            f"{function}: reserved concurrency",
        },
        f"{function}: authorized keys are keys": {f"{function}: authorized keys"},
    }
# Without the permission its URL is shut.
TOGETHER["redoubt-signer: policy"] = {"redoubt-signer: answers"}
# Rows for a person to read, which can't be wrong.
TOLD_ONLY = {"stack: parameters", "key: malleable signatures"}
SEEN: dict[str, set[str]] = {}  # what each tampering made differ


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(account: Account, signer: Signer, name: str) -> None:
    """Found, and alone: what an earlier one had left behind would be found, too."""
    with TAMPERINGS[name](account, signer) as expected:
        found = signer.differences()
    assert expected in found
    assert set(found) <= {expected, *TOGETHER.get(expected, ())}
    SEEN.setdefault(name, set()).update(found)


def test_all_is_well_once_all_is_undone(signer: Signer) -> None:
    assert signer.differences() == []


def test_each_row_was_made_to_differ(signer: Signer) -> None:
    assert SEEN.keys() == TAMPERINGS.keys(), (
        "tells nothing unless all tamperings ran, and were found"
    )
    printed = {f"{row.subject}: {row.what}" for row in verify.rows(signer.facts)}
    assert printed - set().union(*SEEN.values()) == TOLD_ONLY


def test_the_boundary_that_an_administrator_made_is_taken(signer: Signer) -> None:
    assert signer.facts.boundary == "arn:aws:iam::000000000000:policy/redoubt-boundary-us-east-1"


def test_policies_of_a_stack_are_printed_as_it_has_them(account: Account, signer: Signer) -> None:
    options = paste.read_options(["--list", "--policies", str(account.policies)])
    ready = paste.of_stack(signer.facts.aws, signer.facts.stack, options)
    for name in paste.WHO.keys() - {*policies.OF_SEALED, *kinds.TEZOS.lacks}:
        assert ready.document(name) == signer.facts.policy(name)
    key = account.client("kms").get_key_policy(KeyId=signer.outputs["KeyArn"], PolicyName="default")
    assert policies.difference(ready.document("key-policy"), json.loads(key["Policy"])) == ""


def options(account: Account) -> list[str]:
    given = {"template": account.template, "policies": account.policies, "zip": ZIP}
    return [part for name, value in given.items() for part in (f"--{name}", str(value))]


def become_auditor(account: Account, signer: Signer, name: str, lacking: str = "") -> Any:
    """A user with auditor.json, and nothing else."""
    iam, document = account.client("iam"), signer.facts.policy("auditor")
    for statement in document["Statement"]:
        actions = policies.listed(statement["Action"])
        statement["Action"] = [action for action in actions if action != lacking]
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="auditor", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    patch = pytest.MonkeyPatch()  # undone by who asked for it
    patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    return patch


def test_auditor_sees_all_and_the_keys_are_shown(
    account: Account,
    signer: Signer,
    authorized: SecretKey,
    capsys: pytest.CaptureFixture[str],
) -> None:
    patch = become_auditor(account, signer, "auditor")
    try:
        code = verify.main(["--stack", signer.stack, *options(account)])
    finally:
        patch.undo()
    shown = capsys.readouterr().out
    assert code == 0 and "as they should be" in shown, shown
    (line,) = [
        s for s in shown.splitlines() if re.match(r"ok +redoubt-signer +authorized keys  ", s)
    ]
    assert line.startswith("ok") and line.endswith(str(authorized.public)), line


def test_what_cannot_be_seen_hides_nothing_else(
    account: Account, signer: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    patch = become_auditor(account, signer, "half-blind", lacking="kms:ListGrants")
    try:
        verify.main(["--stack", signer.stack, "--json", *options(account)])
    finally:
        patch.undo()
    rows = json.loads(capsys.readouterr().out)
    (wrong,) = [row for row in rows if row["problem"]]
    assert (wrong["subject"], wrong["what"]) == ("key in us-east-1", "grants")
    assert "can't be seen: ListGrants: AccessDenied" in wrong["problem"]
    assert len(rows) == len(verify.rows(signer.facts))


def test_replica_of_the_key_is_looked_at(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "spread", authorized, "--parameter", "MultiRegionKey=true")
    assert signer.differences() == []
    arn = signer.outputs["KeyArn"]
    account.client("kms").replicate_key(KeyId=arn, ReplicaRegion="eu-west-1")
    assert signer.differences() == ["key in eu-west-1: policy"]
    signer.facts.aws.client("kms", "eu-west-1").put_key_policy(
        KeyId=arn.replace(REGION, "eu-west-1"),
        PolicyName="default",
        Policy=json.dumps(signer.facts.policy("key-policy", "eu-west-1")),
    )
    assert signer.differences() == []


def test_existing_key_keeps_its_own_policy(account: Account, authorized: SecretKey) -> None:
    arn = account.ministack.create_key(Curve.P256)
    given = ("--parameter", f"ExistingKeyArn={arn}", "--key-type", "tz3")
    signer = deploy_new(account, "owned", authorized, *given, "--accept-malleable-p256")
    assert signer.differences() == []
    (row,) = [
        r
        for r in verify.rows(signer.facts)
        if r.subject.startswith("key in") and r.what == "policy"
    ]
    assert "its owner's" in row.note
    # It has no schedule either: a role of that name was made by somebody else.
    client, role = account.client("iam"), signer.facts.role("Warm")
    client.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
    assert signer.differences() == [f"{role}: role"]
    client.delete_role(RoleName=role)


def test_signature_of_aws_signer_is_no_difference() -> None:
    ours, signature = ("bootstrap", "00"), (code.SIGNATURES[0], "11")
    assert code.without_signature([ours, signature]) == [ours]
    for more in (("META_INF/x", "22"), signature, ours):
        assert code.without_signature(sorted([ours, signature, more])) != [ours]


def test_policies_are_compared_by_what_they_mean() -> None:
    ours = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Deny", "Condition": {"Bool": {"k": True}}},
    }
    same = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": ["Deny"], "Condition": {"Bool": {"k": ["true"]}}}],
    }
    assert policies.difference(ours, same) == ""
    assert policies.difference(ours, same | {"Version": "2008-10-17"}) == "Version is 2008-10-17"
    assert policies.difference(ours, {"Version": "2012-10-17"}) == "#0 is missing"


def test_mistake_in_a_look_is_a_row() -> None:
    def broken() -> Rows:
        yield Row("x", "first", "")
        yield Row("x", {}["nothing"], "")

    found = list(each("x", {"a": broken, "b": lambda: iter([Row("x", "b", "")])}))
    assert [row.problem for row in found] == ["", "can't be seen: KeyError: 'nothing'", ""]
