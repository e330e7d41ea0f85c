# SPDX-License-Identifier: Apache-2.0
"""Makes requests for one key on one chain: good ones, and good ones with a part exchanged."""

import json
from dataclasses import dataclass
from typing import Any

from support.authentication import authenticate
from support.events import Event, HttpRequest, version_2
from support.host import Chain, Host
from support.keys import PublicKey
from support.octez import Reply
from support.payloads import attestation

Calls = dict[str, int]


@dataclass
class Asking:
    host: Host
    chain: Chain
    key: PublicKey

    def vote(self, **changes: Any) -> bytes:
        """A fresh attestation on the chain."""
        level, round = self.chain.slot()
        return attestation(level, round, chain=self.chain.raw, **changes)

    def proof(self, payload: bytes) -> str:
        return authenticate(self.host.authorized, self.key, payload)

    @property
    def path(self) -> str:
        return f"/keys/{self.key.address}"

    def post(self, payload: bytes | None = None, **changes: Any) -> HttpRequest:
        """A request that would be signed, but for the changes."""
        payload = self.vote() if payload is None else payload
        good: dict[str, Any] = {
            "method": "POST",
            "path": self.path,
            "query": f"authentication={self.proof(payload)}&version=3",
            "headers": {"content-type": "application/json"},
            "body": json.dumps(payload.hex()) + "\n",
        }
        return HttpRequest(**(good | changes))

    def send(self, request: HttpRequest) -> Reply:
        return self.host.invoke(version_2(request)).reply

    def send_event(self, event: Event) -> Reply:
        return self.host.invoke(event).reply


def aws_calls(host: Host) -> Calls:
    """Operations since the start, by service."""
    told = host.calls()
    return {
        f"{service}.{operation}": count
        for service in ("kms", "dynamodb")
        for operation, count in told[service]["calls"].items()
        if operation != "other" and count
    }


class Counted:
    """`with Counted(host) as made:` then `made.calls` are the operations between."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.calls: Calls = {}

    def __enter__(self) -> "Counted":
        self.before = aws_calls(self.host)
        return self

    def __exit__(self, *_: object) -> None:
        after = aws_calls(self.host)
        self.calls = {
            name: after[name] - self.before.get(name, 0)
            for name in after
            if after[name] != self.before.get(name, 0)
        }


ONE_EACH = {"kms.Sign": 1, "dynamodb.UpdateItem": 1}


def is_error(reply: Reply, status: int, code: str) -> None:
    """The status, the code in the header, and a trace that octez-client decodes and prints."""
    assert (reply.status, reply.code) == (status, code), reply.text
    assert reply.headers["content-type"] == "application/json"
    trace = reply.json()
    assert list(map(sorted, trace)) == [["id", "kind", "msg"]]
    assert (trace[0]["kind"], trace[0]["id"]) == ("temporary", "failure")
    assert trace[0]["msg"].startswith(f"{code}: ")


def sign_again(host: Host, key: PublicKey, payload: bytes) -> str:
    """The exact retry, once the fault is over; a block gets what its row holds."""
    signature = host.baker.sign(key, payload).signature
    assert key.verifies(signature, payload)
    if payload[0] == 0x11:
        stored = {row.get("sig") for row in host.rows() if row["pkh"] == key.address}
        assert signature in stored
    return signature
