# SPDX-License-Identifier: Apache-2.0
"""What each section asks the programs for, and what it makes of their answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import quota
import sections
from fakes import Bench, program
from printed import LATENCY, load, series, spaced, starts, thaw

USUAL = "--environments 1 --kms-ms 12 --dynamodb-ms 4"


# --- The program ----------------------------------------------------------------------------------
def test_asks_as_it_was_told(bench: Bench) -> None:
    bench.answers(("load 7 --environments 2", {"ms": [1.5]}))
    assert sections.bench("load", 7, "--environments", "2") == {"ms": [1.5]}
    assert bench.asked == ["load 7 --environments 2"]


def test_a_program_that_fails_ends_it_all(bench: Bench) -> None:
    program(bench.release / "redoubt-bench", 'echo "{}"\necho "no such key" >&2\nexit 1\n')
    with pytest.raises(SystemExit) as ended:
        sections.bench("load", 7, "--keys", "tz9")
    assert "redoubt-bench load 7 --keys tz9 failed:\nno such key" in str(ended.value)


def test_an_answer_that_is_cut_off_is_none(bench: Bench) -> None:
    program(bench.release / "redoubt-bench", "echo '{\"ms\": ['\n")
    with pytest.raises(ValueError):
        sections.bench("load", 7)


# --- latency --------------------------------------------------------------------------------------
@pytest.fixture
def latency(bench: Bench) -> Any:
    bench.answers(("latency", LATENCY))
    return sections.latency(0.1)["12/4"]


def test_latency_is_measured_for_three_pairs(bench: Bench) -> None:
    bench.answers(("latency", LATENCY))
    assert set(sections.latency(0.1)) == {"12/4", "6/3", "0/0"}
    assert bench.asked == [
        f"latency 20 --environments 1 --kms-ms {kms} --dynamodb-ms {dynamodb}"
        for kms, dynamodb in ((12, 4), (6, 3), (0, 0))
    ]


def test_latency_is_less_the_floors(latency: Any) -> None:
    assert {kind: one["p50"] for kind, one in latency["added"].items()} == {
        "attestation": 1,
        "attestation/p256": 1,
        "attestation/ed25519": 3,
        "preattestation": 2,
        "preattestation/p256": 2,
        "block": 5,
        "block/p256": 5,
    }
    assert latency["floor"] == {
        "floor/vote": {"p50": 13, "p90": 14, "p99": 14},
        "floor/block": {"p50": 17, "p90": 18, "p99": 18},
    }


def test_only_signatures_are_counted(latency: Any) -> None:
    assert latency["signatures"] == 10


def test_calls_are_those_since_the_warm_up(latency: Any) -> None:
    assert latency["calls_per_signature"] == {"kms": 1.1, "dynamodb": 1.0}
    assert latency["bytes_per_signature"] == {"kms": 120, "dynamodb": 200}
    assert latency["handshakes"] == 3 + 1
    assert latency["peak_memory"] == 7_000_000


def test_processor_time_is_the_median_of_a_kinds_cases(latency: Any) -> None:
    assert latency["processor"] == {
        "attestation": {"get": 0.25, "post": 0.75},
        "preattestation": {"get": 0.5, "post": 2},
        "block": {"get": 0.5, "post": 3},
        "floor/vote": {"get": 0.125, "post": 0.25},
        "floor/block": {"get": 0.125, "post": 0.5},
    }


def test_samples_are_kept_by_kind(latency: Any) -> None:
    assert latency["samples"] == {
        "attestation": [13, 14, 15, 14, 16, 18],
        "preattestation": [15, 16],
        "block": [22, 23],
        "floor/vote": [12, 13, 14],
        "floor/block": [16, 17, 18],
    }


# --- size, starts ---------------------------------------------------------------------------------
def test_size_is_that_of_the_files(bench: Bench) -> None:
    bench.sizes(7_341_672, 3_920_176)
    assert sections.size(1.0) == {"bootstrap": 7_341_672, "zip": 3_920_176}


def test_starts_are_medians_with_keys_known_and_asked_for(bench: Bench) -> None:
    bench.answers(("PUBLIC_KEYS=", starts(20)), ("starts", starts(0)))
    assert sections.starts(0.1) == {
        "keys known": {
            "exec_to_exit": 2,
            "exec_to_next_unconnected": 4,
            "exec_to_next": 9,
            "exec_to_signature": 24,
        },
        "keys asked for": {
            "exec_to_next_unconnected": 24,
            "exec_to_next": 29,
            "exec_to_signature": 44,
        },
    }
    assert bench.asked == [f"starts 5 {USUAL}", f"starts 5 {USUAL} --env PUBLIC_KEYS="]


# --- machines -------------------------------------------------------------------------------------
def test_machines_without_control_groups_say_why(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "ROOT", tmp_path / "none")
    bench.answers()
    (why,) = sections.machines(0.1).items()
    assert why[0] == "unavailable" and "needs root" in why[1]


def test_machines_are_measured_with_the_rationed_program(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose rationing test_quota.py shows."""
    rationed: list[tuple[Path, int, int]] = []

    @contextmanager
    def as_asked(of: Path, megabytes: int, period_ms: int) -> Iterator[Path]:
        rationed.append((of, megabytes, period_ms))
        yield Path(f"/rationed/{megabytes}/{period_ms}")

    monkeypatch.setattr(sections, "rationed", as_asked)
    bench.answers(("spaced", spaced()), ("starts", starts(0)))
    measured = sections.machines(0.1)
    sizes = [(size, period) for period in (20, 100) for size in (128, 256, 512, 1024, 1769)]
    assert rationed == [(bench.release / "bootstrap", *each) for each in sizes]
    assert list(measured) == [f"{size} MB, {period} ms" for size, period in sizes]
    assert measured["128 MB, 20 ms"] == {
        "megabytes": 128,
        "period": 20,
        "attestation": {"p50": 14, "p90": 16},
        "block": {"p50": 18, "p90": 20},
        "get": 2,
        "exec_to_next": 9,
        "exec_to_signature": 24,
    }
    options = "--environments 1 --keys tz2 --timeout-ms 10000 --kms-ms 12 --dynamodb-ms 4"
    assert bench.asked[:2] == [
        f"{what} {options} --bootstrap /rationed/128/20" for what in ("spaced 4", "starts 1")
    ]


