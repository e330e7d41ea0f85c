# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt: what a shell completes."""

import re
import subprocess
from pathlib import Path

import pytest
from redoubt_stack import redoubt
from redoubt_stack.operate import completion

import code_facts
from support.terminal import Terminal


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
        ("redoubt logs --code already", {"already_signed"}),
        ("redoubt --local x arm --chain sh", {"shadownet"}),
        ("redoubt deploy --auth", {"--authorized-keys"}),
        ("redoubt completion ", {"bash", "zsh"}),
        ("redoubt import ./a-f", {"./a-file"}),
        ("redoubt --local x eth key", {"keys"}),
        ("redoubt eth keys cr", {"create"}),
        ("redoubt eth keys create --cred", {"--credentials"}),
        ("redoubt eth keys create --credentials ", {"01", "02"}),
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


def test_zsh_completes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also of who has not switched its completion on."""
    assert redoubt.main(["completion", "zsh"]) == 0
    (tmp_path / "script").write_text(capsys.readouterr().out)
    (tmp_path / "a-file").touch()
    with Terminal(["env", "-C", tmp_path, f"HOME={tmp_path}", "zsh", "-f", "-i"]) as terminal:
        terminal.type("source ./script && echo re''ady\n")
        terminal.wait_for("ready")
        for line, word in {
            "redoubt st": "status",
            "deploy/redoubt arm --le": "--level",
            "redoubt --local x raise --chain ma": "mainnet",
            "redoubt import --from o": "octez",
            "redoubt import ./a-f": "./a-file",
        }.items():
            terminal.type(f"{line}\t")
            terminal.wait_for(line.rpartition(" ")[0] + " " + word)
            terminal.type("\x15")


def test_bash_takes_the_script(script: Path) -> None:
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
