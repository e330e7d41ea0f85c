# SPDX-License-Identifier: Apache-2.0
"""`deploy/local` as its user meets it: the program behind it, and what it prints for machines."""

import json
import os
import re
import shlex
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from support.child import Child, wait_until
from support.host import PROGRAM, fetch, running
from support.keys import PublicKey

Json = Any


def finished(options: str, seconds: float = 60) -> tuple[int, list[Json], str]:
    """Exit code, the JSON lines, and what else was said."""
    child = Child([PROGRAM, *options.split()])
    try:
        code = child.wait(seconds)
    finally:
        child.stop()
    lines = [json.loads(line) for line in child.out] if "--json" in options else []
    return code, lines, child.output


def of(lines: list[Json], event: str) -> list[Json]:
    return [line for line in lines if line["event"] == event]


@pytest.fixture(scope="module")
def run() -> tuple[int, list[Json], str]:
    return finished("--levels 3 --block-ms 300 --once --json --port 0")


class TestOnce:
    def test_ends_well(self, run: tuple[int, list[Json], str]) -> None:
        assert run[0] == 0, run[2]

    def test_every_signature_verifies(self, run: tuple[int, list[Json], str]) -> None:
        signatures = of(run[1], "signature")
        assert len(signatures) >= 3 * 3 * 2
        for line in signatures:
            assert line["status"] == 200
            key = PublicKey.parse(line["public_key"])
            assert key.address == line["pkh"]
            assert key.verifies(line["signature"], bytes.fromhex(line["payload"]))
        assert {line["kind"] for line in signatures} >= {"block", "preattestation", "attestation"}
        assert len({line["pkh"] for line in signatures}) == 3

    def test_summary_counts_them(self, run: tuple[int, list[Json], str]) -> None:
        (summary,) = of(run[1], "summary")
        assert summary["signatures"] == len(of(run[1], "signature"))
        assert summary["failures"] == summary["unexpected"] == 0
        assert 0 < summary["p50_ms"] <= summary["p90_ms"] <= summary["p99_ms"] <= summary["max_ms"]

    def test_then_a_second_vote_is_refused_and_the_first_signed_again(
        self, run: tuple[int, list[Json], str]
    ) -> None:
        other, again, _ = of(run[1], "shown")
        last = of(run[1], "signature")[-1]
        for shown in (other, again):
            for name in ("pkh", "kind", "level", "round"):
                assert shown[name] == last[name]
        assert (other["status"], other["code"]) == (409, "already_signed")
        assert other["payload"] != last["payload"] and not other["signature"]
        assert again["status"] == 200 and again["payload"] == last["payload"]
        key = PublicKey.parse(last["public_key"])
        assert key.verifies(again["signature"], bytes.fromhex(last["payload"]))

    def test_and_the_block_s_signature_outlives_all_environments(
        self, run: tuple[int, list[Json], str]
    ) -> None:
        after = of(run[1], "shown")[-1]
        block = [line for line in of(run[1], "signature") if line["kind"] == "block"][-1]
        for name in ("pkh", "kind", "level", "round", "payload", "signature"):
            assert after[name] == block[name]
        assert after["status"] == 200
        assert run[2].count("environment killed by signal 9, a new one is started") >= 2


def test_people_get_a_line_a_level_and_see_the_refusal() -> None:
    code, _, said = finished("--levels 3 --block-ms 100 --once --port 0")
    assert code == 0, said
    rows = [line.split() for line in said.splitlines() if line.startswith(" 100000")]
    assert [row[0] for row in rows] == ["1000001"] * 3  # rounds: no level is that short
    assert all(" ".join(row[3:]).startswith("1 of 1 3 of 3 3 of 3 ") for row in rows)
    assert re.search(r"a vote for another block +409 +already_signed: ", said)
    assert re.search(r"the same vote again +200 +p2sig", said)
    assert re.search(r"the block, after kill -9 +200 +p2sig", said)
    assert "\n21 signatures, each verified by the baker\n" in said
    assert "FAILED" not in said


