# SPDX-License-Identifier: Apache-2.0
"""The signer of a stack of validators: asked through its URL by clients with tokens; and what
`verify` finds if somebody changes anything around it. Before the tests that take the stack down."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import tampering_functions as functions
import tampering_rights as rights
import tampering_sealed as sealed
import tampering_state as state
from account import Account
from redoubt_stack.ethereum import cost
from validators import STACK, Deployed

from support.child import ROOT
from support.web3signer import Chain, Web3Signer, is_signed_by

NETWORKS = json.loads((ROOT / "tests/vectors/ethereum/networks.json").read_text())["networks"]
CHAIN = Chain(next(one for one in NETWORKS if one["name"] == "hoodi"))
LAMBDA_LINES = 376
NOW = CHAIN.slot_at(time.time())  # of all tests: a vote of another slot is another vote
SIGNER, OPERATOR = f"{STACK}-signer", f"{STACK}-operator"


def made_token(deployed: Deployed, **scope: Any) -> tuple[str, str]:
    """Its name and the token."""
    made = deployed.ask("operator", "create_token", ops=["validator"], **scope)
    assert made["ok"], made
    return made["id"], made["token"]


@pytest.fixture(scope="module")
def client(deployed: Deployed, keys: list[str]) -> Web3Signer:
    """Of the first key's validator."""
    return deployed.client(made_token(deployed, keys=keys[:1], label="rehearsal")[1])


def test_a_client_s_duties_are_signed_once_each(client: Web3Signer, keys: list[str]) -> None:
    """Two epochs: the one before and this one, whose target alone is new."""
    for slot in (NOW - CHAIN.slots_an_epoch, NOW):
        vote = CHAIN.attestation(slot)
        signed = client.sign(keys[0], vote)
        assert signed.status == 200, signed
        assert client.sign(keys[0], vote).text == signed.text
    assert is_signed_by(keys[0], vote, signed.json()["signature"])
    other = client.sign(keys[0], CHAIN.attestation(NOW, block=b"\x09" * 32))
    assert (other.status, other.code) == (412, "already_signed")
    late = client.sign(keys[0], CHAIN.attestation(NOW - CHAIN.slots_an_epoch))
    assert (late.status, late.code) == (412, "below_watermark")


def test_a_token_is_for_what_it_names(
    deployed: Deployed, client: Web3Signer, keys: list[str]
) -> None:
    vote = CHAIN.attestation(NOW)
    assert client.request("GET", "/api/v1/eth2/publicKeys").json() == keys[:1]
    assert client.sign(keys[1], vote).code == "not_permitted"
    assert deployed.client().sign(keys[0], vote).code == "token_missing"
    assert deployed.client().request("GET", "/upcheck").text == "OK"


def test_a_token_is_exchanged_for_another(deployed: Deployed, keys: list[str]) -> None:
    """One that the signer has seen lives on for a minute, which a clock of tests shows."""
    name, old = made_token(deployed, tags=["first"])
    _, new = made_token(deployed, tags=["first"])
    assert deployed.ask("operator", "revoke_token", id=name)["ok"]
    vote = CHAIN.attestation(NOW)
    assert deployed.client(old).sign(keys[2], vote).code == "token_invalid"
    assert deployed.client(new).sign(keys[2], vote).status == 200


def test_what_another_signer_signed_is_not_signed_here(deployed: Deployed, keys: list[str]) -> None:
    _, token = made_token(deployed, tags=["first"])
    target = CHAIN.epoch_of(NOW)
    signed = {"source_epoch": str(target - 1), "target_epoch": str(target)}
    entry = {"pubkey": keys[3], "signed_blocks": [], "signed_attestations": [signed]}
    root = CHAIN.network["genesis_validators_root"]
    data = {
        "metadata": {"interchange_format_version": "5", "genesis_validators_root": root},
        "data": [entry],
    }
    assert deployed.ask("operator", "import_interchange", data=data)["ok"]
    refused = deployed.client(token).sign(keys[3], CHAIN.attestation(NOW))
    assert (refused.status, refused.code) == (412, "already_signed"), refused


def test_a_line_of_its_log_is_as_long_as_is_paid_for(
    deployed: Deployed, client: Web3Signer, keys: list[str]
) -> None:
    assert client.sign(keys[0], CHAIN.attestation(NOW)).status == 200
    events = deployed.account.client("logs").filter_log_events(
        logGroupName=f"/aws/lambda/{SIGNER}", filterPattern="ATTESTATION"
    )["events"]
    lines = [one["message"] for one in events if '"verdict":"ok"' in one["message"]]
    assert lines
    for line in lines:
        assert len(line) == pytest.approx(cost.LOG_BYTES - LAMBDA_LINES, rel=0.1)


@pytest.fixture(scope="module")
def sound(deployed: Deployed) -> Deployed:
    assert deployed.differences() == []
    return deployed


def more_rights(document: Any) -> Any:
    document["Statement"][0]["Action"] = ["kms:Decrypt", "kms:Encrypt"]
    return document


def anybody(document: Any) -> Any:
    document["Statement"][0]["Principal"] = {"AWS": "arn:aws:iam::000000000000:root"}
    return document


Tampering = Callable[[Account, Any], Any]
TAMPERINGS: dict[str, Tampering] = {
    **{
        name: functions.TAMPERINGS[name]
        for name in (
            "other code",
            "other runtime",
            "other role",
            "a network",
            "a variable more",
            "a version",
            "an alias",
            "open invocation",
            "open commands",
            "a service that calls",
            "a shut URL",
            "a URL of the operator",
            "a URL for browsers",
            "stopped signer",
        )
    },
    "another table": functions.variable("VALIDATOR_TABLE", "empty", "variables"),
    "another network": functions.variable("NETWORK", "mainnet", "variables"),
    "roles let in": functions.variable("PRINCIPALS", "on", "variables"),
    "a signer that does not start": functions.variable("NETWORK", "goerli", "answers"),
    "a signer that seals": lambda a, s: rights.other_rights(a, s, "Signer", more_rights),
    "a signer with every right": lambda a, s: rights.attached(a, s, "Signer"),
    "somebody who plays the signer": lambda a, s: rights.trust(a, s, "Signer", anybody),
    "a signer without bounds": lambda a, s: rights.boundary(a, s, "Signer", None),
    **{
        name: sealed.TAMPERINGS[name]
        for name in (
            "a wrapping key that others may open with",
            "a grant on it",
            "a wrapping key that is off",
        )
    },
    **{name: state.TAMPERINGS[name] for name in ("unprotected table", "no recovery", "open table")},
}
TOGETHER = {
    f"{SIGNER}: code": {f"{SIGNER}: answers"},
    f"{SIGNER}: variables": {f"{SIGNER}: answers"},
    f"{SIGNER}: direct invocation": {f"{SIGNER}: policy"},
    f"{OPERATOR}: direct invocation": {f"{OPERATOR}: policy"},
    f"{SIGNER}: subnets": {f"{SIGNER}: security groups"},
    f"{SIGNER}: policy": {f"{SIGNER}: answers"},
    f"{SIGNER}: answers": {f"{SIGNER}: variables", f"{SIGNER}: reserved concurrency"},
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(sound: Deployed, name: str) -> None:
    """Found, and alone: what an earlier one had left behind would be found, too."""
    with TAMPERINGS[name](sound.account, sound) as expected:
        found = {f"{row.subject}: {row.what}" for row in sound.wrong()}
    assert expected in found
    assert found <= {expected, *TOGETHER.get(expected, ())}


def test_all_is_well_once_all_is_undone(sound: Deployed) -> None:
    assert sound.differences() == []
