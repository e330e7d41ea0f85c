# SPDX-License-Identifier: Apache-2.0
"""What `redoubt logs` shows of the lines of a log."""

import json
import subprocess
import sys
from typing import Any

import pytest
from redoubt_stack import redoubt
from redoubt_stack.operate import follow, top
from redoubt_stack.operate.activity import Activity
from redoubt_stack.operate.follow import Follower
from redoubt_stack.operate.log_lines import CODES, read, readable
from redoubt_stack.operate.targets import Event, read_event

import code_facts
from answering import ADDRESS, Answering
from log_samples import (
    ASKED,
    COMMAND,
    FAILED,
    NOW,
    OPENING,
    REFUSED,
    REPORT,
    SIGNED,
    STARTED,
    events,
    line,
    shown,
)
from support.child import ROOT


# --- A line ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            SIGNED,
            f"INFO   200 ok  attestation 1005, round 1  {ADDRESS}  12.5 ms (kms 11.9, table 4.4)",
        ),
        (
            SIGNED | {"kms_ms": 0, "sign_ms": 1.94},
            f"INFO   200 ok  attestation 1005, round 1  {ADDRESS}  12.5 ms (sign 1.9, table 4.4)",
        ),
        (
            REFUSED,
            f"WARN   409 already_signed  attestation 1005, round 1  {ADDRESS}  12.5 ms (kms 11.9, "
            "table 4.4)  signing these too could be slashed",
        ),
        (
            FAILED,
            f"WARN   502 kms_unavailable  attestation 1005, round 1  {ADDRESS}  12.5 ms (kms 11.9, "
            "table 4.4), cold start  KMS failed  last: timeout  AWS: timeout, ThrottlingException, "
            "timeout",
        ),
        (ASKED, "INFO   200 ok  GET /authorized_keys  0.1 ms"),
        (COMMAND, "INFO   ok  command status  5.2 ms"),
        (STARTED, "INFO   configured"),
        (
            OPENING,
            f"ERROR  sealed keys: not all are open  {ADDRESS}  tz4A: damaged_key: it was altered  "
            "arn:1: kms_refused: it is disabled  arn:2: a wrong share",
        ),
        (
            OPENING | {"opened": 7, "closed": [7], "missing_shares": None, "wrong_shares": {}},
            "ERROR  sealed keys: not all are open",
        ),
        (REPORT, "-      platform.report"),
    ],
)
def test_a_line_is_readable(told: dict[str, Any], shown: str) -> None:
    assert readable(line(told, NOW + 7)) == f"09-21 14:13:20.007  {shown}"


@pytest.mark.parametrize("text", ["terminate called", '{"cut in ha', "[1]", "7", "null", ""])
def test_a_line_that_is_none_of_ours_is_shown_as_it_is(text: str) -> None:
    assert readable(read(Event("id", NOW, text + "\n"))).endswith(f"-      {text}")


ODD = (
    {"verdict": "ok", "route": "POST /keys"},
    SIGNED | {"block_level": "1005"},
    SIGNED | {"round": None},
    SIGNED | {"ms": "soon"},
    SIGNED | {"pkh": 7},
    SIGNED | {"retries": "many", "upstream_codes": 7},
    {"verdict": 7, "level": [], "route": {}, "status": {}, "cold": [], "message": None},
)


@pytest.mark.parametrize("told", ODD)
def test_a_line_with_odd_members_stops_nothing(told: dict[str, Any]) -> None:
    assert readable(line(told))
    activity = Activity(60_000)
    activity.add([line(told), line(SIGNED)])
    found = activity.snapshot(NOW)
    assert top.headline("here", found) and top.parts(found, NOW)


def test_a_line_cannot_move_the_cursor() -> None:
    assert "\x1b" not in readable(line(REFUSED, message="\x1b[2Jgone\r\n"))
    assert "\x1b" not in readable(read(Event("id", NOW, "\x1b[2J")))


