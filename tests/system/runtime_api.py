# SPDX-License-Identifier: Apache-2.0
"""A Runtime API in a few lines: hands over events, keeps what is posted, then stays silent."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from support.child import wait_until
from support.host import Host
from support.keys import Curve, SecretKey

PREFIX = "/2018-06-01/runtime"
KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555"


class RuntimeApi:
    """`events` are objects or raw bytes; `headers` add to those of each `next`, or replace them."""

    def __init__(self, events: list[Any], headers: dict[str, str] | None = None) -> None:
        self.events = list(events)
        self.headers = headers or {}
        self.handed = 0
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.refused = 0  # so many answers will be
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    def __enter__(self) -> "RuntimeApi":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def environment(self, host: Host | None = None, **more: str) -> dict[str, str]:
        """The function's variables: a host's world, or one in which no call is made."""
        public = str(SecretKey(Curve.P256, bytes(31) + b"\x01").public)
        variables = {
            "AWS_LAMBDA_RUNTIME_API": self.address,
            "_HANDLER": "signer",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "ASIALOCAL",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_SESSION_TOKEN": "token",
            "KMS_KEY_ID": KEY,
            "PUBLIC_KEYS": public,
            "AUTHORIZED_KEYS": public,
            "WATERMARK_TABLE": "redoubt-watermarks",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        }
        if host:
            setup = host.setup
            variables |= {
                "AWS_REGION": setup["region"],
                "AWS_ACCESS_KEY_ID": setup["access_key_id"],
                "AWS_SECRET_ACCESS_KEY": setup["secret_access_key"],
                "AWS_SESSION_TOKEN": setup["session_token"],
                "KMS_KEY_ID": ",".join(key["arn"] for key in setup["keys"]),
                "PUBLIC_KEYS": ",".join(key["public_key"] for key in setup["keys"]),
                "AUTHORIZED_KEYS": setup["authorized"]["public_key"],
                "WATERMARK_TABLE": setup["table"],
                "AWS_ENDPOINT_URL_KMS": setup["kms_endpoint"],
                "AWS_ENDPOINT_URL_DYNAMODB": setup["dynamodb_endpoint"],
                "AWS_CA_BUNDLE": setup["ca_file"],
            }
            del variables["AWS_ENDPOINT_URL"]
        return variables | more

    def answers(self, count: int, seconds: float = 10) -> list[Any]:
        """What was posted to `/response`, once there are so many."""
        wait_until(lambda: len(self._to("/response")) >= count, f"{count} answers", seconds)
        return [json.loads(body) for _, _, body in self._to("/response")]

    def _to(self, end: str) -> list[tuple[str, dict[str, str], bytes]]:
        return [post for post in self.posts if post[0].endswith(end)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                assert self.path == PREFIX + "/invocation/next"
                while api.handed >= len(api.events):
                    if api._closing.wait(0.05):
                        self.close_connection = True
                        return
                event = api.events[api.handed]
                api.handed += 1
                body = event if isinstance(event, bytes) else json.dumps(event).encode()
                self.send_response(200)
                usual = {
                    "Lambda-Runtime-Aws-Request-Id": f"request-{api.handed}",
                    "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 3000),
                }
                for name, value in (usual | api.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                names = {name.lower(): value for name, value in self.headers.items()}
                api.posts.append((self.path, names, body))
                text = b'{"status":"OK"}\n'
                refused = self.path.endswith("/response") and api.refused > 0
                api.refused -= refused
                self.send_response(413 if refused else 202)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        return Handler
