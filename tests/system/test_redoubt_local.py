# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt against the local host: each command as its user types it."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.child import ROOT
from support.host import Chain, Host, running
from support.keys import PublicKey
from support.payloads import attestation
from support.terminal import Terminal

PROGRAM = ROOT / "deploy/redoubt"
# It is run as its user runs it, who has what it needs installed by the first run.
NEEDED = ROOT / "deploy/aws/requirements.txt"
INSTALLED = ROOT / "build/deploy-venv.made-from"
assert INSTALLED.is_file() and INSTALLED.read_bytes() == NEEDED.read_bytes(), (
    "no build/deploy-venv of these requirements: run tests/run install"
)
START = 1_000_000


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        return json.loads(self.out)


def redoubt(host: Host, *words: str) -> Ran:
    """Without a terminal."""
    done = subprocess.run(
        [PROGRAM, "--local", host.url, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def rows_of(host: Host, chain: Chain) -> list[Any]:
    return [row["item"] for row in host.rows() if row["scope"].startswith(chain.id)]


# --- status ---------------------------------------------------------------------------------------
def test_status_shows_every_row(host: Host, chain: Chain) -> None:
    ran = redoubt(host, "status")
    assert ran.code == 0, ran.err
    for key in host.keys:
        shown = ran.out[ran.out.index(f"{key.address} on {chain.id}") :].splitlines()[2:5]
        assert [line.split()[:3] for line in shown] == [
            [kind, str(START), "closed"] for kind in ("block", "preattestation", "attestation")
        ]
    assert redoubt(host, "status", "--json").told["addresses"] == [k.address for k in host.keys]


def test_status_is_a_table_at_a_terminal(host: Host, chain: Chain) -> None:
    with Terminal([PROGRAM, "--local", host.url, "status"], columns=80) as terminal:
        assert terminal.end() == 0
    assert "─────" in terminal.shown and "\x1b[1m" in terminal.raw
    assert all(len(line) <= 80 for line in terminal.shown.splitlines())
    assert f"{host.keys[0].address} on {chain.id}" in terminal.shown


def test_the_base_path_of_the_url_does_not_matter() -> None:
    with running("--env", "BASE_PATH=/secret", "--keys", "tz1") as host:
        assert host.url.endswith("/secret")
        assert redoubt(host, "status").code == 0


def test_a_host_that_has_ended_is_not_reached() -> None:
    with running("--keys", "tz1") as host:
        pass
    ran = redoubt(host, "status")
    assert (ran.code, ran.out) == (3, "") and "does it still run?" in ran.err


def test_what_the_table_refuses_is_told() -> None:
    with running("--keys", "tz1") as host, host.faults("dynamodb:denied"):
        ran = redoubt(host, "status")
        assert ran.code == 1 and "refused: table_refused: " in ran.err


# --- logs, top ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def busy() -> Iterator[tuple[Host, Chain, PublicKey]]:
    """A host that has signed three votes, refused one, and repeated a call."""
    # One environment: another one, begun cold, would try the wrong form of the fence first.
    with running("--environments", "1", "--keys", "tz2", "--env", "HEDGING=off") as host:
        chain = host.arm(START)
        chain.loosen_pace()
        (key,) = host.keys
        for level in range(START + 1, START + 4):
            vote = attestation(level, 0, chain=chain.raw)
            with host.faults(*(["dynamodb:throttle#1"] if level == START + 2 else [])):
                assert host.baker.sign(key, vote).status == 200
        other = attestation(START + 3, 0, chain=chain.raw, salt=1)
        assert host.baker.sign(key, other).code == "already_signed"
        yield host, chain, key


Busy = tuple[Host, Chain, PublicKey]


def test_the_log_is_readable(busy: Busy) -> None:
    host, _, key = busy
    ran = redoubt(host, "logs")
    assert ran.code == 0, ran.err
    signed = re.findall(
        rf"^\S+ \S+  INFO   200 ok  attestation (\d+), round 0  {key.address}  ", ran.out, re.M
    )
    assert signed == [str(START + n) for n in (1, 2, 3)]
    assert "409 already_signed" in ran.out and "GET /authorized_keys" not in ran.out
    assert "AWS: ThrottlingException" in ran.out
    # The host arms its keys when it starts.
    assert redoubt(host, "logs", "--function", "operator").out.count("command arm") == 2


def test_the_log_is_filtered(busy: Busy) -> None:
    host, *_ = busy
    refused = redoubt(host, "logs", "--code", "already_signed", "--json").out.splitlines()
    assert [json.loads(line)["verdict"] for line in refused] == ["already_signed"]
    level = redoubt(host, "logs", "--level", str(START + 3), "--json").out.splitlines()
    assert [json.loads(line)["block_level"] for line in level] == [START + 3] * 2
    assert len(redoubt(host, "logs", "--all", "--json").out.splitlines()) == len(host.log())
    assert redoubt(host, "logs", "--code", "not_armed").out == ""


def test_the_log_is_followed(busy: Busy) -> None:
    host, chain, key = busy
    words = ["logs", "--follow", "--since", "1s", "--code", "below_watermark"]
    with Terminal([PROGRAM, "--local", host.url, *words], columns=200) as terminal:
        refused = host.baker.sign(key, attestation(START + 1, 0, chain=chain.raw, salt=2))
        assert refused.code == "below_watermark"
        terminal.wait_for("409 below_watermark")
        terminal.type("\x03")
        assert terminal.end() == 0


def test_top_adds_up(busy: Busy) -> None:
    host, chain, key = busy
    ran = redoubt(host, "top", "--once", "--json")
    assert ran.code == 0, ran.err
    (votes,) = ran.told["signing"]
    assert (votes["pkh"], votes["chain"], votes["kind"]) == (key.address, chain.id, "attestation")
    assert (votes["level"], votes["round"], votes["signed"]) == (START + 3, 0, 3)
    assert 0 < votes["p50_ms"] <= votes["p99_ms"]
    assert ran.told["refusals"]["already_signed"] == 1
    assert ran.told["failed_tries"] == {"ThrottlingException": 1}
    assert (ran.told["retries"], ran.told["throttles"]) == (1, 1)
    text = redoubt(host, "top", "--once").out
    assert str(START + 3) in text and "already_signed" in text


def test_top_is_live(busy: Busy) -> None:
    host, chain, key = busy
    with Terminal([PROGRAM, "--local", host.url, "top"]) as terminal:
        terminal.wait_for(str(START + 3))
        assert host.baker.sign(key, attestation(START + 4, 0, chain=chain.raw)).status == 200
        terminal.wait_for(str(START + 4))
        terminal.type("\x03")
        assert terminal.end() == 0


def test_each_request_names_the_authorized_key(busy: Busy) -> None:
    """By which an operator sees whether a new one is in use."""
    host, *_ = busy
    lines = [json.loads(line) for line in host.log()]
    named = {line["authorized_key"] for line in lines if "kind" in line}
    assert named == {host.setup["authorized"]["pkh"]}
    assert not any("authorized_key" in line for line in lines if "kind" not in line)


def test_the_log_comes_in_pages(busy: Busy) -> None:
    """As CloudWatch's does; the AWS CLI reads it, too."""
    host, *_ = busy
    asked: dict[str, Any] = {"logGroupName": "/aws/lambda/redoubt-signer", "limit": 2}
    found = []
    while True:
        status, told = filtered(host, asked)
        assert status == 200 and len(told["events"]) <= 2
        found += told["events"]
        if "nextToken" not in told:
            break
        asked["nextToken"] = told["nextToken"]
    assert [event["message"] for event in found] == host.log()
    assert len({event["eventId"] for event in found}) == len(found)
    later = found[3]["timestamp"] + 1
    _, told = filtered(host, {"logGroupName": asked["logGroupName"], "startTime": later})
    assert told["events"] == [event for event in found if event["timestamp"] >= later]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"logGroupName": "/aws/lambda/other"},
        {"logGroupName": "redoubt-signer"},
        {"logGroupName": "/aws/lambda/redoubt-signer", "filterPattern": "x"},
        {"logGroupName": "/aws/lambda/redoubt-signer", "startTime": "1"},
        {"logGroupName": "/aws/lambda/redoubt-signer", "limit": 0},
        {"logGroupName": "/aws/lambda/redoubt-signer", "nextToken": "1x"},
    ],
)
def test_a_log_that_is_not_there_is_refused(busy: Busy, asked: dict[str, Any]) -> None:
    status, told = filtered(busy[0], asked)
    assert status == 400 and told["__type"].endswith("Exception")


def filtered(host: Host, asked: dict[str, Any]) -> tuple[int, Any]:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(
        host.origin + "/",
        json.dumps(asked).encode(),
        {"X-Amz-Target": "Logs_20140328.FilterLogEvents"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


# --- The rest -------------------------------------------------------------------------------------
def test_the_older_programs_are_under_the_same_roof(tmp_path: Path) -> None:
    cost = subprocess.run([PROGRAM, "cost"], capture_output=True, text=True, check=False)
    assert cost.returncode == 0 and "a month" in cost.stdout, cost
    for name in ("deploy", "verify", "destroy"):
        told = subprocess.run(
            [PROGRAM, name, "--what"], capture_output=True, text=True, check=False
        )
        assert told.returncode == 2 and "--what" in told.stderr
