# SPDX-License-Identifier: Apache-2.0
"""A client's validators at work: its duties, at once where a client asks at once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby

from redoubt_stack.ethereum.duties import Duties, Duty, Id
from redoubt_stack.ethereum.known_networks import Network

from support.clients.client import UPCHECK, Client
from support.clients.messages import Fields, Message
from support.clients.released import Released


@dataclass
class Validators:
    client: Client
    network: Network
    keys: frozenset[str]
    released: list[Released] = field(default_factory=list)

    def sign(self, key: str, type: str, fields: Fields) -> Released:
        """A `Missed`, if there is no signature."""
        message = Message.read(self.network, type, fields)
        released = Released(key, message, self.client.sign(key, message))
        self.released.append(released)
        return released

    def start(self) -> None:
        for path in self.client.habits.start:
            self._look(path)

    def play(self, duties: Duties) -> dict[Id, str]:
        """Signatures of all duties. Nothing waits for the chain's time, but what comes each so many
        seconds of it."""
        signed: dict[Id, str] = {}
        due = dict.fromkeys(self.client.habits.every, 0)
        with ThreadPoolExecutor(16) as at_once:

            def do(duty: Duty) -> tuple[Id, str]:
                return duty.id, self.sign(duty.key, duty.type, duty.message(signed)).signature

            def do_all(these: Iterable[Duty]) -> None:
                for _, together in groupby(these, lambda duty: duty.at):
                    signed.update(at_once.map(do, list(together)))

            do_all(duties.at_start())
            for slot in duties.slots:
                passed = (slot - duties.first) * self.network.seconds_per_slot
                for path, seconds in self.client.habits.every.items():
                    if passed >= due[path]:
                        self._look(path)
                        due[path] += seconds
                do_all(duties.of(slot))
        return signed

    def _look(self, path: str) -> None:
        """At whether the signer is there, or at which keys it has."""
        if path == UPCHECK:
            assert self.client.get(path).status == 200
        else:
            assert frozenset(self.client.keys()) == self.keys
