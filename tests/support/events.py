# SPDX-License-Identifier: Apache-2.0
"""Lambda's proxy events for one HTTP request: Function URL, HTTP API, REST API, load balancer."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Event = dict[str, Any]


@dataclass(frozen=True)
class HttpRequest:
    method: str = "GET"
    path: str = "/"
    query: str = ""  # as it stands in the URL
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    body: str | None = None
    base64: bool = False

    @property
    def sent_body(self) -> dict[str, Any]:
        """`body` and `isBase64Encoded` of an event."""
        if self.body is None:
            return {"isBase64Encoded": False}
        text = b64encode(self.body.encode()).decode() if self.base64 else self.body
        return {"body": text, "isBase64Encoded": self.base64}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def lists(self) -> dict[str, list[str]]:
        lists: dict[str, list[str]] = {}
        for name, value in self.pairs:
            lists.setdefault(name, []).append(value)
        return lists


def version_2(request: HttpRequest, *, api: str = "url", stage: str = "$default") -> Event:
    """Payload 2.0: Function URLs, and HTTP APIs, where a named stage is a part of the path."""
    prefix = "" if stage == "$default" else f"/{stage}"
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": prefix + request.path,
        "rawQueryString": request.query,
        "headers": {"host": "id.lambda-url.us-east-1.on.aws", **request.headers},
        # As AWS does it: repeated names are joined, so only rawQueryString can be trusted.
        "queryStringParameters": {n: ",".join(v) for n, v in request.lists.items()},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": api,
            "domainName": "id.lambda-url.us-east-1.on.aws",
            "http": {
                "method": request.method,
                "path": prefix + request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "ocaml-cohttp/5.3.1",
            },
            "requestId": "11111111-2222-3333-4444-555555555555",
            "routeKey": "$default",
            "stage": stage,
            "time": "21/Nov/2026:00:00:00 +0000",
            "timeEpoch": 1795219200000,
        },
        **request.sent_body,
    }


def rest(request: HttpRequest) -> Event:
    """Payload 1.0: REST APIs; the query comes decoded, the path as it was sent."""
    lists = request.lists
    return {
        "resource": "/{proxy+}",
        "path": request.path,
        "httpMethod": request.method,
        "headers": {"Host": "id.execute-api.us-east-1.amazonaws.com", **request.headers},
        "multiValueHeaders": {n: [v] for n, v in request.headers.items()},
        "queryStringParameters": {n: v[-1] for n, v in lists.items()} or None,
        "multiValueQueryStringParameters": lists or None,
        "pathParameters": {"proxy": request.path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "id",
            "httpMethod": request.method,
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "ocaml-cohttp/5.3.1"},
            "path": "/prod" + request.path,
            "requestId": "11111111-2222-3333-4444-555555555555",
            "stage": "prod",
        },
        "body": None,
        **request.sent_body,
    }


def load_balancer(request: HttpRequest, *, multi: bool = False) -> Event:
    """The query stays percent-encoded; one switch of the target group makes all of it lists."""
    raw = [part.split("=", 1) for part in request.query.split("&") if part]
    lists: dict[str, list[str]] = {}
    for part in raw:
        lists.setdefault(part[0], []).append(part[1] if len(part) > 1 else "")
    event: Event = {
        "requestContext": {
            "elb": {
                "targetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:000000000000:"
                "targetgroup/signer/49e9d65c45c6791a"
            }
        },
        "httpMethod": request.method,
        "path": request.path,
        **request.sent_body,
    }
    event.setdefault("body", "")
    headers = {"host": "signer.example", "x-forwarded-for": "192.0.2.1", **request.headers}
    if multi:
        event["multiValueHeaders"] = {n: [v] for n, v in headers.items()}
        event["multiValueQueryStringParameters"] = lists
    else:
        event["headers"] = headers
        event["queryStringParameters"] = {n: v[-1] for n, v in lists.items()}
    return event
