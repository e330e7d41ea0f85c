# SPDX-License-Identifier: Apache-2.0
"""What each section asks the programs for, and what it makes of their answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import quota
import sections
from fakes import Bench, program
from figures import KINDS, Json, run_of
from printed import (
    LATENCY,
    TZ4,
    VALIDATORS,
    floor,
    load,
    series,
    spaced,
    starts,
    thaw,
    validator_bursts,
    validator_starts,
)

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


def test_at_least_one_sample_is_taken(bench: Bench) -> None:
    bench.answers(("load", {}))
    sections.bench("load", 0.04)
    assert bench.asked == ["load 1"]


# --- machine, latency -----------------------------------------------------------------------------
def test_the_machine_is_what_the_floor_shows_of_it(bench: Bench) -> None:
    bench.answers(("floor", floor()))
    measured = sections.machine(0.5)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", measured.pop("date"))
    assert measured.pop("processor") and measured.pop("cores") >= 1
    assert measured == {
        "share_of_samples": 0.5,
        "verification_us": {"p50": 50, "p90": 90},
        "ms": {
            "floor/vote": {"p50": 13, "p90": 13, "p99": 14},
            "floor/block": {"p50": 50, "p90": 90, "p99": 99},
        },
    }
    assert bench.asked == [f"floor 75 {USUAL}"]


def test_latency_is_measured_in_five_runs_for_two_pairs(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.answers(("latency", LATENCY))
    measured = sections.latency(0.1)
    assert list(measured) == ["12/4", "0/0"]
    assert all(one["runs"] == [run_of(LATENCY)] * 5 for one in measured.values())
    assert bench.asked == [
        f"latency {rounds} --environments 1 --kms-ms {kms} --dynamodb-ms {dynamodb}"
        for rounds, kms, dynamodb in ((8, 12, 4), (15, 0, 0))
        for _ in range(5)
    ]
    assert re.findall(r"run (\d) of 5", capsys.readouterr().err) == [*"12345"] * 2


def test_percentiles_are_of_all_runs_together(bench: Bench) -> None:
    bench.answers(("latency", LATENCY))
    pooled = sections.latency(0.1)["12/4"]["percentiles"]
    assert set(pooled) == {"floor/vote", "floor/block", *KINDS}
    assert all(len(one) == 101 for one in pooled.values())
    assert [pooled["attestation"][percent] for percent in (0, 50, 100)] == [13, 14, 18]
    assert [pooled["floor/block"][percent] for percent in (0, 33, 34, 100)] == [16, 16, 17, 18]


def test_keys_of_the_function_itself_have_the_tables_floor_beside_them(bench: Bench) -> None:
    bench.answers(("--keys tz4", TZ4))
    measured = sections.tz4_latency(0.1)
    assert all(one["runs"] == [run_of(TZ4)] * 5 for one in measured.values())
    assert set(measured["12/4"]["percentiles"]) == {"floor/table", *KINDS}
    assert bench.asked == [
        f"latency {rounds} --environments 1 --kms-ms {kms} --dynamodb-ms {dynamodb} --keys tz4"
        for rounds, kms, dynamodb in ((8, 12, 4), (10, 0, 0))
        for _ in range(5)
    ]


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
        "nothing_to_do": {"p50": 2, "p90": 30},
    }
    assert bench.asked == [f"starts 5 {USUAL}", f"starts 5 {USUAL} --env PUBLIC_KEYS="]


def test_starts_with_sealed_keys_are_beside_those_of_nothing(bench: Bench) -> None:
    bench.answers(("--keys tz4", starts(20)))
    assert sections.tz4_starts(0.1) == {
        "sealed keys": {
            "exec_to_exit": 2,
            "exec_to_next_unconnected": 24,
            "exec_to_next": 29,
            "exec_to_signature": 44,
        },
        "nothing_to_do": {"p50": 2, "p90": 30},
    }
    assert bench.asked == [f"starts 5 {USUAL} --keys tz4"]


# --- machines -------------------------------------------------------------------------------------
def test_machines_without_control_groups_say_why(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "ROOT", tmp_path / "none")
    bench.answers()
    (why,) = sections.machines(0.1).items()
    assert why[0] == "unavailable" and "needs root" in why[1]


@pytest.mark.parametrize(
    ("section", "key"), [("machines", "tz2"), ("tz4-machines", "tz4")], ids=["tz2", "tz4"]
)
def test_machines_are_measured_with_the_rationed_program(
    section: str, key: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose rationing test_quota.py shows."""
    rationed: list[tuple[Path, int, int]] = []

    @contextmanager
    def as_asked(of: Path, megabytes: int, period_ms: int) -> Iterator[Path]:
        rationed.append((of, megabytes, period_ms))
        yield Path(f"/rationed/{megabytes}/{period_ms}")

    monkeypatch.setattr(sections, "rationed", as_asked)
    bench.answers(("spaced", spaced()), ("starts", starts(0)))
    measured = sections.SECTIONS[section](0.1)
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
    options = f"{USUAL} --keys {key} --timeout-ms 10000"
    assert bench.asked[:2] == [
        f"{what} {options} --bootstrap /rationed/128/20" for what in ("spaced 2", "starts 1")
    ]


