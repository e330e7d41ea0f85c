# SPDX-License-Identifier: Apache-2.0
"""`redoubt audit`: an honest day is all well; each irregularity is named, by its name, once."""

from collections import Counter
from pathlib import Path

import pytest
from redoubt_stack import redoubt

from auditing import Audited, audit, audit_day
from support.audit_day import START, Day
from support.audit_plants import PLANTS

HOURS = 0.5
Capture = pytest.CaptureFixture[str]
# Which take away what others would be seen by.
GAPS = {"trail_lost", "log_lost"}


def planted(names: list[str], day: Day, first: int, apart: int) -> Day:
    for i, name in enumerate(names):
        pkh = f"tz{i % 3 + 1}"
        plant = PLANTS[name]
        plant.add(day, first + i * apart, next(key for key in day.keys if key.startswith(pkh)))
    return day


@pytest.mark.parametrize("seed", range(3))
def test_honest_day_is_all_well(seed: int, tmp_path: Path, capsys: Capture) -> None:
    day = Day(seed=seed, hours=HOURS).fill()
    said = audit_day(day, tmp_path, capsys)
    assert (said.found, said.verdict, said.code) == ({}, "all well", 0)
    releases = [line for _, line in day.lines if line.get("release")]
    assert sum(said.told["releases"].values()) == len(releases)
    signs = [e for _, e in day.events if e["eventName"] == "Sign" and "errorCode" not in e]
    others = sum(said.told["other_keys"].values())
    assert said.told["signatures"] + others == len(signs)
    # All that happens to honest signers was in it.
    assert said.told["counts"].keys() >= {"unread_answer"}


@pytest.mark.parametrize("name", PLANTS)
def test_irregularity_is_named(name: str, tmp_path: Path, capsys: Capture) -> None:
    day = planted([name], Day(seed=7, hours=HOURS).fill(), 100, 1)
    said = audit_day(day, tmp_path, capsys)
    kind = PLANTS[name].kind
    assert said.found == {kind: 1}
    (finding,) = said.of(kind)
    assert finding["do"]
    is_gap = finding["weight"] == "gap"
    assert (said.verdict, said.code) == (("incomplete", 3) if is_gap else ("irregularities", 1))


def test_full_day_of_irregularities(tmp_path: Path, capsys: Capture) -> None:
    names = [name for name in PLANTS if name not in GAPS]
    assert len(names) >= 20
    day = planted(names, Day(seed=11, hours=24, level_ms=60_000).fill(), 60, 40)
    said = audit_day(day, tmp_path, capsys)
    assert said.found == Counter(PLANTS[name].kind for name in names)
    assert said.verdict == "irregularities"
    assert said.code == 1


SEALED = "tz4HpdQeAHWbhTy9GSHsrQ1rHPJhJwTexB65"


def with_sealed_key(day: Day) -> Day:
    """Its requests, besides: the signer itself signs, so KMS hears of none."""
    own = {"sign_attempts": 0, "kms_request_id": None}
    for number in range(day.levels):
        at, level = day.at(number) + 900, day.level(number)
        day.line(at, SEALED, "attestation", level, day.digest(), **own)
    return day


def test_of_a_sealed_key_kms_has_no_records(tmp_path: Path, capsys: Capture) -> None:
    day = with_sealed_key(Day(seed=4, hours=HOURS).fill())
    said = audit_day(day, tmp_path, capsys)
    assert (said.found, said.verdict, said.code) == ({}, "all well", 0)


def test_a_sealed_key_alone_is_judged(tmp_path: Path, capsys: Capture) -> None:
    day = with_sealed_key(Day(seed=4, hours=HOURS))
    day.of_others(day.at(1))
    said = audit_day(day, tmp_path, capsys)
    assert (said.found, said.verdict, said.code) == ({}, "all well", 0)
    assert sum(said.told["releases"].values()) == day.levels


def test_a_sealed_key_that_signs_twice_is_named(tmp_path: Path, capsys: Capture) -> None:
    day = with_sealed_key(Day(seed=4, hours=HOURS).fill())
    own = {"sign_attempts": 0, "kms_request_id": None}
    day.line(day.at(7) + 1100, SEALED, "attestation", day.level(7), day.digest(), **own)
    assert audit_day(day, tmp_path, capsys).found == {"double_signature": 1}


def one(said: Audited) -> dict[str, object]:
    (finding,) = [f for f in said.told["findings"] if f["weight"] != "note"]
    return finding


