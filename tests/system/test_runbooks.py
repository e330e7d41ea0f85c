# SPDX-License-Identifier: Apache-2.0
"""docs/runbooks: each block of commands is typed as it is written, against two local hosts that
share their keys in KMS and nothing else, and shows what the page says. What needs a stack is typed
in tests/deployment."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import test_import
from support import base58
from support.host import Chain, Host, running
from support.keys import PublicKey
from support.octez import OctezClient
from support.payloads import KINDS, attestation
from support.runbooks.node import node
from support.runbooks.reading import Section, sections
from support.runbooks.shell import HEAD, Shell
from support.third_party import create_table
from test_handover import beside

MAINNET = "NetXdQprcVkpaWU"
TABLE = "redoubt-watermarks-2"  # of the new one
WEEK = 7 * 86_400
SECTIONS = sections()


@dataclass(frozen=True)
class World:
    old: Host
    new: Host
    shell: Shell
    head: int  # the node's

    @property
    def chain(self) -> Chain:
        return Chain(self.old, base58.decode("Net", MAINNET), self.head)

    @property
    def key(self) -> PublicKey:
        return self.old.keys[0]

    def arm(self, level: int, age: int = 0) -> None:
        """The old signer's rows, as made so many seconds ago."""
        assert self.old.operate("arm", chain=MAINNET, level=level)["ok"]
        Chain(self.old, base58.decode("Net", MAINNET), level).loosen_pace(age)

    def sign(self, host: Host, level: int, salt: int = 0) -> str:
        """`ok`, or the refusal."""
        baker = OctezClient(host.url, self.old.authorized)
        reply = baker.sign(self.key, attestation(level, 0, chain=self.chain.raw, salt=salt))
        return "ok" if reply.status == 200 else str(reply.code)

    def marks(self, kind: str) -> int:
        """Of another signer."""
        return self.head - 50 if kind == "block" else self.head + 1

    def put(self, name: str, files: dict[str, str]) -> None:
        for file, text in files.items():
            path = self.shell.folder / name / file
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)


@pytest.fixture(scope="module")
def hosts() -> Iterator[tuple[Host, Host]]:
    with running("--keys", "tz2") as old:
        create_table(old.server("dynamodb"), TABLE)
        with running("--keys", "tz2", *beside(old, TABLE)) as new:
            yield old, new


@pytest.fixture
def world(
    request: pytest.FixtureRequest, hosts: tuple[Host, Host], tmp_path: Path
) -> Iterator[World]:
    """Nothing is armed. Each test has a head above those before: a signer remembers what it signed,
    also without a row."""
    old, new = hosts
    ahead = 1000 * list(PLAYS).index(request.node.callspec.params["name"])
    for row in old.rows():
        old.delete_row(old.keys[0], row["scope"])
    table = old.server("dynamodb").client
    for kind in KINDS:
        place = {"pkh": {"S": old.keys[0].address}, "scope": {"S": f"{MAINNET}/{kind}"}}
        table.delete_item(TableName=TABLE, Key=place)
    stacks = {
        "redoubt": ["--local", old.url],
        "old": ["--local", old.url],
        "new": ["--local", new.url],
    }
    with node(MAINNET, HEAD + ahead) as url:
        yield World(old, new, Shell(tmp_path, stacks, url, ahead=ahead), HEAD + ahead)


# --- What each section begins with, and ends with -------------------------------------------------
Play = Callable[[World, Section], None]
PLAYS: dict[str, Play] = {}


def play(*names: str) -> Callable[[Play], Play]:
    def keep(function: Play) -> Play:
        PLAYS.update(dict.fromkeys(names, function))
        return function

    return keep


def type_all(world: World, section: Section) -> None:
    for block in section.blocks:
        world.shell.run(block)


@play("double-signed.md#we-may-have-double-signed", "refused.md#it-refuses-to-sign")
def after_a_conflict(world: World, section: Section) -> None:
    """First of all, since `audit` finds it if the new signer asks this one's KMS."""
    world.arm(world.head)
    assert world.sign(world.old, world.head + 1) == "ok"
    assert world.sign(world.old, world.head + 1, salt=1) == "already_signed"
    type_all(world, section)


@play("first-day.md#first-day")
def first_day(world: World, section: Section) -> None:
    world.arm(world.head)
    *before, signing = section.blocks
    for block in before:
        world.shell.run(block)
    assert world.sign(world.old, world.head + 1) == "ok"
    world.shell.run(signing)


def move_in(world: World, section: Section) -> None:
    """Into rows that were armed a week ago."""
    world.arm(world.head - 100_000, WEEK)
    type_all(world, section)
    assert world.sign(world.old, world.head + 3) == "below_watermark"
    assert world.sign(world.old, world.head + 4) == "ok"


