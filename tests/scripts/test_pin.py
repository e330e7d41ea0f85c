# SPDX-License-Identifier: Apache-2.0
"""deploy/tools/pin, in a copy where scripts stand for apt and for what installs, and dpkg's
database is the test's own."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fakes import program
from support.child import ROOT

COPIED = ("deploy/pins", *(f"deploy/tools/{name}" for name in ("common", "pin", "sources")))
ARCHITECTURES = ("amd64", "arm64")
SOURCES = ("curl_1-2.dsc", "curl_1.orig.tar.gz", "curl_1-2.debian.tar.xz")
# Prints the list for its verb and architecture; what was asked for is kept.
APT = """
folder=$1 architecture=$2 verb=$3
echo "$*" >>{root}/asked
if [ "$verb" = update ]; then
    mkdir -p "$folder" && : >"$folder/updated"
else
    [ -e "$folder/updated" ] && [ "$4" = --print-uris ] || exit 100
    cat {root}/offered/$verb.$architecture
fi
[ ! -e "{root}/failing/$verb.$architecture" ]
"""


def ours(option: str) -> list[str]:
    command = [ROOT / "deploy/tools/sources", option]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


LINKED, TOOLS = ours("--linked"), ours("--tools")


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def file_of(package: str, architecture: str) -> str:
    """A header-only library is one file for all."""
    return f"{package}_1.0_{'all' if package == 'nlohmann-json3-dev' else architecture}.deb"


def offered(*names: str) -> str:
    lines = (f"'http://mirror/{n[0]}/{n}' {n} {len(n)} SHA256:{digest(n)}\n" for n in names)
    return "".join(lines)


class Tree:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        program(folder / "deploy/tools/apt", APT.format(root=folder))
        program(folder / "deploy/tools/install", f'echo "install $*" >>{folder}/asked\n')
        (folder / "scratch").mkdir()
        (folder / "offered").mkdir()
        self.offers("source.amd64").write_text(offered(*SOURCES))
        for architecture in ARCHITECTURES:
            names = [file_of(package, architecture) for package in LINKED]
            self.offers(f"download.{architecture}").write_text(offered(*names))
        self.installs(dict.fromkeys(TOOLS, "2.0-1"))

    @property
    def pins(self) -> Path:
        return self.folder / "deploy" / "pins"

    def offers(self, listing: str) -> Path:
        return self.folder / "offered" / listing

    def installs(self, versions: dict[str, str]) -> None:
        (self.folder / "dpkg" / "info").mkdir(parents=True, exist_ok=True)
        (self.folder / "dpkg" / "status").write_text(
            "".join(
                f"Package: {name}\nStatus: install ok installed\nMaintainer: nobody\n"
                f"Architecture: amd64\nVersion: {version}\nDescription: none\n\n"
                for name, version in versions.items()
            )
        )

    def pin(self) -> tuple[int, str]:
        done = subprocess.run(
            [self.folder / "deploy/tools/pin"],
            cwd="/",
            env={
                **os.environ,
                "DPKG_ADMINDIR": str(self.folder / "dpkg"),
                "TMPDIR": str(self.folder / "scratch"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert list((self.folder / "scratch").iterdir()) == []
        return done.returncode, done.stderr

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def comment() -> list[str]:
    return [line for line in (ROOT / "deploy/pins").read_text().splitlines() if line[0] == "#"]


def crates() -> list[str]:
    lines = (ROOT / "deploy/pins").read_text().splitlines()
    return [line for line in lines if line.endswith(".crate")]


def expected() -> str:
    names = {file_of(package, each) for package in LINKED for each in ARCHITECTURES}
    files = [*SOURCES, *sorted(names)]
    lines = [
        *comment(),
        *(f"{digest(name)}  {name}" for name in files),
        *crates(),
        *(f"tool {tool} 2.0-1" for tool in sorted(TOOLS)),
    ]
    return "\n".join(lines) + "\n"


def test_writes_what_is_offered_and_what_is_installed(tree: Tree) -> None:
    assert tree.pin() == (0, "")
    assert tree.pins.read_text() == expected()


def test_changes_nothing_when_nothing_has_changed(tree: Tree) -> None:
    tree.pin()
    before = tree.pins.read_text()
    assert tree.pin() == (0, "")
    assert tree.pins.read_text() == before == expected()


def test_writes_the_form_that_is_in_the_repository(tree: Tree) -> None:
    """The same comment, packages, architectures and tools, in the same order."""

    def form(text: str) -> str:
        text = re.sub(r"(?m)^[0-9a-f]{64}  ([^_\n]+)_[^_\n]+_(\w+[.]deb)$", r"HASH \1 \2", text)
        text = re.sub(r"(?m)^[0-9a-f]{64}  curl_.*?([.](?:dsc|orig|debian).*)$", r"HASH \1", text)
        return re.sub(r"(?m)^(tool \S+) \S+$", r"\1", text)

    tree.pin()
    assert form(tree.pins.read_text()) == form((ROOT / "deploy/pins").read_text())


def test_a_security_update_is_one_line(tree: Tree) -> None:
    tree.pin()
    before = tree.pins.read_text().splitlines()
    listing = tree.offers("download.arm64")
    new = "libssl-dev_1.0+deb12u1_arm64.deb"
    old = offered("libssl-dev_1.0_arm64.deb")
    listing.write_text(listing.read_text().replace(old, offered(new)))
    assert tree.pin() == (0, "")
    after = tree.pins.read_text().splitlines()
    assert set(after) - set(before) == {f"{digest(new)}  {new}"}
    assert len(after) == len(before)


def test_a_crate_stays_as_a_person_wrote_it(tree: Tree) -> None:
    (crate,) = crates()
    other = f"{digest('blst')}  blst-0.3.99.crate"
    tree.pins.write_text(tree.pins.read_text().replace(crate, other))
    assert tree.pin() == (0, "")
    assert tree.pins.read_text() == expected().replace(crate, other)


def test_a_new_tool_is_one_line(tree: Tree) -> None:
    tree.pin()
    tree.installs({**dict.fromkeys(TOOLS, "2.0-1"), "zip": "3.0-14"})
    assert tree.pin()[0] == 0
    assert tree.pins.read_text() == expected().replace("tool zip 2.0-1", "tool zip 3.0-14")


def test_asks_after_it_has_installed_and_updated(tree: Tree) -> None:
    tree.pin()
    words = [re.sub(r"^\S+/scratch/\S+/", "", each) for each in tree.asked]
    assert words == [
        "install build arm64",
        "amd64 amd64 update",
        "arm64 arm64 update",
        "amd64 amd64 source --print-uris curl",
        f"amd64 amd64 download --print-uris {' '.join(LINKED)}",
        f"arm64 arm64 download --print-uris {' '.join(LINKED)}",
    ]


# --- What it does not take ------------------------------------------------------------------------
LISTS = ("source.amd64", "download.amd64", "download.arm64")
HASH, COUNT = "apt gave '.+' the hash '.*'", "apt listed [0-9]+ files instead of [0-9]+"
# Name, what is found in a list, what is there instead, and why that is refused.
BROKEN = [
    ("another hash", r"SHA256:\w+\n", "MD5Sum:d41d8cd98f00b204e9800998ecf8427e\n", HASH),
    ("half a hash", r"(SHA256:\w{32})\w+\n", r"\1\n", HASH),
    ("a word more", r"\n", " more\n", HASH),
    ("a line less", r"(?s)\A[^\n]*\n", "", COUNT),
    ("nothing", r"(?s).+", "", COUNT),
]


@pytest.mark.parametrize("listing", LISTS)
@pytest.mark.parametrize(
    ("found", "instead", "why"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_list_changes_nothing(
    listing: str, found: str, instead: str, why: str, tree: Tree
) -> None:
    before = tree.pins.read_text()
    text = tree.offers(listing).read_text()
    broken = re.sub(found, instead, text, count=1)
    assert broken != text
    tree.offers(listing).write_text(broken)
    code, said = tree.pin()
    assert code == 1
    assert re.search(rf"^deploy/tools/pin: {why}; deploy/pins is as it was$", said, re.MULTILINE), (
        said
    )
    assert tree.pins.read_text() == before


@pytest.mark.parametrize("failing", ["update.amd64", "update.arm64", *LISTS])
def test_apt_that_fails_after_its_list_changes_nothing(failing: str, tree: Tree) -> None:
    before = tree.pins.read_text()
    program(tree.folder / "failing" / failing, "")
    assert tree.pin()[0] != 0
    assert tree.pins.read_text() == before


def test_a_tool_that_is_not_installed_changes_nothing(tree: Tree) -> None:
    before = tree.pins.read_text()
    tree.installs(dict.fromkeys(TOOLS[1:], "2.0-1"))
    code, said = tree.pin()
    assert code != 0 and TOOLS[0] in said
    assert tree.pins.read_text() == before


def test_an_installation_that_fails_changes_nothing(tree: Tree) -> None:
    before = tree.pins.read_text()
    program(tree.folder / "deploy/tools/install", "exit 1\n")
    assert tree.pin()[0] == 1
    assert tree.pins.read_text() == before


@pytest.mark.parametrize(
    ("tool", "installed", "is_pinned"),
    [
        ("zip", "3.0-13", True),
        ("zip", "3.0-13+deb12u1", True),  # an update of Debian's, which packs the same bytes
        ("zip", "3.1-1", False),
        ("binutils", "2.0-1", True),
        ("binutils", "2.0-1+deb12u1", False),  # the linker decides on the bytes
    ],
)
def test_what_does_not_reach_the_bytes_needs_no_exact_version(
    tree: Tree, tool: str, installed: str, is_pinned: bool
) -> None:
    own = {**dict.fromkeys(TOOLS, "2.0-1"), "zip": "3.0-13"}
    tree.pins.write_text("".join(f"tool {name} {version}\n" for name, version in own.items()))
    tree.installs({**own, tool: installed})
    made = tree.folder / "build/third_party/x86_64"
    (made / "files").mkdir(parents=True)
    (made / "instead").touch()
    sums = ["sha256sum", "deploy/pins", "deploy/tools/sources"]
    of = subprocess.run(sums, cwd=tree.folder, capture_output=True, text=True, check=True)
    (made / "made-from").write_text(of.stdout)
    subprocess.run(
        [tree.folder / "deploy/tools/sources", "x86_64"],
        env={**os.environ, "DPKG_ADMINDIR": str(tree.folder / "dpkg")},
        check=True,
    )
    assert ((made / "not-pinned").read_text() == "") == is_pinned
