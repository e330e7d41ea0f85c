# SPDX-License-Identifier: Apache-2.0
"""What a node says of its chain: whoever has one need not trust a number that was typed."""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from redoubt_stack.console import BadUsage, Stop

HEADER = "/chains/main/blocks/head/header"
SECONDS = 15
LONGEST = 1_000_000  # bytes of an answer
HERE = ("localhost", "127.0.0.1", "::1")
# A node that is behind would vouch for a level that is behind.
STALE_SECONDS = 300
# And one that is a little behind for a level that was signed: ten levels, of which the margins here
# are two.
LATE_SECONDS = 60
# What comes of an answer that is none: no HTTP, no JSON, no number, a number that no level is.
UNREADABLE = (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, OverflowError)


@dataclass(frozen=True)
class Head:
    chain_id: str
    level: int
    time: datetime

    def seconds_old(self, now: datetime) -> float:
        return (now - self.time).total_seconds()


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """Elsewhere may be another chain, or no TLS."""

    def redirect_request(self, *_: object) -> None:
        return None


def _proxies(host: str | None) -> list[urllib.request.BaseHandler]:
    """For this machine none, whatever http_proxy says: a proxy's localhost is another."""
    return [urllib.request.ProxyHandler({})] if host in HERE else []


def read_head(url: str) -> Head:
    told = read_json(url, HEADER, "its head", "http://localhost:8732")
    try:
        return Head(
            str(told["chain_id"]),
            int(told["level"]),
            datetime.fromisoformat(told["timestamp"]).astimezone(UTC),
        )
    except UNREADABLE as error:
        raise _not_told(url, HEADER, "its head", error) from error


def read_json(url: str, path: str, what: str, example: str) -> Any:
    """Of any node: what it answers there."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadUsage(f"--node {url}: give a node's URL, such as {example}")
    try:
        opener = urllib.request.build_opener(_NoDetour, *_proxies(parts.hostname))
        with opener.open(url.rstrip("/") + path, timeout=SECONDS) as answer:
            return json.loads(answer.read(LONGEST))
    except UNREADABLE as error:
        raise _not_told(url, path, what, error) from error


def _not_told(url: str, path: str, what: str, error: Exception) -> Stop:
    reason = getattr(error, "reason", None) or error
    return Stop(
        f"the node {url} did not tell {what} ({type(error).__name__}: {reason}). Does "
        f"{url.rstrip('/')}{path} open? Give another --node, or none"
    )
