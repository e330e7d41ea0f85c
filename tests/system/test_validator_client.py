# SPDX-License-Identifier: Apache-2.0
"""The validator client of deploy/local, against the shipped file: what it has signed, and what it
says of duties that were missed."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import milagro_bls_binding as milagro
import pytest
from redoubt_stack.ethereum import playing, tally
from redoubt_stack.ethereum.asking import Client, Signer
from redoubt_stack.ethereum.duties import Duties
from redoubt_stack.ethereum.known_networks import find
from redoubt_stack.ethereum.roots import KINDS

from support.host import Host, running

OPERATOR = "redoubt-ethereum-operator"
ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
NETWORK = find("gnosis")
LONG = 1.0  # seconds of a slot: more than the machine needs, however busy


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running("--network", NETWORK.name, "--keys", "tz1") as started:
        yield started


def operate(host: Host, command: str, **fields: object) -> dict[str, object]:
    told = host.invoke({"redoubt": {"command": command, **fields}}, OPERATOR).payload["redoubt"]
    assert told["ok"] is True, told
    return dict(told)


@pytest.fixture(scope="module")
def signer(host: Host) -> Signer:
    token = operate(host, "create_token", ops=["validator"], all=True)["token"]
    return Signer(host.setup["ethereum_url"], str(token))


@pytest.fixture
def duties(host: Host) -> Duties:
    """Of keys that signed nothing yet."""
    fields = {"batch": f"{time.time_ns()}", "count": 8, "address": ADDRESS, "fee": [ADDRESS]}
    fields |= {"credentials": "01", "amount": 32_000_000_000}
    keys = [key["public_key"] for key in operate(host, "create_keys", **fields)["keys"]]
    return Duties(NETWORK, keys, playing.first_slot(NETWORK, time.time(), 1, LONG), 1, ADDRESS)


def test_each_type_is_signed_as_the_chain_wants_it(duties: Duties, signer: Signer) -> None:
    client = Client(duties, signer, LONG)
    assert tally.missed(client.start()) == 0
    slots = [*islice(client.slots(), 3)]
    assert [slot for slot, _ in slots] == [*duties.slots[:3]]
    outcomes = client.outcomes()
    assert [o for o in outcomes if not o.signature] == []
    for outcome in outcomes:
        root = client.request(outcome.duty)["signingRoot"]
        key, message, signature = (
            bytes.fromhex(text[2:]) for text in (outcome.duty.key, root, outcome.signature)
        )
        assert milagro.Verify(key, message, signature), outcome
    assert {o.duty.type for o in outcomes} == set(KINDS) - {"AGGREGATE_AND_PROOF"}
    block = next(o for o in outcomes if o.duty.type == "BLOCK_V2")
    vote = next(o for o in outcomes if o.duty.type == "ATTESTATION")
    of_another = replace(vote, signature=block.signature)
    assert playing._verify(client, [block, of_another]) == (1, ["ATTESTATION"])


def test_what_is_refused_is_missed_and_told(
    duties: Duties,
    signer: Signer,
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A key that is off."""
    monkeypatch.setattr(playing, "_verify", lambda *_: (9, []))  # takes seconds; it is seen above
    operate(host, "set_keys", keys=[duties.keys[0]], on=False)
    assert playing.run(duties, signer, 0.3) is False
    said = capsys.readouterr().out
    assert "MISSED" in said and "ATTESTATION: 412 key_disabled" in said


def test_what_comes_after_its_slot_is_missed(duties: Duties, signer: Signer) -> None:
    client = Client(duties, signer, 0.0001)
    client.start()
    assert len([*client.slots()]) == len(duties.slots)
    late = Counter(o.is_missed for o in client.outcomes() if o.duty.type == "ATTESTATION")
    assert late == {True: len(duties.keys)}


def test_a_play_has_come_to_the_present_when_it_ends() -> None:
    now = NETWORK.genesis_time + 5 * 1_000_003.4
    for epochs, seconds in [(1, 0.1), (2, 1.0), (3, 5.0), (1, 7.0), (100, 0.001)]:
        first = playing.first_slot(NETWORK, now, epochs, seconds)
        assert first % NETWORK.slots_per_epoch == 0
        slots = epochs * NETWORK.slots_per_epoch
        ahead = [first + i - NETWORK.slot_at(now + i * seconds) for i in range(slots)]
        assert max(ahead) <= 0
        assert seconds > 5 or max(ahead) > -NETWORK.slots_per_epoch - 1
