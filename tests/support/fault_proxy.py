# SPDX-License-Identifier: Apache-2.0
"""A proxy before an AWS-like server that makes faults: it passes calls on as they are, and hands
out whatever a test makes of the answers."""

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.aws import Answer, Server

# Sent anew by each of the two connections; a checksum is of the body that was not twisted.
HOP = {"connection", "content-length", "transfer-encoding", "x-amz-crc32"}

Forward = Callable[[], Answer]
# Gets the call's body. May forward the call, or not, or twice, or later; no answer is a cut
# connection.
Twist = Callable[[bytes, Forward], Answer | None]


def straight(_: bytes, forward: Forward) -> Answer | None:
    return forward()


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed in the middle is nothing to tell of."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class FaultProxy:
    """`with FaultProxy(server) as between:` then `between.twist` says what becomes of each POST.
    The server may follow before the first call: a host may have to know us before we know it.
    `overhear` gets each request as it came, without its first line."""

    def __init__(
        self,
        server: Server | None = None,
        twist: Twist = straight,
        overhear: Callable[[bytes], None] = lambda request: None,
    ) -> None:
        self.twist = twist
        self.overhear = overhear
        self.upstream = server
        self._server = QuietServer(("127.0.0.1", 0), self._handler())

    def __enter__(self) -> "FaultProxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1  # an answer leaves in one piece

            def log_message(self, *_: object) -> None:
                pass

            def forward(self, method: str, body: bytes) -> Answer:
                headers = {n: v for n, v in self.headers.items() if n.lower() not in HOP}
                if between.upstream is None:
                    raise ConnectionError("nothing to pass on to yet")
                return between.upstream.exchange(method, self.path, headers, body)

            def reply(self, answer: Answer | None) -> None:
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    if name not in HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def do_GET(self) -> None:
                self.reply(self.forward("GET", b""))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                between.overhear(bytes(self.headers) + body)
                self.reply(between.twist(body, lambda: self.forward("POST", body)))

        return Handler
