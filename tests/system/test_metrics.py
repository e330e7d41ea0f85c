# SPDX-License-Identifier: Apache-2.0
"""The log as CloudWatch reads it: each line of a request is its metrics, and they are true by the
counts of those who were asked."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from asking import Asking, Counted
from runtime_api import RuntimeApi
from support.child import wait_until
from support.emf import parse_emf, parse_line
from support.events import version_2
from support.host import OPERATOR, SIGNER, Chain, Host, running
from support.keys import PublicKey
from support.payloads import KINDS, attestation
from test_runtime import HEALTH, bootstrap

Line = dict[str, Any]

OF_EVERY_REQUEST = {"ms", "cold_starts", "errors"}
OF_A_SIGNING_REQUEST = OF_EVERY_REQUEST | {
    *("authentication_ms", "kms_ms", "table_ms", "votes", "blocks", "sign_attempts", "retries"),
    *("throttles", "upstream_errors", "conflicts", "watermark_refusals"),
}
LONGEST_LINE = 2048
# Enough for hedging to begin, and for each fault to strike.
REQUESTS = 80
# A fault for each way in which a request may reach KMS more often than once, or never.
TROUBLE = (
    *("kms:throttle@0.1", "kms:unavailable@0.05", "kms:lost-answer@0.05", "kms:reset@0.05"),
    *("kms:slow=60@0.1", "kms:half-answer@0.05", "kms:close@0.1", "dynamodb:throttle@0.05"),
)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running("--environments", "1", "--kms-ms", "5", "--dynamodb-ms", "3") as started:
        yield started


def request_lines(host: Host, function: str = SIGNER) -> list[str]:
    return [line for line in host.log(function) if "requestId" in parse_line(line)]


class Logged:
    """`with Logged(host, 3) as log:` then `log.lines` are those of the three requests between."""

    def __init__(self, host: Host, requests: int = 1) -> None:
        self.host = host
        self.requests = requests
        self.texts: list[str] = []

    def __enter__(self) -> "Logged":
        self.before = len(request_lines(self.host))
        return self

    def __exit__(self, *_: object) -> None:
        awaited = self.before + self.requests
        wait_until(lambda: len(request_lines(self.host)) >= awaited, "the lines")
        self.texts = request_lines(self.host)[self.before :]
        assert len(self.texts) == self.requests

    @property
    def lines(self) -> list[Line]:
        return [parse_line(text) for text in self.texts]

    def sum(self, metric: str) -> float:
        return sum(parse_emf(text).values.get(metric, 0) for text in self.texts)


@contextmanager
def lines_of(process: Any) -> Iterator[list[Line]]:
    """What a process has written, once it was ended within the block."""
    lines: list[Line] = []
    yield lines
    process.kill()
    lines += [parse_line(line) for line in process.stdout.read().decode().splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_signature_is_counted(host: Host, chain: Chain, key: PublicKey, kind: str) -> None:
    payload = KINDS[kind](*chain.slot(), chain=chain.raw)
    with Logged(host) as log:
        assert host.baker.post(key, payload).status == 200
    emf = parse_emf(log.texts[0])
    assert emf.namespace == "Redoubt"
    assert emf.dimensions == {"function": SIGNER}
    assert set(emf.values) == OF_A_SIGNING_REQUEST | {"ahead_ms"}
    assert emf.units == {
        name: "Milliseconds" if name.endswith("ms") else "Count" for name in emf.values
    }
    ones = {"blocks" if kind == "block" else "votes", "sign_attempts"}
    zeros = {n for n in emf.values if emf.units[n] == "Count"} - ones - {"cold_starts"}
    assert {name: emf.values[name] for name in ones | zeros} == dict.fromkeys(
        ones, 1
    ) | dict.fromkeys(zeros, 0)
    for stage in ("ms", "authentication_ms", "kms_ms", "table_ms"):
        assert 0 < emf.values[stage] < 3000
    assert log.lines[0]["level"] == "INFO"
    assert len(log.texts[0]) < LONGEST_LINE


def test_refusals_are_counted_by_what_they_mean(host: Host, chain: Chain, key: PublicKey) -> None:
    level, round = chain.slot()
    with Logged(host, 5) as log:
        for salt in (1, 2):  # the same slot twice
            host.baker.post(key, attestation(level, round, chain=chain.raw, salt=salt))
        host.baker.post(key, attestation(level - 1, 0, chain=chain.raw))
        host.baker.post(key, attestation(level, 0, chain=b"none"))
        host.baker.get("/healthz")
    verdicts = [line["verdict"] for line in log.lines]
    assert verdicts == ["ok", "already_signed", "below_watermark", "not_armed", "ok"]
    assert log.sum("votes") == 1
    assert log.sum("conflicts") == 1
    assert log.sum("watermark_refusals") == 3
    assert log.sum("errors") == 0
    assert [set(parse_emf(text).values) for text in log.texts] == [
        OF_A_SIGNING_REQUEST | {"ahead_ms"},
        *[OF_A_SIGNING_REQUEST] * 3,
        OF_EVERY_REQUEST,
    ]


def test_throttle_is_counted_also_if_a_repetition_signs(host: Host, asking: Asking) -> None:
    with Logged(host) as log, host.faults("kms:throttle#2", "dynamodb:unavailable#1"):
        assert asking.send(asking.post()).status == 200
    (line,) = log.lines
    assert line["verdict"] == "ok"
    assert line["throttles"] == 2
    assert line["upstream_errors"] == 3
    assert line["upstream_codes"][:2] == ["ThrottlingException"] * 2
    assert (line["sign_attempts"], line["table_calls"], line["retries"]) == (3, 2, 3)


def test_lasting_trouble_is_an_error(host: Host, asking: Asking) -> None:
    with Logged(host) as log, host.faults("kms:denied"):
        assert asking.send(asking.post()).status == 500
    (line,) = log.lines
    assert line["errors"] == 1
    assert line["level"] == "ERROR"
    assert line["upstream_codes"] == ["AccessDeniedException"] * 2
    assert line["votes"] == 0


def test_sign_attempts_are_what_kms_was_asked(host: Host, chain: Chain, key: PublicKey) -> None:
    """An alarm compares them with KMS' own count: fewer would be a false alarm."""
    with Logged(host, REQUESTS) as log, host.faults(*TROUBLE), Counted(host) as made:
        for number in range(REQUESTS):
            make = KINDS["block" if number % 4 == 0 else "attestation"]
            host.baker.post(key, make(*chain.slot(), chain=chain.raw), patient=False)
    asked = made.calls["kms.Sign"]
    assert asked > REQUESTS, "nothing was repeated"
    assert log.sum("sign_attempts") == asked
    assert log.sum("retries") > 0
    assert log.sum("throttles") > 0
    codes = [code for line in log.lines for code in line.get("upstream_codes", [])]
    assert len(codes) == log.sum("upstream_errors")
    assert {"ThrottlingException", "connection failed"} <= set(codes)
    assert max(map(len, log.texts)) < LONGEST_LINE


