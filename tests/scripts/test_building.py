# SPDX-License-Identifier: Apache-2.0
"""What deploy/local, deploy/build and deploy/tools say and do where something is in their way. In a
copy, in a folder with spaces in its name; small programs stand for those that take minutes."""

import os
import pty
import re
import socket
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import program
from support.child import ROOT
from support.host import PROGRAM

NOBODY = 65534
LOCK = "/var/lib/dpkg/lock-frontend"
LOCKED = f"E: Could not get lock {LOCK}. It is held by process 123 (apt)"
UNRESOLVED = "Temporary failure resolving 'deb.debian.org'"


class Tree:
    """`path` is searched before the machine's own programs; `asked` is what was asked of those."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self.path = folder / "path"
        self.path.mkdir()
        shutil.copytree(ROOT / "deploy", self.root / "deploy", ignore=ignored)
        usage = Path("tests/standins/usage.txt")
        (self.root / usage.parent).mkdir(parents=True)
        shutil.copy(ROOT / usage, self.root / usage)

    def fake(self, name: str, text: str) -> None:
        program(self.path / name, f'echo "{name} $*" >>"{self.path}/asked"\n{text}\n')

    @property
    def asked(self) -> list[str]:
        kept = self.path / "asked"
        return kept.read_text().splitlines() if kept.exists() else []

    def run(
        self, script: str, *words: str, only: bool = False, user: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`only`: with no other program in its path."""
        path = str(self.path) if only else f"{self.path}:/usr/bin:/bin"
        return subprocess.run(
            ["/bin/bash", self.root / script, *words],
            env={"PATH": path, "HOME": "/nowhere", "LC_ALL": "C.UTF-8"},
            cwd="/",
            user=user if os.geteuid() == 0 else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def local(self, *words: str) -> subprocess.CompletedProcess[str]:
        """At a port that nobody has."""
        return self.run("deploy/local", "--port", "0", *words)


def ignored(_folder: str, names: list[str]) -> set[str]:
    return {"aws", "__pycache__"}.intersection(names)


@pytest.fixture
def tree() -> Iterator[Tree]:
    """Where others than who runs the tests can read, too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Tree(Path(folder))


def untimed(text: str) -> str:
    return re.sub(r"\[\d+:\d\d\] ", "[0:00] ", text)


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    """What is said to people is one line, but for what is being done."""
    (line,) = [line for line in done.stderr.splitlines() if not re.match(r"\[\d+:\d\d\] ", line)]
    return line


# --- deploy/local: its options --------------------------------------------------------------------
RIGHT = (
    "",
    "--once --json",
    "--levels 0 --block-ms 300 --port 0 --environments 3 --timeout-ms 100",
    "--kms-ms 10 --dynamodb-ms 4 --control-port 0",
    "--fault dynamodb:throttle@0.1 --fault kms:slow=100#3 --fault environment:kill",
    "--env A=b=c --env EMPTY=",
    "--keys tz1 --keys tz3,tz1,tz2",
    "--bootstrap /bin/true",
)
RIGHT_OF_ETHEREUM = (
    "--validators 1 --epochs 0",
    "--validators 10000 --epochs 999 --slot-ms 12000",
    "--slot-ms 1 --environments 4 --once",
)
WRONG = (
    "--levls 3",
    "--version",
    "-h",
    "help",
    "--levels",
    "--levels x",
    "--levels -1",
    "--levels 1.5",
    "--fault throttle",
    "--fault s3:throttle",
    "--env NOEQUALS",
    "--env =x",
    "--keys tz5",
    "--keys tz1,",
    "--once --what",
    "]",
)


@pytest.fixture
def unbuilt(tree: Tree) -> Tree:
    """That must not be built."""
    program(tree.root / "deploy/build", f'echo build >>"{tree.path}/asked"\n')
    return tree


@pytest.mark.parametrize("options", [text.split() for text in RIGHT], ids=RIGHT)
def test_options_are_taken_by_script_and_program(unbuilt: Tree, options: list[str]) -> None:
    done = unbuilt.local(*options, "--help")
    told = subprocess.run(
        [PROGRAM, *options, "--help"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, told.returncode) == (0, 0), done.stderr + told.stderr
    assert done.stdout.startswith(told.stdout)
    assert unbuilt.asked == []


@pytest.mark.parametrize("options", RIGHT_OF_ETHEREUM)
def test_options_of_validators_are_taken(unbuilt: Tree, options: str) -> None:
    done = unbuilt.local("--chain", "ethereum", *options.split(), "--help")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--chain eth", "not a value of --chain: eth"),
        ("--chain ethereum --levels 3", "--chain ethereum has no --levels"),
        ("--keys tz1 --chain ethereum", "--chain ethereum has no --keys"),
        ("--validators 3", "--chain tezos has no --validators"),
        ("--epochs 3", "--chain tezos has no --epochs"),
        ("--slot-ms 500", "--chain tezos has no --slot-ms"),
        *(
            (f"--chain ethereum {option} {value}", f"not a value of {option}: {value}")
            for option, values in {
                "--validators": ("x", "0", "10001", "-1"),
                "--epochs": ("x", "1000", "1.5", "-1"),
                "--slot-ms": ("x", "0", "1000000", "-1"),
            }.items()
            for value in values
        ),
    ],
)
def test_each_chain_has_its_own_options(unbuilt: Tree, options: str, words: str) -> None:
    done = unbuilt.local(*options.split())
    assert done.returncode == 2
    assert only_line(done).startswith(f"deploy/local: {words}; ")
    assert unbuilt.asked == []


@pytest.mark.parametrize("options", [text.split() for text in WRONG], ids=WRONG)
def test_wrong_options_are_told_before_anything_is_built(unbuilt: Tree, options: list[str]) -> None:
    done = unbuilt.local(*options)
    told = subprocess.run([PROGRAM, *options], capture_output=True, text=True, check=False)
    assert (done.returncode, told.returncode) == (2, 2)
    said = only_line(done)
    assert said.startswith("deploy/local: ")
    assert said.endswith("; deploy/local --help lists what there is")
    assert said.removeprefix("deploy/local: ").split(";")[0] == told.stderr.splitlines()[0]
    assert unbuilt.asked == []
    assert not (unbuilt.root / "build").exists()


@pytest.mark.parametrize("option", ["--port", "--control-port"])
def test_a_port_that_is_taken_is_told_before_anything_is_built(unbuilt: Tree, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = unbuilt.local(option, port)
    assert done.returncode == 1
    said = only_line(done)
    assert said.startswith(f"deploy/local: port {port} is taken") and "give --port 0" in said
    assert unbuilt.asked == []


def test_builds_options_come_first_too(tree: Tree) -> None:
    program(tree.root / "deploy/tools/install", f'echo install >>"{tree.path}/asked"\n')
    assert tree.run("deploy/build", "--arc").returncode == 2
    told = tree.run("deploy/build", "--help")
    assert told.returncode == 0
    assert "--arch x86_64 | arm64" in told.stdout
    assert tree.asked == []


# --- deploy/local: never an old program -----------------------------------------------------------
@pytest.fixture
def built(tree: Tree) -> Tree:
    """With a program of an earlier build."""
    program(tree.root / "build/release/redoubt-local", 'echo "run: $*"\nexit 7\n')
    program(tree.root / "deploy/build", 'echo "what is made"\necho "[0:00] a step" >&2\n')
    tree.fake("cmake", "echo '[1/2] Building'\necho 'the compiler has a word'")
    return tree


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert "run:" not in done.stdout
    return done.stderr.splitlines()[-1]


def test_what_was_built_is_run(built: Tree) -> None:
    done = built.local("--levels", "3", "--env", "A=b c")
    assert (done.returncode, done.stdout) == (7, "run: --port 0 --levels 3 --env A=b c\n")
    assert "[0:00] a step" in untimed(done.stderr).splitlines()
    assert "first run" not in done.stderr
    assert (built.root / "build/local.log").read_text().splitlines() == [
        "what is made",
        "the compiler has a word",
    ]
    assert built.asked == ["cmake --build --preset release --target redoubt-local"]


def test_tezos_is_run_by_the_host_itself(built: Tree) -> None:
    done = built.local("--chain", "tezos", "--levels", "3")
    assert (done.returncode, done.stdout) == (7, "run: --port 0 --levels 3\n")


def test_ethereum_is_played_by_the_operators_command(built: Tree) -> None:
    program(built.root / "deploy/tools/stack", 'echo "play: $*"\n')
    done = built.local("--chain", "ethereum", "--validators", "3")
    host = built.root / "build/release/redoubt-local"
    play = f"play: local_validators {host} --port 0 --chain ethereum --validators 3\n"
    assert (done.returncode, done.stdout) == (0, play)


def test_the_first_run_says_what_it_will_take(built: Tree) -> None:
    (built.root / "build/release/redoubt-local").unlink()
    said = untimed(built.local().stderr).splitlines()[0]
    assert re.fullmatch(r"\[0:00\] the first run .* minutes .* GB of disk", said)


def test_not_run_if_the_release_fails(built: Tree) -> None:
    program(built.root / "deploy/build", "echo 'error: it is wrong'\nexit 1\n")
    done = built.local()
    assert "error: it is wrong" in done.stderr
    log = built.root / "build/local.log"
    assert refused(done) == (f"deploy/local: nothing is run, as the build failed: {log} has it all")
    assert built.asked == []


def test_not_run_if_the_host_is_not_compiled(built: Tree) -> None:
    built.fake("cmake", "echo 'FAILED: main.cpp'\nexit 1")
    done = built.local()
    assert "FAILED: main.cpp" in done.stderr
    assert "the build failed" in refused(done)


@pytest.mark.parametrize("said_by", ["deploy/build", "cmake"])
def test_not_run_if_the_log_has_no_room(built: Tree, said_by: str) -> None:
    (built.root / "build/local.log").symlink_to("/dev/full")
    if said_by == "cmake":
        program(built.root / "deploy/build", "")
    assert refused(built.local()).endswith("No space left on device")


def test_what_stopped_the_build_is_the_only_line(built: Tree) -> None:
    program(built.root / "deploy/build", "echo 'deploy/build: no network' >&2\nexit 1\n")
    assert refused(built.local()) == "deploy/build: no network"


def test_not_run_if_the_disk_is_full(built: Tree) -> None:
    built.fake("df", "echo Avail\necho 12")
    program(built.root / "deploy/build", "exit 1\n")
    assert refused(built.local()).endswith(" is on is full")


def test_not_run_if_the_log_is_none(built: Tree) -> None:
    (built.root / "build/local.log").mkdir()
    assert "cannot write" in refused(built.local())
    assert built.asked == []


@pytest.mark.parametrize("owned", ["build", "build/local.log", "build/release/bootstrap", ""])
@pytest.mark.parametrize("script", ["deploy/local", "deploy/build"])
def test_what_belongs_to_another_is_told(built: Tree, owned: str, script: str) -> None:
    """Built as root, for one; or in a checkout that may only be read."""
    place = built.root / owned
    if script == "deploy/build":
        shutil.copy(ROOT / script, built.root / script)
    if not owned:
        shutil.rmtree(built.root / "build")
    elif not place.exists():
        place.touch()
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    for path in (built.root / "build", *(built.root / "build").rglob("*")):
        if path.exists() and os.geteuid() == 0:
            os.chown(path, user, user)
    if os.geteuid() == 0:
        os.chown(place, 0, 0)
    place.chmod(0o555)
    free_port = ("--port", "0") if script == "deploy/local" else ()
    done = built.run(script, *free_port, user=user)
    assert refused(done) == only_line(done)
    assert only_line(done).startswith(f"{script}: cannot write {place}: it is ")
    assert built.asked == []
    place.chmod(0o755)


@pytest.mark.parametrize("character", ["$", "'", '"', ";", "=", "\\", "(", "["])
def test_a_path_that_compilers_cannot_be_given_is_told(built: Tree, character: str) -> None:
    built.root = built.root.rename(built.root.parent / f"an{character}odd one")
    done = built.local()
    refused(done)
    assert f"compilers cannot be given the '{character}' in {built.root}" in only_line(done)


# --- Progress -------------------------------------------------------------------------------------
NINJA = "printf '[1/3] Building a\\n[2/3] Building b\\nb.cpp: error\\n[3/3] Linking\\n'"


def counted(tree: Tree, before: str = "") -> list[str | Path]:
    common = tree.root / "deploy/tools/common"
    return ["/bin/bash", "-c", f'. "{common}"; {before} {NINJA} | counted compiling']


def test_counts_take_each_others_place_on_a_terminal(tree: Tree) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(counted(tree), stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    assert done.stdout == b"b.cpp: error\n"
    lines = [f"\r\x1b[K[0:00] compiling: {number} of 3" for number in (1, 2, 3)]
    expected = "".join(lines) + "\r\x1b[K"
    shown = ""
    while len(shown) < len(expected):
        shown += os.read(ours, 10_000).decode()
    os.close(ours)
    assert untimed(shown) == expected


def test_counts_are_a_line_each_ten_seconds_elsewhere(tree: Tree) -> None:
    said = subprocess.run(counted(tree), capture_output=True, text=True, check=True)
    assert (said.stdout, said.stderr) == ("b.cpp: error\n", "")
    # A clock that makes 4 seconds of each look at it.
    clock = (
        "unset EPOCHSECONDS; EPOCHSECONDS=100 REDOUBT_BEGAN=35;"
        "next() { EPOCHSECONDS=$((EPOCHSECONDS + 4)); }; trap next DEBUG; set -T;"
    )
    said = subprocess.run(counted(tree, clock), capture_output=True, text=True, check=True)
    lines = said.stderr.splitlines()
    assert 1 <= len(lines) <= 3
    assert all(re.fullmatch(r"\[\d+:\d\d\] compiling: [123] of 3", line) for line in lines)
    assert not lines[0].startswith("[0:")


def test_what_is_counted_and_cannot_be_written_is_a_failure(tree: Tree) -> None:
    command = counted(tree, "set -o pipefail;")
    with Path("/dev/full").open("w") as full:
        assert subprocess.run(command, stdout=full, stderr=full, check=False).returncode != 0


# --- Installing -----------------------------------------------------------------------------------
APT_SAYS = """\
Reading package lists...
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Need to get 119 MB of archives.
After this operation, 605 MB of additional disk space will be used.
Get:1 http://deb.debian.org/debian bookworm/main amd64 zip [1 kB]
Get:2 http://deb.debian.org/debian bookworm/main amd64 unzip [1 kB]
Setting up zip (3.0)
"""


@pytest.fixture
def bare(tree: Tree) -> Tree:
    """A machine that has none of the packages."""
    tree.fake("dpkg-query", "exit 1")
    tree.fake("sleep", "")
    tree.fake("sudo", 'exec "$@"')
    answers(tree, install=f"cat <<'SAYS'\n{APT_SAYS}SAYS")
    return tree


def answers(tree: Tree, update: str = ":", install: str = ":") -> None:
    tree.fake("apt-get", f'case " $* " in\n*" update "*)\n{update}\n;;\n*)\n{install}\nesac')


def asked_of(tree: Tree, name: str) -> list[str]:
    return [line for line in tree.asked if line.startswith(f"{name} ")]


def test_what_is_there_is_not_installed(bare: Tree) -> None:
    bare.fake("dpkg-query", "echo installed")
    done = bare.run("deploy/tools/install", "build", "arm64", "deploy", "test", "bench")
    assert (done.returncode, done.stderr) == (0, "")
    assert asked_of(bare, "apt-get") == []


def test_says_what_it_installs_and_how_much_that_is(bare: Tree) -> None:
    done = bare.run("deploy/tools/install", "arm64")
    assert done.returncode == 0, done.stderr
    assert untimed(done.stderr).splitlines() == [
        "[0:00] installing 2 Debian packages and what they need: "
        "g++-aarch64-linux-gnu qemu-user-static",
        "[0:00] Need to get 119 MB of archives",
        "[0:00] After this operation, 605 MB of additional disk space will be used",
        "[0:00] fetching packages: 1 of 2",
    ]
    update, install = asked_of(bare, "apt-get")
    assert update.endswith(" update")
    assert install.endswith(
        " install -y --no-install-recommends g++-aarch64-linux-gnu qemu-user-static"
    )


def test_without_a_network_it_says_which_host_is_missing(bare: Tree) -> None:
    fetching = f"Failed to fetch http://deb.debian.org/debian/pool/z.deb  {UNRESOLVED}"
    answers(bare, f'echo "W: {fetching}"', f'echo "E: {fetching}"\necho E: Unable\nexit 100')
    done = bare.run("deploy/tools/install", "arm64")
    assert done.returncode == 1
    assert only_line(done) == (
        f"deploy/tools/install: cannot fetch from deb.debian.org ({UNRESOLVED}); "
        "needed: g++-aarch64-linux-gnu qemu-user-static"
    )


def test_lists_that_cannot_be_fetched_are_why_a_package_is_unknown(bare: Tree) -> None:
    warning = f"W: Failed to fetch http://deb.debian.org/debian/InRelease  {UNRESOLVED}"
    unknown = "E: Unable to locate package qemu-user-static"
    answers(bare, f'echo "{warning}"', f'echo "{unknown}"\nexit 100')
    assert "cannot fetch from deb.debian.org" in only_line(
        bare.run("deploy/tools/install", "arm64")
    )
    answers(bare, install=f'echo "{unknown}"\nexit 100')
    assert only_line(bare.run("deploy/tools/install", "arm64")).startswith(
        f"deploy/tools/install: apt-get failed: {unknown}; needed: "
    )


@pytest.mark.parametrize("verb", ["update", "install"])
def test_waits_for_another_package_manager(bare: Tree, verb: str) -> None:
    again = f'[ -e "{bare.path}/third" ]'
    locked = (
        f'{again} || {{ [ ! -e "{bare.path}/second" ] || : >"{bare.path}/third"; '
        f': >"{bare.path}/second"; echo "{LOCKED}"; exit 100; }}'
    )
    answers(bare, **{verb: locked})
    done = bare.run("deploy/tools/install", "arm64")
    assert done.returncode == 0, done.stderr
    waiting = [line for line in done.stderr.splitlines() if "waiting for another" in line]
    assert len(waiting) == 1
    assert LOCK in waiting[0] and "123 (apt)" in waiting[0] and "10 minutes" in waiting[0]
    assert bare.asked.count("sleep 5") == 2


def test_does_not_wait_for_ever(bare: Tree) -> None:
    answers(bare, f'echo "{LOCKED}"\nexit 100')
    done = bare.run("deploy/tools/install", "arm64")
    assert done.returncode == 1
    assert "waited 10 minutes for another package manager" in only_line(done)
    assert bare.asked.count("sleep 5") == 120


FEDORA = 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora Linux 40"\n'
TRIXIE = 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n'
NAMED = [(FEDORA, "Fedora Linux 40"), (TRIXIE, "Debian GNU/Linux 13 (trixie)"), ("", "no known")]


@pytest.mark.parametrize(("release", "name"), NAMED)
def test_another_system_is_told(bare: Tree, release: str, name: str) -> None:
    bare.fake(
        "cat", f"cat() {{ while read -r line; do echo \"$line\"; done; }}\ncat <<'X'\n{release}X"
    )
    done = bare.run("deploy/tools/install", "arm64")
    assert done.returncode == 1
    said = only_line(done)
    assert name in said and "Debian 12" in said and said.endswith("gnu qemu-user-static")
    assert asked_of(bare, "apt-get") == []


def test_a_system_without_apt_is_told(tree: Tree) -> None:
    for name in ("bash", "cat", "dirname", "realpath", "sed"):
        (tree.path / name).symlink_to(shutil.which(name) or name)
    done = tree.run("deploy/tools/install", "arm64", only=True)
    assert done.returncode == 1
    assert "Debian 12" in only_line(done)


def test_a_user_without_sudo_is_told_what_an_administrator_installs(bare: Tree) -> None:
    (bare.path / "sudo").unlink()
    for name in ("bash", "cat", "dirname", "realpath", "sed"):
        (bare.path / name).symlink_to(shutil.which(name) or name)
    bare.path.chmod(0o777)
    done = bare.run("deploy/tools/install", "arm64", only=True, user=NOBODY)
    assert done.returncode == 1
    assert only_line(done) == (
        "deploy/tools/install: run it as root once, as there is no sudo; "
        "needed: g++-aarch64-linux-gnu qemu-user-static"
    )


def test_a_user_with_sudo_needs_no_more(bare: Tree) -> None:
    bare.path.chmod(0o777)
    (bare.path / "asked").touch()
    (bare.path / "asked").chmod(0o666)
    done = bare.run("deploy/tools/install", "arm64", user=NOBODY)
    assert done.returncode == 0, done.stderr
    assert len(asked_of(bare, "sudo")) == (2 if os.geteuid() == 0 else 0)


# --- What else is fetched -------------------------------------------------------------------------
def test_pinned_files_that_cannot_be_fetched_are_told(tree: Tree) -> None:
    """apt-get itself asks for 'deb-src' lines then."""
    warning = f"W: Failed to fetch http://deb.debian.org/debian/InRelease  {UNRESOLVED}"
    answers(tree, f'echo "{warning}"', "echo \"E: You must put some 'deb-src' URIs\" >&2\nexit 100")
    done = tree.run("deploy/tools/sources")
    assert done.returncode == 1
    assert only_line(done) == (f"deploy/tools/apt: cannot fetch from deb.debian.org ({UNRESOLVED})")
    assert len(asked_of(tree, "apt-get")) == 1


def test_a_pinned_file_that_cannot_be_fetched_is_told(tree: Tree) -> None:
    listed = (
        'for word; do case $word in Dir::State::Lists=*) : >"${word#*=}/x_Packages" ;; esac; done'
    )
    gone = "404  Not Found [IP: 192.0.2.1 80]"
    fetching = f"E: Failed to fetch http://deb.debian.org/debian/pool/c.dsc  {gone}"
    answers(tree, listed, f'echo "{fetching}" >&2\nexit 100')
    done = tree.run("deploy/tools/sources")
    assert done.returncode == 1
    assert re.fullmatch(
        r"deploy/tools/sources: cannot fetch from deb\.debian\.org \("
        + re.escape(gone)
        + r"\); wanted: curl_.*\.dsc",
        only_line(done),
    )
    assert list((tree.root / "build").rglob("made-from")) == []


def test_packages_that_cannot_be_fetched_are_told(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    wanted = tree.root / "wanted.txt"
    wanted.write_text("nothing==1.0\n")
    done = subprocess.run(
        [tree.root / "deploy/tools/venv", tree.root / "build/venv", wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert only_line(done) == (
        f"deploy/tools/venv: cannot fetch from 127.0.0.1:1; wanted: what {wanted} lists"
    )
    assert "the 1 Python packages" in done.stderr


# --- A checkout that was moved --------------------------------------------------------------------
def test_a_python_environment_of_another_place_is_made_anew(tree: Tree) -> None:
    wanted = tree.root / "none.txt"
    wanted.write_text("")
    folder = tree.root / "build/venv"

    def make() -> None:
        command = [tree.root / "deploy/tools/venv", folder, wanted]
        subprocess.run(command, capture_output=True, check=True)

    folder.mkdir(parents=True)
    (tree.root / "build/venv.made-from").touch()
    kept, written = folder / "kept", folder / "pyvenv.cfg"
    kept.touch()
    written.write_text(f"home = /usr/bin\ncommand = /usr/bin/python3 -m venv {folder}\n")
    make()
    assert kept.exists()
    written.write_text(f"home = /usr/bin\ncommand = /usr/bin/python3 -m venv {folder} of old\n")
    make()
    assert not kept.exists()
    subprocess.run([folder / "bin/pip", "--version"], capture_output=True, check=True)
    assert f" {folder}\n" in written.read_text()


def configurable(tree: Tree) -> None:
    (tree.root / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(small LANGUAGES NONE)\nif(MORE)\nendif()\n"
    )
    presets = '"name": "release", "generator": "Ninja", "binaryDir": "${sourceDir}/build/release"'
    (tree.root / "CMakePresets.json").write_text(
        f'{{"version": 6, "configurePresets": [{{ {presets} }}]}}'
    )


def test_a_build_of_older_presets_forgets_what_it_was_told(tree: Tree) -> None:
    configurable(tree)
    cache = tree.root / "build/release/CMakeCache.txt"
    for presets_are_newer in (False, True):
        assert tree.run("deploy/tools/configure", "release", "-DMORE=1").returncode == 0
        kept = tree.root / "build/release/kept"
        kept.touch()
        then = cache.stat().st_mtime + (10 if presets_are_newer else -10)
        os.utime(tree.root / "CMakePresets.json", (then, then))
        assert tree.run("deploy/tools/configure", "release").stderr == ""
        assert ("MORE" in cache.read_text()) != presets_are_newer
        assert kept.exists()


def test_a_build_of_another_place_is_made_anew(tree: Tree) -> None:
    configurable(tree)
    assert tree.run("deploy/tools/configure", "release").returncode == 0
    kept = tree.root / "build/release/kept"
    kept.touch()
    assert tree.run("deploy/tools/configure", "release").stderr == ""
    assert kept.exists()
    old = tree.root
    tree.root = old.rename(old.parent / "moved away")
    done = tree.run("deploy/tools/configure", "release", "-DMORE=1")
    assert done.returncode == 0, done.stderr
    assert untimed(done.stderr) == f"[0:00] build/release was made in {old}; it is made anew\n"
    cache = (tree.root / "build/release/CMakeCache.txt").read_text()
    assert f"CMAKE_HOME_DIRECTORY:INTERNAL={tree.root}\n" in cache and "MORE" in cache
    assert not (tree.root / "build/release/kept").exists()
