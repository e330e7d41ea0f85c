# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt shows rows, and changes none before it was shown and agreed to."""

import json
import re
from typing import Any

import pytest
from redoubt_stack import commands

from answering import (
    ADDRESS,
    MAINNET,
    Answering,
    Run,
    refused,
    row,
    status,
    written,
)


# --- status ---------------------------------------------------------------------------------------
def test_status_shows_where_each_row_stands(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = {"pkh": ADDRESS, "scope": f"{MAINNET}/attestation", "damaged": True}
    function.answer(status(damaged, row("preattestation", 1005, 2), row("block", until=1020)))
    assert run("status") == 0
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    cells = [[cell.strip() for cell in line if cell] for line in lines]
    assert cells[2] == [f"{ADDRESS} on mainnet ({MAINNET})"]
    assert cells[3] == ["kind", "level", "round", "signs from", "fence", "until", "written (UTC)"]
    written_at = "2026-09-21 14:13:20"
    assert cells[4] == ["block", "1000", "closed", "1001", "to 1300", "1020", written_at]
    assert cells[5] == ["preattestation", "1005", "2", "1005, round 3", "to 1305", written_at]
    assert cells[6] == ["attestation", "damaged"]


def test_status_says_what_signs_nothing(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = {"ahead_of_us_ms": -90_000, "corrected_by_ms": 0}
    function.answer(status(clock=clock), status(row(signs_from=None)))
    assert run("status") == 0
    shown = capsys.readouterr().out
    assert f"{ADDRESS}: NOT ARMED" in shown and "-90000 ms ahead" in shown
    assert run("status") == 0
    shown = capsys.readouterr().out
    assert "nothing" in shown and "NOT ARMED" not in shown and "clock" not in shown


# --- Commands that write --------------------------------------------------------------------------
ARM = ("arm", "--chain", "mainnet", "--level", "1000")
REHEARSED = written("armed", None, row(), dry_run=True, note="signs only above level 1000")
ARMED = written("armed", None, row(), note="signs only above level 1000")


def test_nothing_is_written_before_it_was_shown_and_agreed_to(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(REHEARSED, ARMED)
    assert run(*ARM, typed="1000") == 0
    fields = {"command": "arm", "chain": MAINNET, "level": 1000}
    assert function.commands == [{**fields, "dry_run": True}, fields]
    shown = capsys.readouterr().out
    assert shown.count("none") == 6  # each row before, as rehearsed and as done
    asked, below = shown[shown.index("This makes rows") :].splitlines()[:2]
    for named in (f"mainnet ({MAINNET})", "level 1000", function.url):
        assert named in asked
    assert below.strip() == ADDRESS


@pytest.mark.parametrize("typed", ["", "yes", "1001", "y"])
def test_another_word_writes_nothing(run: Run, function: Answering, typed: str) -> None:
    function.answer(REHEARSED)
    assert run(*ARM, typed=typed) == 1
    assert [asked.get("dry_run") for asked in function.commands] == [True]


def test_a_script_says_yes(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(REHEARSED, ARMED)
    assert run(*ARM, "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out) == ARMED
    assert [asked.get("dry_run") for asked in function.commands] == [True, None]


def test_a_dry_run_is_all_that_is_asked(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(REHEARSED)
    assert run(*ARM, "--dry-run") == 0
    assert "dry run: nothing was changed" in capsys.readouterr().out
    assert run(*ARM, "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out) == REHEARSED
    assert all(asked["dry_run"] is True for asked in function.commands)


def test_what_the_rehearsal_refuses_is_not_tried(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{**row(level=5), "outcome": "already_signed", "msg": "this row exists"}]
    rows[0] |= {"before": row(level=5), "after": row(level=5)}
    function.answer(refused("already_signed", "this row exists", rows=rows))
    assert run(*ARM, "--yes") == 1
    told = capsys.readouterr()
    assert "refused, already_signed: this row exists" in told.out
    assert "refused: already_signed" in told.err and "--partly" not in told.err
    assert len(function.asked) == 1


def in_part(code: str, words: str, **more: Any) -> dict[str, Any]:
    """One row is refused, two would be armed."""
    answer = refused(code, words, rows=[dict(each) for each in REHEARSED["rows"]], **more)
    answer["rows"][0] |= {"outcome": code, "msg": words, "before": row(level=5)}
    answer["rows"][0]["after"] = row(level=5)
    return answer


def test_a_row_that_is_refused_does_not_hold_up_the_others(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = in_part("already_signed", "it exists", dry_run=True)
    function.answer(tried, tried, tried, in_part("already_signed", "it exists"))
    assert run(*ARM, "--yes") == 1
    told = capsys.readouterr()
    assert "nothing was changed" in told.out and "dry run" not in told.out
    assert "add --partly" in told.err
    assert run(*ARM, typed="no") == 1
    assert "CAREFUL: 1 of 3 rows are refused" in capsys.readouterr().out
    assert run(*ARM, "--yes", "--partly") == 1
    told = capsys.readouterr()
    assert "nothing was changed" not in told.out and "refused: already_signed" in told.err
    assert [asked.get("dry_run") for asked in function.commands] == [True, True, True, None]


def test_a_damaged_row_is_mended_though_no_dry_run_can_tell(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    rehearsed = in_part("damaged_row", "it can't be read", dry_run=True)
    function.answer(rehearsed, written("raised", None, row()))
    mend = ("raise", "--chain", "mainnet", "--level", "1000", "--force", "--yes")
    assert run(*mend) == 0
    assert [asked.get("dry_run") for asked in function.commands] == [True, None]
    function.asked.clear()
    function.answers = []
    function.answer(rehearsed)
    assert run("handover", "--chain", "mainnet", "--until", "1000", "--yes") == 1
    assert len(function.asked) == 1


def test_what_changes_nothing_is_not_asked_about(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(written("unchanged", row(), row(), dry_run=True))
    assert run(*ARM, typed="no") == 0
    assert "nothing is to be done" in capsys.readouterr().out
    assert len(function.asked) == 1


def test_a_write_that_fails_half_way_shows_each_row(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    half = refused("table_unavailable", "throttled", rows=[dict(r) for r in ARMED["rows"]])
    half["rows"][1] |= {"outcome": "table_unavailable", "msg": "throttled", "after": None}
    function.answer(REHEARSED, half)
    assert run(*ARM, "--yes") == 1
    shown = capsys.readouterr().out
    assert shown.count("armed") == 2
    assert re.search(r"none +not known +refused, table_unavailable: throttled", shown)


def test_what_is_said_of_several_rows_is_said_once(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [dict(each) for each in (*ARMED["rows"], *ARMED["rows"])]
    for each, words in zip(rows, ["it exists"] * 3 + ["throttled"] * 2 + ["alone"], strict=True):
        each |= {"outcome": "already_signed", "msg": words, "before": row(), "after": row()}
    function.answer(refused("already_signed", "it exists", rows=rows, dry_run=True))
    assert run(*ARM, "--dry-run") == 1
    shown = capsys.readouterr().out
    assert [shown.count(words) for words in ("it exists", "throttled", "alone")] == [1, 1, 1]
    assert shown.count("refused, already_signed [1]\n") == 3
    assert shown.count("refused, already_signed [2]\n") == 2
    assert "\n[1] it exists\n[2] throttled\n" in shown
    assert "refused, already_signed: alone\n" in shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("add `force`: true", "add `--force`"),
        ("name it in `chain`, and `keys`", "name it in `--chain`, and `--key`"),
        ("or `handover` with `until`", "or `handover` with `--until`"),
        (
            "signs nothing since its `until`, 5: as `from`",
            "nothing since its `until`, 5: as `--from",
        ),
        ("what `signs_from` says", "what `signs from` says"),
        ("look at `status`", "look at `status`"),
    ],
)
def test_a_refusal_names_options(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str], said: str, shown: str
) -> None:
    rows = [{**row(level=5), "outcome": "too_far_ahead", "msg": said}]
    done = {**ARMED, "note": said}
    function.answer(refused("too_far_ahead", said, rows=rows), REHEARSED, done, REHEARSED, done)
    assert run(*ARM, "--yes") == 1
    told = capsys.readouterr()
    assert shown in told.out and shown in told.err
    assert run(*ARM, "--yes") == 0
    assert shown in capsys.readouterr().out
    assert run(*ARM, "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["note"] == said, "scripts read fields"


def test_whoever_stops_a_write_does_not_know_what_was_written(
    run: Run,
    function: Answering,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    function.answer(REHEARSED)
    read = commands.read

    def stopped(text: bytes, name: str, command: str) -> Any:
        if len(function.asked) == 2:
            raise KeyboardInterrupt
        return read(text, name, command)

    monkeypatch.setattr(commands, "read", stopped)
    assert run(*ARM, "--yes") == 3
    told = capsys.readouterr().err
    assert "`arm` at level 1000 had left" in told and "`deploy/redoubt status` shows" in told


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        (
            "raise --chain mainnet --level 5 --round 0 --force --key tz2a --key tz2b",
            {"command": "raise", "level": 5, "round": 0, "force": True, "keys": ["tz2a", "tz2b"]},
        ),
        ("raise --chain mainnet --level 5", {"command": "raise", "level": 5}),
        ("handover --chain mainnet --until 5", {"command": "handover", "until": 5}),
        ("handover --chain mainnet --from 5", {"command": "handover", "from": 5}),
        ("arm --chain mainnet --level 5 --force", {"command": "arm", "level": 5, "force": True}),
    ],
)
def test_options_become_fields(
    run: Run, function: Answering, words: str, fields: dict[str, Any]
) -> None:
    function.answer(written("raised", row(level=4), row(level=5)))
    assert run(*words.split(), "--yes") == 0
    assert function.commands[-1] == {**fields, "chain": MAINNET}