# --- tails, thaw ----------------------------------------------------------------------------------
def test_tails_are_measured_with_hedging_and_without(bench: Bench) -> None:
    votes = [float(ms) for ms in range(1, 501)]
    seen = {
        "series": {
            "attestation/secp256k1": series(votes),
            "preattestation/secp256k1": series([ms + 500 for ms in votes]),
            "block/secp256k1": series([2 * ms for ms in votes]),
            "floor/vote": series([1000.0]),
        },
        "before": {"kms": {"calls": 10}, "dynamodb": {"calls": 20}},
        "after": {"kms": {"calls": 1540}, "dynamodb": {"calls": 1520}},
    }
    slow = {**seen, "after": {"kms": {"calls": 3010}, "dynamodb": {"calls": 1520}}}
    bench.answers(("HEDGING=off", slow), ("latency", seen))
    measured = sections.tails(0.1)
    assert measured["hedged"] == {
        "votes": {"p50": 500, "p99": 990, "p99.9": 999},
        "blocks": {"p50": 500, "p99": 990, "p99.9": 1000},
        "calls_per_signature": {"kms": 1.02, "dynamodb": 1.0},
    }
    assert measured["not hedged"]["calls_per_signature"]["kms"] == 2
    asked = (
        "latency 150 --environments 1 --keys tz2 --kms-ms 12 --dynamodb-ms 4"
        " --fault kms:slow=228@0.01 --fault kms:blackhole@0.002"
    )
    assert bench.asked == [asked, f"{asked} --env HEDGING=off"]


