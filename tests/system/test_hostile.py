# SPDX-License-Identifier: Apache-2.0
"""What bad input gets: status, code, and not one call to AWS."""

import json

import pytest

from asking import ONE_EACH, Asking, Counted, is_error
from attack import Attack
from hostile import ATTACKS
from support.child import ROOT
from support.host import Host
from support.keys import Curve

VECTORS = ROOT / "tests" / "vectors" / "tezos.json"


@pytest.fixture(scope="module")
def asking(host: Host) -> Asking:
    """One chain for all: nothing is signed on it."""
    chain = host.arm(1_000_000)
    chain.loosen_pace()
    return Asking(host, chain, host.key(Curve.SECP256K1))


@pytest.fixture(scope="module", autouse=True)
def processes(host: Host) -> set[int]:
    """Those that were there before the first attack."""
    return {environment["pid"] for environment in host.environments()}


def test_the_table_is_long_and_its_names_are_its_own() -> None:
    assert len(ATTACKS) >= 100
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_hostile_request_is_refused_without_a_call(asking: Asking, attack: Attack) -> None:
    with Counted(asking.host) as made:
        reply = asking.send_event(attack.event(asking))
    is_error(reply, attack.status, attack.code)
    assert made.calls == {}


def test_refused_payloads_of_the_vectors_are_refused_for_every_key(asking: Asking) -> None:
    """Every payload that no key of ours may sign: the table's own reasons are of many kinds,
    the answers are of two."""
    rows = json.loads(VECTORS.read_text())["refuse"]
    assert len(rows) > 300
    key_types = {key.curve.address: key for key in asking.host.keys}
    wrong = []
    with Counted(asking.host) as made:
        for row in rows:
            if row["key_type"] == "tz4":
                continue  # a key that this signer cannot hold: see the hostile row "a tz4 key"
            key = asking.key if row["key_type"] == "any" else key_types[row["key_type"]]
            asked = Asking(asking.host, asking.chain, key)
            reply = asked.send(asked.post(bytes.fromhex(row["payload"])))
            allowed = {400: "bad_payload", 403: "kind_not_allowed", 413: "too_large"}
            if allowed.get(reply.status) != reply.code:
                wrong.append((row["id"], reply.status, reply.text))
    assert wrong == []
    assert made.calls == {}


def test_after_all_that_the_same_environments_sign(
    asking: Asking, host: Host, processes: set[int]
) -> None:
    with Counted(host) as made:
        assert asking.send(asking.post()).status == 200
    assert made.calls == ONE_EACH
    assert {environment["pid"] for environment in host.environments()} == processes


@pytest.mark.parametrize("curve", Curve, ids=lambda curve: curve.address)
def test_a_chain_not_armed_costs_one_call_each_and_signs_nothing(
    asking: Asking, host: Host, curve: Curve
) -> None:
    asked = Asking(host, asking.chain, host.key(curve))
    payload = asked.vote()
    elsewhere = payload[:1] + b"none" + payload[5:]
    with Counted(host) as made:
        is_error(asked.send(asked.post(elsewhere)), 409, "not_armed")
    assert made.calls == ONE_EACH
