# SPDX-License-Identifier: Apache-2.0
"""Asks the Ethereum signer's function: a good request, and good ones with a part exchanged."""

import base64
import copy
import hashlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from redoubt_stack.ethereum.duties import Duties
from redoubt_stack.ethereum.known_networks import find

from support.events import Event, HttpRequest, version_2
from support.host import Host
from support.octez import Reply
from support.validators import ADDRESS, SIGNER, Validators

NETWORK = find("hoodi")
STRANGER = "0x" + "a1" * 48  # a key that nobody has
# Rights and rows are read again after a minute.
OLD_AFTER = 30.0
Json = Any
ABSENT: Json = object()


class Token(NamedTuple):
    id: str
    secret: str

    @property
    def text(self) -> str:
        return f"rdt_{self.id}_{self.secret}"


@dataclass
class ValidatorAsking:
    """Three keys: one that is to sign nothing, one that is off, one that has signed `signed`."""

    host: Host
    keys: list[str]
    tokens: dict[str, Token] = field(default_factory=dict)
    _known_at: float | None = None

    @property
    def epoch(self) -> int:
        """The one before, so that its votes stay good for as long as a test takes."""
        return NETWORK.epoch_of(NETWORK.slot_at(time.time())) - 1

    @cached_property
    def signed(self) -> dict[str, Json]:
        return self.duties(2)

    def duties(self, key: int = 0, ahead: int = 0) -> dict[str, Json]:
        """One request of each type, of the first slot of that epoch."""
        first = NETWORK.first_slot(self.epoch + ahead)
        duties = Duties(NETWORK, [self.keys[key]], first, 1, ADDRESS)
        signatures: dict[Any, str] = defaultdict(lambda: "0x" + "99" * 96)
        return {
            duty.type: duty.request(NETWORK, signatures)
            for duty in [*duties.at_start(), *duties.of(first)]
        }

    def vote(self, ahead: int = 0) -> Json:
        return self.duties(ahead=ahead)["ATTESTATION"]

    def exit(self, ahead: int = 0) -> Json:
        epoch = self.epoch + ahead
        message = {"epoch": str(epoch), "validator_index": "7"}
        info = NETWORK.fork_info(epoch)
        return {"type": "VOLUNTARY_EXIT", "fork_info": info, "voluntary_exit": message}

    def deposit(self, key: int = 0) -> Json:
        message = {
            "pubkey": self.keys[key],
            "withdrawal_credentials": "0x01" + "00" * 31,
            "amount": "32000000000",
            "genesis_fork_version": NETWORK.forks[0].version,
        }
        return {"type": "DEPOSIT", "deposit": message}

    def post(self, request: Json = None, token: str = "all", **changes: Any) -> HttpRequest:
        """A vote that would be signed, but for the changes."""
        good: dict[str, Any] = {
            "method": "POST",
            "path": f"/api/v1/eth2/sign/{self.keys[0]}",
            "headers": {
                "accept": "application/json",
                "authorization": f"Bearer {self.tokens[token].text}",
            },
            "body": json.dumps(self.vote() if request is None else request),
        }
        return HttpRequest(**(good | changes))

    def send(self, request: HttpRequest | Event | str) -> Reply:
        event: Json = version_2(request) if isinstance(request, HttpRequest) else request
        data = event.encode() if isinstance(event, str) else event
        return self.host.invoke(data, SIGNER).reply

    def items(self) -> dict[str, Json]:
        """Of the keys."""
        return {key: Validators(self.host).item(key) for key in self.keys}

    def know_tokens(self) -> None:
        """The environment has read the rights of all tokens, not long ago."""
        if self._known_at is not None and time.monotonic() - self._known_at < OLD_AFTER:
            return
        for name, grant in self._grants().items():
            self.tokens[name] = token = self._make_token(grant)
            prefix = f"/t/{token.text}" if name == "path" else ""
            self.send(self.post(token=name, method="GET", path=f"{prefix}/x"))
        assert self.send(self.post(self.vote(ahead=9))).code == "too_far_ahead"
        self._known_at = time.monotonic()

    def _grants(self) -> dict[str, Json]:
        every = {"all": {"BOOL": True}}
        duties = {"ops": {"SS": ["validator"]}, **every}
        return {
            "all": {"ops": {"SS": ["validator", "exit", "DEPOSIT"]}, **every},
            "validator": duties,
            "path": duties | {"path": {"BOOL": True}},
            "over": duties | {"not_after": {"N": str(int(time.time()) - 10)}},
            "votes": {"ops": {"SS": ["ATTESTATION"]}, **every},
            "other": {"ops": {"SS": ["validator"]}, "keys": {"SS": [self.keys[1]]}},
        }

    def _make_token(self, grant: Json) -> Token:
        secret = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        token = Token(os.urandom(8).hex(), secret)
        hashed = {"B": hashlib.sha256(secret.encode()).digest()}
        Validators(self.host).put({"id": {"S": f"token/{token.id}"}, "hash": hashed, **grant})
        return token


Make = Callable[[ValidatorAsking], HttpRequest | Event | str]


class Attack(NamedTuple):
    name: str
    status: int
    code: str
    make: Make
    calls: tuple[str, ...] = ()  # of AWS, one of each


def fill(text: str, asking: ValidatorAsking) -> str:
    """`{key}`, `{<name>}` for the token of that name, `{id}` and `{secret}` of a good one."""
    good = asking.tokens["all"]
    names = {"key": asking.keys[0], "id": good.id, "secret": good.secret}
    names |= {name: token.text for name, token in asking.tokens.items()}
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def header(value: str) -> Make:
    """Another Authorization."""
    return lambda asking: asking.post(headers={"authorization": fill(value, asking)})


def basic(user_and_password: str, change: Callable[[str], str] = str) -> Make:
    def make(asking: ValidatorAsking) -> HttpRequest:
        encoded = base64.b64encode(fill(user_and_password, asking).encode()).decode()
        return asking.post(headers={"authorization": f"Basic {change(encoded)}"})

    return make


def at(path: str, method: str = "POST", token: str = "all") -> Make:
    return lambda asking: asking.post(token=token, path=fill(path, asking), method=method)


def text(change: Callable[[str], str]) -> Make:
    """Another body, made of a good vote's."""
    return lambda asking: asking.post(body=change(json.dumps(asking.vote())))


def changed(request: Json, path: str, value: Json) -> Json:
    """`path` as `attestation.source.epoch`; ABSENT takes the member away."""
    made = copy.deepcopy(request)
    *above, last = path.split(".")
    place = made
    for name in above:
        place = place[name]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return made


def duty_with(type: str, path: str, value: Json) -> Make:
    """A good message of that type with one member exchanged."""
    return lambda asking: asking.post(changed(asking.duties()[type], path, value))


def vote_with(path: str, value: Json) -> Make:
    return duty_with("ATTESTATION", path, value)


def written(path: str, json_text: str) -> Make:
    """A good vote with just this text, JSON or not, for that member's value."""

    def make(asking: ValidatorAsking) -> HttpRequest:
        mark = "the place"
        good = json.dumps(changed(asking.vote(), path, mark))
        return asking.post(body=good.replace(json.dumps(mark), json_text))

    return make


def event(change: Callable[[Event], object]) -> Make:
    """A good event with a member changed in place."""

    def make(asking: ValidatorAsking) -> Event:
        made = version_2(asking.post())
        change(made)
        return made

    return make
