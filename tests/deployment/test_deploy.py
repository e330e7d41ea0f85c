# SPDX-License-Identifier: Apache-2.0
"""A signer's life: deployed, signing, rotated, deployed again, destroyed, and back."""

import json
import re
import threading
from pathlib import Path

import overlay
import pytest
from account import ARCHITECTURE, ZIP, Account, Signer
from conftest import LEVEL, arming, deploy_new, new_signer
from redoubt_stack.seal import SEAL, seal

from support.keys import Curve, SecretKey
from support.payloads import KINDS, attestation
from support.runbooks.reading import sections

MAINNET = "NetXdQprcVkpaWU"


def revisions(account: Account, signer: Signer) -> list[str]:
    client = account.client("lambda")
    names = [signer.outputs["SignerFunction"], signer.outputs["OperatorFunction"]]
    return [client.get_function_configuration(FunctionName=n)["RevisionId"] for n in names]


def exists(account: Account, function: str) -> bool:
    listed = account.client("lambda").list_functions()["Functions"]
    return any(f["FunctionName"] == function for f in listed)


def test_a_plan_changes_nothing(account: Account, authorized: SecretKey) -> None:
    def state() -> tuple[object, object]:
        stacks = account.client("cloudformation").describe_stacks()["Stacks"]
        return account.client("s3").list_buckets()["Buckets"], [s["StackName"] for s in stacks]

    before = state()
    ran = account.deploy("planned", *new_signer(authorized), "--plan")
    assert ran.code == 0, ran.text
    assert "create stack planned" in ran.text and "AWS::KMS::Key" in ran.text
    assert state() == before


def test_what_is_deployed_is_as_it_should_be(account: Account, authorized: SecretKey) -> None:
    """All but what the overlay says that this CloudFormation ignores; and then all."""
    ran = account.deploy(
        "fresh",
        *("--authorized-keys", str(authorized.public), "--key-type", "tz2"),
        *("--parameter", f"Architecture={ARCHITECTURE}"),
    )
    assert "not armed yet" in ran.text
    signer = account.signer("fresh")
    assert signer.rows() == []
    ignored = ["table in us-east-1: point-in-time recovery"]
    unarmed = [f"watermarks: {what}" for what in ("the table remembered", "rows")]
    assert sorted(signer.differences()) == sorted(ignored + unarmed)
    overlay.settle(account, signer)
    address = signer.key.address
    for command in ("deploy", "deploy"):  # arms what it created before; the second changes nothing
        ran = account.deploy("fresh", *arming(7))
        assert ran.code == 0, f"{command}: {ran.text}"
        assert f"redoubt-consensus {signer.outputs['SignerUrl']}{address}" in ran.text
        assert {(row["level"], row["pkh"]) for row in signer.rows()} == {(7, address)}
    ours = ["--template", str(account.template), "--policies", str(account.policies)]
    ran = account.run("verify", "fresh", "--zip", str(signer.facts.package), *ours)
    assert ran.code == 0, ran.text
    assert "sealed" not in account.deploy("fresh").text


def test_a_policy_without_its_seal_is_put_again(account: Account, signer: Signer) -> None:
    """As CloudFormation leaves it when the policy's text changes; or as after a restoration."""
    client, arn = account.client("dynamodb"), signer.outputs["TableArn"]
    whole = json.loads(client.get_resource_policy(ResourceArn=arn)["Policy"])
    assert [s["Sid"] for s in whole["Statement"]][-1] == SEAL
    assert seal(signer.facts) == []
    for left in (whole["Statement"][:-1], None):
        if left is None:
            client.delete_resource_policy(ResourceArn=arn)
        else:
            client.put_resource_policy(
                ResourceArn=arn, Policy=json.dumps(whole | {"Statement": left})
            )
        assert signer.differences() == ["table in us-east-1: policy"]
        assert seal(signer.facts) == ["us-east-1"]
        assert signer.differences() == []