@play("moving-in.md#from-octez-signer")
def from_octez(world: World, section: Section) -> None:
    world.put("octez-signer", test_import.octez(world.chain, world.marks))
    move_in(world, section)


@play("moving-in.md#from-signatory-with-files")
def from_signatory(world: World, section: Section) -> None:
    world.put("watermark_v2", test_import.signatory(world.chain, world.marks))
    move_in(world, section)


@play("moving-in.md#from-signatory-with-dynamodb")
def from_signatorys_table(world: World, section: Section) -> None:
    world.shell.answer("aws dynamodb scan", test_import.signatory_rows(world.chain, world.marks))
    move_in(world, section)


@play("moving-in.md#from-the-midl-lambda")
def from_midl(world: World, section: Section) -> None:
    world.shell.answer("aws dynamodb scan", test_import.midl(world.chain, world.marks))
    move_in(world, section)


@play("handing-over.md#planned")
def hand_over(world: World, section: Section) -> None:
    world.arm(world.head - 10)
    *there, back = section.blocks
    for block in there:
        world.shell.run(block)
    assert world.sign(world.old, world.head + 100) == "ok"
    assert world.sign(world.old, world.head + 101) == "handed_over"
    assert world.sign(world.new, world.head + 100) == "below_watermark"
    assert world.sign(world.new, world.head + 101) == "ok"
    world.shell.run(back)
    assert world.sign(world.new, world.head + 201) == "handed_over"
    assert world.sign(world.old, world.head + 200) == "below_watermark"
    assert world.sign(world.old, world.head + 201) == "ok"


@play("handing-over.md#the-old-signer-is-dead")
def hand_over_from_the_dead(world: World, section: Section) -> None:
    world.arm(world.head - 10)
    assert world.sign(world.old, world.head + 1) == "ok"
    type_all(world, section)
    assert world.sign(world.new, world.head + 11) == "ok"
    assert world.sign(world.old, world.head + 11) == "handed_over"


@play("moving-out.md#to-another-redoubt")
def to_another_redoubt(world: World, section: Section) -> None:
    """What one function exports another one imports, into a table of its own."""
    world.arm(world.head - 10)
    assert world.sign(world.old, world.head - 5) == "ok"
    type_all(world, section)
    assert world.sign(world.new, world.head - 5, salt=1) == "below_watermark"
    assert world.sign(world.new, world.head + 2) == "below_watermark"
    assert world.sign(world.new, world.head + 3) == "ok"


@play("moving-out.md#to-octez-signer")
def to_octez(world: World, section: Section) -> None:
    world.arm(world.head)
    type_all(world, section)
    for kind in KINDS:
        text = (world.shell.folder / f"octez-signer/{kind}_high_watermarks").read_text()
        assert json.loads(text)[MAINNET][world.key.address]["level"] == world.head


@play("lost-region.md#lost-region")
def nothing_was_lost(world: World, section: Section) -> None:
    world.arm(world.head)
    type_all(world, section)


@play("refused.md#not_armed")
def not_armed(world: World, section: Section) -> None:
    assert world.sign(world.old, world.head + 1) == "not_armed"
    type_all(world, section)
    assert world.sign(world.old, world.head + 1) == "ok"


@play("refused.md#too_far_ahead")
def too_far_ahead(world: World, section: Section) -> None:
    world.arm(world.head - 100_000)
    assert world.sign(world.old, world.head + 1) == "too_far_ahead"
    type_all(world, section)
    assert world.sign(world.old, world.head + 1) == "ok"


@play("refused.md#damaged_row")
def damaged_row(world: World, section: Section) -> None:
    world.arm(world.head)
    for row in world.old.rows():
        world.old.put_row({name: value for name, value in row["item"].items() if name != "at"})
    assert world.sign(world.old, world.head + 1) == "damaged_row"
    type_all(world, section)
    assert world.sign(world.old, world.head + 2) == "ok"


@pytest.mark.parametrize("name", PLAYS)
def test_a_runbook_does_what_it_says(world: World, name: str) -> None:
    PLAYS[name](world, SECTIONS[name])


# Those that need a stack: tests/deployment types them.
STACKS: dict[str, str] = {
    "keys.md#a-new-consensus-key": "test_redoubt_by_name.py",
    "keys.md#another-authorized-key": "test_redoubt_by_name.py",
    "upgrading.md#upgrading-and-going-back": "test_deploy.py",
    "moving-out.md#stopping-for-good": "test_deploy.py",
}


def test_every_runbook_is_typed() -> None:
    assert PLAYS.keys() | STACKS.keys() == SECTIONS.keys()
    for name, file in STACKS.items():
        text = (Path(__file__).parents[1] / "deployment" / file).read_text()
        assert f'"{name}"' in text, f"{name} is not typed by {file}"
