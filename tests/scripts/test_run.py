# SPDX-License-Identifier: Apache-2.0
"""How tests/run ends: its exit status and its last line, with a pytest that does as it is told."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from fakes import program
from support.child import ROOT, wait_until

RUN = ROOT / "tests" / "run"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which steps fail whose folder holds a file `fails`."""
    for name in ("policies", "scripts", "system", "contract"):
        (tmp_path / "tests" / name).mkdir(parents=True)
    shutil.copy(RUN, tmp_path / "tests/run")
    (tmp_path / "deploy/tools").mkdir(parents=True)
    shutil.copy(ROOT / "deploy/tools/common", tmp_path / "deploy/tools")
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


def stub(checkout: Path, **does: str) -> None:
    """What installs, builds or measures does nothing here, but for what is told; the lists and the
    end are as they are."""
    script = checkout / "tests/run"
    text = script.read_text(encoding="utf-8")
    lists = re.findall(r"^(?:steps|beside|others)=\(([^)]*)\)", text, re.MULTILINE)
    by_pytest = {"policies", "scripts", "system", "contract", "beside"}
    names = set(" ".join(lists).split()) - by_pytest
    stubs = "".join(f"{name}() {{ {does.get(name, ':')}; }}\n" for name in sorted(names))
    script.write_text(text.replace("# run_step <step>", f"{stubs}\n# run_step <step>", 1))


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
    stub(checkout)
    (checkout / "build/shipped").mkdir()
    status, lines = run(checkout)
    assert status == 1
    assert lines[-1].startswith("tests/run: FAILED in system after 0:")


# What runs when the signal comes: a step that has children, one of them in the background; and what
# runs beside such a step.
CHILDREN = """
[ "$1" ] || { "$0" child & "$0" child; exit; }
echo $$ >>PIDS
exec sleep 60
"""


def stubborn(checkout: Path) -> Path:
    """A pytest that runs on until it is killed. Where its processes note that they are."""
    pids = checkout / "pids"
    children = program(checkout / "children", CHILDREN.replace("PIDS", str(pids)))
    program(checkout / "build/venv/bin/pytest", f'"{children}"\n')
    return pids


def noted(pids: Path) -> list[int]:
    return [int(pid) for pid in pids.read_text().split()] if pids.exists() else []


def alive(pids: Path) -> list[int]:
    return [pid for pid in noted(pids) if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize(("steps", "processes"), [(["policies"], 2), ([], 6)])
def test_a_run_that_is_ended_says_so_and_leaves_nothing_behind(
    checkout: Path, ending: signal.Signals, steps: list[str], processes: int
) -> None:
    pids = stubborn(checkout)
    children = str(checkout / "children")
    stub(checkout, deployment=children, rebuild=children)
    said = checkout / "said"
    # Whatever started the tests may ignore some, as `nohup` does, and children inherit that.
    command = ["env", "--default-signal=INT,HUP,TERM", checkout / "tests/run", *steps]
    with said.open("w") as output:
        running = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_until(lambda: len(noted(pids)) == processes, "the processes", 20)
        running.send_signal(ending)
        assert running.wait(30) == 128 + ending
        wait_until(lambda: not alive(pids), "their end")
    finally:
        running.kill()
        for pid in alive(pids):
            os.kill(pid, signal.SIGKILL)
    last = said.read_text().splitlines()[-1]
    assert last.startswith("tests/run: FAILED in policies after 0:")
    assert f", ended by {ending.name};" in last


def test_a_step_that_fails_leaves_nothing_behind(checkout: Path) -> None:
    pids = checkout / "pids"
    program(checkout / "build/venv/bin/pytest", f"sleep 60 &\necho $! >{pids}\nexit 1\n")
    assert run(checkout, "policies")[0] == 1
    assert len(noted(pids)) == 1
    wait_until(lambda: not alive(pids), "its end")


def test_an_environment_of_another_place_is_refused(checkout: Path) -> None:
    """Its programs would be the other place's."""
    written = checkout / "build/venv/pyvenv.cfg"
    command = "home = /usr/bin\ncommand = /usr/bin/python3 -m venv {}/build/venv\n"
    written.write_text(command.format(checkout))
    assert run(checkout, "policies")[0] == 0
    written.write_text(command.format("/another/place"))
    status, lines = run(checkout, "policies")
    assert status == 2
    assert lines == [
        "tests/run: build/venv was made where this checkout lay before: run tests/run install"
    ]


def test_what_runs_beside_is_told_with_its_time(checkout: Path) -> None:
    stub(checkout)
    (checkout / "build/shipped").mkdir()
    status, lines = run(checkout)
    assert status == 0, lines
    for name in ("fetch", "deployment", "tidy", "model", "rebuild", "shipping", "simulation"):
        assert re.search(rf"[(, ]{name} \d s beside[,)]", lines[-1]), lines[-1]


@pytest.mark.parametrize("lane", ["fetch", "deployment", "tidy", "rebuild", "shipping"])
def test_what_fails_beside_fails_the_run_and_is_shown(checkout: Path, lane: str) -> None:
    stub(checkout, **{lane: "echo why it failed; false"})
    (checkout / "build/shipped").mkdir()
    status, lines = run(checkout)
    assert status == 1
    assert "why it failed" in lines
    assert lines[-1].startswith("tests/run: FAILED in ")


def test_what_still_runs_beside_a_failure_is_ended(checkout: Path) -> None:
    pids = checkout / "pids"
    stub(checkout, deployment=f"echo $BASHPID >{pids}; sleep 60", rebuild="sleep 1; false")
    (checkout / "build/shipped").mkdir()
    assert run(checkout)[0] == 1
    assert len(noted(pids)) == 1
    wait_until(lambda: not alive(pids), "its end")


def test_without_an_environment_it_says_how_to_get_one(checkout: Path) -> None:
    (checkout / "build/venv/bin/pytest").unlink()
    status, lines = run(checkout, "policies")
    assert status == 1
    assert "tests/run: no build/venv yet: run tests/run install" in lines


@pytest.mark.parametrize("ran", [False, True])
def test_only_the_first_whole_run_says_what_it_will_take(checkout: Path, ran: bool) -> None:
    stub(checkout)
    if ran:
        (checkout / "build/shipped").mkdir()
    status, lines = run(checkout)
    assert status == 0, lines
    said = [line for line in lines if "the first run takes about 40 minutes" in line]
    assert len(said) == (0 if ran else 1)


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
    for name in ("install", "curl", "blst", "venv"):
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
