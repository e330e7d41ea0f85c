# SPDX-License-Identifier: Apache-2.0
"""The host of deploy/local: Lambda's Invoke, and the log as CloudWatch Logs gives it."""

import base64
import http.client
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from redoubt_stack.console import BadUsage
from redoubt_stack.operate.targets import OPERATOR, Event, Unreachable, ask, read_event

SECONDS = 30
INVOKE = "/2015-03-31/functions/{name}-{function}/invocations"
LOGS = "Logs_20140328.FilterLogEvents"
ENCRYPT = "TrentService.Encrypt"
LOOKUP = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"


class LocalTarget:
    is_local = True

    def __init__(self, url: str, name: str, program: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.netloc or parts.username:
            raise BadUsage(
                f"--local {url}: give the URL that deploy/local prints, such as "
                "http://127.0.0.1:8080; a signer on AWS is found by --stack"
            )
        self._name, self.program = name, program
        self._host = parts.netloc  # the signer's base path leads nowhere else
        self.url = url.rstrip("/")
        self.where = f"http://{parts.netloc}"

    def invoke(self, event: bytes, function: str = OPERATOR) -> bytes:
        return self._post(INVOKE.format(name=self._name, function=function), event, {})

    @cached_property
    def table(self) -> str:
        return str(ask(self, "status").members.get("table", ""))

    @property
    def wrapping_keys(self) -> list[str]:
        return []  # nothing here tells a function's variables

    def encrypt(self, kms_key: str, plaintext: bytes, context: dict[str, str]) -> bytes:
        asked = {
            "KeyId": kms_key,
            "Plaintext": base64.b64encode(plaintext).decode(),
            "EncryptionContext": context,
        }
        headers = {"X-Amz-Target": ENCRYPT, "Content-Type": "application/x-amz-json-1.1"}
        told = json.loads(self._post("/", json.dumps(asked).encode(), headers))
        return base64.b64decode(told["CiphertextBlob"])

    @cached_property
    def signer(self) -> tuple[set[str], str]:
        keys = ask(self, "status").members.get("keys", [])
        return {str(key["arn"]) for key in keys}, ""

    def log(self, function: str, since_ms: int, until_ms: int | None = None) -> Iterator[Event]:
        asked = {"logGroupName": f"/aws/lambda/{self._name}-{function}", "startTime": since_ms}
        if until_ms is not None:
            asked["endTime"] = until_ms
        for event in self._pages(LOGS, asked, "nextToken", "events"):
            yield read_event(event)

    def key_events(self, key: str, since_ms: int, until_ms: int) -> Iterator[str]:
        asked = {
            "LookupAttributes": [{"AttributeKey": "ResourceName", "AttributeValue": key}],
            "StartTime": since_ms / 1000,
            "EndTime": until_ms / 1000,
        }
        for event in self._pages(LOOKUP, asked, "NextToken", "Events"):
            yield str(event["CloudTrailEvent"])

    def _pages(
        self, operation: str, asked: dict[str, Any], token: str, listed: str
    ) -> Iterator[dict[str, Any]]:
        headers = {"X-Amz-Target": operation, "Content-Type": "application/x-amz-json-1.1"}
        while True:
            text = self._post("/", json.dumps(asked).encode(), headers)
            try:
                told = json.loads(text)
                yield from told[listed]
            except (ValueError, KeyError, TypeError) as error:
                raise Unreachable(f"{self.where} has no log to show: {self._advice()}") from error
            if token not in told:
                return
            asked[token] = told[token]

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
