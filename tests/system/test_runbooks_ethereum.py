# SPDX-License-Identifier: Apache-2.0
"""docs/runbooks/ethereum: each block of commands is typed as it is written, against local hosts
with tables and wrapping keys of their own, and shows what the page says."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import milagro_bls_binding as milagro
import pytest

from support.child import ROOT
from support.host import Host, running
from support.keystores import secret_of
from support.runbooks.reading import FOLDER, Section, sections
from support.runbooks.shell import Shell
from support.web3signer import Chain, Web3Signer

OPERATOR = "redoubt-ethereum-operator"
ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
SECTIONS = sections(FOLDER / "ethereum")
VECTORS = ROOT / "tests/vectors/ethereum"
NETWORKS = json.loads((VECTORS / "networks.json").read_text())["networks"]
CHAIN = Chain(next(one for one in NETWORKS if one["name"] == "hoodi"))


@dataclass
class World:
    old: Host
    new: Host
    shell: Shell
    recipient: str
    key: str = ""
    epoch: int = 0

    def make_key(self) -> None:
        """At the old one; its backup is in the folder."""
        fields = {"address": ADDRESS, "credentials": "01", "amount": 32_000_000_000}
        made = operate(self.old, "create_keys", batch="first", count=1, **fields)
        (key,) = made["keys"]
        self.key = key["public_key"]
        self.shell.values["BACKUP"] = f"{self.key}.age"
        (self.shell.folder / f"{self.key}.age").write_text(key["backup"])

    def sign(self, host: Host, target: int, block: bytes = b"\x01" * 32) -> str:
        """A vote from the epoch before; `ok`, or the refusal."""
        made = operate(host, "create_token", ops=["validator"], all=True)
        vote = CHAIN.attestation(target * CHAIN.slots_an_epoch, block)
        url = host.setup["ethereum_url"]
        reply = Web3Signer(url, made["token"]).sign(self.key, vote)
        return "ok" if reply.status == 200 else reply.code

    def listed(self, host: Host) -> dict[str, Any]:
        return {one["public_key"]: one for one in operate(host, "list_keys")["keys"]}


def operate(host: Host, command: str, **fields: Any) -> dict[str, Any]:
    told = host.invoke({"redoubt": {"command": command, **fields}}, OPERATOR).payload["redoubt"]
    assert told["ok"] is True, told
    return dict(told)


@contextmanager
def signer(recipient: str) -> Iterator[Host]:
    backup = ("--env", "BACKUP=", "--env", f"BACKUP_RECIPIENTS={recipient}")
    options = ("--network", "hoodi", "--keys", "tz1", "--environments", "1")
    with running(*options, *backup, "--timeout-ms", "25000") as host:
        yield host


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A new signer stands beside the old one only where there are to be two."""
    identity = tmp_path / "age.key"
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    asked = ["age-keygen", "-y", str(identity)]
    told = subprocess.run(asked, check=True, capture_output=True, text=True)
    with ExitStack() as started:
        recipient = told.stdout.strip()
        old = new = started.enter_context(signer(recipient))
        if request.node.callspec.params["name"].startswith("handing-over"):
            new = started.enter_context(signer(recipient))
        hosts = {"redoubt": old, "old": old, "new": new}
        stacks = {name: ["--local", host.url] for name, host in hosts.items()}
        # Some epochs ago: what is ahead of the clock would be refused for that.
        epoch = CHAIN.epoch_of(CHAIN.slot_at(time.time())) - 2
        values = {"UNTIL": str(epoch), "LAST": str(epoch - 1), "NOW": str(epoch)}
        yield World(old, new, Shell(tmp_path, stacks, values=values), recipient, epoch=epoch)


# --- What each section begins with, and ends with -------------------------------------------------
Play = Callable[[World, Section], None]
PLAYS: dict[str, Play] = {}


def play(name: str) -> Callable[[Play], Play]:
    def keep(function: Play) -> Play:
        PLAYS[name] = function
        return function

    return keep