# --- tails, thaw ----------------------------------------------------------------------------------
def traffic(calls: int) -> dict[str, int]:
    return {"calls": calls, "bytes": 0, "handshakes": 0}


def test_tails_are_measured_with_hedging_and_without(bench: Bench) -> None:
    votes = [float(ms) for ms in range(1, 501)]
    seen = {
        "verification_us": [25],
        "peak_memory": 7_000_000,
        "series": {
            "attestation/secp256k1": series(votes),
            "preattestation/secp256k1": series([ms + 500 for ms in votes]),
            "block/secp256k1": series([2 * ms for ms in votes]),
            "floor/vote": series([1000.0]),
            "floor/block": series([1000.0]),
        },
        "before": {"kms": traffic(10), "dynamodb": traffic(20)},
        "after": {"kms": traffic(1540), "dynamodb": traffic(1520)},
    }
    slow = {**seen, "after": {"kms": traffic(3010), "dynamodb": traffic(1520)}}
    bench.answers(("HEDGING=off", slow), ("latency", seen))
    measured = sections.tails(0.1)
    assert measured["hedged"] == {
        "votes": {"p50": 500, "p99": 990, "p99.9": 999},
        "blocks": {"p50": 500, "p99": 990, "p99.9": 1000},
        "calls_per_signature": {"kms": 1.02, "dynamodb": 1.0},
    }
    assert measured["not hedged"]["calls_per_signature"]["kms"] == 2
    asked = f"latency 100 {USUAL} --keys tz2 --fault kms:slow=228@0.01 --fault kms:blackhole@0.002"
    assert sorted(bench.asked) == [asked, f"{asked} --env HEDGING=off"]


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
    loads = [each for each in bench.asked if each.startswith("load")]
    assert loads == [
        f"load {each} {USUAL} --environments {count} --keys tz2 --timeout-ms 20000"
        for each, count in ((300, 1), (150, 2), (75, 4), (38, 8), (20, 16), (20, 32), (20, 64))
    ]
    keys = [each.split()[9] for each in bench.asked if each.startswith("starts 10 ")]
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


def test_commands_are_timed_from_start_to_end(bench: Bench) -> None:
    bench.operator("sleep 0.05")
    figures = sections.commands(0.3)
    wanted = {"--help", "status", "arm --dry-run", "export", "doctor", "top --once"}
    assert figures.keys() == wanted
    assert all(50 <= times["p50"] <= times["p90"] < 5000 for times in figures.values())
    asked = bench.asked
    assert len(asked) == 6 * 3 and all(line.startswith("--local http://there ") for line in asked)
    assert asked[3:6] == ["--local http://there status"] * 3


def test_a_command_that_fails_ends_it_all(bench: Bench) -> None:
    bench.operator("echo 'no such host' >&2; exit 3")
    with pytest.raises(SystemExit, match="no such host"):
        sections.commands(1.0)


def test_keys_of_validators_are_made_listed_restored_and_opened(bench: Bench) -> None:
    bench.operator('[ "$(cat "${12}")" = "of $(basename "${12}" .age)" ]')
    figures = sections.SECTIONS["ethereum-keys"](0.02)
    assert figures["created"]["keys"] == figures["listed"]["keys"] == 200
    assert figures["created"]["processor_ms"] == 2.5
    assert figures["restored"]["keys"] == 100 and figures["restored"]["ms"] > 0
    assert figures["peak_memory"] == 20_000_000, "the most of both stacks"
    assert set(figures["opened"]) == {"1 of 1", "2 of 3"}
    (imported,) = (line for line in bench.asked if line.startswith("--local"))
    assert imported.count("--file") == 100
    assert bench.asked.count("operator create_keys") == 2 + 2
    assert bench.asked.count("operator list_keys") == 5 * 2
    assert bench.asked.count("recovery sign_exits") == 2 * 4
    assert any(
        "us-east-1,eu-west-1,eu-central-1 --env WRAP_THRESHOLD=2" in line for line in bench.asked
    )


