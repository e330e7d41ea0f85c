# SPDX-License-Identifier: Apache-2.0
"""A validator client, as far as a remote signer sees it: a table of habits, and what plays them."""

import base64
import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from support.clients.messages import Fields, Message
from support.clients.wire import Answer, Headers, Wire

SIGN = "/api/v1/eth2/sign/"
KEYS = "/api/v1/eth2/publicKeys"
UPCHECK = "/upcheck"
SLOT = 12.0  # seconds, for clients that wait as long as a signature is of use


class Token(Enum):
    """How it is sent. Of a URL `https://user:token@host`, by what the client is made with."""

    BASIC = auto()  # at once
    CHALLENGED = auto()  # after a 401 that asks for Basic, and from then on at once
    PATH = auto()  # before each path


@dataclass(frozen=True)
class Habits:
    """`post` and `get` are headers in their order; in them {host}, {length} and {basic} are filled
    in. `signature` and `keys` read an answer as the client does: a ValueError if it can't."""

    name: str
    read: str  # what was read for this table: repository, commit
    token: Token
    post: Headers
    get: Headers
    body: Callable[[Message], Fields]
    signature: Callable[[Answer], str]
    keys: Callable[[Answer], list[str]] | None  # None: a list of its own
    seconds: float  # for one signature, repetitions included
    keeps_connections: bool = True
    repeats: tuple[float, ...] = ()  # seconds of waiting before each
    repeated: frozenset[int] = frozenset()
    start: tuple[str, ...] = ()  # asked once
    every: Mapping[str, int] = field(default_factory=dict)  # path, seconds


class Missed(Exception):
    """The client has no signature."""

    def __init__(self, why: str, answers: list[Answer]) -> None:
        super().__init__(why, [(answer.status, answer.code) for answer in answers])
        self.answers = answers

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(answer.status, answer.code) for answer in self.answers]


class Client:
    """Of any number of keys, used by any number of threads."""

    def __init__(self, habits: Habits, url: str, token: str) -> None:
        self.habits = habits
        self.asked: list[int] = []  # the status of each answer
        self._wire = Wire(url, habits.keeps_connections)
        self._prefix = f"/t/{token}" if habits.token is Token.PATH else ""
        user = f"{habits.name}:{token}".encode()
        self._basic = "Basic " + base64.b64encode(user).decode()
        self._opened: set[str] = set()  # folders that asked for Basic

    def close(self) -> None:
        self._wire.close()

    def get(self, path: str) -> Answer:
        return self._send("GET", path, None, SLOT)

    def keys(self) -> list[str]:
        assert self.habits.keys
        return self.habits.keys(self.get(KEYS))

    def sign(self, key: str, message: Message) -> str:
        body = json.dumps(self.habits.body(message), separators=(",", ":")).encode()
        until = time.monotonic() + self.habits.seconds
        answers: list[Answer] = []
        for pause in (*self.habits.repeats, None):
            answer = None
            try:
                answer = self._send("POST", SIGN + key, body, until - time.monotonic())
                answers.append(answer)
                return self.habits.signature(answer)
            except (OSError, http.client.HTTPException, ValueError) as error:
                is_final = answer is not None and answer.status not in self.habits.repeated
                if pause is None or is_final or time.monotonic() + pause >= until:
                    raise Missed(f"{type(error).__name__}: {error}", answers) from error
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _send(self, method: str, path: str, body: bytes | None, seconds: float) -> Answer:
        if self.habits.token is not Token.CHALLENGED:
            return self._send_once(method, path, body, seconds, basic=True)
        folder = path.rpartition("/")[0]
        is_open = any(folder.startswith(opened) for opened in self._opened)
        answer = self._send_once(method, path, body, seconds, basic=is_open)
        if answer.status != 401 or is_open:
            return answer
        if not answer.headers.get("WWW-Authenticate", "").startswith('Basic realm="'):
            raise http.client.HTTPException("WWW-Authenticate header missing")
        self._opened.add(folder)
        return self._send_once(method, path, body, seconds, basic=True)

    def _send_once(
        self, method: str, path: str, body: bytes | None, seconds: float, basic: bool
    ) -> Answer:
        filled = {
            "{host}": self._wire.host,
            "{length}": str(len(body or b"")),
            "{basic}": self._basic if basic else "",
        }
        table = self.habits.get if body is None else self.habits.post
        headers = [(name, filled.get(value, value)) for name, value in table]
        sent = [(name, value) for name, value in headers if value]
        answer = self._wire.send(method, self._prefix + path, sent, body, seconds)
        self.asked.append(answer.status)
        return answer
