# SPDX-License-Identifier: Apache-2.0
"""A server that answers what it was told to, and keeps what it was asked: for answers that no real
function can be made to give here."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

ADDRESS = "tz2EVmDJ3xUPkkuGkdm3mSaW9JtPkmWfgugE"
MAINNET = "NetXdQprcVkpaWU"
KINDS = ("block", "preattestation", "attestation")
Run = Callable[..., int]


class Answering:
    """The answers in turn; the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""
        self.error = ""  # by what name AWS tells one

    def answer(self, *members: Any, status: int = 200) -> "Answering":
        """As the operator function, if it is a dictionary; else those bytes."""
        for one in members:
            text = one if isinstance(one, bytes) else json.dumps({"redoubt": one}).encode()
            self.answers.append((status, text))
        return self

    def pages(self, *pages: dict[str, Any]) -> "Answering":
        """As CloudWatch Logs."""
        return self.answer(*(json.dumps(page).encode() for page in pages))

    @property
    def commands(self) -> list[dict[str, Any]]:
        return [asked["redoubt"] for asked in self.asked]

    def take(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        self.asked.append(json.loads(body) if body else None)
        self.headers.append(headers)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def answering() -> Iterator[Answering]:
    made = Answering()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, text = made.take(body, {n.lower(): v for n, v in self.headers.items()})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{made.url}/elsewhere")
            if made.error:
                self.send_header("x-amzn-ErrorType", made.error)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def row(kind: str = "block", level: int = 1000, round: int | None = None, **more: Any) -> Any:
    """As the function shows one; without a round it is closed."""
    from_level = level + 1 if round is None else level
    return {
        "pkh": ADDRESS,
        "chain": MAINNET,
        "kind": kind,
        "level": level,
        "round": 2**31 - 1 if round is None else round,
        "digest": None if round is None else "ab" * 32,
        "at": 1_790_000_000_000,
        "pace": -1,
        "written": "2026-09-21T14:13:20.000Z",
        "level_closed": round is None,
        "signs_from": {"level": from_level, "round": 0 if round is None else round + 1},
        "signs_up_to": level + 300,
        "until": None,
        **more,
    }


def status(*rows: Any, **more: Any) -> dict[str, Any]:
    return {
        "ok": True,
        "version": "0.1.0",
        "table": "redoubt-watermarks",
        "addresses": [ADDRESS],
        "authorized_keys": ["tz1Ke2h7sDdakHJQh8WX4Z372du1KChsksyU"],
        "rows": list(rows),
        "clock": {"ahead_of_us_ms": 3, "corrected_by_ms": 0},
        **more,
    }


def written(outcome: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    """What a command that writes answers: a row of each kind."""
    rows = [
        {
            **(after or {"pkh": ADDRESS, "chain": MAINNET}),
            "kind": kind,
            "outcome": outcome,
            "before": before,
            "after": after,
        }
        for kind in KINDS
    ]
    return {"ok": True, "rows": rows, **more}


def refused(code: str, message: str, **more: Any) -> dict[str, Any]:
    return {"ok": False, "error": {"id": code, "msg": message}, **more}


def header(level: int, chain: str = MAINNET, time: str = "") -> bytes:
    """Of a node's head."""
    now = time or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"chain_id": chain, "level": level, "timestamp": now}).encode()