@pytest.mark.parametrize("left_ms", [100, 1000])
def test_call_that_the_deadline_forbade_is_not_counted(
    host: Host, chain: Chain, left_ms: int
) -> None:
    """300 ms of what is left are for the answer: 100 are too late for any call, 1000 for a
    repetition of one that is not answered."""
    asked = Asking(host, chain, host.keys[0])
    event = version_2(asked.post())
    with (
        RuntimeApi([HEALTH]) as api,
        host.faults("kms:blackhole", "dynamodb:blackhole"),
        Counted(host) as made,
        bootstrap(api.environment(host)) as process,
        lines_of(process) as lines,
    ):
        api.answers(1)
        api.headers["Lambda-Runtime-Deadline-Ms"] = str(int(time.time() * 1000) + left_ms)
        api.events.append(event)
        assert api.answers(2)[1]["statusCode"] == 502
        time.sleep(0.1)  # the line is written meanwhile
    line = lines[-1]
    assert line["verdict"] == "deadline"
    assert line["sign_attempts"] == made.calls.get("kms.Sign", 0) == (left_ms == 1000)
    assert "deadline" in line["upstream_codes"]


def test_watermark_ahead_of_the_clock_is_told(host: Host) -> None:
    armed = host.arm(1_000_000)
    key = host.keys[0]
    with Logged(host, 2) as log:
        for level in (1_000_060, 1_000_061):
            host.baker.post(key, attestation(level, 0, chain=armed.raw))
    first, second = (line["ahead_ms"] for line in log.lines)
    # The loose form that follows a refusal goes by its Date, which has whole seconds.
    assert 0 < first < 61_000
    assert 0 < second <= 61_000
    armed.loosen_pace(seconds=120)
    with Logged(host) as log:
        host.baker.post(key, attestation(1_000_062, 0, chain=armed.raw))
    assert log.lines[0]["ahead_ms"] == 0


def test_only_the_first_request_of_an_environment_is_a_cold_start() -> None:
    with running("--environments", "1") as fresh:
        with Logged(fresh, 3) as log:
            for _ in range(3):
                assert fresh.baker.get("/healthz").status == 200
        assert [line["cold_starts"] for line in log.lines] == [1, 0, 0]


def test_operator_writes_no_metrics(host: Host) -> None:
    assert host.operate("status")["ok"] is True
    wait_until(lambda: request_lines(host, OPERATOR) != [], "a line")
    for line in map(parse_line, request_lines(host, OPERATOR)):
        assert "_aws" not in line


def test_no_line_tells_a_secret(host: Host, asking: Asking) -> None:
    payload = asking.vote()
    with Logged(host) as log, host.faults("kms:denied#1"):
        asking.send(asking.post(payload))
    text = "\n".join([*host.log(), *log.texts])
    for secret in (
        *(payload.hex(), asking.proof(payload)[10:60], "AWS4-HMAC-SHA256"),
        *(host.setup[name] for name in ("secret_access_key", "session_token")),
    ):
        assert secret not in text


FINGERPRINTED = (
    *("AUTHORIZED_KEYS", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"),
    *("AWS_ENDPOINT_URL_KMS", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT", "HEDGING"),
    *("KMS_KEY_ID", "KNOWN_KEYS", "PUBLIC_KEYS", "WATERMARK_TABLE"),
)


def fingerprint(variables: dict[str, str]) -> str:
    """As docs/configuration.md (Fingerprint) says."""
    lines = [f"{name}={variables[name]}\n" for name in FINGERPRINTED if variables.get(name)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.mark.parametrize("handler", ["signer", "operator"])
def test_start_tells_which_configuration_answers(host: Host, handler: str) -> None:
    secrets = {"BASE_PATH": "/only-we-know"}
    with RuntimeApi([HEALTH]) as api:
        variables = api.environment(host, _HANDLER=handler, KNOWN_KEYS="on", HEDGING="", **secrets)
        with bootstrap(variables) as process, lines_of(process) as lines:
            api.answers(1)
    line = lines[0]
    assert line["message"] == "configured"
    assert line["level"] == "INFO"
    assert line["handler"] == handler
    assert line["version"].count(".") == 2
    assert line["configuration"] == fingerprint(variables)
    assert "only-we-know" not in json.dumps(line)
