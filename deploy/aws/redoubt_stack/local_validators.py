# SPDX-License-Identifier: Apache-2.0
"""`deploy/local --chain ethereum`: the operator's own commands, against the functions on this
machine. Keys are made, their deposits checked, one is switched off, deleted, and comes back from
its backup. A validator client has all of them sign, for some epochs; then it all stays up, and says
how other clients come in."""

import io
import json
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from redoubt_stack import console, redoubt
from redoubt_stack.console import Stop, say
from redoubt_stack.ethereum import clients, known_networks, playing
from redoubt_stack.ethereum.asking import Signer
from redoubt_stack.ethereum.duties import Duties

# The deposit contract of mainnet: an address with letters in it, and nobody's.
ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"


MANY = 16  # keys: beyond, commands' lists are shown in part
SHOWN = 10  # lines of a long list


def main(given: list[str]) -> int:
    told, rest = _parser().parse_known_args(given)
    # Shells start background jobs with SIGINT ignored; and whatever ends this ends the host, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="redoubt-") as name:
        folder = Path(name)
        recipient = _make_identity(folder / "age.key")
        with _host(told, rest, recipient) as (url, signer):
            play = Play(url, signer, folder, told.validators)
            play.keys()
            went_well = not told.epochs or play.duties(told)
            if not told.once:
                _stay(play)
    return 0 if went_well else 1


def _parser() -> ArgumentParser:
    """What deploy/local has checked."""
    parser = ArgumentParser(allow_abbrev=False)
    parser.add_argument("program")
    parser.add_argument("--chain")
    parser.add_argument("--validators", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--slot-ms", type=int, default=1000)
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
    # A hundred keys in one call take their time, as on AWS.
    words = [told.program, "--levels", "0", "--json", "--timeout-ms", "30000"]
    words += ["--network", told.network, *backups, *rest]
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
    """All of it, by the operator's own commands."""

    def __init__(self, url: str, signer: str, folder: Path, count: int) -> None:
        self.url, self.signer, self.folder, self._count = url, signer, folder, count
        self._made = folder / "validators"

    def keys(self) -> None:
        """From birth to backup, and back."""
        made = self._made
        self.run("status")
        self.run(
            f"keys create --count {self._count} --address {ADDRESS} --batch local --output {made} "
            "--yes"
        )
        self.run(f"deposits check {min(made.glob('deposit_data-*.json'))}")
        key = self.names()[0]
        self.run(f"keys disable --key {key} --yes")
        self.run("keys list")
        signed, secret = f"{self.folder}/signed.json", f"--file {made}/{key}.age"
        identity = f"--identity {self.folder}/age.key"
        self.run(f"keys delete --key {key} --output {signed} --yes")
        self.run(f"backup test {secret} {identity}")
        self.run(f"keys import {secret} {identity} --interchange {signed} --yes")
        self.run("keys list --on")

    def names(self) -> list[str]:
        return sorted(path.stem for path in self._made.glob("0x*.age"))

    def duties(self, told: Namespace) -> bool:
        """Of the validators, by a client that has a token; whether none was missed."""
        self.run(f"keys fee --to {ADDRESS} --all --yes")
        network, seconds = known_networks.find(told.network), told.slot_ms / 1000
        first = playing.first_slot(network, time.time(), told.epochs, seconds)
        duties = Duties(network, self.names(), first, told.epochs, ADDRESS)
        return playing.run(duties, Signer(self.signer, self.token("token")), seconds)

    def token(self, name: str, *more: str) -> str:
        """That is for all duties: made, unless it is there."""
        file = self.folder / name
        if not file.exists():
            self.run(f"tokens create --may validator --all --to {file}", *more)
        return file.read_text().strip()

    def run(self, words: str, *more: str) -> None:
        given = ["--local", self.url, "eth", *words.split(), *more]
        say(f"\n$ deploy/redoubt {shlex.join(given)}")
        if self._count > MANY:
            with redirect_stdout(io.StringIO()) as told:
                code = redoubt.main(given)
            say(_in_part(told.getvalue()))
        else:
            code = redoubt.main(given)
        if code:
            raise Stop(f"that ended with {code}: all of these have to end with 0")


def _in_part(text: str) -> str:
    """Begin and end of something long."""
    lines = text.rstrip("\n").split("\n")
    left = len(lines) - 2 * SHOWN
    if left > 0:
        lines[SHOWN : SHOWN + left] = [f"  ... {left} lines like these ..."]
    return "\n".join(lines)


def _stay(play: Play) -> None:
    try:
        token, by_path = play.token("token"), play.token("path-token", "--path")
        told = "\n".join(clients.shown(play.signer, token, by_path, play.names()[0]))
        say(
            f"\nFor validator clients, which are told {ADDRESS} as recipient of fees:\n{told}\n"
            "\nIt stays up; end it with Ctrl-C, which takes all of it away. In another terminal:\n"
            f"deploy/redoubt --local {play.url} eth keys list\n"
            f"deploy/redoubt --local {play.url} eth --help\n"
            f"age -d -i {play.folder}/age.key {play.folder}/validators/0x....age\n"
            f'curl -H "Authorization: Bearer $(cat {play.folder}/token)" '
            f"{play.signer}/api/v1/eth2/publicKeys"
        )
        signal.pause()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    console.run(main)
