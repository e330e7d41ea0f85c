# SPDX-License-Identifier: Apache-2.0
"""Requests to the signer through its Function URL, as a baker's are sent."""

import http.client
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from redoubt_stack.console import Stop

SECONDS = 30


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    text: str


def request(
    url: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    chunks: Iterable[bytes] | None = None,
) -> Reply:
    """A body goes in chunks, as octez-client sends it."""
    parts = urlsplit(url)
    connection = _connection(parts.netloc, parts.scheme)
    sent = {"Host": parts.netloc, **(headers or {})}
    try:
        connection.request(
            method, parts.path, chunks and iter(chunks), sent, encode_chunked=chunks is not None
        )
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, names, answer.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        raise Stop(f"{parts.netloc} did not answer ({error}): try again in a minute") from error
    finally:
        connection.close()


def _connection(host: str, scheme: str) -> http.client.HTTPConnection:
    """Where all of AWS is one other server, as an emulator's, that server has the URLs, too."""
    if scheme == "http":  # deploy/local's
        return http.client.HTTPConnection(host, timeout=SECONDS)
    instead = os.environ.get("AWS_ENDPOINT_URL")
    if not instead:
        return http.client.HTTPSConnection(host, timeout=SECONDS)
    parts = urlsplit(instead)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.netloc, timeout=SECONDS)
