# SPDX-License-Identifier: Apache-2.0
"""What `deploy/redoubt eth` refuses before it builds or writes, and what it writes once."""

import json
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from redoubt_stack.checks.rows import Row
from redoubt_stack.console import BadUsage, Stop
from redoubt_stack.ethereum import deploy, networks, place, verify
from redoubt_stack.ethereum.preflight import Preflight
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.operate import targets
from redoubt_stack.template import Template

from cloud import refusal
from support.child import ROOT

TEMPLATE = Template(ETHEREUM.template.read_text())
RECIPIENT = "age1" + "q" * 58
KEYS = ",".join(f"arn:aws:kms:us-east-1:444455556666:key/{n:032x}" for n in (1, 2))
HOODI = {"Network": "hoodi", "Backup": "none"}
TABLE = "redoubt-ethereum-validators"


class Aws:
    """Whose keys are symmetric, and that has a table, roles and items as told."""

    account, region, partition, caller = "000000000000", "us-east-1", "aws", "somebody"

    def __init__(self, *, has_table: bool = False, has_roles: bool = False) -> None:
        self.has_table, self.has_roles = has_table, has_roles
        self.items: dict[str, dict[str, Any]] = {}

    def client(self, *_: str) -> "Aws":
        return self

    def is_root_or(self, _: str) -> bool:
        return False

    def describe_table(self, TableName: str) -> dict[str, Any]:
        if TableName == TABLE and self.has_table:
            return {"Table": {}}
        raise refusal("ResourceNotFoundException", "DescribeTable")

    def get_role(self, RoleName: str) -> dict[str, Any]:
        if self.has_roles:
            return {"Role": {"RoleName": RoleName}}
        raise refusal("NoSuchEntity", "GetRole")

    def describe_key(self, KeyId: str) -> dict[str, Any]:
        if KeyId.startswith("alias/"):
            raise refusal("NotFoundException", "DescribeKey")
        of = {"KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Enabled"}
        return {"KeyMetadata": of}

    def put_item(self, TableName: str, Item: dict[str, Any], **condition: str) -> None:
        found = self.items.get(TableName)
        if found and condition.get("ConditionExpression") == "attribute_not_exists(id)":
            error = {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}}
            told = {"Item": found} if condition["ReturnValuesOnConditionCheckFailure"] else {}
            raise ClientError({**error, **told}, "PutItem")  # type: ignore[typeddict-item]
        self.items[TableName] = Item


def stack_of(**parameters: str) -> Any:
    """None if it has no parameters."""
    return SimpleNamespace(
        name=place.STACK,
        parameters=lambda: parameters,
        describe=lambda: parameters or None,
        settle=lambda: "",
    )


def refused(wanted: dict[str, str], **now: str) -> str:
    check = Preflight(Aws(), Namespace(zip=None), stack_of(**now), TEMPLATE)  # type: ignore[arg-type]
    try:
        check.refuse(wanted)
    except Stop as stop:
        return str(stop)
    return ""


NOW = TEMPLATE.defaults | HOODI


@pytest.mark.parametrize(
    ("wanted", "now", "why"),
    [
        ({}, {}, "give --network"),
        ({"Network": "hoodi"}, {}, "--backup-recipient"),
        (HOODI, {}, ""),
        ({"Network": "custom", "Backup": "none"}, {}, "NetworkJson is for Network custom"),
        (HOODI | {"WrappingKeyArns": KEYS}, {}, "say how many of the 3 wrapping keys"),
        (HOODI | {"WrappingKeyArns": KEYS, "WrapThreshold": "2"}, {}, ""),
        (HOODI | {"WrappingKeyArns": KEYS, "WrapThreshold": "4"}, {}, "give 1 to 3"),
        ({"Network": "mainnet"}, NOW, "Network is fixed"),
        ({"NewWrappingKey": "false"}, NOW, "NewWrappingKey is fixed"),
        ({"VpcId": "vpc-0a"}, NOW, "VpcId would change the key's policy"),
        ({"Recovery": "on"}, NOW, ""),
        ({"AlarmTopicArn": "arn:aws:sns:eu-west-1:000000000000:x"}, NOW, "is not of us-east-1"),
    ],
)
def test_what_does_not_go_together_is_refused(
    wanted: dict[str, str], now: dict[str, str], why: str
) -> None:
    found = refused(wanted, **now)
    assert why in found and bool(why) == bool(found), found


