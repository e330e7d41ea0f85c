# SPDX-License-Identifier: Apache-2.0
"""A client's validators at work: its duties, at once where a client asks at once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from redoubt_stack.ethereum.duties import Duties, Duty, Id
from redoubt_stack.ethereum.known_networks import Network

from support.clients.client import UPCHECK, Client
from support.clients.messages import Fields, Message
from support.clients.released import Released

Signed = dict[Id, str]


class AtWork:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.released: list[Released] = []

    def play(self, duties: Duties) -> Signed:
        """Signatures of all duties, slot by slot; nothing waits for the chain's time."""
        signed: Signed = {}
        self._sign_all(duties.at_start(), signed)
        for slot in duties.slots:
            self.at((slot - duties.first) * self.network.seconds_per_slot)
            self._sign_all(duties.of(slot), signed)
        return signed

    def _sign_all(self, duties: Iterable[Duty], signed: Signed) -> None:
        for _, group in groupby(duties, lambda duty: duty.at):
            together = list(group)
            released = self.sign_together(together, signed)
            self.released += released
            for duty, one in zip(together, released, strict=True):
                signed[duty.id] = one.signature

    def sign_together(self, duties: list[Duty], signed: Signed) -> list[Released]:
        raise NotImplementedError

    def at(self, seconds: int) -> None:
        """What is done besides, at that time of the play."""


class Validators(AtWork):
    """Of one of our clients."""

    def __init__(self, client: Client, network: Network, keys: Iterable[str]) -> None:
        super().__init__(network)
        self.client = client
        self._keys = set(keys)

    def start(self) -> None:
        for path in self.client.habits.start:
            self._look(path)

    def sign(self, key: str, type: str, fields: Fields) -> Released:
        """A `Missed`, if there is no signature."""
        released = self._sign(key, type, fields)
        self.released.append(released)
        return released

    def _sign(self, key: str, type: str, fields: Fields) -> Released:
        message = Message.read(self.network, type, fields)
        return Released(key, message, self.client.sign(key, message))

    def sign_together(self, duties: list[Duty], signed: Signed) -> list[Released]:
        def sign(duty: Duty) -> Released:
            return self._sign(duty.key, duty.type, duty.message(signed))

        with ThreadPoolExecutor(len(duties)) as at_once:
            return list(at_once.map(sign, duties))

    def at(self, seconds: int) -> None:
        for path, each in self.client.habits.every.items():
            if seconds % each < self.network.seconds_per_slot:
                self._look(path)

    def _look(self, path: str) -> None:
        """At whether the signer is there, or at which keys it has."""
        if path == UPCHECK:
            assert self.client.get(path).status == 200
        else:
            assert set(self.client.keys()) == self._keys
