# SPDX-License-Identifier: Apache-2.0
"""The host of deploy/local: Lambda's Invoke, and the log as CloudWatch Logs gives it."""

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from redoubt_stack.console import BadUsage
from redoubt_stack.operate.targets import Event, Unreachable, read_event

SECONDS = 30
INVOKE = "/2015-03-31/functions/redoubt-operator/invocations"
LOGS = "Logs_20140328.FilterLogEvents"


class LocalTarget:
    is_local = True

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.netloc or parts.username:
            raise BadUsage(
                f"--local {url}: give the URL that deploy/local prints, such as "
                "http://127.0.0.1:8080; a signer on AWS is found by --stack"
            )
        self._host = parts.netloc  # the signer's base path leads nowhere else
        self.where = f"http://{parts.netloc}"

    def invoke(self, event: bytes) -> bytes:
        return self._post(INVOKE, event, {})

    def log(self, function: str, since_ms: int) -> Iterator[Event]:
        asked: dict[str, Any] = {
            "logGroupName": f"/aws/lambda/redoubt-{function}",
            "startTime": since_ms,
        }
        headers = {"X-Amz-Target": LOGS, "Content-Type": "application/x-amz-json-1.1"}
        while True:
            text = self._post("/", json.dumps(asked).encode(), headers)
            try:
                told = json.loads(text)
                for event in told["events"]:
                    yield read_event(event)
            except (ValueError, KeyError, TypeError) as error:
                raise Unreachable(f"{self.where} has no log to show: {self._advice()}") from error
            if "nextToken" not in told:
                return
            asked["nextToken"] = told["nextToken"]

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        try:
            connection = http.client.HTTPConnection(self._host, timeout=SECONDS)
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unreachable(
                f"{self.where} does not answer ({error or type(error).__name__}): {self._advice()}"
            ) from error
        if answer.status == 200:
            return text
        words = text[:300].decode(errors="replace")
        raise Unreachable(f"{self.where} answers {answer.status}, {words}: {self._advice()}")

    def _advice(self) -> str:
        return "is this the URL that deploy/local prints, and does it still run?"