@pytest.mark.parametrize("curve", Curve)
def test_a_baker_signs(account: Account, authorized: SecretKey, curve: Curve) -> None:
    stack = f"curve-{curve.address}"
    given = ("--key-type", curve.address, "--accept-malleable-p256")
    signer = deploy_new(account, stack, authorized, *given)
    assert signer.key.curve is curve
    baker = signer.baker(authorized)
    for kind, make in KINDS.items():
        for level in (LEVEL + 1, LEVEL + 2):
            payload = make(level)
            assert signer.key.verifies(baker.sign(signer.key, payload).signature, payload), kind
        assert baker.sign(signer.key, make(LEVEL + 2, salt=1)).code == "already_signed"
        assert baker.sign(signer.key, make(LEVEL)).code == "below_watermark"


class Baking:
    """Signs level after level until it is ended; keeps what was refused."""

    def __init__(self, signer: Signer, authorized: SecretKey, level: int) -> None:
        self.baker = signer.baker(authorized)
        self.level = level
        self.refused: list[str] = []
        self._signer = signer
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._bake)

    def _bake(self) -> None:
        while not self._end.is_set():
            self.level += 1
            reply = self.baker.sign(self._signer.key, attestation(self.level))
            if reply.status != 200:
                self.refused.append(f"{self.level}: {reply.status} {reply.text}")

    def __enter__(self) -> "Baking":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def go_on(self, levels: int = 5) -> None:
        target = self.level + levels
        while self.level < target and self._thread.is_alive():
            self._end.wait(0.01)


def rotate(account: Account, stack: str, *words: str, code: int = 0) -> str:
    """By the deployer, who may not read the log."""
    ran = account.run("rotate", stack, *words, "--yes")
    assert ran.code == code, ran.text
    return ran.text


def test_rotation_shows_no_gap(account: Account, signer: Signer, authorized: SecretKey) -> None:
    new = SecretKey.generate(Curve.P256)
    with Baking(signer, authorized, LEVEL + 10) as baking:
        baking.go_on()
        rotate(account, "redoubt", "--add", str(new.public))
        baking.go_on()
        old, baking.baker = baking.baker, signer.baker(new)
        baking.go_on()
        rotate(account, "redoubt", "--remove", str(authorized.public), "--force")
        baking.go_on()
    assert baking.refused == []
    assert baking.level > LEVEL + 25
    assert old.post(signer.key, attestation(baking.level + 1)).code == "authentication_invalid"

    # The stack does not know: an update would bring the removed key back, and is refused.
    assert signer.differences() == [
        f"redoubt-{kind}: authorized keys" for kind in ("signer", "operator")
    ]
    before = revisions(account, signer)
    refused = account.deploy("redoubt", "--parameter", "MemorySize=256")
    assert refused.code == 1 and "AUTHORIZED_KEYS" in refused.text, refused.text
    assert revisions(account, signer) == before
    told = account.deploy("redoubt", "--authorized-keys", str(new.public))
    assert told.code == 0, told.text
    back = account.deploy("redoubt", "--authorized-keys", str(authorized.public))
    assert back.code == 0, back.text
    assert signer.baker(authorized).sign(signer.key, attestation(baking.level + 2)).status == 200


def test_a_removed_key_stays_removed(account: Account, authorized: SecretKey) -> None:
    """Also over `destroy` and `deploy`, of which the stack was never told."""
    signer = deploy_new(account, "rotated", authorized)
    new = SecretKey.generate(Curve.SECP256K1)
    rotate(account, "rotated", "--add", str(new.public))
    rotate(account, "rotated", "--remove", str(authorized.public), "--force")
    assert account.destroy("rotated").code == 0
    assert "armed before" in account.deploy("rotated").text
    again = account.signer("rotated")
    vote = attestation(LEVEL + 5)
    assert again.baker(authorized).post(again.key, vote).code == "authentication_invalid"
    assert again.baker(new).sign(signer.key, vote).status == 200


