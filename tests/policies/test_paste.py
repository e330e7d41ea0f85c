# SPDX-License-Identifier: Apache-2.0
"""deploy/aws/policies prints what the tests ask the simulator about, ready to paste."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from redoubt_stack import kinds, paste, policies
from redoubt_stack.console import Stop

from cast import AWAY, OTHER_ACCOUNT, STACK, WRAPS_HERE
from cast_of_ethereum import VALIDATOR_STACK
from documents import FOLDER, SHARED, SWITCHES, Stack, document

ACCOUNT = ["--account", STACK.Account, "--region", STACK.Region]
# Before there is a stack its key is not known.
AFTERWARDS = ("auditor", "key-policy", "operator-role", "signer-role")
OF_SEALED = ("recovery-role", "recovery-user")


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[str, str]:
    assert paste.main([*options]) == 0
    told = capsys.readouterr()
    return told.out, told.err


PLANS: dict[str, tuple[list[str], Stack]] = {
    "least": ([], replace(STACK, BreakGlassRoleArn=f"arn:aws:iam::{STACK.Account}:root")),
    "most": (
        ["--vpc", "--schedule", "--break-glass", STACK.BreakGlassRoleArn],
        replace(STACK, VpcEndpoint="vpce-0a1b", WarmSchedule="rate(4 minutes)"),
    ),
    "sealed keys": (
        ["--sealed", "--schedule", "--break-glass", STACK.BreakGlassRoleArn],
        replace(STACK, WrappingKeyArns=(WRAPS_HERE,), WarmSchedule="rate(4 minutes)"),
    ),
    "another boundary": (
        ["--boundary", "arn:aws:iam::111122223333:policy/ours", "--stack", "second"],
        replace(
            STACK,
            StackName="second",
            BoundaryArn="arn:aws:iam::111122223333:policy/ours",
            BreakGlassRoleArn=f"arn:aws:iam::{STACK.Account}:root",
        ),
    ),
}


def printable(plan: str, *without: str) -> list[str]:
    sealed = PLANS[plan][1].Sealed
    hidden = () if sealed else policies.OF_SEALED
    return sorted(set(SHARED) - {*without, *hidden})


@pytest.mark.parametrize(
    ("plan", "file"),
    [(p, f) for p in PLANS for f in printable(p, *AFTERWARDS, *OF_SEALED)],
)
def test_before_there_is_a_stack(capsys: pytest.CaptureFixture[str], file: str, plan: str) -> None:
    options, stack = PLANS[plan]
    out, err = printed(capsys, file, *ACCOUNT, *options)
    assert json.loads(out) == document(file, stack)
    assert err.startswith(f"{file}: for ") and err.count("\n") == 1
    assert "${" not in out + err.replace("${KeyArn}", "")


@pytest.mark.parametrize("file", (*AFTERWARDS, *OF_SEALED))
def test_what_names_the_key_needs_the_stack(file: str) -> None:
    with pytest.raises(Stop, match=f"{file}: .* can't be known before"):
        paste.main([file, *ACCOUNT, "--sealed"])


@pytest.mark.parametrize("file", policies.OF_SEALED)
def test_without_sealed_keys_there_is_nothing_to_recover(file: str) -> None:
    with pytest.raises(Stop, match="is for a stack with sealed keys; give --sealed"):
        paste.main([file, *ACCOUNT])


def test_the_policy_of_a_wrapping_key_in_another_account(
    capsys: pytest.CaptureFixture[str],
) -> None:
    role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/break-glass"
    there = ["wrapping-key-policy", *ACCOUNT, "--sealed", "--wrapping-account", OTHER_ACCOUNT]
    away = replace(AWAY.stack, BreakGlassRoleArn=role)
    assert json.loads(printed(capsys, *there, "--break-glass", role)[0]) == document(
        "wrapping-key-policy", away
    )
    told = json.loads(printed(capsys, *there)[0])
    assert "BreakGlassChanges" not in [one["Sid"] for one in told["Statement"]]
    assert f"arn:aws:iam::{OTHER_ACCOUNT}:root" in json.dumps(told)
    with pytest.raises(SystemExit):
        paste.main(["boundary", *ACCOUNT, "--wrapping-account", OTHER_ACCOUNT])


PARAMETERS = {
    "VpcId": "",
    "WarmSchedule": "",
    "BreakGlassRoleArn": "",
    "PermissionsBoundaryArn": "",
    "KeySpec": "ECC_SECG_P256K1",
    "KeyHashes": ",".join(STACK.KeyHashes),
    "ExistingKeyArn": STACK.values["KeyArn"],
}


def of_stack(file: str, *options: str, **parameters: str) -> policies.Document:
    aws = SimpleNamespace(region=STACK.Region, account=STACK.Account, partition=STACK.Partition)
    stack = SimpleNamespace(
        name=STACK.StackName, parameters=lambda: PARAMETERS | parameters, resource=lambda _: ""
    )
    given = paste.read_options([file, *options])
    return paste.of_stack(aws, stack, given).document(file)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plan", "file"),
    [(p, f) for p in PLANS for f in printable(p, "signer-role", "key-policy")],
)
def test_what_a_stack_is_to_become_is_asked_of_the_stack_too(file: str, plan: str) -> None:
    options, stack = PLANS[plan]
    if plan == "sealed keys":
        sealed = {"KeyType": "both", "NewWrappingKey": "false", "WrappingKeyArns": WRAPS_HERE}
        assert of_stack(file, *options, **sealed) == document(file, stack)
        return
    if "--stack" not in options:
        assert of_stack(file, *options) == document(file, stack)


OF_VALIDATORS = sorted(set(SHARED) - set(kinds.ETHEREUM.lacks) | {"author"})
BEFORE_VALIDATORS = ("author", "boundary", "deployer", "operator-user", "role-trust")


@pytest.mark.parametrize("file", [*BEFORE_VALIDATORS, "table-policy", "wrapping-key-policy"])
def test_an_ethereum_stack_has_documents_of_its_own(
    capsys: pytest.CaptureFixture[str], file: str
) -> None:
    glass = ("--break-glass", STACK.BreakGlassRoleArn, "--vpc")
    vpc = {"VpcEndpoint": "vpce-0a1b"} if file != "wrapping-key-policy" else {}
    out, err = printed(
        capsys, file, *ACCOUNT, "--chain", "ethereum", *(glass if vpc else glass[:2])
    )
    assert json.loads(out) == document(file, replace(VALIDATOR_STACK, **vpc))
    assert "${" not in out + err


@pytest.mark.parametrize("chain", kinds.KINDS)
def test_what_the_other_stack_has_is_not_printed(
    capsys: pytest.CaptureFixture[str], chain: str
) -> None:
    for file in kinds.KINDS[chain].lacks:
        with pytest.raises(SystemExit):
            paste.main([file, *ACCOUNT, "--chain", chain])
    capsys.readouterr()
    lines = printed(capsys, "--list", "--chain", chain)[0].splitlines()
    expected = sorted(SHARED) if chain == "tezos" else OF_VALIDATORS
    assert [line.split()[0] for line in lines] == expected
    # A new table has it until `deploy` has written what the table is for: it is not for pasting.
    own = {path.stem for path in FOLDER.glob("ethereum/*.json")} - {"table-policy-new"}
    assert own <= set(OF_VALIDATORS)


def test_keys_that_a_stack_does_not_have_yet_are_not_made_up() -> None:
    with pytest.raises(Stop, match="WrappingKeyArns can't be known"):
        of_stack("signer-role", "--sealed")


def test_what_is_not_asked_for_is_as_the_stack_has_it() -> None:
    boundary = "arn:aws:iam::111122223333:policy/ours"
    has = {
        "BreakGlassRoleArn": STACK.BreakGlassRoleArn,
        "PermissionsBoundaryArn": boundary,
        "WarmSchedule": "rate(4 minutes)",
    }
    stack = replace(STACK, BoundaryArn=boundary, WarmSchedule=has["WarmSchedule"])
    for file in ("auditor", "boundary", "deployer", "key-policy", "signer-role"):
        assert of_stack(file, **has) == document(file, stack)
    in_vpc = replace(stack, VpcEndpoint="vpce-0a1b")
    assert of_stack("deployer", "--vpc", **has) == document("deployer", in_vpc)


def test_an_endpoint_that_is_not_there_yet_is_not_made_up() -> None:
    with pytest.raises(Stop, match="VpcEndpoint can't be known"):
        of_stack("key-policy", "--vpc")


def test_all_are_listed_with_who_gets_them(capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--list"], ["--list", *ACCOUNT]):
        lines = printed(capsys, *options)[0].splitlines()
        assert [line.split()[0] for line in lines] == sorted(SHARED)
        assert all(len(line.split()) > 3 for line in lines)


def test_partitions_are_told_by_the_region() -> None:
    found = [paste.partition(region) for region in ("eu-west-1", "cn-north-1", "us-gov-west-1")]
    assert found == ["aws", "aws-cn", "aws-us-gov"]


def test_the_statements_that_are_left_out_are_those_of_the_readme() -> None:
    names = {"VpcEndpoint": "VpcId"}
    ours = {sid: names.get(switch, switch) for (_, sid), switch in SWITCHES.items()}
    assert policies.SEALED == "Sealed" and policies.KMS_KEY == "KmsKey"
    assert ours == policies.SWITCHES


@pytest.mark.parametrize("wrong", [[], ["--list", "deployer"], ["deployer", "--account", "1"]])
def test_half_a_question_is_bad_usage(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        paste.main(wrong)
    assert ended.value.code == 2
