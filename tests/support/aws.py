# SPDX-License-Identifier: Apache-2.0
"""Calls to an AWS-like server: through boto3, and raw with a signature that a test can spoil."""

import http.client
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

TARGETS = {
    "kms": ("TrentService.", "application/x-amz-json-1.1"),
    "dynamodb": ("DynamoDB_20120810.", "application/x-amz-json-1.0"),
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error's name, cut out of `__type` as the SDKs do."""
        kind = str(self.json().get("__type", "")).split(":")[0]
        return kind.rsplit("#", 1)[-1]


@dataclass(frozen=True)
class Signing:
    """How a raw request is signed; the defaults are right, a test replaces what it wants wrong."""

    service: str
    region: str
    credentials: Credentials
    age: timedelta = timedelta(0)

    def sign(self, url: str, headers: dict[str, str], body: bytes) -> AWSRequest:
        request = AWSRequest(method="POST", url=url, headers=headers, data=body)
        auth = SigV4Auth(self.credentials, self.service, self.region)
        moment = datetime.now(UTC) - self.age
        request.context["timestamp"] = moment.strftime("%Y%m%dT%H%M%SZ")
        auth._modify_request_before_signing(request)
        to_sign = auth.string_to_sign(request, auth.canonical_request(request))
        auth._inject_signature_to_request(request, auth.signature(to_sign, request))
        return request


@dataclass(frozen=True)
class Server:
    """One server that speaks one service's protocol."""

    name: str
    service: str
    url: str
    credentials: Credentials
    region: str = "us-east-1"
    ca_file: str | None = None

    @cached_property
    def client(self) -> Any:
        return boto3.client(
            self.service,
            endpoint_url=self.url,
            region_name=self.region,
            aws_access_key_id=self.credentials.access_key,
            aws_secret_access_key=self.credentials.secret_key,
            aws_session_token=self.credentials.token,
            verify=self.ca_file,
            config=Config(retries={"total_max_attempts": 1}, max_pool_connections=80),
        )

    @property
    def signing(self) -> Signing:
        return Signing(self.service, self.region, self.credentials)

    def with_credentials(self, credentials: Credentials) -> "Server":
        return replace(self, credentials=credentials)

    def call(
        self,
        operation: str,
        body: dict[str, Any] | bytes,
        *,
        signing: Signing | None = None,
        spoil: Callable[[AWSRequest], None] = lambda request: None,
    ) -> Answer:
        """Signs, lets the test spoil the signed request, sends."""
        prefix, content_type = TARGETS[self.service]
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": content_type, "X-Amz-Target": prefix + operation}
        request = (signing or self.signing).sign(self.url + "/", headers, data)
        spoil(request)
        return self.exchange("POST", "/", dict(request.headers), request.data)

    def exchange(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """As it is, on a connection of its own."""
        parts = urlsplit(self.url)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            trust = ssl.create_default_context(cafile=self.ca_file)
            connection = http.client.HTTPSConnection(parts.netloc, timeout=10, context=trust)
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()
