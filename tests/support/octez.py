# SPDX-License-Identifier: Apache-2.0
"""Speaks to a remote signer as octez-client does: a GET before each POST, a connection for each,
a chunked body, and patience with 502 alone (octez: http_gen.ml, RPC_client_unix.ml)."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from support.authentication import Asked, authenticate
from support.keys import SecretKey

ACCEPT = "application/json;q=1,application/bson;q=0.100,application/octet-stream;q=0.200"
ATTEMPTS = 10


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    text: str
    attempts: int = 1

    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        return self.headers.get("x-redoubt-error", "")

    @property
    def signature(self) -> str:
        assert self.status == 200, f"{self.status} {self.text}"
        return str(self.json()["signature"])


@dataclass(frozen=True)
class OctezClient:
    url: str  # with the base path, if there is one
    authorized: SecretKey
    # For servers that tell their names apart and are reached by address.
    more_headers: Mapping[str, str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, *, chunks: list[bytes] | None = None, **headers: str
    ) -> Reply:
        """One request on a connection of its own."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        sent = {"Accept": ACCEPT, "User-Agent": "ocaml-cohttp/5.3.1"}
        sent |= {**self.more_headers, **headers}
        try:
            if chunks is None:
                connection.request(method, parts.path.rstrip("/") + path, headers=sent)
            else:
                sent |= {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
                connection.request(
                    method,
                    parts.path.rstrip("/") + path,
                    body=iter(chunks),
                    headers=sent,
                    encode_chunked=True,
                )
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, names, answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str) -> Reply:
        return self.request("GET", path)

    def patiently(self, method: str, path: str, chunks: list[bytes] | None = None) -> Reply:
        """Repeats on 502, and only then."""
        for attempt in range(1, ATTEMPTS + 1):
            reply = self.request(method, path, chunks=chunks)
            if reply.status != 502 or attempt == ATTEMPTS:
                break
            time.sleep(0.1 * (attempt - 1))
        return Reply(reply.status, reply.headers, reply.text, attempt)

    def post(self, signer: Asked, payload: bytes, *, patient: bool = True) -> Reply:
        """The POST alone."""
        proof = authenticate(self.authorized, signer, payload)
        path = f"/keys/{signer.address}?authentication={proof}&version=3"
        chunks = [json.dumps(payload.hex()).encode() + b"\n"]
        if patient:
            return self.patiently("POST", path, chunks)
        return self.request("POST", path, chunks=chunks)

    def sign(self, signer: Asked, payload: bytes) -> Reply:
        """What a baker does for one signature."""
        listed = self.patiently("GET", "/authorized_keys")
        assert listed.status == 200, f"{listed.status} {listed.text}"
        assert self.authorized.public.address in listed.json()["authorized_keys"]
        return self.post(signer, payload)
