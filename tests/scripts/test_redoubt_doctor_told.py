# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt doctor`: how it tells, and how it ends; and its page."""

import json
import re
from typing import Any

import pytest
from redoubt_stack.operate import findings, outside
from redoubt_stack.operate.stack_target import StackTarget

from answering import Answering, Run, header, refused
from support.child import ROOT


def check(id: str, **more: Any) -> dict[str, Any]:
    return {"check": id, "of": "tz2", "ok": not more, **more}


def wrong(id: str, severity: str = "error") -> dict[str, Any]:
    return check(id, severity=severity, found=f"found {id}", do=f"mend {id}")


def answered(*checks: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "checks": list(checks), "errors": 0, "warnings": 0}


def test_all_well_is_one_line(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(answered(check("key_state"), check("clock")))
    assert run("doctor") == 0
    assert capsys.readouterr().out.endswith(": all is well\n")
    assert function.commands == [{"command": "doctor"}]


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ([wrong("key_state"), wrong("rows_idle", "warning")], 1),
        ([wrong("rows_idle", "warning")], 0),
        ([check("clock")], 0),
    ],
)
def test_errors_end_it_with_one(
    run: Run,
    function: Answering,
    capsys: pytest.CaptureFixture[str],
    checks: list[dict[str, Any]],
    code: int,
) -> None:
    function.answer(answered(*checks), answered(*checks))
    assert run("doctor") == code
    shown = capsys.readouterr().out
    bad = [one for one in checks if not one["ok"]]
    for one in bad:
        (line,) = [line for line in shown.splitlines() if f"found {one['check']}" in line]
        assert one["severity"] in line and f"mend {one['check']}" in line
    assert run("doctor", "--json") == code
    told = json.loads(capsys.readouterr().out)
    assert told["checks"] == bad
    assert told["errors"] == sum(one.get("severity") == "error" for one in checks)
    assert told["warnings"] == sum(one.get("severity") == "warning" for one in checks)


def test_errors_come_first(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(answered(wrong("clock", "warning"), wrong("table_state"), wrong("key_state")))
    assert run("doctor") == 1
    shown = capsys.readouterr().out
    order = [shown.index(f"found {id}") for id in ("key_state", "table_state", "clock")]
    assert order == sorted(order) and "2 errors, 1 warnings" in shown


def test_rows_are_held_against_a_nodes_head(run: Run, function: Answering) -> None:
    function.answer(header(1005), answered(check("clock")))
    assert run("doctor", "--node", function.url) == 0
    (asked,) = [one["redoubt"] for one in function.asked if one]
    assert asked == {"command": "doctor", "chain": "NetXdQprcVkpaWU", "level": 1005}


@pytest.mark.parametrize(
    "members",
    [{}, {"checks": []}, {"checks": "all"}, {"checks": [check("clock"), 7]}, {"checks": None}],
)
def test_an_answer_without_checks_is_not_well(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str], members: dict[str, Any]
) -> None:
    """As from a function that is not ours, or whose checks this program can't read."""
    function.answer({"ok": True, **members})
    assert run("doctor", "--json") == 1
    (told,) = json.loads(capsys.readouterr().out)["checks"]
    assert told["check"] == "operator_answers"


def test_a_severity_of_a_later_function_is_an_error(run: Run, function: Answering) -> None:
    function.answer(answered(wrong("key_state", "fatal")))
    assert run("doctor") == 1


def test_what_to_do_is_said_in_options(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(answered(wrong("row_fence_shut") | {"do": "`raise` to it with `force`"}))
    assert run("doctor") == 1
    assert "`raise` to it with `--force`" in capsys.readouterr().out


def test_an_older_function_is_told_apart(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(refused("bad_request", "the commands are `status` and `arm`"))
    assert run("doctor") == 1
    assert "older than this program" in capsys.readouterr().err


def test_a_stack_is_looked_at_although_its_function_is_silent(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from redoubt_stack import redoubt
    from redoubt_stack.operate.targets import Unreachable

    def silent(*_: Any) -> bytes:
        raise Unreachable("AWS: busy\n  Run it again")

    monkeypatch.setattr(StackTarget, "invoke", silent)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    one = findings.Finding("alarms_ringing", "alarms", "error", "redoubt-5xx", "see")
    for found, expected in (
        ([one], ["operator_answers", "alarms_ringing"]),
        (
            [findings.Finding("operator_answers", "o", "error", "stopped", "x")],
            ["operator_answers"],
        ),
    ):
        monkeypatch.setattr(outside, "look", lambda *_, found=found: found)
        assert redoubt.main(["doctor", "--json"]) == 1
        told = json.loads(capsys.readouterr().out)
        assert [line["check"] for line in told["checks"]] == expected


# --- The page -------------------------------------------------------------------------------------
KNOWN = re.compile(r'Known\{\s*"(\w+)", (error|warning),\s+"((?:[^"\\]|"\s+")+)"\}')
LINE = re.compile(r"^\| `(\w+)` \| (error|warning) \| (.+?) \| (.+) \|$", re.M)


def of_the_function() -> dict[str, str]:
    text = (ROOT / "src/operator/tezos/doctor/report.cpp").read_text()
    found = {id: severity for id, severity, _ in KNOWN.findall(text)}  # as clang-format leaves it
    assert len(found) == text.count("    Known{"), "all are read"
    return found


def test_the_page_has_each_check() -> None:
    page = (ROOT / "docs/doctor.md").read_text()
    listed = [(id, severity) for id, severity, _, _ in LINE.findall(page)]
    ours = {
        id: "warning" if id in findings.WARNINGS else "error" for id in findings.TO_DO
    } | of_the_function()
    # Of a wrapping key's state both sides know.
    assert sorted(set(listed)) == sorted(ours.items())


def test_what_to_do_leads_to_sections_that_there_are() -> None:
    ours = re.findall(
        r'"((?:[^"\\]|"\s+")*)"', (ROOT / "src/operator/tezos/doctor/report.cpp").read_text()
    )
    texts = [re.sub(r'"\s+"', "", text) for text in ours] + list(findings.TO_DO.values())
    named = [
        place for text in texts for place in re.findall(r"docs/(\w+)\.md, ([A-Z][\w ]+\w)", text)
    ]
    assert len(named) > 8
    for page, section in named:
        headings = re.findall(r"^#+ (.+)$", (ROOT / f"docs/{page}.md").read_text(), re.M)
        assert section in [heading.replace(",", "") for heading in headings], (page, section)
