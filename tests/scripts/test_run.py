# SPDX-License-Identifier: Apache-2.0
"""How tests/run ends: its exit status and its last line, with a pytest that does as it is told."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[1] / "run"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which steps fail whose folder holds a file `fails`."""
    for name in ("policies", "scripts", "system", "contract"):
        (tmp_path / "tests" / name).mkdir(parents=True)
    shutil.copy(RUN, tmp_path / "tests/run")
    program = tmp_path / "build/venv/bin/pytest"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@"\nfor last; do :; done\n! [ -e "$last/fails" ]\n')
    program.chmod(0o755)
    return tmp_path


def run(checkout: Path, *arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [checkout / "tests/run", *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def test_the_last_line_says_what_passed_in_what_time(checkout: Path) -> None:
    status, lines = run(checkout, "policies", "scripts")
    assert status == 0
    assert re.fullmatch(
        r"tests/run: 2 step\(s\) passed in 0:0\d \(policies \d s, scripts \d s\)", lines[-1]
    )
    assert "-c tests/pytest.ini tests/scripts" in lines


def test_a_step_that_fails_ends_the_run_and_is_named(checkout: Path) -> None:
    (checkout / "tests/scripts/fails").touch()
    status, lines = run(checkout, "policies", "scripts", "contract")
    assert status == 1
    assert re.fullmatch(
        r"tests/run: FAILED in scripts after 0:0\d; 1 step\(s\) had passed \(policies \d s\)",
        lines[-1],
    )
    assert "== contract" not in lines


def test_a_whole_run_that_fails_after_its_background_has_ended_says_so_too(checkout: Path) -> None:
    (checkout / "tests/system/fails").touch()
    script = checkout / "tests/run"
    # What installs, builds or measures does nothing here; the lists and the end are as they are.
    names = (
        "install",
        "style",
        "release",
        "chroot",
        "unit",
        "fuzz",
        "stack",
        "instructions",
        "simulation",
    )
    stubs = "".join(f"{name}() {{ :; }}\n" for name in (*names, "model", "tidy", "rebuild"))
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("# run_step <step>", f"{stubs}\n# run_step <step>", 1))
    (checkout / "tests/deployment").mkdir()
    status, lines = run(checkout)
    assert status == 1
    assert lines[-1].startswith("tests/run: FAILED in system after 0:")


def test_a_run_that_is_ended_does_not_say_that_it_passed(checkout: Path) -> None:
    program = checkout / "build/venv/bin/pytest"
    program.write_text("#!/bin/sh\necho begun\nexec sleep 1\n")
    with subprocess.Popen(
        [checkout / "tests/run", "policies"], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        while "begun" not in running.stdout.readline():
            pass
        running.terminate()
        assert "passed" not in running.stdout.read().splitlines()[-1].split(";")[0]
        assert running.wait(10) != 0


@pytest.mark.parametrize("arguments", [["nothing"], ["policies", "nothing"], ["--fast"], [""]])
def test_what_is_no_step_is_refused_before_anything_runs(
    checkout: Path, arguments: list[str]
) -> None:
    status, lines = run(checkout, *arguments)
    assert status == 2
    assert len(lines) == 1
    assert f"no step '{arguments[-1]}'" in lines[0]


def test_quick_says_that_a_whole_run_comes_first(checkout: Path) -> None:
    status, lines = run(checkout, "--quick")
    assert status == 2
    assert lines == [
        "tests/run: --quick needs what a whole run leaves in build/: run tests/run once"
    ]
    assert run(checkout, "--quick", "policies")[0] == 2


def test_help_is_the_head_of_the_script(checkout: Path) -> None:
    status, lines = run(checkout, "--help")
    assert status == 0
    assert any("--quick" in line for line in lines)


def test_every_step_that_a_list_names_is_there() -> None:
    text = RUN.read_text(encoding="utf-8")
    lists = re.findall(r"^(?:steps|quick|others)=\(([^)]*)\)", text, re.MULTILINE)
    assert len(lists) == 3
    for step in " ".join(lists).split():
        assert re.search(rf"^{step}\(\) {{", text, re.MULTILINE), step


def test_install_makes_every_python_environment(checkout: Path) -> None:
    """So that no later step asks a registry, which fails it strangely where there is no network."""
    made = checkout / "made"
    for name in ("install", "curl", "venv"):
        tool = checkout / "deploy/tools" / name
        tool.parent.mkdir(parents=True, exist_ok=True)
        tool.write_text(f'#!/bin/sh\necho "{name} $*" >>{made}\n')
        tool.chmod(0o755)
    for name in ("fetch", "fetch-linters"):
        tool = checkout / "tests/tools" / name
        tool.parent.mkdir(parents=True, exist_ok=True)
        tool.write_text("#!/bin/sh\n")
        tool.chmod(0o755)
    assert run(checkout, "install")[0] == 0
    known = (RUN.parent / "tools/fetch").read_text(encoding="utf-8") + made.read_text()
    root = RUN.parents[1]
    files = [*root.glob("*/requirements.txt"), *root.glob("*/aws/requirements.txt")]
    assert len(files) == 3
    for file in files:
        name = str(file.relative_to(root))
        assert re.search(rf"^(deploy/tools/)?venv \S+ {name}$", known, re.MULTILINE), name