def type_all(world: World, section: Section) -> None:
    for block in section.blocks:
        world.shell.run(block)


def interchange(key: str, source: int, target: int) -> dict[str, Any]:
    vote = {"source_epoch": str(source), "target_epoch": str(target)}
    block = {"slot": str(target * CHAIN.slots_an_epoch)}
    return {
        "metadata": {
            "interchange_format_version": "5",
            "genesis_validators_root": CHAIN.network["genesis_validators_root"],
        },
        "data": [{"pubkey": key, "signed_blocks": [block], "signed_attestations": [vote]}],
    }


@play("moving-in.md#ethereum-moving-in")
def move_in(world: World, section: Section) -> None:
    """With the keystore of EIP-2335's own example."""
    row = json.loads((VECTORS / "keys.json").read_text())["eip2335"][0]
    world.key = "0x" + row["keystore"]["pubkey"].removeprefix("0x")
    files = {
        "keystore.json": json.dumps(row["keystore"]),
        "password.txt": row["password"] + "\n",
        "signed.json": json.dumps(interchange(world.key, world.epoch - 2, world.epoch - 1)),
    }
    for name, text in files.items():
        (world.shell.folder / name).write_text(text)
    type_all(world, section)
    assert world.sign(world.old, world.epoch - 1) == "already_signed"
    assert world.sign(world.old, world.epoch) == "ok"


@play("handing-over.md#ethereum-two-signers-never-at-once")
def hand_over(world: World, section: Section) -> None:
    world.make_key()
    *there, afterwards = section.blocks
    for block in there:
        world.shell.run(block)
    assert world.sign(world.old, world.epoch - 1) == "ok"
    assert world.sign(world.old, world.epoch) == "past_until"
    assert world.sign(world.new, world.epoch - 1) == "below_watermark"
    assert world.sign(world.new, world.epoch) == "ok"
    world.shell.run(afterwards)
    assert world.sign(world.old, world.epoch) == "key_disabled"
    assert world.sign(world.new, world.epoch, b"\x09" * 32) == "already_signed"
    assert world.sign(world.new, world.epoch + 1) == "ok"


@play("handing-over.md#the-old-one-is-dead")
def hand_over_from_the_dead(world: World, section: Section) -> None:
    world.make_key()
    assert world.sign(world.old, world.epoch) == "ok"
    type_all(world, section)
    assert world.sign(world.new, world.epoch, b"\x09" * 32) == "below_watermark"
    assert world.sign(world.new, world.epoch + 1) == "ok"


def conflict(world: World) -> None:
    """A vote, and another one for its target."""
    world.make_key()
    assert world.sign(world.old, world.epoch) == "ok"
    assert world.sign(world.old, world.epoch, b"\x09" * 32) == "already_signed"


@play("refused.md#ethereum-it-refuses-to-sign")
@play("alarms.md#who-asked")
@play("alarms.md#duties-are-missed")
def look(world: World, section: Section) -> None:
    conflict(world)
    type_all(world, section)


@play("alarms.md#stop-and-go-on")
def stop_and_go_on(world: World, section: Section) -> None:
    world.make_key()
    for operation in ("put-function-concurrency", "delete-function-concurrency"):
        world.shell.answer(f"aws lambda {operation}", "{}")
    off, stopped, going_on = section.blocks
    world.shell.run(off)
    world.shell.run(stopped)
    assert world.sign(world.old, world.epoch) == "key_disabled"
    world.shell.run(going_on)
    assert world.sign(world.old, world.epoch) == "ok"


@play("alarms.md#somebody-opened-keys")
def who_opened(world: World, section: Section) -> None:
    world.shell.answer("aws cloudtrail lookup-events", "{}")
    type_all(world, section)


@play("double-signed.md#ethereum-we-may-have-double-signed")
def after_a_slashing(world: World, section: Section) -> None:
    conflict(world)
    world.shell.values |= {"KEY": world.key[:10], "TARGET": str(world.epoch)}
    *there, going_on = section.blocks
    for block in there:
        shown = world.shell.run(block)
    assert world.sign(world.old, world.epoch + 1) == "key_disabled", shown
    world.shell.run(going_on)
    assert world.sign(world.old, world.epoch + 1) == "ok"