def test_an_answer_that_is_not_due_is_a_failure() -> None:
    """The row of the last vote vanishes while KMS still signs it."""
    options = "--levels 1 --once --json --port 0 --keys tz1 --control-port 0 --env HEDGING=off"
    child = Child([PROGRAM, *options.split(), "--fault", "kms:slow=500#3"])
    try:
        wait_until(lambda: bool(child.out), "the host to be ready", 30)
        control = json.loads(child.out[0])["control"].rstrip("/")

        def attested() -> Json | None:
            rows = json.loads(fetch("GET", control + "/rows")[2])
            signed = (row for row in rows if row["item"].get("lvl") == {"N": "1000001"})
            return next((row for row in signed if row["scope"].endswith("/attestation")), None)

        wait_until(lambda: attested() is not None, "the last vote", 30)
        row = attested()
        assert row
        path = f"/rows?pkh={row['pkh']}&scope={quote(row['scope'], safe='')}"
        assert fetch("DELETE", control + path)[0] < 300
        assert child.wait(30) == 1
    finally:
        child.stop()
    lines = [json.loads(line) for line in child.out]
    assert [(line["status"], line["code"]) for line in of(lines, "shown")] == [
        (409, "not_armed"),
        (409, "not_armed"),
        (200, ""),
    ]
    (summary,) = of(lines, "summary")
    assert (summary["signatures"], summary["failures"], summary["unexpected"]) == (3, 0, 2)


def test_one_curve_may_be_chosen() -> None:
    code, lines, said = finished("--levels 1 --block-ms 100 --once --json --port 0 --keys tz3")
    assert code == 0, said
    assert {line["pkh"][:3] for line in of(lines, "signature")} == {"tz3"}


def test_tz4_keys_bake_with_their_companions_beside_others() -> None:
    """Sealed under two KMS keys, of which one is in another Region."""
    options = "--levels 3 --block-ms 100 --once --json --port 0 --keys tz1,tz4,tz4"
    code, lines, said = finished(f"{options} --wrapping-keys us-east-1,eu-west-1")
    assert code == 0, said
    (ready,) = of(lines, "ready")
    assert [arn.split(":")[3] for arn in ready["wrapping_keys"]] == ["us-east-1", "eu-west-1"]
    assert [key["pkh"][:3] for key in ready["keys"]] == ["tz1", "tz4", "tz4"]
    tz4 = ready["keys"][1:]
    signed = of(lines, "signature")
    assert all(line["verified"] for line in signed)
    for key in tz4:
        own = [line for line in signed if line["pkh"] == key["pkh"]]
        votes = [line for line in own if line["kind"] != "block"]
        assert len(votes) == 6
        assert {len(line["payload"]) for line in votes} == {2 * 78}
        # The second and third level attest DAL content.
        beside = [line for line in signed if line["pkh"] == key["companion"]["pkh"]]
        attested = [line["payload"] for line in votes if line["kind"] == "attestation"]
        assert [line["payload"] for line in beside] == attested[1:]
    assert {line["pkh"] for line in signed if line["kind"] == "block"} == {
        key["pkh"] for key in ready["keys"]
    }


def test_failure_is_seen_in_the_exit_code() -> None:
    code, lines, _ = finished("--levels 1 --block-ms 100 --once --json --port 0 --fault kms:denied")
    assert code not in (0, 2)
    assert of(lines, "summary")[0]["failures"] > 0


def test_killed_environment_is_no_failure() -> None:
    code, lines, said = finished(
        "--levels 2 --block-ms 300 --once --json --port 0 --fault environment:kill#3"
    )
    assert code == 0, said
    assert all(line["status"] == 200 for line in of(lines, "signature"))


@pytest.mark.parametrize(
    "options",
    [
        "--levels",
        "--levels x",
        "--levels -1",
        "--port 99999",
        "--fault nonsense",
        "--fault kms:nonsense",
        "--keys tz5",
        "--env NOEQUALS",
        "--environments 0",
        "--bootstrap /absent",
        "--what",
    ],
)
def test_wrong_option_is_told(options: str) -> None:
    code, _, said = finished(options, seconds=10)
    assert code == 2
    assert said.strip()


