# SPDX-License-Identifier: Apache-2.0
"""The local Lambda host (`redoubt-local`) as a process, and its control API."""

import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import quote

from botocore.credentials import Credentials

from support import base58
from support.aws import Server
from support.child import RELEASE, Child, wait_until
from support.keys import Curve, PublicKey, SecretKey
from support.octez import OctezClient, Reply

PROGRAM = RELEASE / "redoubt-local"
SIGNER = "redoubt-signer"
OPERATOR = "redoubt-operator"

Json = Any


@dataclass(frozen=True)
class Invoked:
    """The answer of the Invoke API."""

    status: int
    function_error: str | None
    payload: Json

    @property
    def reply(self) -> Reply:
        """The payload read as a proxy answer, as a Function URL reads it."""
        assert self.function_error is None, self.payload
        headers = {n.lower(): v for n, v in self.payload.get("headers", {}).items()}
        headers |= {
            n.lower(): ",".join(v) for n, v in self.payload.get("multiValueHeaders", {}).items()
        }
        assert self.payload.get("isBase64Encoded", False) is False
        return Reply(self.payload["statusCode"], headers, self.payload.get("body", ""))


def fetch(method: str, url: str, body: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, data=body, method=method)
    if body is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


class Host:
    """A running host with no baker. Tests sign through `baker`, and look behind it."""

    def __init__(self, *options: str) -> None:
        self.child = Child(
            [PROGRAM, *("--levels", "0", "--port", "0", "--control-port", "0", "--json"), *options]
        )
        try:
            wait_until(self._started, "the host to be ready", 30)
        except BaseException:
            self.child.stop()
            raise

    def _started(self) -> bool:
        assert self.child.process.poll() is None, f"the host ended:\n{self.child.output}"
        return self._ready() is not None

    def _ready(self) -> Json | None:
        lines = (json.loads(line) for line in self.child.out)
        return next((line for line in lines if line.get("event") == "ready"), None)

    @cached_property
    def ready(self) -> Json:
        line = self._ready()
        assert line is not None
        return line

    @property
    def url(self) -> str:
        return str(self.ready["url"]).rstrip("/")

    @property
    def origin(self) -> str:
        """The URL without the base path that the function may have."""
        found = re.match(r"http://[^/:]+:\d+", self.url)
        assert found
        return found.group()

    def stop(self) -> int:
        return self.child.stop()

    # The control API

    def control(self, method: str, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        status, _, text = fetch(method, str(self.ready["control"]).rstrip("/") + path, data)
        assert 200 <= status < 300, f"{method} {path}: {status} {text!r}"
        return json.loads(text) if text else None

    @cached_property
    def setup(self) -> Json:
        return self.control("GET", "/setup")

    @cached_property
    def keys(self) -> list[PublicKey]:
        return [PublicKey.parse(key["public_key"]) for key in self.setup["keys"]]

    def key(self, curve: Curve) -> PublicKey:
        return next(key for key in self.keys if key.curve is curve)

    def arn(self, key: PublicKey) -> str:
        return str(next(k["arn"] for k in self.setup["keys"] if k["pkh"] == key.address))

    @property
    def authorized(self) -> SecretKey:
        return SecretKey.parse(self.setup["authorized"]["secret_key"])

    @property
    def baker(self) -> OctezClient:
        return OctezClient(self.url, self.authorized)

    def calls(self) -> Json:
        return self.control("GET", "/calls")

    def rows(self) -> list[Json]:
        return list(self.control("GET", "/rows"))

    def row(self, key: PublicKey, scope: str) -> Json:
        return next(r for r in self.rows() if (r["pkh"], r["scope"]) == (key.address, scope))

    def put_row(self, item: Json) -> None:
        self.control("PUT", "/rows", item)

    def delete_row(self, key: PublicKey, scope: str) -> None:
        self.control("DELETE", f"/rows?pkh={key.address}&scope={quote(scope, safe='')}")

    def log(self, function: str = SIGNER) -> list[str]:
        return list(self.control("GET", f"/log?function={function}"))

    def environments(self, function: str = SIGNER) -> list[Json]:
        return [e for e in self.control("GET", "/environments") if e["function"] == function]

    @contextmanager
    def faults(self, *specs: str) -> Iterator[None]:
        self.control("POST", "/faults", list(specs))
        try:
            yield
        finally:
            self.control("POST", "/faults", [])

    @contextmanager
    def clock(self, offset_ms: int) -> Iterator[None]:
        self.control("POST", "/clock", {"offset_ms": offset_ms})
        try:
            yield
        finally:
            self.control("POST", "/clock", {"offset_ms": 0})

    # The stand-ins, seen as AWS

    @cache
    def server(self, service: str, region: str = "us-east-1") -> Server:
        setup = self.setup
        keys = Credentials(
            setup["access_key_id"], setup["secret_access_key"], setup["session_token"]
        )
        url = str(setup[f"{service}_endpoint"]).rstrip("/")
        return Server("stand-in", service, url, keys, region, setup["ca_file"])

    # The functions

    def invoke(self, event: Json | bytes, function: str = SIGNER) -> Invoked:
        data = event if isinstance(event, bytes) else json.dumps(event).encode()
        url = f"{self.origin}/2015-03-31/functions/{function}/invocations"
        status, headers, text = fetch("POST", url, data)
        names = {name.lower(): value for name, value in headers.items()}
        return Invoked(status, names.get("x-amz-function-error"), json.loads(text))

    def operate(self, command: str, **fields: Json) -> Json:
        answer = self.invoke({"redoubt": {"command": command, **fields}}, OPERATOR)
        assert answer.function_error is None, answer.payload
        return answer.payload["redoubt"]

    def arm(self, level: int, chain: bytes | None = None) -> "Chain":
        """Arms all keys on a chain of its own, through the operator."""
        chain = chain or os.urandom(4)
        told = self.operate("arm", chain=base58.encode("Net", chain), level=level)
        assert told["ok"] is True, told
        return Chain(self, chain, level)


@dataclass
class Chain:
    """A chain on which the host's keys are armed; slots are handed out upwards, by rounds."""

    host: Host
    raw: bytes
    level: int
    _round: int = 0

    @property
    def id(self) -> str:
        return base58.encode("Net", self.raw)

    def scope(self, kind: str) -> str:
        return f"{self.id}/{kind}"

    def slot(self) -> tuple[int, int]:
        """A slot above all handed out before: the level after the armed one, rounds from 1.
        Rounds above 0 leave the pace alone, so a test may sign faster than a chain does."""
        self._round += 1
        return self.level + 1, self._round

    def loosen_pace(self, seconds: int = 1000) -> None:
        """Rewrites the rows so that the tight commit holds at once, as after an idle time."""
        for row in self.host.rows():
            if row["scope"].startswith(self.id + "/"):
                item = dict(row["item"])
                pace = self.level * 1000 - time.time_ns() // 1_000_000 + seconds * 1000
                self.host.put_row(item | {"pace": {"N": str(pace)}})


@contextmanager
def running(*options: str) -> Iterator[Host]:
    host = Host(*options)
    try:
        yield host
    finally:
        host.stop()