@pytest.mark.parametrize(("scale", "runs"), [(0.1, 2), (0.5, 4), (1.0, 8)])
def test_thaws_are_those_of_all_runs(scale: float, runs: int, bench: Bench) -> None:
    bench.answers(("thaw", thaw()))
    assert sections.thaw(scale) == {
        "closed": {
            "thaws": 2 * runs,
            "get_ms": 5,
            "post_ms": 14,
            "handshakes_in_get": 4 * runs,
            "resumed": 3 * runs,
            "handshakes_in_post": 1 * runs,
        },
        "deserted": {
            "thaws": runs,
            "get_ms": 6,
            "post_ms": 15,
            "handshakes_in_get": 2 * runs,
            "resumed": 2 * runs,
            "handshakes_in_post": 0,
        },
        "warm_post_ms": 13,
    }
    assert bench.asked == [f"thaw 55 {USUAL}"] * runs


# --- load -----------------------------------------------------------------------------------------
def test_load_is_measured_by_environments_and_by_keys(bench: Bench) -> None:
    bench.answers(
        ("load", load()),
        ("PUBLIC_KEYS=", starts(20)),
        ("starts", starts(0)),
    )
    measured = sections.load(0.5)
    assert measured["environments"] == [
        {"environments": count, "per_second": 60, "processor": 1.25, "p50": 50, "p99": 99}
        for count in (1, 2, 4, 8, 16, 32, 64)
    ]
    assert measured["keys"] == [
        {"keys": count, "known": 9, "asked": 29} for count in (1, 5, 10, 25)
    ]
    loads = [each.split()[:4] for each in bench.asked if each.startswith("load")]
    assert loads == [
        ["load", str(each), "--environments", str(count)]
        for each, count in ((300, 1), (150, 2), (75, 4), (38, 8), (20, 16), (20, 32), (20, 64))
    ]
    keys = [each.split()[5] for each in bench.asked if each.startswith("starts 10 ")]
    assert keys[:4] == ["tz1", "tz1", "tz1,tz2,tz3,tz1,tz2", "tz1,tz2,tz3,tz1,tz2"]
    assert [len(each.split(",")) for each in keys] == [1, 1, 5, 5, 10, 10, 25, 25]


# --- What other scripts check ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ours", "within", "row"),
    [(200, True, "2.00"), (201, False, "2.01  SLOW")],
    ids=["twice", "a little more"],
)
def test_micro_is_what_its_check_says(ours: float, within: bool, row: str, bench: Bench) -> None:
    bench.micro(("der/p256/ours", ours), ("der/p256/library", 100))
    measured = sections.micro(1.0)
    assert measured["within_twice_the_library"] is within
    head, step = measured["table"].splitlines()
    assert head.startswith("step ") and step.startswith("der/p256 ") and step.endswith(row)


def test_micro_that_could_not_be_measured_is_not_within(bench: Bench) -> None:
    program(bench.release / "redoubt-micro", "exit 1\n")
    assert sections.micro(1.0)["within_twice_the_library"] is False


@pytest.mark.parametrize(("status", "within"), [(0, True), (1, False)])
def test_instructions_are_what_their_check_says(status: int, within: bool, bench: Bench) -> None:
    check = "echo 'case  instructions'\necho 'block/tz1  5'\necho\n"
    program(bench.scripts / "instructions" / "check", f"{check}exit {status}\n")
    assert sections.instructions(1.0) == {
        "within_the_reference": within,
        "table": "case  instructions\nblock/tz1  5",
    }


def test_a_section_is_run_by_its_name_and_shown_with_its_time(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.sizes(2, 1)
    assert sections.run("size", 1.0) == {"bootstrap": 2, "zip": 1}
    assert re.fullmatch(r"-- size: \d+ s\n", capsys.readouterr().out)
