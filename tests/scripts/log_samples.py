# SPDX-License-Identifier: Apache-2.0
"""Lines as the functions write them."""

import json
from typing import Any

import pytest
from redoubt_stack import redoubt
from redoubt_stack.operate.log_lines import Line, read
from redoubt_stack.operate.targets import Event

from answering import ADDRESS, MAINNET, Answering

NOW = 1_790_000_000_000
# As the signer writes it, metrics left out.
SIGNED = {
    "level": "INFO",
    "message": "answered",
    "verdict": "ok",
    "cold": False,
    "cold_starts": 0,
    "ms": 12.5,
    "route": "POST /keys",
    "status": 200,
    "pkh": ADDRESS,
    "kind": "attestation",
    "chain": MAINNET,
    "block_level": 1005,
    "round": 1,
    "kms_ms": 11.9,
    "table_ms": 4.4,
    "retries": 0,
    "throttles": 0,
    "authorized_key": "tz1Ke2h7sDdakHJQh8WX4Z372du1KChsksyU",
}
REFUSED = SIGNED | {
    "level": "WARN",
    "verdict": "already_signed",
    "status": 409,
    "message": "signing these too could be slashed",
}
FAILED = SIGNED | {
    "level": "WARN",
    "verdict": "kms_unavailable",
    "status": 502,
    "message": "KMS failed",
    "detail": "last: timeout",
    "upstream_codes": ["timeout", "ThrottlingException", "timeout"],
    "retries": 2,
    "throttles": 1,
    "cold": True,
    "cold_starts": 1,
}
OPENING = {
    "level": "ERROR",
    "message": "sealed keys: not all are open",
    "opened": [ADDRESS],
    "closed": [{"pkh": "tz4A", "verdict": "damaged_key", "message": "it was altered"}],
    "missing_shares": [{"kms_key": "arn:1", "verdict": "kms_refused", "message": "it is disabled"}],
    "wrong_shares": ["arn:2"],
    "open_ms": 21.5,
}
ASKED = {
    "level": "INFO",
    "verdict": "ok",
    "route": "GET /authorized_keys",
    "status": 200,
    "ms": 0.1,
}
COMMAND = {"level": "INFO", "verdict": "ok", "command": "status", "ms": 5.2, "message": "answered"}
STARTED = {"level": "INFO", "message": "configured", "version": "0.1.0"}
REPORT = {"time": "2026-09-21T14:13:20.000Z", "type": "platform.report", "record": {}}


def line(told: dict[str, Any], at: int = NOW, /, **more: Any) -> Line:
    return read(Event("id", at, json.dumps(told | more) + "\n"))


def events(*lines: dict[str, Any] | str, first: int = 0, ms: int = NOW) -> list[dict[str, Any]]:
    texts = [told if isinstance(told, str) else json.dumps(told) for told in lines]
    return [
        {"eventId": str(first + i), "timestamp": ms + i, "message": text + "\n"}
        for i, text in enumerate(texts)
    ]


def shown(log: Answering, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert redoubt.main(["--local", log.url, *words]) == 0
    return capsys.readouterr().out.splitlines()