def test_stranger_is_named(tmp_path: Path, capsys: Capture) -> None:
    day = planted(["user"], Day(seed=3, hours=HOURS).fill(), 100, 1)
    event = day.events[-1][1]
    found = one(audit_day(day, tmp_path, capsys))
    assert found["principal"] == event["userIdentity"]["arn"]
    assert found["source_ip"] == "192.0.2.7"
    assert found["request_id"] == event["requestID"]
    assert found["event_id"] == event["eventID"]
    assert found["key_arn"] == event["resources"][0]["ARN"]
    assert found["at"] == event["eventTime"].replace("T", " ").rstrip("Z")


def test_release_is_named(tmp_path: Path, capsys: Capture) -> None:
    day = planted(["line_forged"], Day(seed=3, hours=HOURS).fill(), 100, 1)
    line = day.lines[-1][1]
    found = one(audit_day(day, tmp_path, capsys))
    told = ("pkh", "chain", "kind", "round", "release", "digest")
    assert {name: found[name] for name in told} == {name: line[name] for name in told}
    assert found["level"] == line["block_level"]
    assert found["request_id"] == line["kms_request_id"]


def test_for_people(tmp_path: Path, capsys: Capture) -> None:
    day = planted(["user", "two_votes"], Day(seed=3, hours=HOURS).fill(), 100, 10)
    trail, log = day.write(tmp_path)
    assert redoubt.main(["audit", "--trail", str(trail), "--log", str(log)]) == 1
    said = capsys.readouterr().out
    assert "ALARM  double_signature: TWO DIGESTS" in said
    assert said.index("double_signature") < said.index("foreign_signature"), "the loudest first"
    assert "user/Alice" in said
    assert said.rstrip().endswith("2 irregularities")


def test_period(tmp_path: Path, capsys: Capture) -> None:
    """What lies before or after it is neither judged nor missing."""
    day = planted(["user", "event_lost", "two_votes"], Day(seed=5, hours=0.75).fill(), 30, 50)
    trail, log = day.write(tmp_path)
    words = ("--trail", str(trail), "--log", str(log), "--from")
    assert audit(capsys, *words, "2025-03-04T00:10", "--to", "2025-03-04T00:24").found == {
        "release_without_event": 1
    }
    both = audit(capsys, *words, "2025-03-04T00:00")
    assert both.found == {
        "foreign_signature": 1,
        "release_without_event": 1,
        "double_signature": 1,
    }


def test_without_any_release_the_key_has_to_be_given(tmp_path: Path, capsys: Capture) -> None:
    day = Day(seed=5, hours=HOURS)
    pkh = day.keys[1]
    planted(["user"], day, 30, 1)
    trail, log = day.write(tmp_path)
    words = ("--trail", str(trail), "--log", str(log))
    assert audit(capsys, *words).found == {"key_unknown": 1, "unreadable": 2}
    said = audit(capsys, *words, "--key", day.arn(day.keys[0]))
    assert said.found == {"unasked_signature": 1, "unreadable": 2}
    assert audit(capsys, *words, "--key", day.arn(pkh)).found == {"unreadable": 2}


def test_of_nothing_nothing_is_said_to_be_well(tmp_path: Path, capsys: Capture) -> None:
    day = planted([], Day(seed=5, hours=HOURS).fill(), 30, 1)
    trail, log = day.write(tmp_path)
    words = ("--trail", str(trail), "--log", str(log), "--from", "2025-03-05", "--to", "2025-03-06")
    said = audit(capsys, *words)
    assert (said.found, said.verdict, said.code) == ({"nothing_to_judge": 1}, "incomplete", 3)
    assert redoubt.main(["audit", *words]) == 3
    told = capsys.readouterr().out
    assert "GAP  nothing_to_judge" in told and "all well" not in told


def test_of_what_is_too_new_nothing_is_said_to_be_well(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its events may come yet: of a release that has none by now, it is not known."""
    day = Day(seed=5, hours=HOURS)
    for number in range(day.levels):
        day.request(day.at(number), day.keys[0], "attestation", day.level(number))
    trail, log = day.write(tmp_path)
    now = START + 1_200_000
    monkeypatch.setattr("redoubt_stack.operate.audit.now_ms", lambda: now)
    words = ("--trail", str(trail), "--log", str(log), "--from")
    assert audit(capsys, *words, "2025-03-04T00:06").found == {"nothing_to_judge": 1}
    assert audit(capsys, *words, "2025-03-04T00:04").verdict == "all well"
