# SPDX-License-Identifier: Apache-2.0
"""`doctor` against a host: all well, then each thing that the stand-ins can be set to, found alone
and gone once it is mended; and deploy/redoubt, as its user types it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from support.child import ROOT
from support.host import Host, running
from support.keys import PublicKey
from support.payloads import KINDS

CHAIN = "NetXdQprcVkpaWU"  # the host arms its keys there
LEVEL = 1_000_000
OPEN = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
Spoilt = Callable[[Host], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def well() -> Iterator[Host]:
    with running("--levels", "0", "--keys", "tz1,tz2") as host:
        yield host


def findings(host: Host, **fields: Any) -> set[str]:
    told = host.operate("doctor", **fields)
    wrong = [check for check in told["checks"] if not check["ok"]]
    assert told["errors"] + told["warnings"] == len(wrong)
    assert all(check["found"] and check["do"] and check["of"] for check in wrong)
    return {check["check"] for check in wrong}


# --- What somebody does, and how it is undone -----------------------------------------------------
@contextmanager
def key_disabled(host: Host) -> Iterator[None]:
    kms, arn = host.server("kms").client, host.arn(host.keys[0])
    kms.disable_key(KeyId=arn)
    yield
    kms.enable_key(KeyId=arn)


@contextmanager
def key_opened(host: Host) -> Iterator[None]:
    kms, arn = host.server("kms").client, host.arn(host.keys[0])
    found = kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
    kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=OPEN)
    yield
    kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=found)


@contextmanager
def table_opened(host: Host) -> Iterator[None]:
    dynamodb, arn = host.server("dynamodb").client, table_arn(host)
    found = dynamodb.get_resource_policy(ResourceArn=arn)["Policy"]
    dynamodb.delete_resource_policy(ResourceArn=arn)
    yield
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=found)


def table_arn(host: Host) -> str:
    dynamodb = host.server("dynamodb").client
    return str(dynamodb.describe_table(TableName=host.setup["table"])["Table"]["TableArn"])


@contextmanager
def unprotected(host: Host) -> Iterator[None]:
    dynamodb, table = host.server("dynamodb").client, host.setup["table"]
    for wanted in (False, True):
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=wanted)
        if not wanted:
            yield


@contextmanager
def unrecoverable(host: Host) -> Iterator[None]:
    dynamodb, table = host.server("dynamodb").client, host.setup["table"]
    for wanted in (False, True):
        dynamodb.update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": wanted},
        )
        if not wanted:
            yield


@contextmanager
def row_lost(host: Host) -> Iterator[None]:
    key, scope = host.keys[1], f"{CHAIN}/block"
    item = item_of(host, key, "block")
    host.delete_row(key, scope)
    yield
    host.put_row(item)


def item_of(host: Host, key: PublicKey, kind: str) -> dict[str, Any]:
    """As DynamoDB has it."""
    place = (key.address, f"{CHAIN}/{kind}")
    (found,) = [row["item"] for row in host.rows() if (row["pkh"], row["scope"]) == place]
    return dict(found)


def rows_changed(change: Callable[[dict[str, Any]], dict[str, Any]], *kinds: str) -> Spoilt:
    @contextmanager
    def spoilt(host: Host) -> Iterator[None]:
        before = [item_of(host, host.keys[0], kind) for kind in kinds]
        for item in before:
            host.put_row(change(item))
        yield
        for item in before:
            host.put_row(item)

    return spoilt


@contextmanager
def clock_off(host: Host) -> Iterator[None]:
    with host.clock(60_000):
        yield


HEAD = {"chain": CHAIN, "level": LEVEL}
SPOILT: dict[str, tuple[Spoilt, set[str], dict[str, Any]]] = {
    "a disabled key": (key_disabled, {"key_state"}, {}),
    "an open key": (key_opened, {"key_signers", "key_granters", "key_changers"}, {}),
    "an open table": (table_opened, {"table_writers"}, {}),
    "a table that anybody deletes": (unprotected, {"table_protection"}, {}),
    "a table without a way back": (unrecoverable, {"table_recovery"}, {}),
    "a lost row": (row_lost, {"rows_complete"}, {}),
    "a damaged row": (
        rows_changed(lambda item: {**item, "pace": {"S": "x"}}, "block"),
        {"row_damaged"},
        {},
    ),
    "a row beyond its fence": (
        rows_changed(lambda item: {**item, "lvl": {"N": str(LEVEL + 5000)}}, "attestation"),
        {"row_ahead"},
        {},
    ),
    "rows beyond the head": (
        rows_changed(lambda item: item),
        {"row_ahead"},
        {"chain": CHAIN, "level": LEVEL - 1000},
    ),
    "rows of last month": (
        rows_changed(lambda item: {**item, "at": {"N": "1700000000000"}}, *KINDS),
        {"rows_idle"},
        HEAD,
    ),
    "rows handed over": (
        rows_changed(lambda item: {**item, "until": {"N": str(LEVEL)}}, *KINDS),
        {"rows_handed_over"},
        HEAD,
    ),
    "a handover that broke off": (
        rows_changed(lambda item: {**item, "until": {"N": str(LEVEL + 9)}}, "block"),
        {"rows_half_handed_over"},
        HEAD,
    ),
    "a clock that is off": (clock_off, {"clock"}, {}),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_found_alone(well: Host, name: str) -> None:
    spoil, expected, fields = SPOILT[name]
    rows = well.rows()
    with spoil(well):
        assert findings(well, **fields) == expected
    if fields != HEAD and "level" in fields:
        fields = {}
    assert findings(well, **fields) == set()
    assert well.rows() == rows, "it writes nothing"


def test_what_it_may_not_ask_is_found(well: Host) -> None:
    with well.faults("kms:denied"):
        assert findings(well) == {"not_seen"}
    with well.faults("dynamodb:denied"):
        assert findings(well) == {"not_seen"}


def test_a_tz3_key_and_its_variables_are_found() -> None:
    variables = {
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_FORMAT": "Text",
        "AWS_LAMBDA_LOG_LEVEL": "WARN",
        "https_proxy": "http://user:secret@proxy",
        "SSLKEYLOGFILE": "/tmp/keys",
        "PUBLIC_KEYS": "",
    }
    given = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
    with running("--levels", "0", "--keys", "tz3", *given) as host:
        told = host.operate("doctor")
        wrong = {check["check"] for check in told["checks"] if not check["ok"]}
        assert wrong == {
            "key_malleable",
            "memory",
            "log_format",
            "log_level",
            "proxies",
            "debugging",
            "public_keys_given",
        }
        assert "secret" not in json.dumps(told)


def redoubt(host: Host, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy/redoubt", "--local", host.url, "doctor", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_deploy_redoubt_says_it(well: Host) -> None:
    ran = redoubt(well)
    assert (ran.returncode, ran.stdout) == (0, f"{well.origin}: all is well\n"), ran.stderr
    with unprotected(well), row_lost(well):
        ran = redoubt(well)
        assert ran.returncode == 1, ran.stderr
        assert "2 errors, 0 warnings" in ran.stdout
        assert "table_protection" in ran.stdout and "rows_complete" in ran.stdout
    with unrecoverable(well):
        ran = redoubt(well, "--json")
        told = json.loads(ran.stdout)
        assert (ran.returncode, told["errors"], told["warnings"]) == (0, 0, 1)
        assert [check["check"] for check in told["checks"]] == ["table_recovery"]
