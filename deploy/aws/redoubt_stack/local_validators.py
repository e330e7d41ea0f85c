# SPDX-License-Identifier: Apache-2.0
"""`deploy/local --chain ethereum`: the operator's own commands, against the functions on this
machine. Keys are made, their deposits checked, one is switched off, deleted, and comes back from
its backup; then it all stays up, the signer's URL as well."""

import json
import shlex
import signal
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redoubt_stack import console, redoubt
from redoubt_stack.console import Stop, say

# The deposit contract of mainnet: an address with letters in it, and nobody's.
ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"


def main(given: list[str]) -> int:
    told, rest = _parser().parse_known_args(given)
    # Shells start background jobs with SIGINT ignored; and whatever ends this ends the host, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="redoubt-") as name:
        folder = Path(name)
        recipient = _make_identity(folder / "age.key")
        with _host(told, rest, recipient) as (url, signer):
            play = Play(url, signer, folder)
            play.all(told.validators)
            if not told.once:
                _stay(play)
    return 0


def _parser() -> ArgumentParser:
    """What deploy/local has checked."""
    parser = ArgumentParser(allow_abbrev=False)
    parser.add_argument("program")
    parser.add_argument("--chain")
    parser.add_argument("--validators", type=int, default=4)
    parser.add_argument("--network", default="hoodi")
    parser.add_argument("--once", action="store_true")
    return parser


def _make_identity(file: Path) -> str:
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    file.touch(0o600)
    file.write_text(f"{identity}\n")
    return str(identity.to_public())


@contextmanager
def _host(told: Namespace, rest: list[str], recipient: str) -> Iterator[tuple[str, str]]:
    """Its URL, and that of the signer."""
    backups = ["--env", "BACKUP=", "--env", f"BACKUP_RECIPIENTS={recipient}"]
    words = [told.program, "--levels", "0", "--json", "--network", told.network, *backups, *rest]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert child.stdout is not None
    try:
        for line in child.stdout:
            event: dict[str, Any] = json.loads(line)
            if "url" in event:
                yield str(event["url"]), str(event["ethereum_url"])
                return
            say(str(event.get("text", line.strip())))
        raise Stop(f"{told.program} ended before it was ready")
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(30)


class Play:
    def __init__(self, url: str, signer: str, folder: Path) -> None:
        self.url, self.signer, self.folder = url, signer, folder

    def all(self, count: int) -> None:
        made = self.folder / "validators"
        self.run("status")
        self.run(
            f"keys create --count {count} --address {ADDRESS} --batch local --output {made} --yes"
        )
        self.run(f"deposits check {made}/deposit_data-local.json")
        key = min(path.stem for path in made.glob("0x*.age"))
        self.run(f"keys disable --key {key} --yes")
        self.run("keys list")
        signed, secret = f"{self.folder}/signed.json", f"--file {made}/{key}.age"
        identity = f"--identity {self.folder}/age.key"
        self.run(f"keys delete --key {key} --output {signed} --yes")
        self.run(f"backup test {secret} {identity}")
        self.run(f"keys import {secret} {identity} --interchange {signed} --yes")
        self.run("keys list --on")

    def run(self, words: str) -> None:
        given = ["--local", self.url, "eth", *words.split()]
        say(f"\n$ deploy/redoubt {shlex.join(given)}")
        code = redoubt.main(given)
        if code:
            raise Stop(f"that ended with {code}: all of these have to end with 0")


def _stay(play: Play) -> None:
    try:
        say(
            "\nIt stays up; end it with Ctrl-C, which takes all of it away. In another terminal:\n"
            f"deploy/redoubt --local {play.url} eth keys list\n"
            f"deploy/redoubt --local {play.url} eth --help\n"
            f"age -d -i {play.folder}/age.key {play.folder}/validators/0x....age\n"
            f"deploy/redoubt --local {play.url} eth tokens create --may validator --all "
            f"--to {play.folder}/token\n"
            f'curl -H "Authorization: Bearer $(cat {play.folder}/token)" '
            f"{play.signer}/api/v1/eth2/publicKeys"
        )
        signal.pause()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    console.run(main)
