# SPDX-License-Identifier: Apache-2.0
"""What `redoubt eth logs` shows of the lines of validators' functions."""

import json
from typing import Any

import pytest
from redoubt_stack import redoubt
from redoubt_stack.console import BadUsage
from redoubt_stack.operate.log_lines import VALIDATORS_CODES, readable

import code_facts
from answering import Answering
from log_samples import COMMAND, NOW, REPORT, events, line, shown

KEY, OTHER = "0xab9a3f83" + "5" * 84 + "0509", "0xab9a3f84" + "5" * 84 + "0509"
# As the signer writes it, metrics left out.
VOTE = {
    "level": "INFO",
    "message": "answered",
    "verdict": "ok",
    "cold": False,
    "ms": 4.499,
    "route": "POST /api/v1/eth2/sign",
    "status": 200,
    "caller": "token 94a1019af031d62d",
    "key": KEY,
    "type": "ATTESTATION",
    "slot": 4484031,
    "source": 140124,
    "target": 140125,
    "root": "0d9e2f2f" + "35" * 28,
    "table_ms": 4.208,
    "sign_ms": 3.303,
}
REFUSED = VOTE | {
    "level": "WARN",
    "verdict": "already_signed",
    "status": 412,
    "message": "something else was signed",
}
REVEAL = {n: v for n, v in VOTE.items() if n not in ("slot", "source", "target", "table_ms")} | {
    "type": "RANDAO_REVEAL",
    "epoch": 140125,
}
LISTED = {
    "level": "INFO",
    "verdict": "ok",
    "route": "GET /api/v1/eth2/publicKeys",
    "status": 200,
    "caller": "token 94a1019af031d62d",
    "ms": 3.0,
}
STRANGER = {
    "level": "WARN",
    "verdict": "token_missing",
    "route": "POST /api/v1/eth2/sign",
    "status": 401,
    "ms": 0.1,
    "message": "no token",
}
SHORT = "0xab9a3f83…0509  token 94a1019af031d62d"
OF_A_VOTE = f"ATTESTATION slot 4484031, source 140124, target 140125, root 0d9e2f2f  {SHORT}"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (VOTE, f"INFO   200 ok  {OF_A_VOTE}  4.5 ms (sign 3.3, table 4.2)"),
        (
            REFUSED,
            f"WARN   412 already_signed  {OF_A_VOTE}  4.5 ms (sign 3.3, table 4.2)  something else "
            "was signed",
        ),
        (
            REVEAL,
            f"INFO   200 ok  RANDAO_REVEAL epoch 140125, root 0d9e2f2f  {SHORT}  4.5 ms (sign 3.3)",
        ),
        (
            LISTED,
            "INFO   200 ok  GET /api/v1/eth2/publicKeys  token 94a1019af031d62d  3.0 ms",
        ),
        (STRANGER, "WARN   401 token_missing  POST /api/v1/eth2/sign  0.1 ms  no token"),
        (COMMAND, "INFO   ok  command status  5.2 ms"),
        (REPORT, "-      platform.report"),
    ],
)
def test_a_line_is_readable(told: dict[str, Any], words: str) -> None:
    assert readable(line(told, NOW + 7)) == f"09-21 14:13:20.007  {words}"


ODD = (VOTE | {"slot": "soon"}, VOTE | {"root": 7, "key": 7, "caller": None}, {"type": "X"})


@pytest.mark.parametrize("told", ODD)
def test_a_line_with_odd_members_stops_nothing(told: dict[str, Any]) -> None:
    assert readable(line(told))


BLOCK = {n: v for n, v in VOTE.items() if n not in ("source", "target")} | {"type": "BLOCK_V2"}
ANOTHER = VOTE | {"key": OTHER, "target": 140126}
EVERYTHING = (VOTE, REFUSED, REVEAL, LISTED, BLOCK, ANOTHER, STRANGER, REPORT)


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ("", [0, 1, 2, 4, 5, 6]),
        ("--all", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("--code already_signed --code token_missing", [1, 6]),
        ("--severity WARN", [1, 6]),
        (f"--key {KEY}", [0, 1, 2, 4]),
        ("--key 0xAB9A3F84", [5]),
        ("--key 0xab9a", [0, 1, 2, 4, 5]),
        (f"--key {OTHER[2:]}", [5]),
        ("--slot 4484031", [0, 1, 4, 5]),
        ("--target 140125", [0, 1]),
        ("--target 140126 --code ok", [5]),
        ("--target 0", []),
    ],
)
def test_what_is_asked_for_is_shown(
    log: Answering, capsys: pytest.CaptureFixture[str], options: str, kept: list[int]
) -> None:
    log.pages({"events": events(*EVERYTHING)})
    texts = [json.dumps(told) for told in EVERYTHING]
    words = ("eth", "logs", "--since", "999999d", "--json")
    assert shown(log, capsys, *words, *options.split()) == [texts[i] for i in kept]
    assert {asked["logGroupName"] for asked in log.asked} == {"/aws/lambda/redoubt-ethereum-signer"}


@pytest.mark.parametrize("text", ["", "0x", "validator", KEY + "0", "0xab9a "])
def test_a_key_that_is_none_is_not_looked_for(log: Answering, text: str) -> None:
    """No line would have it, which reads as if it had not signed."""
    with pytest.raises(BadUsage, match="give a public key or its first digits"):
        redoubt.main(["--local", log.url, "eth", "logs", "--key", text])
    assert log.asked == []


def test_nothing_found_is_told(log: Answering, capsys: pytest.CaptureFixture[str]) -> None:
    """To people: a script reads no line."""
    log.pages({"events": events(VOTE)})
    for words, told in (
        (("--since", "999999d"), False),
        (("--code", "deadline", "--since", "999999d"), True),
        (("--code", "deadline", "--since", "999999d", "--json"), False),
    ):
        assert redoubt.main(["--local", log.url, "eth", "logs", *words]) == 0
        assert ("no such line in the last" in capsys.readouterr().err) == told, words


def test_a_code_that_there_is_not_is_refused_and_all_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    of_commands = {"handed_over", "kms_refused"}
    known = {"ok", *code_facts.ethereum_codes(), *of_commands, "init_error"}
    assert set(VALIDATORS_CODES) == known
    with pytest.raises(SystemExit) as ended:
        redoubt.main(["eth", "logs", "--code", "not_armed"])
    assert ended.value.code == 2 and "'token_invalid'" in capsys.readouterr().err
