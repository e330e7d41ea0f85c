# SPDX-License-Identifier: Apache-2.0
"""What a person sees while they wait, when AWS refuses, and at the end."""

from argparse import Namespace
from dataclasses import dataclass
from typing import Any

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from redoubt_stack import advice, closing, console, cost, deploy, destroy
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.checks.rows import Row
from redoubt_stack.console import BadUsage, Progress, Stop
from redoubt_stack.journal import Journal
from redoubt_stack.stack import Stack
from redoubt_stack.watermarks import Armed

from cloud import ACCOUNT, STACK, Answers, Clock, Cloud


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (exceptions.NoCredentialsError(), "aws configure sso"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), "aws configure sso"),
        (exceptions.SSOTokenLoadError(error_msg="no"), "aws sso login"),
        (exceptions.UnauthorizedSSOTokenError(), "aws sso login"),
        (exceptions.ProfileNotFound(profile="x"), "list-profiles"),
        (exceptions.EndpointConnectionError(endpoint_url="https://x"), "way to the Internet"),
        (refusal("ExpiredToken"), "have expired"),
        (refusal("ExpiredTokenException"), "have expired"),
        (refusal("InvalidClientTokenId"), "does not know these credentials"),
        (refusal("UnrecognizedClientException"), "does not know these credentials"),
        (refusal("AccessDenied"), "lacks this right"),
        (refusal("AccessDeniedException"), "lacks this right"),
    ],
)
def test_what_aws_refuses_comes_with_advice(
    error: Exception, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(_: list[str]) -> int:
        raise error

    with pytest.raises(SystemExit) as ended:
        console.run(main)
    assert str(error) in str(ended.value) and words in str(ended.value)


def test_what_nobody_foresaw_is_told_as_it_is() -> None:
    assert advice.advice(refusal("SomethingElse")) == ""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(console, "time", made)
    return made


def test_progress_is_lines_where_there_is_no_terminal(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress("waiting for the stack") as progress:
        for second in range(40):
            clock.now = second
            progress.show(f"{second} of 57 resources")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        f"  waiting for the stack: {s} of 57 resources, {s} s" for s in (1, 16, 31)
    ]


def test_progress_is_one_line_at_a_terminal(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Progress("building") as progress:
        for second in range(4):
            clock.now = second
            progress.show()
    shown = capsys.readouterr().err
    assert "\n" not in shown and shown.endswith("\r\x1b[K") and "building: 3 s" in shown
    assert "building: 0 s" not in shown


def test_what_takes_no_time_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("nothing") as progress:
        progress.show()
    assert capsys.readouterr().err == ""


# --- The end --------------------------------------------------------------------------------------
ROWS = [Row("key", "state", ""), Row("key", "policy", "is another"), Row("table", "state", "")]


def test_differences_come_last_and_what_is_well_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    closing.summary(ROWS, verbose=False)
    assert capsys.readouterr().out == "verified: key 1 ok, table 1 ok\n"
    assert closing.differences(ROWS) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].startswith("1 OF 3 DIFFER") and shown[-1] == "DIFFERS  key  policy  is another"
    assert len(shown) == 3
    closing.summary(ROWS, verbose=True)
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert closing.differences(ROWS[:1]) == 0
    assert "all 1 as they should be" in capsys.readouterr().out


PENDING = {"Endpoint": "you@example.org", "SubscriptionArn": "PendingConfirmation"}
HEARD = {"Endpoint": "me@example.org", "SubscriptionArn": "arn:aws:sns:x"}


@pytest.mark.parametrize(
    ("subscriptions", "words"),
    [
        ([], "NOBODY HEARS THE ALARMS: run this again with --parameter AlarmEmail"),
        ([PENDING], "NOBODY HEARS THE ALARMS until you@example.org confirms"),
        ([PENDING, HEARD], ""),
        ([HEARD], ""),
    ],
)
def test_alarms_that_nobody_hears_are_said(subscriptions: list[Any], words: str) -> None:
    aws = Answers(list_subscriptions_by_topic={"Subscriptions": subscriptions})
    stack = Answers(outputs={"AlarmTopic": "arn:aws:sns:topic"})
    found = closing.silence(aws, stack)
    assert words in found and bool(words) == bool(found)


def test_a_topic_that_cannot_be_seen_is_said() -> None:
    aws = Answers(list_subscriptions_by_topic=refusal("AuthorizationError"))
    found = closing.silence(aws, Answers(outputs={"AlarmTopic": "arn:aws:sns:topic"}))
    assert "can't be seen" in found


OURS = f"arn:aws:iam::{ACCOUNT}:policy/{STACK}-boundary-us-east-1"
THEIRS = f"arn:aws:iam::{ACCOUNT}:policy/theirs"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/theirs"


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({}, []),
        ({"ExistingKeyArn": "", "PermissionsBoundaryArn": OURS}, []),
        ({"ExistingKeyArn": KEY, "PermissionsBoundaryArn": OURS}, [KEY]),
        ({"PermissionsBoundaryArn": THEIRS}, [THEIRS]),
        ({"ExistingKeyArn": KEY, "PermissionsBoundaryArn": THEIRS}, [KEY, THEIRS]),
    ],
)
def test_what_only_a_signature_can_show_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    parameters: dict[str, str],
    names: list[str],
) -> None:
    """At the end of a run of which all is well, which ends well."""
    cloud: Any = Cloud()
    cloud.parameters = parameters
    artifacts = Artifacts(cloud)
    stack, journal = Stack(cloud, artifacts, STACK), Journal(cloud, artifacts, STACK)
    monkeypatch.setattr(deploy.verify, "rows", lambda _: ROWS[:1])
    for name in ("farewell", "silence"):
        monkeypatch.setattr(closing, name, lambda *_: "")
    nothing: Any = Namespace(verbose=False, threshold=None)
    deployment = deploy.Deployment(cloud, nothing, artifacts, stack, journal, nothing, None)
    assert deployment.finish(nothing, Armed("armed"), nothing) == 0
    lines = capsys.readouterr().out.splitlines()
    warnings = [line for line in lines if line.startswith("WARNING")]
    assert len(warnings) == len(names)
    assert all(name in line for name, line in zip(names, warnings, strict=True))