def test_options_are_parameters() -> None:
    def asked(*given: str) -> dict[str, str]:
        return deploy.asked(deploy.read_options([*given]), TEMPLATE)

    assert asked("--network", "hoodi", "--no-backup") == HOODI
    assert asked("--backup-recipient", RECIPIENT, "--threshold", "2") == {
        "BackupRecipients": RECIPIENT,
        "Backup": "",
        "WrapThreshold": "2",
    }
    assert asked("--parameter", "Recovery=on") == {"Recovery": "on"}
    for wrong in (
        ("--network", "goerli"),
        ("--threshold", "0"),
        ("--network", "hoodi", "--parameter", "Network=mainnet"),
        ("--parameter", "CodeKey=mine"),
    ):
        with pytest.raises(BadUsage):
            asked(*wrong)


def run(monkeypatch: pytest.MonkeyPatch, aws: Aws, stack: Any, *given: str) -> None:
    """To the end of what `--plan` does."""
    monkeypatch.setattr(place, "Aws", lambda *_: aws)
    monkeypatch.setattr(place, "Artifacts", lambda *_: None)
    monkeypatch.setattr(place, "Stack", lambda *_: stack)
    monkeypatch.setattr(deploy, "with_boundary", lambda _aws, _stack, wanted: wanted)
    aws.place = lambda *_: "there"  # type: ignore[attr-defined]
    assert deploy.main([*given, "--plan"]) == 0


def test_a_table_that_is_gone_is_not_made_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new = ("--network", "hoodi", "--no-backup")
    run(monkeypatch, Aws(), stack_of(), *new)
    run(monkeypatch, Aws(has_table=True, has_roles=True), stack_of(), *new)
    assert "adopt what one left" in capsys.readouterr().out
    with pytest.raises(Stop, match="the keys in it are lost, but for their backups"):
        run(monkeypatch, Aws(has_roles=True), stack_of(), *new)


def test_a_stack_of_another_kind_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stop, match="is not a stack of Ethereum validators' keys"):
        run(monkeypatch, Aws(), stack_of(KeyType="tz4"), "--no-backup")


def test_what_verify_finds_is_json_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    aws, stack = Aws(), stack_of(Network="hoodi")
    stack.resource = str
    monkeypatch.setattr(place, "Aws", lambda *_: aws)
    monkeypatch.setattr(place, "Artifacts", lambda _: None)
    monkeypatch.setattr(place, "Stack", lambda *_: stack)
    monkeypatch.setattr(verify, "rows", lambda _: [Row("table", "policy", "differs")])
    monkeypatch.setattr(verify, "Facts", lambda *_: None)
    (tmp_path / "zip").write_text("")
    assert verify.main(["--zip", str(tmp_path / "zip"), "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert row["subject"] == "table"


def test_which_network_is_written_once() -> None:
    aws: Any = Aws()
    assert networks.write(aws, HOODI, TABLE) is True
    assert networks.write(aws, HOODI, TABLE) is False
    assert aws.items[TABLE]["root"]["S"] == networks.ROOTS["hoodi"]
    for other in ({"Network": "mainnet"}, {"Network": "custom", "NetworkJson": "{}"}):
        with pytest.raises(Stop):
            networks.write(aws, other, TABLE)
    # As a restored table has it.
    aws.items["copy"] = aws.items[TABLE]
    with pytest.raises(Stop, match="has no place here"):
        networks.write(aws, HOODI, "copy")
    assert aws.items[TABLE] == networks.item(HOODI, TABLE)


def test_the_stack_is_the_one_that_commands_ask() -> None:
    assert place.STACK == targets.ETHEREUM
    assert f"{place.STACK}-{ETHEREUM.table}" == TABLE


def test_roots_are_those_of_the_networks() -> None:
    text = (ROOT / "tests/vectors/ethereum/networks.json").read_text()
    known = {one["name"]: one for one in json.loads(text)["networks"]}
    allowed = TEMPLATE.declared("Network")["AllowedValues"]
    assert [*networks.ROOTS, "custom"] == allowed
    for name, root in networks.ROOTS.items():
        assert known[name][networks.MEMBER] == root
    custom = {"Network": "custom", "NetworkJson": json.dumps(known["holesky"])}
    assert networks.root(custom) == known["holesky"][networks.MEMBER]
