# SPDX-License-Identifier: Apache-2.0
"""HTTP with just the headers that a client writes, in its order and spelling: Python adds none."""

import http.client
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def code(self) -> str:
        """Of a refusal, for tests; no client looks at it."""
        return self.headers.get("X-Redoubt-Error", "")


class Wire:
    """To one server, by any number of threads; connections are kept, or closed after an answer."""

    def __init__(self, url: str, keeps: bool) -> None:
        self.host = urlsplit(url).netloc
        self._keeps = keeps
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def send(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        seconds: float,
    ) -> Answer:
        """A TimeoutError if the answer is not whole by then, another OSError or HTTPException if it
        does not come."""
        until = time.monotonic() + seconds
        connection = self._connection()
        try:
            connection.timeout = seconds
            if connection.sock:
                connection.sock.settimeout(seconds)
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders(body)
            reply = connection.getresponse()
            answer = Answer(reply.status, reply.headers, reply.read())
            if time.monotonic() > until:
                raise TimeoutError(f"no answer within {seconds} s")
        except BaseException:
            connection.close()
            raise
        if self._keeps and not reply.will_close:
            with self._lock:
                self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        with self._lock:
            return self._idle.pop() if self._idle else http.client.HTTPConnection(self.host)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