@play("keys.md#a-backup")
def try_a_backup(world: World, section: Section) -> None:
    world.make_key()
    type_all(world, section)


@play("keys.md#another-token")
def exchange_a_token(world: World, section: Section) -> None:
    world.make_key()
    made = operate(world.old, "create_token", ops=["validator"], all=True)
    world.shell.values["ID"] = made["id"]
    type_all(world, section)
    vote = CHAIN.attestation(world.epoch * CHAIN.slots_an_epoch)
    url = world.old.setup["ethereum_url"]
    new = (world.shell.folder / "new-token.txt").read_text().strip()
    assert Web3Signer(url, new).sign(world.key, vote).status == 200
    assert Web3Signer(url, made["token"]).sign(world.key, vote).code == "token_invalid"


@play("keys.md#an-exit")
def exit_a_validator(world: World, section: Section) -> None:
    world.make_key()
    world.shell.values["KEY"] = world.key
    type_all(world, section)
    signed = json.loads((world.shell.folder / "exits/exit-1234567.json").read_text())
    assert signed["message"] == {"epoch": "0", "validator_index": "1234567"}


@play("moving-out.md#to-another-signer")
def move_out(world: World, section: Section) -> None:
    """Any other signer opens the keystore, and is told the last vote."""
    world.make_key()
    assert world.sign(world.old, world.epoch) == "ok"
    world.shell.values["RECIPIENT"] = world.recipient
    type_all(world, section)
    (store,) = (world.shell.folder / "keystores").glob("keystore-*.json")
    password = (world.shell.folder / "password.txt").read_bytes().removesuffix(b"\n")
    secret = secret_of(json.loads(store.read_text()), password)
    assert "0x" + milagro.SkToPk(secret.to_bytes(32, "big")).hex() == world.key
    (entry,) = json.loads((world.shell.folder / "signed.json").read_text())["data"]
    assert entry["pubkey"] == world.key
    assert entry["signed_attestations"][0]["target_epoch"] == str(world.epoch)
    assert world.sign(world.old, world.epoch + 1) == "key_disabled"


@play("refused.md#key_disabled")
def switch_on(world: World, section: Section) -> None:
    world.make_key()
    operate(world.old, "set_keys", keys=[world.key], on=False)
    assert world.sign(world.old, world.epoch) == "key_disabled"
    type_all(world, section)
    assert world.sign(world.old, world.epoch) == "ok"


@play("refused.md#past_until")
def come_back(world: World, section: Section) -> None:
    world.make_key()
    operate(world.old, "set_until", keys=[world.key], until=world.epoch)
    assert world.sign(world.old, world.epoch) == "past_until"
    type_all(world, section)
    assert world.sign(world.old, world.epoch) == "ok"


@play("refused.md#token_invalid")
def another_token(world: World, section: Section) -> None:
    world.make_key()
    made = operate(world.old, "create_token", ops=["validator"], all=True)
    world.shell.values["ID"] = made["id"]
    type_all(world, section)
    vote = CHAIN.attestation(world.epoch * CHAIN.slots_an_epoch)
    url = world.old.setup["ethereum_url"]
    assert Web3Signer(url, made["token"]).sign(world.key, vote).code == "token_invalid"
    token = (world.shell.folder / "token.txt").read_text().strip()
    assert Web3Signer(url, token).sign(world.key, vote).status == 200


@play("refused.md#not_permitted")
def fees(world: World, section: Section) -> None:
    world.make_key()
    type_all(world, section)
    assert world.listed(world.old)[world.key]["fee"] == [ADDRESS]


@pytest.mark.parametrize("name", PLAYS)
def test_a_runbook_does_what_it_says(world: World, name: str) -> None:
    PLAYS[name](world, SECTIONS[name])


def test_every_runbook_is_typed() -> None:
    assert PLAYS.keys() == SECTIONS.keys()
