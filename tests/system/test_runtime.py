# SPDX-License-Identifier: Apache-2.0
"""The Runtime API loop, seen from its other end; and Amazon's own emulator at that end."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from asking import Asking
from runtime_api import RuntimeApi
from support.child import RELEASE, TOOLS, Child, free_port, wait_until
from support.events import HttpRequest, version_2
from support.host import Host, fetch
from support.keys import PublicKey
from support.payloads import attestation

BOOTSTRAP = RELEASE / "bootstrap"
HEALTH = version_2(HttpRequest(path="/healthz"))


@contextmanager
def bootstrap(variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The process with these variables and no others."""
    process = subprocess.Popen(
        [str(BOOTSTRAP)], env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class TestLoop:
    def test_answers_each_event_to_its_own_request_id(self) -> None:
        with RuntimeApi([HEALTH] * 5) as api, bootstrap(api.environment()):
            assert [a["statusCode"] for a in api.answers(5)] == [200] * 5
            assert [path.split("/")[-2] for path, _, _ in api.posts] == [
                f"request-{n}" for n in range(1, 6)
            ]

    def test_goes_on_after_an_event_that_is_no_json(self) -> None:
        with RuntimeApi([b"{", b"", b"\xff\xfe", HEALTH]) as api, bootstrap(api.environment()):
            assert api.answers(4)[3]["statusCode"] == 200
            assert all(path.endswith("/response") for path, _, _ in api.posts)

    def test_echoes_the_invocation_id_if_there_is_one(self) -> None:
        header = {"Lambda-Runtime-Invocation-Id": "an-id"}
        with RuntimeApi([HEALTH], header) as api, bootstrap(api.environment()):
            api.answers(1)
            assert api.posts[0][1]["lambda-runtime-invocation-id"] == "an-id"
        with RuntimeApi([HEALTH]) as api, bootstrap(api.environment()):
            api.answers(1)
            assert "lambda-runtime-invocation-id" not in api.posts[0][1]

    def test_reports_an_error_when_its_answer_is_refused_and_goes_on(self) -> None:
        with RuntimeApi([HEALTH, HEALTH]) as api:
            api.refused = 1
            with bootstrap(api.environment()):
                api.answers(2)
            paths = [path.removeprefix("/2018-06-01/runtime") for path, _, _ in api.posts]
            assert paths == [
                "/invocation/request-1/response",
                "/invocation/request-1/error",
                "/invocation/request-2/response",
            ]
            _, headers, body = api.posts[1]
            assert json.loads(body)["errorType"] == headers["lambda-runtime-function-error-type"]

    def test_reports_its_mistakes_in_one_init_error_and_ends(self) -> None:
        with RuntimeApi([HEALTH]) as api:
            wrong = {"KMS_KEY_ID": "alias/x", "AUTHORIZED_KEYS": "", "BASE_PATH": "x"}
            with bootstrap(api.environment(None, **wrong)) as process:
                assert process.wait(10) != 0
            assert [path for path, _, _ in api.posts] == ["/2018-06-01/runtime/init/error"]
            body = json.loads(api.posts[0][2])
            assert set(body) >= {"errorType", "errorMessage"}
            for name in wrong:
                assert name in body["errorMessage"]
            assert "." in api.posts[0][1]["lambda-runtime-function-error-type"]
            assert api.handed == 0, "nothing was taken"

    @pytest.mark.parametrize("handler", ["", "bootstrap", "Signer", "signer.handler", "recover"])
    def test_reports_a_handler_that_there_is_not_and_names_those_there_are(
        self, handler: str
    ) -> None:
        with RuntimeApi([HEALTH]) as api:
            with bootstrap(api.environment(None, _HANDLER=handler)) as process:
                assert process.wait(10) != 0
            assert [path for path, _, _ in api.posts] == ["/2018-06-01/runtime/init/error"]
            told = json.loads(api.posts[0][2])["errorMessage"]
            assert "`operator`, `ethereum-signer`, `ethereum-operator` or `recovery`" in told
            assert handler in told
            assert api.handed == 0, "nothing was taken"

    def test_reports_all_public_keys_that_kms_does_not_give(self, host: Host) -> None:
        with RuntimeApi([HEALTH]) as api, host.faults("kms:denied"):
            with bootstrap(api.environment(host, PUBLIC_KEYS="")) as process:
                assert process.wait(10) != 0
            told = json.loads(api.posts[0][2])["errorMessage"]
        assert len(host.keys) > 1
        assert [
            key.address for key in host.keys if f"{host.arn(key)}: kms_refused" not in told
        ] == []

    @pytest.mark.parametrize(
        ("form", "told"),
        [
            ("http://{}", "remove the scheme"),
            ("{}/2018-06-01", "remove the path"),
            ("{} ", "ends with a space"),
            ("127.0.0.1", "the port is missing"),
            (":9001", "the host is missing"),
            ("127.0.0.1:", "no port"),
            ("127.0.0.1:port", "no port"),
            ("127.0.0.1:0", "no port"),
            ("127.0.0.1:99999", "no port"),
        ],
    )
    def test_names_what_is_wrong_with_the_api_before_anything_is_asked(
        self, form: str, told: str
    ) -> None:
        with RuntimeApi([HEALTH]) as api:
            variables = api.environment(None, PUBLIC_KEYS="")
            variables["AWS_LAMBDA_RUNTIME_API"] = form.format(api.address)
            with bootstrap(variables) as process:
                assert process.wait(10) != 0
                assert process.stdout
                (line,) = process.stdout.read().splitlines()
            assert "AWS_LAMBDA_RUNTIME_API must be a host and a port" in json.loads(line)["message"]
            assert told in json.loads(line)["message"]
            assert api.handed == 0

    def test_finds_the_api_by_its_name(self) -> None:
        with RuntimeApi([HEALTH]) as api:
            variables = api.environment()
            variables["AWS_LAMBDA_RUNTIME_API"] = api.address.replace("127.0.0.1", "api.localhost")
            with bootstrap(variables):
                assert api.answers(1)[0]["statusCode"] == 200

    def test_ends_with_the_reason_when_an_event_has_no_request_id(self) -> None:
        with RuntimeApi([HEALTH], {"Lambda-Runtime-Aws-Request-Id": ""}) as api:
            with bootstrap(api.environment()) as process:
                assert process.wait(10) == 1
                assert process.stdout
                last = json.loads(process.stdout.read().splitlines()[-1])
            assert "without a request id" in last["message"]
            assert api.posts == []

    def test_ends_when_the_runtime_api_goes_away_and_says_so(self) -> None:
        api = RuntimeApi([HEALTH])
        with api, bootstrap(api.environment()) as process:
            api.answers(1)
            api.__exit__()
            assert process.wait(10) == 1
            assert process.stdout
            last = json.loads(process.stdout.read().splitlines()[-1])
            assert (last["level"], last["verdict"]) == ("ERROR", "internal")
            assert "Runtime API" in last["message"]


class TestDeadline:
    def test_is_obeyed(self, host: Host) -> None:
        """A request that comes with little time left gets its 502 before that is over."""
        chain = host.arm(1_000_000)
        key = host.keys[0]
        asked = Asking(host, chain, key)
        event = version_2(asked.post())
        with (
            RuntimeApi([]) as api,
            host.faults("kms:blackhole", "dynamodb:blackhole"),
            bootstrap(api.environment(host)),
        ):
            api.headers["Lambda-Runtime-Deadline-Ms"] = str(int(time.time() * 1000) + 900)
            started = time.monotonic()
            api.events.append(event)
            answer = api.answers(1)[0]
            assert time.monotonic() - started < 0.9
        assert answer["statusCode"] == 502
        assert answer["headers"]["X-Redoubt-Error"] in (
            "deadline",
            "kms_unavailable",
            "table_unavailable",
        )


class TestLog:
    """One JSON line a request, fit for metrics, with nothing in it that should not be."""

    def lines(self, host: Host, payload: bytes, key: PublicKey) -> list[dict[str, Any]]:
        """The lines that one POST adds."""
        before = len(host.log())
        host.baker.post(key, payload)
        wait_until(lambda: len(host.log()) > before, "a line")
        time.sleep(0.1)
        lines = [json.loads(line) for line in host.log()[before:]]
        return [line for line in lines if "requestId" in line]

    def test_of_a_signature(self, host: Host) -> None:
        chain = host.arm(1_000_000)
        level, round = chain.slot()
        lines = self.lines(host, attestation(level, round, chain=chain.raw), host.keys[0])
        assert len(lines) == 1
        line = lines[0]
        assert (line["block_level"], line["round"], line["kind"]) == (level, round, "attestation")
        assert line["level"] == "INFO"
        assert line["timestamp"].endswith("Z")
        for stage in ("ms", "kms_ms", "table_ms"):
            assert line[stage] > 0

    def test_of_a_refusal(self, host: Host) -> None:
        payload = attestation(5, chain=b"none")
        lines = self.lines(host, payload, host.keys[0])
        assert len(lines) == 1
        assert "not_armed" in json.dumps(lines[0])
        assert lines[0]["level"] in ("WARN", "ERROR", "INFO")

    def test_holds_no_payload_no_authentication_and_no_credential(self, host: Host) -> None:
        chain = host.arm(1_000_000)
        for key in host.keys:
            asked = Asking(host, chain, key)
            payload = asked.vote()
            request = asked.post(payload)
            before = len(host.log())
            assert asked.send(request).status == 200
            wait_until(lambda before=before: len(host.log()) > before, "a line")
            text = "\n".join(host.log())
            assert payload.hex() not in text
            assert asked.proof(payload)[10:60] not in text
            for secret in ("secret_access_key", "session_token"):
                assert host.setup[secret] not in text
            assert "AWS4-HMAC-SHA256" not in text

    @pytest.mark.parametrize("path", ["/\n{}", "/\x1b[31m", '/","level":"FATAL', "/\u2028"])
    def test_of_a_hostile_path_stays_one_line_of_json(self, host: Host, path: str) -> None:
        before = len(host.log())
        assert host.invoke(version_2(HttpRequest(path=path))).reply.status == 404
        wait_until(lambda: len(host.log()) > before, "a line")
        for line in host.log()[before:]:
            assert json.loads(line)["level"] != "FATAL"


class TestEmulator:
    """Amazon's Runtime Interface Emulator with the real binary."""

    @pytest.fixture
    def url(self) -> Iterator[str]:
        front, api = free_port(), free_port()
        variables = RuntimeApi([]).environment() | {"AWS_LAMBDA_FUNCTION_TIMEOUT": "3"}
        del variables["AWS_LAMBDA_RUNTIME_API"]
        child = Child(
            [
                TOOLS / "rie",
                *("--runtime-interface-emulator-address", f"127.0.0.1:{front}"),
                *("--runtime-api-address", f"127.0.0.1:{api}"),
                BOOTSTRAP,
            ],
            env=variables,
        )
        try:
            child.wait_for_port(front)
            yield f"http://127.0.0.1:{front}/2015-03-31/functions/function/invocations"
        finally:
            child.stop()

    def test_answers_invocations(self, url: str) -> None:
        for event, status in (
            (HEALTH, 200),
            (version_2(HttpRequest(path="/x")), 404),
            (version_2(HttpRequest(path="/authorized_keys")), 200),
        ):
            code, _, body = fetch("POST", url, json.dumps(event).encode())
            assert code == 200
            assert json.loads(body)["statusCode"] == status

    def test_junk_is_answered_too(self, url: str) -> None:
        code, _, body = fetch("POST", url, b'{"key1":"value1"}')
        assert code == 200
        assert json.loads(body)["redoubt"]["ok"] is False
