# SPDX-License-Identifier: Apache-2.0
"""Events of every front that the function may stand behind, and events of none."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from asking import Asking, Counted, is_error
from support.events import Event, HttpRequest, load_balancer, rest, version_2
from support.host import OPERATOR, SIGNER, Host
from support.octez import OctezClient


def behind_a_base_path(event: Event) -> Event:
    """As a custom domain with the mapping `signer` has it: the resource is what it was."""
    return event | {"path": "/signer" + event["path"]}


FRONTS: dict[str, Callable[[HttpRequest], Event]] = {
    "Function URL": version_2,
    "HTTP API": lambda request: version_2(request, api="api"),
    "HTTP API with a named stage": lambda request: version_2(request, api="api", stage="prod"),
    "REST API": rest,
    "REST API behind a domain's base path": lambda request: behind_a_base_path(rest(request)),
    "load balancer": load_balancer,
    "load balancer with lists": lambda request: load_balancer(request, multi=True),
}

fronts = pytest.mark.parametrize("front", FRONTS)


@fronts
class TestFronts:
    @pytest.mark.parametrize("base64", [False, True], ids=["text", "base64"])
    def test_sign(self, asking: Asking, front: str, base64: bool) -> None:
        payload = asking.vote()
        reply = asking.send_event(FRONTS[front](asking.post(payload, base64=base64)))
        assert asking.key.verifies(reply.signature, payload)

    def test_read(self, asking: Asking, front: str) -> None:
        reply = asking.send_event(FRONTS[front](HttpRequest(path="/authorized_keys")))
        assert reply.json() == {"authorized_keys": [asking.host.authorized.public.address]}
        assert reply.headers["content-type"] == "application/json"

    def test_health_without_a_body(self, asking: Asking, front: str) -> None:
        event = FRONTS[front](HttpRequest(method="HEAD", path="/healthz"))
        payload = asking.host.invoke(event).payload
        assert (payload["statusCode"], payload["body"]) == (200, "")

    def test_refuse(self, asking: Asking, front: str) -> None:
        is_error(asking.send_event(FRONTS[front](HttpRequest(path="/x"))), 404, "unknown_route")
        no_proof = asking.post(query="")
        is_error(asking.send_event(FRONTS[front](no_proof)), 401, "authentication_missing")

    def test_percent_encoding_is_decoded_once(self, asking: Asking, front: str) -> None:
        payload = asking.vote()
        proof = asking.proof(payload)
        encoded = f"%{ord(proof[0]):02X}{proof[1:]}"
        request = asking.post(payload, query=f"authentication={encoded}&version=%33")
        reply = asking.send_event(FRONTS[front](request))
        assert asking.key.verifies(reply.signature, payload)

    def test_repeated_names_are_refused(self, asking: Asking, front: str) -> None:
        payload = asking.vote()
        proof = asking.proof(payload)
        request = asking.post(payload, query=f"authentication={proof}&authentication={proof}")
        reply = asking.send_event(FRONTS[front](request))
        if front == "load balancer":
            # It hands over the last of equal names; nothing is left to see.
            assert asking.key.verifies(reply.signature, payload)
        else:
            is_error(reply, 400, "bad_request")


def answered(host: Host, event: Any, function: str = SIGNER) -> Any:
    """The payload of an answer that came through /response."""
    with Counted(host) as made:
        answer = host.invoke(event, function)
    assert answer.function_error is None, answer.payload
    assert made.calls == {}
    return answer.payload


def is_operator_error(payload: Any) -> None:
    assert list(payload) == ["redoubt"]
    assert payload["redoubt"]["ok"] is False
    assert set(payload["redoubt"]["error"]) == {"id", "msg"}


JUNK: dict[str, Any] = {
    "null": None,
    "a number": 5,
    "a text": "x",
    "an array": [],
    "an empty object": {},
    "another service's event": {"Records": [{"eventSource": "aws:s3"}]},
    "a test event of the console": {"key1": "value1", "key2": "value2", "key3": "value3"},
    "a command that is no object": {"redoubt": "arm"},
    "a command without a name": {"redoubt": {}},
    "a command whose name is a number": {"redoubt": {"command": 5}},
    "an unknown command": {"redoubt": {"command": "open the gate"}},
    "a command of nothing": {"redoubt": {"command": ""}},
    "a command in capitals": {"redoubt": {"command": "ARM"}},
    "a command and more": {"redoubt": {"command": "status"}, "more": 1},
}


class TestJunk:
    @pytest.mark.parametrize("name", JUNK)
    @pytest.mark.parametrize("function", [SIGNER, OPERATOR])
    def test_is_answered_with_an_error(self, host: Host, name: str, function: str) -> None:
        if name == "a command and more" and function == OPERATOR:
            return  # harmless there, and told by the operator's own tests
        payload = answered(host, JUNK[name], function)
        if name == "null" and function == SIGNER:
            # As what could not be read: a URL may have sent it, and must not make it a 200.
            assert payload["statusCode"] == 400
        else:
            is_operator_error(payload)

    @pytest.mark.parametrize(
        "name", ["requestContext", "rawPath", "httpMethod"], ids=lambda name: f"only {name}"
    )
    @pytest.mark.parametrize("value", [None, 5, "x", [], {}], ids=repr)
    def test_request_that_is_half_one_gets_an_http_answer(
        self, host: Host, name: str, value: Any
    ) -> None:
        reply = host.invoke({name: value}).reply
        assert reply.status in (400, 404, 405, 500)
        assert reply.code in ("bad_request", "unknown_route", "method_not_allowed", "internal")

    CHANGES: dict[str, Callable[[Event], object]] = {
        "headers are an array": lambda e: e.update(headers=[]),
        "headers are missing": lambda e: e.pop("headers"),
        "a header is a number": lambda e: e["headers"].update({"x": 5}),
        "the map of the query lies": lambda e: e.update(queryStringParameters={"version": "9"}),
        "the map of the query is missing": lambda e: e.pop("queryStringParameters"),
        "members unknown": lambda e: e.update(cookies=["a=b"], stageVariables=None),
    }

    @pytest.mark.parametrize("name", CHANGES)
    def test_what_does_not_matter_does_not_matter(self, asking: Asking, name: str) -> None:
        payload = asking.vote()
        event = version_2(asking.post(payload))
        self.CHANGES[name](event)
        assert asking.key.verifies(asking.send_event(event).signature, payload)

    BROKEN: dict[str, Callable[[Event], object]] = {
        "path is a number": lambda e: e.update(rawPath=5),
        "path is null": lambda e: e.update(rawPath=None),
        "path is missing": lambda e: e.pop("rawPath"),
        "query is a number": lambda e: e.update(rawQueryString=5),
        "body is an object": lambda e: e.update(body={}),
        "context is null": lambda e: e.update(requestContext=None),
        "context is empty": lambda e: e.update(requestContext={}),
        "method is a number": lambda e: e["requestContext"]["http"].update(method=5),
        "base64 flag is a text": lambda e: e.update(isBase64Encoded="true"),
    }

    @pytest.mark.parametrize("name", BROKEN)
    def test_what_matters_is_refused_by_an_answer(self, asking: Asking, name: str) -> None:
        event = version_2(asking.post())
        self.BROKEN[name](event)
        with Counted(asking.host) as made:
            reply = asking.send_event(event)
        assert 400 <= reply.status <= 500 and reply.status != 502
        assert reply.code != ""
        assert made.calls == {}

    @pytest.mark.parametrize(
        "text",
        [
            b'{"redoubt":{"command":"status"},"redoubt":{"command":"arm"}}',
            b'{"rawPath":"/healthz","rawPath":"/x","requestContext":{}}',
            b"[" * 50 + b"]" * 50,
            b"[" * 5000 + b"]" * 5000,
        ],
        ids=["a command twice", "a path twice", "50 arrays deep", "5000 arrays deep"],
    )
    def test_json_of_two_minds_is_refused(self, host: Host, text: bytes) -> None:
        answer = host.invoke(text)
        assert answer.function_error is None, answer.payload
        if "redoubt" in answer.payload:
            is_operator_error(answer.payload)
        else:
            assert answer.payload["statusCode"] in (400, 500)


class TestWhoDoesWhat:
    """The public reaches the signer only, and the signer obeys no command."""

    COMMANDS = [
        {"command": "arm", "chain": "NetXdQprcVkpaWU", "level": 5},
        {"command": "raise", "chain": "NetXdQprcVkpaWU", "level": 5},
        {"command": "status"},
        {"command": "import", "from": "octez", "data": "{}", "level": 5},
        {"command": "export", "to": "redoubt"},
    ]

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command["command"])
    def test_signer_obeys_no_command(self, host: Host, command: Event) -> None:
        rows = host.rows()
        is_operator_error(answered(host, {"redoubt": command}))
        assert host.rows() == rows

    def test_signer_can_be_warmed(self, host: Host) -> None:
        told = answered(host, {"redoubt": {"command": "warm"}})
        assert told["redoubt"]["ok"] is True

    def test_operator_answers_no_request(self, asking: Asking) -> None:
        for event in (version_2(asking.post()), rest(asking.post()), load_balancer(asking.post())):
            with Counted(asking.host) as made:
                answer = asking.host.invoke(event, OPERATOR)
            assert answer.function_error is None
            assert made.calls == {}
            # Both for a caller of Invoke and for an HTTP front wrongly put before it.
            assert answer.payload["redoubt"]["ok"] is False
            assert answer.payload["statusCode"] == 404

    @pytest.mark.parametrize("name", ["requestContext", "rawPath", "httpMethod"])
    @pytest.mark.parametrize("function", [SIGNER, OPERATOR])
    def test_request_that_carries_a_command_is_a_request(
        self, host: Host, name: str, function: str
    ) -> None:
        rows = host.rows()
        command = {"command": "arm", "chain": "NetXdQprcVkpaWU", "level": 5}
        values: list[Any] = [None, "/", {}]
        for value in values:
            answered(host, {"redoubt": command, name: value}, function)
        assert host.rows() == rows

    def test_command_in_the_body_of_a_request_is_a_body(self, host: Host) -> None:
        rows = host.rows()
        command = json.dumps(
            {"redoubt": {"command": "arm", "chain": "NetXdQprcVkpaWU", "level": 5}}
        )
        reply = OctezClient(host.url, host.authorized).request(
            "POST", "/", chunks=[command.encode()]
        )
        is_error(reply, 404, "unknown_route")
        assert host.rows() == rows