def test_help_is_told() -> None:
    code, _, said = finished("--help", seconds=10)
    assert code == 0
    for option in ("--levels", "--once", "--json", "--port", "--environments", "--fault"):
        assert option in said


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_leaves_no_child_behind(ending: signal.Signals) -> None:
    with running("--environments", "3") as host:
        host.arm(1_000_000)
        authority = Path(host.setup["ca_file"]).parent
        pids = [environment["pid"] for environment in host.control("GET", "/environments")]
        assert len(pids) >= 2
        os.kill(host.child.process.pid, ending)
        code = host.child.wait(10)
        assert code in (0, -ending, 128 + ending)
        shutil.rmtree(authority, ignore_errors=True)  # SIGKILL left it no time to
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), "their end")


def requests(printed: str) -> Iterator[tuple[str, str | None]]:
    """URL and body of each `curl` line."""
    for line in printed.replace("\\\n", "").splitlines():
        if line.startswith("curl "):
            words = shlex.split(line)
            yield (
                next(word for word in words if word.startswith("http")),
                words[words.index("-d") + 1] if "-d" in words else None,
            )


@pytest.mark.parametrize("levels", [0, 1])
def test_what_it_says_to_type_next_works(levels: int) -> None:
    """Without --json: what is for people, then curl lines and the octez-client command."""
    child = Child([PROGRAM, *["--levels", str(levels), "--block-ms", "100", "--port", "0"]])
    try:
        wait_until(lambda: "octez-client" in child.output, "the last lines", 20)
        assert "signs NOTHING" not in child.output
        typed = list(requests(child.output))
        answers = []
        for url, body in [*typed[:3], typed[2], *typed[3:]]:
            sent = None if body is None else body.encode()
            answers.append(fetch("GET" if sent is None else "POST", url, sent))
        assert [status for status, *_ in answers] == [200, 200, 200, 200, 409, 200], answers
        assert json.loads(answers[-1][2])["redoubt"]["ok"] is True
        assert child.process.poll() is None, "it stays up"
    finally:
        child.stop()


def test_the_line_for_the_aws_cli_is_one_for_each_version() -> None:
    """Version 1 has no --cli-binary-format, and version 2 reads base64 from a plain --payload."""
    child = Child([PROGRAM, *["--levels", "0", "--port", "0"]])
    try:
        wait_until(lambda: "octez-client" in child.output, "the last lines", 20)
    finally:
        child.stop()
    (pipe,) = re.findall(r"^echo (?:.*[|\\]\n)+.*", child.output, re.MULTILINE)
    words = shlex.split(pipe.replace("\\\n", ""))
    assert json.loads(words[1]) == {"redoubt": {"command": "status"}}
    assert "AWS_PAGER=" in words[: words.index("aws")]  # version 2 may lack `less`
    assert words[words.index("--payload") + 1] == "fileb:///dev/stdin"
    options = {word for word in words if word.startswith("--")}
    assert options == {"--region", "--endpoint-url", "--function-name", "--payload"}


def test_says_that_nothing_is_signed_when_the_keys_are_not_armed() -> None:
    child = Child([PROGRAM, *["--levels", "0", "--port", "0", "--env", "KMS_KEY_ID="]])
    try:
        wait_until(lambda: "octez-client" in child.output, "the last lines", 20)
        assert "Redoubt signs NOTHING yet behind http://127.0.0.1:" in child.output
    finally:
        child.stop()


def test_signs_is_not_said_when_it_does_not() -> None:
    code, _, said = finished("--levels 1 --once --port 0 --fault kms:denied")
    assert code == 1
    assert "signs behind" not in said
    assert re.search(r" 1000001 +0 .* 0 of 1 +0 of 3 +0 of 3 ", said)
    assert re.search(r"FAILED, 7 of them: kms_refused: ", said)
    assert "a vote for another block" not in said  # none was signed that it could contradict