# --- All of them ----------------------------------------------------------------------------------
EVERYTHING = (
    *(SIGNED, REFUSED, FAILED, ASKED, STARTED, REPORT),
    *("terminate called", "START RequestId: 7 Version: $LATEST"),
)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ("", [0, 1, 2, 4, 6]),
        ("--all", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("--code already_signed", [1]),
        ("--code already_signed --code kms_unavailable", [1, 2]),
        ("--code ok --all", [0, 3]),
        ("--severity WARN", [1, 2]),
        ("--severity ERROR", []),
        ("--severity INFO --all", [0, 1, 2, 3, 4]),
        ("--level 1005", [0, 1, 2]),
        ("--level 1006", []),
        ("--level 1005 --code ok", [0]),
    ],
)
def test_what_is_asked_for_is_shown(
    log: Answering, capsys: pytest.CaptureFixture[str], options: str, kept: list[int]
) -> None:
    log.pages({"events": events(*EVERYTHING)})
    texts = [told if isinstance(told, str) else json.dumps(told) for told in EVERYTHING]
    found = shown(log, capsys, "logs", "--since", "999999d", "--json", *options.split())
    assert found == [texts[i] for i in kept]


def test_a_code_that_there_is_not_is_refused_and_all_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A misspelt one would show nothing, as if nothing had been refused."""
    assert set(CODES) == {"ok", *code_facts.codes(), "init_error"}
    with pytest.raises(SystemExit) as ended:
        redoubt.main(["logs", "--code", "alredy_signed"])
    told = capsys.readouterr().err
    assert ended.value.code == 2 and all(f"'{code}'" in told for code in CODES)


def test_all_pages_are_read_and_put_in_order(
    log: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    log.pages(
        {"events": events(REFUSED, first=5, ms=NOW + 50), "nextToken": "more"},
        {"events": events(SIGNED), "nextToken": "still"},
        {"events": []},
    )
    found = shown(log, capsys, "logs", "--function", "operator")
    assert ["already_signed" in text for text in found] == [False, True]
    assert [asked.get("nextToken") for asked in log.asked] == [None, "more", "still"]
    assert {asked["logGroupName"] for asked in log.asked} == {"/aws/lambda/redoubt-operator"}
    assert log.headers[0]["x-amz-target"] == "Logs_20140328.FilterLogEvents"


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_a_line_that_no_encoding_has_stops_nothing(log: Answering, how: list[str]) -> None:
    texts = ("half of a pair: \ud800", "and the next")
    told = [{"eventId": text[:3], "timestamp": NOW, "message": text} for text in texts]
    log.pages({"events": told})
    command = (sys.executable, "-m", "redoubt_stack.redoubt", "--local", log.url, "logs")
    done = subprocess.run(
        [*command, "--since", "999999d", *how],
        env={"PYTHONPATH": str(ROOT / "deploy/aws")},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"half of a pair" in done.stdout and b"and the next" in done.stdout


def test_lines_without_ids_are_told_apart_by_what_they_say() -> None:
    signed, refused = (read_event({"timestamp": 1, "message": m}) for m in ("signed", "refused"))
    assert signed.id != refused.id
    assert signed.id != read_event({"timestamp": 2, "message": "signed"}).id
    assert read_event({"timestamp": 1, "message": "x", "eventId": "7"}).id == "7"


def test_a_host_without_a_log_is_not_reached(log: Answering) -> None:
    log.answer({"ok": True})
    with pytest.raises(redoubt.console.Stop) as stopped:
        redoubt.main(["--local", log.url, "logs"])
    assert stopped.value.code == 3


class Log:
    """In the place of a target."""

    where, is_local = "here", True

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.since: list[int] = []

    def log(self, function: str, since_ms: int) -> list[Event]:
        self.since.append(since_ms)
        return [event for event in self.events if event.ms >= since_ms]


def test_a_line_is_shown_once_also_if_it_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "now_ms", lambda: NOW)
    log: Any = Log()
    follower = Follower(log, "signer", 600)
    assert follower.fresh() == [] and log.since == [NOW - 600_000]
    log.events = [Event("b", NOW, "2"), Event("a", NOW - 5, "1")]
    assert [line.text for line in follower.fresh()] == ["1", "2"]
    log.events += [Event("late", NOW - 20_000, "0"), Event("twin", NOW, "2")]
    assert [line.text for line in follower.fresh()] == ["0", "2"]
    log.events += [Event("c", NOW + 60_000, "3")]
    assert [line.text for line in follower.fresh()] == ["3"]
    assert follower.fresh() == []
    assert log.since[-1] == NOW + 60_000 - follow.LATE_MS  # so no longer what is done with


def test_following_ends_well_by_ctrl_c(
    log: Answering, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("redoubt_stack.operate.follow.time.sleep", sleep)
    log.pages({"events": events(SIGNED)}, {"events": events(SIGNED, REFUSED)})
    assert len(shown(log, capsys, "logs", "--follow", "--since", "999999d")) == 2
