# SPDX-License-Identifier: Apache-2.0
"""`deploy/local` as its user meets it: the program behind it, and what it prints for machines."""

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from support.child import Child, wait_until
from support.host import PROGRAM, running
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
        assert summary["failures"] == 0
        assert 0 < summary["p50_ms"] <= summary["p90_ms"] <= summary["p99_ms"] <= summary["max_ms"]


def test_one_curve_may_be_chosen() -> None:
    code, lines, said = finished("--levels 1 --block-ms 100 --once --json --port 0 --keys tz3")
    assert code == 0, said
    assert {line["pkh"][:3] for line in of(lines, "signature")} == {"tz3"}


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
        "--keys tz4",
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


def test_says_what_to_type_next() -> None:
    """Without --json: pictures for people, then curl lines and the octez-client command."""
    child = Child([PROGRAM, *["--levels", "1", "--block-ms", "100", "--port", "0"]])
    try:
        wait_until(lambda: "octez-client" in child.output, "the last lines", 20)
        assert "curl" in child.output
        assert child.process.poll() is None, "it stays up"
    finally:
        child.stop()