def test_the_last_authorized_key_stays(
    account: Account, signer: Signer, authorized: SecretKey
) -> None:
    refused = rotate(account, "redoubt", "--remove", str(authorized.public), "--force", code=1)
    assert "last key" in refused
    shown = account.run("rotate", "redoubt")
    assert shown.code == 0 and "you may not read the log" in shown.text, shown.text
    for kind in ("signer", "operator"):
        table = shown.text.partition(f"redoubt-{kind}\n")[2].partition("redoubt-")[0]
        assert re.findall(r"\b(?:edpk|sppk|p2pk)\w+", table) == [str(authorized.public)]


def test_deploying_again_changes_nothing(account: Account, signer: Signer, tmp_path: Path) -> None:
    before = revisions(account, signer), signer.rows()
    ran = account.deploy("redoubt", *arming(LEVEL))
    assert ran.code == 0, ran.text
    assert "nothing to change" in ran.text and "armed before; nothing was changed" in ran.text
    shell = account.shell(tmp_path, "redoubt", account.deployer("redoubt"))
    for block in sections()["upgrading.md#upgrading-and-going-back"].blocks:
        shell.run(block)
    assert (revisions(account, signer), signer.rows()) == before


def test_what_a_stack_is_born_with_is_not_changed(account: Account, signer: Signer) -> None:
    for name, value in {"KeySpec": "ECC_NIST_P256", "MultiRegionKey": "true"}.items():
        ran = account.deploy("redoubt", "--parameter", f"{name}={value}")
        assert ran.code == 1 and "is fixed when a stack is made" in ran.text, ran.text


def test_only_root_changes_what_the_key_policy_says(account: Account, signer: Signer) -> None:
    role = "BreakGlassRoleArn=arn:aws:iam::000000000000:role/break-glass"
    before = revisions(account, signer)
    ran = account.deploy("redoubt", "--parameter", role)
    assert ran.code == 1 and "would change the key's policy" in ran.text, ran.text
    assert revisions(account, signer) == before


def test_no_update_takes_the_table_away(account: Account, signer: Signer, tmp_path: Path) -> None:
    """Not even by hand: `deploy` itself would see it in the change set."""
    template = json.loads(account.template.read_text())
    template["Resources"]["Table"]["Properties"]["TableName"] = "another"
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template))
    ran = account.deploy("redoubt", "--template", str(path))
    assert ran.code == 1 and "remove or replace Table" in ran.text, ran.text
    told = account.client("cloudformation").get_stack_policy(StackName="redoubt")
    denied = json.loads(told["StackPolicyBody"])["Statement"][1]
    assert denied["Effect"] == "Deny" and "LogicalResourceId/Table" in denied["Resource"]


def test_destroy_keeps_what_it_must(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "doomed", authorized)
    level = LEVEL + 50
    assert signer.baker(authorized).sign(signer.key, attestation(level)).status == 200
    # IAM does not delete a policy that somebody has, nor is it to be taken from them.
    account.client("iam").attach_user_policy(
        UserName="deployer-of-doomed", PolicyArn=signer.facts.managed_policy_arn("auditor")
    )
    ran = account.destroy("doomed")
    assert ran.code == 0, ran.text
    assert not exists(account, "doomed-signer") and not exists(account, "doomed-operator")
    roles = [signer.outputs[f"{kind}RoleArn"].rpartition("/")[2] for kind in ("Signer", "Operator")]
    iam = account.client("iam")
    ids = [iam.get_role(RoleName=role)["Role"]["RoleId"] for role in roles]
    for role in roles:  # without a right
        assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
    had = iam.list_attached_user_policies(UserName="deployer-of-doomed")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in had] == ["doomed-auditor-us-east-1"]

    ran = account.deploy("doomed", *arming(LEVEL))
    assert ran.code == 0, ran.text
    assert "armed before; nothing was changed" in ran.text
    again = account.signer("doomed")
    assert again.outputs["KeyArn"] == signer.outputs["KeyArn"]
    assert [iam.get_role(RoleName=role)["Role"]["RoleId"] for role in roles] == ids
    baker = again.baker(authorized)
    assert baker.sign(again.key, attestation(level, salt=1)).code == "already_signed"
    assert baker.sign(again.key, attestation(level + 1)).status == 200


