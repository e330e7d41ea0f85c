# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt: what it reads for `import`, and keeps of `export`."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack import chains
from redoubt_stack.operate.local_target import LocalTarget

from answering import MAINNET, Answering, Run, header, row, written


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


@pytest.mark.parametrize(("level", "code"), [("5", 2), ("900000000", 2), (None, 0)])
def test_the_head_is_judged_by_the_chain_that_the_data_names(
    run: Run,
    function: Answering,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    level: str | None,
    code: int,
) -> None:
    """Of the local host nobody can tell, so this one is none."""
    monkeypatch.setattr(LocalTarget, "is_local", False)
    function.answer(written("armed", None, row(), chain=MAINNET, left_out=[], not_in_data=[]))
    (tmp_path / "rows").write_text("x")
    likely = chains.find("mainnet").likely_head(datetime.now(UTC))
    words = ("import", "--from", "redoubt", "--level", level or str(likely), "--yes")
    assert run(*words, str(tmp_path / "rows")) == code
    written_at = [asked for asked in function.commands if "dry_run" not in asked]
    assert len(written_at) == (1 if code == 0 else 0)


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
