# SPDX-License-Identifier: Apache-2.0
"""What deploy/local shows of many validators."""

from pathlib import Path

import pytest
from redoubt_stack import redoubt
from redoubt_stack.console import Stop
from redoubt_stack.local_validators import Play


def play(folder: Path, count: int) -> Play:
    return Play("http://127.0.0.1:1", "http://127.0.0.1:2", folder, count)


def commanded(monkeypatch: pytest.MonkeyPatch, lines: int, code: int = 0) -> None:
    """In the place of the command's own work."""

    def main(_: list[str]) -> int:
        print("\n".join(f"line {i}" for i in range(lines)))
        return code

    monkeypatch.setattr(redoubt, "main", main)


def test_lists_of_many_keys_are_shown_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commanded(monkeypatch, 10_000)
    play(tmp_path, 17).run("keys list")
    _, typed, *shown = capsys.readouterr().out.splitlines()
    assert typed == "$ deploy/redoubt --local http://127.0.0.1:1 eth keys list"
    assert len(shown) == 21
    assert shown[9:12] == ["line 9", "  ... 9980 lines like these ...", "line 9990"]
    play(tmp_path, 16).run("keys list")
    assert "line 5000\n" in capsys.readouterr().out


def test_what_is_not_long_is_shown_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commanded(monkeypatch, 20)
    play(tmp_path, 1000).run("keys list")
    assert "lines like these" not in capsys.readouterr().out


def test_a_command_that_fails_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commanded(monkeypatch, 1, code=3)
    with pytest.raises(Stop, match="ended with 3"):
        play(tmp_path, 1).run("status")
