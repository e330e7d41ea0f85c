# SPDX-License-Identifier: Apache-2.0
"""Lodestar itself, in a process of Node's: its validator store and its HTTP, from npm. The version
of tests/tools/lodestar knows Deneb as its last fork, and exits as they were before."""

import json
import subprocess
from typing import Any

from redoubt_stack.ethereum.duties import Duty
from redoubt_stack.ethereum.known_networks import Network

from support.child import ROOT, TOOLS, die_with_parent
from support.clients.messages import Fields, Message
from support.clients.released import Released
from support.clients.validators import AtWork, Signed

LAST_FORK = 4
NAMES = {"deneb": "EIP4844"}


class Refused(Exception):
    """With what Lodestar says."""


def config_of(network: Network) -> Fields:
    config = {"GENESIS_FORK_VERSION": network.forks[0].version}
    for fork in network.forks[1 : LAST_FORK + 1]:
        name = NAMES.get(fork.name, fork.name.upper())
        config |= {f"{name}_FORK_VERSION": fork.version, f"{name}_FORK_EPOCH": str(fork.epoch)}
    return config


class OwnLodestar(AtWork):
    def __init__(self, url: str, network: Network) -> None:
        super().__init__(network)
        modules = TOOLS / "lodestar"
        assert modules.is_dir(), f"{modules} is missing: tests/run fetches it"
        told = {
            "genesis_validators_root": network.genesis_validators_root,
            "config": config_of(network),
        }
        script = ROOT / "tests/support/clients/lodestar.mjs"
        self._process = subprocess.Popen(
            [ROOT / "build/venv/bin/node", script, modules, url, json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )
        self.keys: list[str] = self._read()

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(10) == 0

    def sign(self, key: str, type: str, fields: Fields) -> Released:
        """A `Refused`, if Lodestar has no signature."""
        slot = int(fields.get("slot", 0))
        message = Message.read(self.network, type, fields)
        (released,) = self._ask([(key, slot, message)])
        self.released.append(released)
        return released

    def sign_together(self, duties: list[Duty], signed: Signed) -> list[Released]:
        return self._ask(
            [
                (duty.key, duty.about, Message.read(self.network, duty.type, duty.message(signed)))
                for duty in duties
            ]
        )

    def _ask(self, asked: list[tuple[str, int, Message]]) -> list[Released]:
        questions = [
            {"type": message.type, "key": key, "slot": slot, "fields": message.bare_fields}
            for key, slot, message in asked
        ]
        assert self._process.stdin
        print(json.dumps(questions), file=self._process.stdin, flush=True)
        return [
            self._released(key, message.type, answer)
            for (key, _, message), answer in zip(asked, self._read(), strict=True)
        ]

    def _released(self, key: str, type: str, answer: Fields) -> Released:
        """Of the message that it made of what it was given."""
        if "error" in answer:
            raise Refused(answer["error"])
        message = Message.read(self.network, type, answer["fields"])
        return Released(key, message, answer["signature"])

    def _read(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"Node ended with {self._process.wait(10)}"
        return json.loads(line)