def test_what_a_deleted_stack_left_is_adopted(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "orphan", authorized)
    assert signer.baker(authorized).sign(signer.key, attestation(LEVEL + 9)).status == 200
    cloudformation = account.client("cloudformation")
    cloudformation.delete_stack(StackName="orphan")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="orphan")
    ran = account.deploy(
        "orphan",
        *("--authorized-keys", str(authorized.public)),
        *("--parameter", f"Architecture={ARCHITECTURE}"),
    )
    assert ran.code == 0, ran.text
    assert "adopting what was kept" in ran.text
    again = account.signer("orphan")
    assert again.key == signer.key
    baker = again.baker(authorized)
    assert baker.sign(again.key, attestation(LEVEL + 9, salt=1)).code == "already_signed"
    assert baker.sign(again.key, attestation(LEVEL + 10)).status == 200


def test_everything_is_removed_only_when_told_twice(
    account: Account, authorized: SecretKey, tmp_path: Path
) -> None:
    signer = deploy_new(account, "gone", authorized)
    for half in (["--everything"], ["--forget", "gone"], ["--everything", "--forget", "other"]):
        assert account.destroy("gone", *half).code == 2
    plan = account.destroy("gone", "--everything", "--forget", "gone", "--plan", as_root=True)
    named = (signer.key.address, signer.outputs["KeyArn"], "gone-watermarks")
    assert plan.code == 0 and all(name in plan.text for name in named), plan.text
    stopping, forgetting = sections()["moving-out.md#stopping-for-good"].blocks
    shown = account.shell(tmp_path, "gone", account.deployer("gone")).run(stopping)
    assert "nothing was changed" in shown and "Type gone to go on" in shown
    assert not exists(account, "gone-signer")
    account.shell(tmp_path, "gone", {}).run(forgetting)
    key = account.client("kms").describe_key(KeyId=signer.outputs["KeyArn"])["KeyMetadata"]
    assert key["KeyState"] == "PendingDeletion"
    assert not exists(account, "gone-signer")
    assert "gone-watermarks" not in account.client("dynamodb").list_tables()["TableNames"]


def with_a_flaw(template: Path, path: Path) -> Path:
    """Fails once both functions are there: a policy that says nothing."""
    broken = json.loads(template.read_text())
    broken["Resources"]["Flaw"] = {
        "Type": "AWS::IAM::Policy",
        "DependsOn": ["SignerFunction", "OperatorFunction"],
        "Properties": {
            "PolicyName": "flaw",
            "PolicyDocument": {"Statement": "none"},
            "Roles": [{"Ref": "OperatorRole"}],
        },
    }
    path.write_text(json.dumps(broken))
    return path


def with_variable(template: Path, path: Path, function: str, name: str, value: str) -> Path:
    """A template that gives a function this variable."""
    changed = json.loads(template.read_text())
    properties = changed["Resources"][f"{function}Function"]["Properties"]
    properties["Environment"]["Variables"][name] = value
    output = changed["Outputs"][f"{function}Variables"]["Value"]["Fn::Sub"]
    output[0] = output[0].replace("${Hedging}", value)
    path.write_text(json.dumps(changed))
    return path