def test_keys_that_do_not_come_back_end_it_all(bench: Bench) -> None:
    bench.operator("echo 'another key' >&2; exit 1")
    with pytest.raises(SystemExit, match="another key"):
        sections.SECTIONS["ethereum-keys"](0.01)


@pytest.fixture
def of_validators(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Json:
    """A twentieth of what signs for them."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    bench.answers(
        ("validator-starts", validator_starts()),
        ("validator-bursts", validator_bursts()),
        ("validators", VALIDATORS),
    )
    return sections.SECTIONS["ethereum"](0.05)


def test_what_signs_for_validators_is_measured_with_many_keys(
    of_validators: Json, bench: Bench
) -> None:
    figures = of_validators
    run = {
        "ms": {
            "attestation": {"p50": 6, "p90": 9, "p99": 9},
            "attestation/new key": {"p50": 7, "p90": 8, "p99": 8},
            "floor/table": {"p50": 5, "p90": 6, "p99": 6},
            "refused": {"p50": 1, "p90": 1, "p99": 1},
        },
        "processor_ms": {
            "attestation": {"post": 2.5},
            "attestation/new key": {"post": 3},
            "floor/table": {"post": 0.25},
            "refused": {"post": 0.5},
        },
        "calls": {
            "attestation": {"dynamodb": 1, "kms": 0},
            "attestation/new key": {"dynamodb": 1, "kms": 0},
            "floor/table": {"dynamodb": 0, "kms": 0},
            "refused": {"dynamodb": 0, "kms": 0},
        },
        "bls_ms": 1.9,
    }
    assert figures["12/4"] == figures["0/0"] == {"runs": [run] * 5}
    assert figures["starts"] == {
        "nothing_to_do": {"p50": 2, "p90": 30},
        "keys": {
            "1": {"exec_to_next": 29, "exec_to_signature": 39, "processor_ms": 8},
            "1000": {"exec_to_next": 30, "exec_to_signature": 40, "processor_ms": 8},
            "10000": {"exec_to_next": 31, "exec_to_signature": 41, "processor_ms": 8},
        },
    }
    assert figures["listed"] == {"p50": 90, "queries": 16}
    assert figures["open"] == {"keys": 2000, "peak_memory": 12_500_000}
    options = "--network hoodi --keys tz1"
    assert list(dict.fromkeys(bench.asked)) == [
        f"validators 2 {options} --environments 1 --kms-ms 12 --dynamodb-ms 4",
        f"validators 3 {options} --environments 1 --kms-ms 0 --dynamodb-ms 0",
        f"validator-starts 1 {options} --kms-ms 12 --dynamodb-ms 4 --environments 1",
        *(
            f"validator-bursts {keys} {options} --kms-ms 12 --dynamodb-ms 4"
            f" --environments {environments} --timeout-ms 120000"
            for environments, keys in ((1, 125), (4, 500), (16, 500))
        ),
    ]


def test_of_bursts_the_usual_one_counts_and_all_that_was_not_answered(of_validators: Json) -> None:
    bursts = of_validators["bursts"]
    assert [of["environments"] for of in bursts] == [1, 4, 16]
    # Two processors had 50 ms; of these the stand-ins took 20, and blst alone takes 20.
    assert bursts[2]["bursts"]["votes"] == {
        "requests": 10,
        "unanswered": 3,
        "took_ms": 25,
        "p50": 12.5,
        "times_bls": 1.5,
        "processor_ms": 3,
        "standins_ms": 2,
        "calls": {"dynamodb": 1, "kms": 0.2},
    }
    assert bursts[2]["bursts"]["selection proofs"]["times_bls"] == 1


def test_a_section_is_run_by_its_name_and_says_how_long_it_takes(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.answers(("starts", starts(0)))
    assert sections.run("starts", 0.5)["keys known"]["exec_to_next"] == 9
    said = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"\[ ?\d+:\d\d\] starts: about 6 s", said[0])
    assert re.fullmatch(r"\[ ?\d+:\d\d\] starts: done in \d+ s", said[-1])


def test_the_time_of_a_whole_run_is_that_of_its_sections() -> None:
    assert set(sections.SECONDS) < set(sections.SECTIONS)
    assert sum(sections.SECONDS.values()) <= 17 * 60