# --- Taking down ----------------------------------------------------------------------------------
@dataclass
class Destroyed:
    discarded: int = 0
    executed: int = 0
    name: str = "redoubt"

    def prepare(self, *_: Any) -> tuple[str, list[Any]]:
        return "change", []

    def discard(self, _: str) -> None:
        self.discarded += 1

    def execute(self, *_: Any) -> None:
        self.executed += 1

    def outputs(self) -> dict[str, str]:
        return {"KeyArn": "arn:aws:kms:key"}

    def parameters(self) -> dict[str, str]:
        return {"KeyHashes": "tz2address"}


@pytest.mark.parametrize(
    ("options", "typed", "executed"),
    [
        (["--yes"], None, 1),
        (["--plan"], None, 0),
        (["--plan", "--yes"], None, 0),
        ([], None, 0),  # a script
        ([], "redoubt", 1),
        ([], "", 0),
        ([], "another", 0),
    ],
)
def test_nothing_is_taken_down_unasked(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    typed: str | None,
    executed: int,
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: typed is not None)
    monkeypatch.setattr("builtins.input", lambda _: typed)
    stack = Destroyed()
    told = destroy.read_options(options)
    try:
        destroy.stop_signing(Answers(), stack, None, told)
        stopped = None
    except Stop as stop:
        stopped = stop
    assert (stack.executed, stack.discarded) == (executed, 1 - executed)
    assert (stopped is None) == (bool(executed) or "--plan" in options)
    assert isinstance(stopped, BadUsage) == (not options and typed is None)
    shown = capsys.readouterr().out
    assert bool(options) or ("tz2address" in shown and "arn:aws:kms:key" in shown)


# --- Cost -----------------------------------------------------------------------------------------
def test_cost_is_columns_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cost.main([])
    assert capsys.readouterr().out.startswith("| a month |")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    cost.main([])
    lines = capsys.readouterr().out.splitlines()
    assert "|" not in "".join(lines) and len({len(line) for line in lines}) == 1
    told = cost.read_options([])
    total = sum(line.dollars for line in cost.lines(told, told.sheet))
    assert lines[-1].endswith(f" {total:.2f}") and lines[-1].startswith("sum")
