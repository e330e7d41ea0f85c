# SPDX-License-Identifier: Apache-2.0
"""Commands that are wrong, and tables that are: what the operator is told; nothing moves."""

import os
from typing import Any

import pytest

from support import base58
from support.host import OPERATOR, Host
from support.keys import Curve, SecretKey

LEVEL = 500_000
Json = Any


def chain_id() -> str:
    return base58.encode("Net", os.urandom(4))


def is_refusal(told: Json, id: str) -> None:
    assert told["ok"] is False
    assert told["error"]["id"] == id
    assert told["error"]["msg"]


STRANGER = SecretKey.generate(Curve.ED25519).public.address

MISTAKES: dict[str, tuple[Json, str]] = {
    "arm without a chain": ({"command": "arm", "level": 5}, "bad_request"),
    "arm without a level": ({"command": "arm", "chain": "CHAIN"}, "bad_request"),
    "arm of a chain that is none": (
        {"command": "arm", "chain": "NetXdQprcVkpaWV", "level": 5},
        "bad_request",
    ),
    "arm of a chain in hex": ({"command": "arm", "chain": "7a06a770", "level": 5}, "bad_request"),
    "arm of a chain that is long": (
        {"command": "arm", "chain": "1" * 9999, "level": 5},
        "bad_request",
    ),
    "arm at a level in quotes": ({"command": "arm", "chain": "CHAIN", "level": "5"}, "bad_request"),
    "arm at a level below zero": ({"command": "arm", "chain": "CHAIN", "level": -1}, "bad_request"),
    "arm at a fraction": ({"command": "arm", "chain": "CHAIN", "level": 5.5}, "bad_request"),
    "arm at 2^31": ({"command": "arm", "chain": "CHAIN", "level": 2**31}, "bad_request"),
    "arm at 2^32 + 5": ({"command": "arm", "chain": "CHAIN", "level": 2**32 + 5}, "bad_request"),
    "arm at true": ({"command": "arm", "chain": "CHAIN", "level": True}, "bad_request"),
    "arm of a stranger": (
        {"command": "arm", "chain": "CHAIN", "level": 5, "keys": [STRANGER]},
        "unknown_key",
    ),
    "arm of no key": ({"command": "arm", "chain": "CHAIN", "level": 5, "keys": []}, "bad_request"),
    "arm of keys as a text": (
        {"command": "arm", "chain": "CHAIN", "level": 5, "keys": STRANGER},
        "bad_request",
    ),
    "arm with a field unknown": (
        {"command": "arm", "chain": "CHAIN", "level": 5, "lvl": 6},
        "bad_request",
    ),
    "arm with force in quotes": (
        {"command": "arm", "chain": "CHAIN", "level": 5, "force": "true"},
        "bad_request",
    ),
    "arm at a level with two digits too many": (
        {"command": "arm", "chain": "CHAIN", "level": 1_100_000_000},
        "too_far_ahead",
    ),
    "arm at such a level with force": (
        {"command": "arm", "chain": "CHAIN", "level": 2**31 - 1, "force": True},
        "too_far_ahead",
    ),
    "arm at a level with a digit too many": (
        {"command": "arm", "chain": "CHAIN", "level": 110_000_000},
        "too_far_ahead",
    ),
    "raise to a level that no chain can have": (
        {"command": "raise", "chain": "CHAIN", "level": 1_100_000_000, "force": True},
        "too_far_ahead",
    ),
    "raise without a level": ({"command": "raise", "chain": "CHAIN"}, "bad_request"),
    "raise at a round below zero": (
        {"command": "raise", "chain": "CHAIN", "level": 5, "round": -1},
        "bad_request",
    ),
    "raise with force in quotes": (
        {"command": "raise", "chain": "CHAIN", "level": 5, "force": "yes"},
        "bad_request",
    ),
    "raise of no row": ({"command": "raise", "chain": "CHAIN", "level": 5}, "not_armed"),
    "raise tried with a dry run in quotes": (
        {"command": "raise", "chain": "CHAIN", "level": 5, "dry_run": "true"},
        "bad_request",
    ),
    "handover of neither": ({"command": "handover", "chain": "CHAIN"}, "bad_request"),
    "handover of both": (
        {"command": "handover", "chain": "CHAIN", "until": 5, "from": 6},
        "bad_request",
    ),
    "handover until a level in quotes": (
        {"command": "handover", "chain": "CHAIN", "until": "5"},
        "bad_request",
    ),
    "handover from level 0": ({"command": "handover", "chain": "CHAIN", "from": 0}, "bad_request"),
    "handover with force": (
        {"command": "handover", "chain": "CHAIN", "from": 5, "force": True},
        "bad_request",
    ),
    "handover from a level that no chain can have": (
        {"command": "handover", "chain": "CHAIN", "from": 1_100_000_000},
        "too_far_ahead",
    ),
    "handover until, of no row": (
        {"command": "handover", "chain": "CHAIN", "until": 5},
        "not_armed",
    ),
    "handover from, of no row": ({"command": "handover", "chain": "CHAIN", "from": 5}, "not_armed"),
    "no such command": ({"command": "sign"}, "bad_request"),
}


class TestMistakes:
    @pytest.mark.parametrize("name", MISTAKES)
    def test_are_told_and_change_nothing(self, host: Host, name: str) -> None:
        command, id = MISTAKES[name]
        if command.get("chain") == "CHAIN":
            command = command | {"chain": chain_id()}
        rows = host.rows()
        answer = host.invoke({"redoubt": command}, OPERATOR)
        assert answer.function_error is None
        is_refusal(answer.payload["redoubt"], id)
        assert host.rows() == rows

    @pytest.mark.parametrize(
        ("fault", "id"),
        [
            ("dynamodb:throttle", "table_unavailable"),
            ("dynamodb:denied", "table_refused"),
            ("dynamodb:expired", "credentials_expired"),
        ],
    )
    @pytest.mark.parametrize("command", ["arm", "raise", "handover", "status"])
    def test_of_the_table_are_told(self, host: Host, command: str, fault: str, id: str) -> None:
        level = {"handover": "until", "status": None}.get(command, "level")
        fields = {"chain": chain_id(), level: 5} if level else {}
        with host.faults(fault):
            is_refusal(host.operate(command, **fields), id)
        assert host.operate("status")["ok"] is True

    def test_lost_answer_of_arm_is_found_out(self, host: Host) -> None:
        """The row is there and stands exactly as this command would have made it."""
        with host.faults("dynamodb:lost-answer#1"):
            assert host.operate("arm", chain=chain_id(), level=LEVEL)["ok"] is True