def test_an_update_that_stops_a_function_is_a_failure(
    account: Account, authorized: SecretKey, tmp_path: Path
) -> None:
    """CloudFormation calls it complete. It can be mended by the same command."""
    signer = deploy_new(account, "broken", authorized)
    # Lambda tells who invokes a function why it did not start, and who calls a URL that it did not.
    for function, words in {"Operator": "HEDGING", "Signer": "healthz answers 502"}.items():
        bad = with_variable(account.template, tmp_path / function, function, "HEDGING", "sometimes")
        ran = account.deploy("broken", "--template", str(bad))
        assert ran.code == 1 and "THE SIGNER DOES NOT WORK" in ran.text, ran.text
        assert "as they should be" not in ran.text and "octez-client" not in ran.text
        assert words in ran.text, ran.text
    ran = account.deploy("broken", "--parameter", "Hedging=off")
    assert ran.code == 0 and "the signer answers GET /healthz" in ran.text, ran.text
    assert signer.baker(authorized).sign(signer.key, attestation(LEVEL + 1)).status == 200


def test_keys_that_the_function_would_not_take_change_nothing(
    account: Account, signer: Signer, authorized: SecretKey
) -> None:
    before = revisions(account, signer)
    key = str(authorized.public)
    mistyped = key[:-1] + ("a" if key[-1] != "a" else "b")
    for keys, words in {mistyped: "checksum", f"{key},{key}": "given twice"}.items():
        ran = account.deploy("redoubt", "--authorized-keys", keys)
        assert ran.code == 2 and words in ran.text, ran.text
    assert revisions(account, signer) == before
    assert signer.baker(authorized).get("/healthz").status == 200


def test_a_stopped_signer_is_said_to_be_stopped(account: Account, authorized: SecretKey) -> None:
    signer = deploy_new(account, "stopped", authorized)
    account.client("lambda").put_function_concurrency(
        FunctionName=signer.outputs["SignerFunction"], ReservedConcurrentExecutions=0
    )
    ran = account.deploy("stopped")
    assert "the signer is stopped (reserved concurrency 0)" in ran.text, ran.text


def test_a_path_and_a_guarded_url_are_looked_through(
    account: Account, authorized: SecretKey
) -> None:
    """/healthz is asked under BasePath, and where IAM guards the URL, signed by who may call it."""
    deploy_new(account, "guarded", authorized, "--parameter", "BasePath=/secret")
    for more in ((), ("--parameter", "UrlAuthType=AWS_IAM")):
        ran = account.deploy("guarded", *more)
        is_seen = "the signer answers GET /healthz" in ran.text
        assert is_seen != bool(more), ran.text
    assert "you may not call it" in ran.text
    document = {"Effect": "Allow", "Action": "lambda:InvokeFunctionUrl", "Resource": "*"}
    account.client("iam").put_user_policy(
        UserName="deployer-of-guarded",
        PolicyName="url",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [document]}),
    )
    ran = account.deploy("guarded")
    assert "the signer answers GET /healthz" in ran.text, ran.text
    # The path is in the lines for the baker, and nowhere else.
    ours = ["--template", str(account.template), "--policies", str(account.policies)]
    assert "/secret" not in account.run("verify", "guarded", "--zip", str(ZIP), *ours).text
    assert "/secret" not in json.dumps(
        account.client("cloudformation").describe_stacks(StackName="guarded"), default=str
    )


def test_a_failure_half_way_is_resumed(
    account: Account, authorized: SecretKey, tmp_path: Path
) -> None:
    broken = with_a_flaw(account.template, tmp_path / "broken.json")
    options = new_signer(authorized)
    failed = account.deploy("half", *options, "--template", str(broken))
    assert failed.code == 1 and "Flaw:" in failed.text, failed.text
    key = account.client("kms").describe_key(KeyId="alias/half")["KeyMetadata"]["Arn"]
    ran = account.deploy("half", *options)
    assert f"signs above level {LEVEL}" in ran.text, ran.text
    signer = account.signer("half")
    assert signer.outputs["KeyArn"] == key
    assert signer.baker(authorized).sign(signer.key, attestation(LEVEL + 1)).status == 200
