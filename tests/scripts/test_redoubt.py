# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt: how it is asked, how it asks back, how it ends."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions
from redoubt_stack import console, redoubt
from redoubt_stack.operate import completion, stack_target

import code_facts
from answering import ADDRESS, MAINNET, Answering, answering, refused, row, status, written
from cloud import Answers, Cloud, refusal
from support.child import ROOT

OURS = [name for name, c in redoubt.COMMANDS.items() if c.module.startswith("operate.")]
Run = Callable[..., int]


@pytest.fixture
def function() -> Iterator[Answering]:
    with answering() as made:
        yield made


@pytest.fixture
def run(function: Answering, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Against `function`; with `typed` at a terminal. The exit code."""

    def started(*words: str, typed: str | None = None) -> int:
        monkeypatch.setattr("sys.stdin.isatty", lambda: typed is not None)
        monkeypatch.setattr("builtins.input", lambda _: typed)
        monkeypatch.setattr(sys, "argv", ["redoubt", "--local", function.url, *words])
        with pytest.raises(SystemExit) as ended:
            console.run(redoubt.run)
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return started


# --- Words ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "command", "rest"),
    [
        ("status", "status", []),
        ("--local u status --json", "status", ["--local", "u", "--json"]),
        ("--local=u --json status", "status", ["--local=u", "--json"]),
        (
            "--stack a --region b --profile c --node d arm -x",
            "arm",
            ["--stack", "a", "--region", "b", "--profile", "c", "--node", "d", "-x"],
        ),
        ("--help", "", ["--help"]),
        ("", "", []),
    ],
)
def test_shared_options_may_stand_before_the_command(
    given: str, command: str, rest: list[str]
) -> None:
    assert redoubt.split(given.split()) == (command, rest)


def test_help_lists_all_commands_and_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert redoubt.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in redoubt.COMMANDS:
        assert re.search(rf"^  {name} +\w", shown, re.M), name
    assert [int(code) for code in re.findall(r"^  (\d)  ", shown, re.M)] == [0, 1, 2, 3]
    assert redoubt.main([]) == 2


def test_each_command_has_examples_that_it_takes() -> None:
    for name in OURS:
        text = completion.help_of(redoubt.COMMANDS[name].module)
        known = set(re.findall(r"--[\w-]+", text.split("examples:")[0])) | {"--help"}
        examples = re.findall(r"^  deploy/redoubt (.+)$", text.split("examples:")[1], re.M)
        assert examples, name
        for line in examples:
            command, rest = redoubt.split(line.split(" #")[0].split())
            assert command == name
            assert {word.split("=")[0] for word in rest if word.startswith("--")} <= known
        if name != "completion":
            assert "ends with:\n  0  done" in text


@pytest.mark.parametrize(("word", "near"), [("stats", "did you mean status"), ("xyz", "--help")])
def test_an_unknown_command_is_wrong_usage(
    run: Run, capsys: pytest.CaptureFixture[str], word: str, near: str
) -> None:
    assert run(word) == 2
    assert near in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        "status --stack x",
        "status --json=yes",
        "status --jso",
        "arm --chain mainnet",
        "arm --chain minnet --level 5 --yes",
        "arm --chain NetXdQprcVkpaWA --level 5 --yes",
        "arm --level 5 --yes",
        "arm --chain mainnet --level five --yes",
        "arm --chain mainnet --level -5 --yes",
        "arm --chain mainnet --level head --yes",
        "arm --chain mainnet --level 5",
        "arm --chain mainnet --level 5 --json",
        "raise --chain mainnet --level 5 --round x --yes",
        "handover --chain mainnet --yes",
        "handover --chain mainnet --until 5 --from 6 --yes",
        "import --from nobody --level 5 --yes",
        "import --from octez --level 5 --yes",
        "import --from redoubt --level 5 --yes /absent",
        "export",
        "export --to midl",
        "logs --since 5",
        "logs --severity LOUD",
        "top",
        "top --json",
        "rotate",
        "completion fish",
    ],
)
def test_wrong_usage_asks_nothing_of_the_signer(run: Run, function: Answering, words: str) -> None:
    function.answer(refused("internal", "must not be asked"))
    assert run(*words.split()) == 2
    assert function.asked == []


@pytest.mark.parametrize(
    "url", ["https://x.lambda-url.eu-west-1.on.aws", "127.0.0.1:8080", "http://"]
)
def test_local_is_a_url_of_this_machine(url: str) -> None:
    with pytest.raises(console.BadUsage, match="deploy/local prints"):
        redoubt.main(["--local", url, "status"])


# --- How it ends ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "http", "code", "words"),
    [
        (refused("table_refused", "no right"), 200, 1, "refused: table_refused: no right"),
        (b"", 200, 3, "did not answer"),
        (b"null", 200, 3, "did not answer"),
        (b'{"redoubt":{"ok":false}}', 200, 3, "did not answer"),
        (b'{"errorType":"Runtime.ExitError","errorMessage":"it died"}', 200, 3, "it died"),
        (b'{"Message":"Rate Exceeded."}', 429, 3, "Rate Exceeded"),
        (b"no such page", 404, 3, "deploy/local"),
    ],
)
def test_the_exit_code_says_who_failed(
    run: Run,
    function: Answering,
    capsys: pytest.CaptureFixture[str],
    answer: Any,
    http: int,
    code: int,
    words: str,
) -> None:
    function.answer(answer, status=http)
    assert run("status") == code
    told = capsys.readouterr()
    assert words in told.err and told.out == ""


def test_nobody_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(console.Stop) as stopped:
        redoubt.main(["--local", "http://127.0.0.1:9", "status"])
    assert stopped.value.code == 3 and "does it still run?" in str(stopped.value)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (refusal("ResourceNotFoundException", "Invoke"), 3, "there is no redoubt-operator in"),
        (refusal("TooManyRequestsException", "Invoke"), 3, "Run the same command again"),
        (exceptions.EndpointConnectionError(endpoint_url="https://x"), 3, "way to the Internet"),
        (exceptions.ReadTimeoutError(endpoint_url="https://x"), 3, "way to the Internet"),
        (refusal("AccessDeniedException", "Invoke"), 1, "lacks this right"),
        (exceptions.NoCredentialsError(), 1, "aws configure sso"),
    ],
)
def test_of_a_stack_too(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
    words: str,
) -> None:
    monkeypatch.setattr(stack_target, "Aws", lambda *_: Answers(invoke=error))
    monkeypatch.setattr(sys, "argv", ["redoubt", "status"])
    with pytest.raises(SystemExit) as ended:
        console.run(redoubt.run)
    told = f"{ended.value.code}{capsys.readouterr().err}"
    assert words in told
    assert (ended.value.code if isinstance(ended.value.code, int) else 1) == code


def test_a_stack_is_asked_by_the_names_of_its_functions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever may invoke the one need not be allowed to describe the stack."""
    asked: list[tuple[str | None, str | None]] = []
    cloud = Cloud()
    monkeypatch.setattr(stack_target, "Aws", lambda *given: asked.append(given) or cloud)
    assert redoubt.main(["--region", "eu-west-1", "--profile", "p", "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True}
    assert (asked, cloud.asked) == ([("eu-west-1", "p")], ["invoke"])


def test_json_is_the_functions_answer(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    told = status(row())
    function.answer(told, refused("table_refused", "x"))
    assert run("status", "--json") == 0
    assert json.loads(capsys.readouterr().out) == told
    assert run("status", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["id"] == "table_refused"


def test_an_older_function_is_named_as_the_reason(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(refused("bad_request", "this command has no field `dry_run`"))
    assert run("arm", "--chain", "mainnet", "--level", "5", "--dry-run") == 1
    assert "older than this program" in capsys.readouterr().err


def test_who_reads_the_first_line_only_is_no_error(function: Answering) -> None:
    lines = [{"eventId": str(i), "timestamp": 1, "message": "x" * 500} for i in range(2000)]
    function.pages({"events": lines})
    command = (
        f"{sys.executable} -m redoubt_stack.redoubt --local {function.url} logs --since 999999d"
    )
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -n 1; exit ${{PIPESTATUS[0]}}"],
        env={"PYTHONPATH": str(ROOT / "deploy/aws"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_quick_command_reads_in_nothing_slow(function: Answering) -> None:
    """Botocore alone would take longer than all else."""
    function.answer(status(row()))
    program = (
        "import sys; from redoubt_stack import redoubt; "
        f"code = redoubt.main(['--local', '{function.url}', 'status']); "
        "slow = {'botocore', 'rich', 'yaml', 'urllib.request', 'asyncio'} & set(sys.modules); "
        "sys.exit(f'{code} {slow}' if code or slow else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "deploy/aws")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_other_programs_know_nothing_of_these() -> None:
    for path in (ROOT / "deploy/aws/redoubt_stack").glob("**/*.py"):
        is_ours = path.parent.name == "operate" or path.name == "redoubt.py"
        assert is_ours or "redoubt_stack.operate" not in path.read_text(), path
        assert path.name == "redoubt.py" or "redoubt_stack import redoubt" not in path.read_text()


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
    assert "refused: already_signed" in told.err
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
    assert shown.count("armed") == 2 and "refused, table_unavailable: throttled" in shown


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


# --- Levels and nodes -----------------------------------------------------------------------------
@pytest.fixture
def node() -> Iterator[Answering]:
    with answering() as made:
        yield made


def header(level: int, chain: str = MAINNET, time: str = "") -> bytes:
    from datetime import UTC, datetime

    now = time or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"chain_id": chain, "level": level, "timestamp": now}).encode()


@pytest.mark.parametrize(
    ("level", "sent"), [("head", 16_000_000), ("head+20", 16_000_020), ("15999999", 15_999_999)]
)
def test_a_nodes_head_is_shown_and_used(
    run: Run,
    function: Answering,
    node: Answering,
    capsys: pytest.CaptureFixture[str],
    level: str,
    sent: int,
) -> None:
    function.answer(REHEARSED, ARMED)
    node.answer(header(16_000_000))
    assert run("arm", "--level", level, "--node", node.url, "--yes") == 0
    assert function.commands[-1] == {"command": "arm", "chain": MAINNET, "level": sent}
    assert f"the node's head: level 16000000 of mainnet ({MAINNET})" in capsys.readouterr().err
    assert len(node.asked) == 1


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        (header(16_000_000, "NetXnHfVqm9iesp"), 200, 2),  # another chain
        (header(16_000_000, time="2026-01-01T00:00:00Z"), 200, 2),  # it is behind
        (header(100), 200, 2),  # so the level is a month above
        (b"{}", 200, 3),
        (b"gone", 302, 3),  # elsewhere may be anything
        (b"", 500, 3),
    ],
)
def test_a_node_that_does_not_fit_is_not_gone_by(
    run: Run, function: Answering, node: Answering, told: bytes, status: int, code: int
) -> None:
    node.answer(told, status=status)
    given = ("arm", "--chain", "mainnet", "--level", "16000000", "--node", node.url, "--yes")
    assert run(*given) == code
    assert function.asked == [] and len(node.asked) == 1


def test_a_node_elsewhere_is_asked_over_tls(run: Run, function: Answering) -> None:
    assert run("arm", "--level", "head", "--node", "http://rpc.example.org", "--yes") == 2
    assert function.asked == []


def test_a_level_far_off_is_asked_back(
    run: Run, function: Answering, node: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(REHEARSED, ARMED)
    node.answer(header(16_000_000))
    far = ("arm", "--level", "16050000", "--node", node.url)
    assert run(*far, "--yes") == 2
    assert "50,000 levels above the head" in capsys.readouterr().err and not function.asked
    assert run(*far, typed="16050000") == 0
    assert "CAREFUL: level 16,050,000" in capsys.readouterr().out
    assert run(*far, "--yes", "--accept-level") == 0


def test_rows_are_held_against_the_head(
    run: Run, function: Answering, node: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    other = row("block", 7, chain="NetXnHfVqm9iesp")
    function.answer(status(row("block", 990), other))
    node.answer(header(1000))
    assert run("status", "--node", node.url) == 0
    shown = capsys.readouterr().out
    assert shown.count("below head") == 1 and re.search(r"990 +closed .* 10 +2026", shown)


# --- import, export -------------------------------------------------------------------------------
def test_files_of_octez_go_by_their_names(run: Run, function: Answering, tmp_path: Path) -> None:
    function.answer(written("armed", None, row()))
    names = ("block_high_watermarks", "attestation_high_watermarks")
    files = [tmp_path / name for name in names]
    for file in files:
        file.write_text(f"of {file.name}")
    given = ("import", "--from", "octez", "--level", "5", "--chain", "mainnet", "--margin", "0")
    assert run(*given, "--yes", *map(str, files)) == 0
    assert function.commands[-1] == {
        "command": "import",
        "from": "octez",
        "data": {name: f"of {name}" for name in names},
        "level": 5,
        "chain": MAINNET,
        "margin": 0,
    }
    (tmp_path / "more").mkdir()
    again = tmp_path / "more" / names[0]
    again.write_text("x")
    assert run(*given, "--yes", *map(str, files), str(again)) == 2


@pytest.mark.parametrize(
    ("format", "name", "data"),
    [
        ("signatory", f"{MAINNET}.json", {f"{MAINNET}.json": "x"}),
        ("signatory", "table.json", "x"),
        ("midl", "rows.json", "x"),
        ("redoubt", "rows.json", "x"),
    ],
)
def test_a_file_is_sent_as_it_is(
    run: Run, function: Answering, tmp_path: Path, format: str, name: str, data: Any
) -> None:
    function.answer(written("armed", None, row(), left_out=[], not_in_data=[]))
    (tmp_path / name).write_text("x")
    given = ("import", "--from", format, "--level", "5", "--yes", str(tmp_path / name))
    assert run(*given) == 0
    assert function.commands[-1] == {"command": "import", "from": format, "data": data, "level": 5}


def test_a_nodes_head_is_for_its_own_chain(
    run: Run, function: Answering, node: Answering, tmp_path: Path
) -> None:
    function.answer(written("armed", None, row()))
    node.answer(header(16_000_000))
    (tmp_path / "rows").write_text("x")
    words = ("import", "--from", "redoubt", "--node", node.url, "--yes", str(tmp_path / "rows"))
    assert run(*words) == 0
    sent = function.commands[-1]
    assert (sent["chain"], sent["level"]) == (MAINNET, 16_000_000)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 4_000_001], ids=["binary", "long"])
def test_what_can_be_no_watermarks_is_not_sent(
    run: Run, function: Answering, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(content)
    given = ("import", "--from", "redoubt", "--level", "5", "--yes", str(tmp_path / "file"))
    assert run(*given) == 2
    assert function.asked == []


def test_an_import_shows_what_was_in_the_data(
    run: Run, function: Answering, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = written("raised", row(level=3), row(level=7))
    answer |= {"left_out": [{"pkh": "tz1other", "chain": MAINNET}], "not_in_data": ["tz3mine"]}
    answer["margin"] = 2
    for each in answer["rows"]:
        each["in_data"] = {"level": 4, "round": 2}
    answer["rows"][2]["in_data"] = None
    function.answer(answer)
    (tmp_path / "rows").write_text("x")
    assert run("import", "--from", "redoubt", "--level", "5", "--yes", str(tmp_path / "rows")) == 0
    shown = capsys.readouterr().out
    assert re.search(r"block +4, round 2 +3, closed +7, closed +raised", shown)
    assert re.search(r"attestation +none +3, closed", shown)
    assert "tz1other" in shown and "tz3mine" in shown and "2 levels above" in shown


@pytest.mark.parametrize("data", ["the rows", {"a_high_watermarks": "x", "b": "y"}])
def test_an_export_is_kept_and_never_over_what_is_there(
    run: Run, function: Answering, tmp_path: Path, data: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer({"ok": True, "data": data, "rows": [], "note": "stop this one first"})
    path = tmp_path / "out"
    assert run("export", "--to", "octez", "--output", str(path)) == 0
    assert "stop this one first" in capsys.readouterr().err
    if isinstance(data, str):
        assert path.read_text() == data
    else:
        assert {file.name: file.read_text() for file in path.iterdir()} == data
    assert run("export", "--to", "octez", "--output", str(path)) == 2
    assert run("export", "--to", "octez") == 0
    printed = capsys.readouterr().out
    assert printed.strip() == data if isinstance(data, str) else json.loads(printed) == data


def test_an_export_is_kept_whole_or_not_at_all(
    run: Run, function: Answering, tmp_path: Path
) -> None:
    function.answer({"ok": True, "data": {"a": "new", "b": "new"}, "rows": [], "note": ""})
    (tmp_path / "b").write_text("old")
    assert run("export", "--to", "octez", "--output", str(tmp_path)) == 2
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"b": "old"}


# --- Completion -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("completion") / "redoubt"
    path.write_text(completion.script())
    return path


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("redoubt st", {"status"}),
        ("redoubt --local http://x ra", {"raise"}),
        ("redoubt --stack other --json ex", {"export"}),
        ("deploy/redoubt arm --le", {"--level"}),
        ("redoubt raise --ro", {"--round"}),
        ("redoubt import --from ", {"octez", "signatory", "midl", "redoubt"}),
        ("redoubt logs --severity W", {"WARN"}),
        ("redoubt arm --chain m", {"mainnet"}),
        ("redoubt --local x arm --chain sh", {"shadownet"}),
        ("redoubt deploy --auth", {"--authorized-keys"}),
        ("redoubt completion ", {"bash", "zsh"}),
        ("redoubt import ./a-f", {"./a-file"}),
        ("redoubt ", set(redoubt.COMMANDS)),
    ],
)
def test_bash_completes(script: Path, tmp_path: Path, line: str, words: set[str]) -> None:
    (tmp_path / "a-file").touch()
    program = (
        f". {script}; COMP_WORDS=({line}{' ``' if line.endswith(' ') else ''}); "
        'COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _redoubt; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    program = program.replace("``", "''")
    done = subprocess.run(
        ["bash", "-euc", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = {word for word in done.stdout.split() if not word.startswith("--") or "--" in line}
    assert found == words


def test_bash_and_zsh_take_the_script(script: Path) -> None:
    """Its registration, too: for the program wherever it lies."""
    done = subprocess.run(
        ["bash", "-euc", f". {script}; complete -p redoubt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "complete -o filenames -F _redoubt redoubt", done.stderr
    lint = subprocess.run(
        ["shellcheck", "-s", "bash", str(script)], capture_output=True, text=True, check=False
    )
    assert lint.returncode == 0, lint.stdout


def test_every_option_of_every_command_is_completed(script: Path) -> None:
    text = script.read_text()
    for name, command in redoubt.COMMANDS.items():
        (words,) = re.findall(rf"^ +{name}:\*\) words='?([^';]+)'? ;;", text, re.M)
        options = set(
            re.findall(r"^ +(?:-\w, )?(--[\w-]+)", completion.help_of(command.module), re.M)
        )
        assert options <= set(words.split()), name
    assert code_facts.programs() >= {"deploy/redoubt"}
