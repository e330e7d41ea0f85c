# SPDX-License-Identifier: Apache-2.0
"""The five validator clients, as their sources have them, against the real program: what each
sends, to the byte, and whether it can use what it gets, by its own reading."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from redoubt_stack.ethereum.duties import Duties
from redoubt_stack.ethereum.known_networks import find

from support import clients
from support.clients import lodestar, nimbus
from support.clients.client import Client, Habits, Missed, Token
from support.clients.messages import KINDS, Fields, Message, since
from support.clients.own_lodestar import OwnLodestar, Refused
from support.clients.released import Released, slashable
from support.clients.validators import Validators
from support.host import Host, running

NETWORK = find("hoodi")
ELECTRA = since(NETWORK, "electra")
NOW = NETWORK.epoch_of(NETWORK.slot_at(time.time()))  # of all tests
ONCE_AN_EPOCH = ("ATTESTATION", "AGGREGATION_SLOT", "AGGREGATE_AND_PROOF")
LAYOUTS = {"AttestationData", "Slot", "AggregateOfOneCommittee", "AggregateOfAllCommittees"}
ROOT, OTHER = "0x" + "ab" * 32, "0x" + "cd" * 32
ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
OPERATOR = "redoubt-ethereum-operator"
DAY = 86_400
Json = Any


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    # A slot's requests come together: an environment each. A busy machine can make a stand-in of no
    # latency seem slow, so none is asked twice for that.
    options = ("--network", "hoodi", "--keys", "tz1", "--environments", "8")
    with running(*options, "--env", "HEDGING=off") as started:
        yield started


@dataclass(frozen=True)
class Home:
    """A client's keys, and tokens of the form that it sends."""

    host: Host
    habits: Habits
    keys: list[str]

    @property
    def at_work(self) -> list[str]:
        return self.keys[:2]

    @property
    def in_danger(self) -> str:
        """For what would be slashed."""
        return self.keys[2]

    @property
    def url(self) -> str:
        return str(self.host.setup["ethereum_url"])

    def token(self, *ops: str) -> str:
        fields = {
            "ops": list(ops),
            "keys": self.keys,
            "path": self.habits.token is Token.PATH,
            "not_after": int(time.time()) + DAY // 2,
        }
        return str(operate(self.host, "create_token", **fields)["token"])

    def validators(self, *ops: str) -> Validators:
        client = Client(self.habits, self.url, self.token(*ops))
        return Validators(client, NETWORK, self.keys)


def operate(host: Host, command: str, **fields: Json) -> Json:
    told = host.invoke({"redoubt": {"command": command, **fields}}, OPERATOR).payload["redoubt"]
    assert told["ok"] is True, told
    return told


def made_home(host: Host, habits: Habits, batch: str) -> Home:
    stake = {"amount": 32_000_000_000, "credentials": "01", "address": ADDRESS, "fee": [ADDRESS]}
    told = operate(host, "create_keys", batch=batch, count=3, **stake)
    return Home(host, habits, [key["public_key"] for key in told["keys"]])


@pytest.fixture(scope="module")
def homes(host: Host) -> dict[str, Home]:
    """Made before any client looks: a list of keys is at most a minute old."""
    made = {habits.name: made_home(host, habits, habits.name) for habits in clients.ALL}
    return made | {"itself": made_home(host, lodestar.HABITS, "itself")}


@pytest.fixture(scope="module", params=[habits.name for habits in clients.ALL])
def home(request: pytest.FixtureRequest, homes: dict[str, Home]) -> Home:
    return homes[request.param]


@pytest.fixture(scope="module")
def validators(home: Home) -> Iterator[Validators]:
    """One process of the client, until all its tests are over."""
    made = home.validators("validator", "read")
    yield made
    assert slashable(made.released) == []
    made.client.close()


def vote(source: int, target: int, block: str = ROOT) -> Fields:
    """Of the target's first slot."""
    return {
        "slot": str(NETWORK.first_slot(target)),
        "index": "0",
        "beacon_block_root": block,
        "source": {"epoch": str(source), "root": "0x" + "02" * 32},
        "target": {"epoch": str(target), "root": "0x" + "03" * 32},
    }


def block(slot: int, body: str = ROOT) -> Fields:
    roots = {"parent_root": ROOT, "state_root": ROOT, "body_root": body}
    return {"slot": str(slot), "proposer_index": "7", **roots}


def test_three_epochs_are_signed_whole(home: Home, validators: Validators) -> None:
    """Deneb's last and Electra's first, whose aggregates differ, and one of these days."""
    validators.start()
    for first, epochs in ((ELECTRA - 1, 2), (NOW - 1, 1)):
        slot = NETWORK.first_slot(first)
        duties = Duties(NETWORK, home.at_work, slot, epochs, ADDRESS.lower())
        signed = validators.play(duties)
        asked = [*duties.at_start(), *(duty for slot in duties.slots for duty in duties.of(slot))]
        assert set(signed) == {duty.id for duty in asked}
    refused = [status for status in validators.client.asked if status != 200]
    is_challenged = home.habits.token is Token.CHALLENGED
    assert refused == ([401] if is_challenged else []), "nothing was asked for twice"
    # Verifying costs more than signing: the last epoch, and of all what one epoch has of a key.
    once = [one for one in validators.released if one.message.type in ONCE_AN_EPOCH]
    assert {type(one.message.value).__name__ for one in once} == LAYOUTS
    last = validators.released[-len(asked) :]
    assert {one.message.type for one in last} == set(KINDS) - {"VOLUNTARY_EXIT"}
    assert all(released.is_the_key_s for released in [*once, *last])


SLASHABLE = {
    "a second block": ("BLOCK_V2", block(NOW * 32 - 9, OTHER), "already_signed"),
    "a block before": ("BLOCK_V2", block(NOW * 32 - 10), "below_watermark"),
    "a second vote": ("ATTESTATION", vote(NOW - 6, NOW - 2, OTHER), "already_signed"),
    "a second vote of another source": ("ATTESTATION", vote(NOW - 5, NOW - 2), "already_signed"),
    "a vote around": ("ATTESTATION", vote(NOW - 7, NOW - 1), "below_watermark"),
    "a vote within": ("ATTESTATION", vote(NOW - 5, NOW - 3), "below_watermark"),
}


@pytest.mark.parametrize("kind", SLASHABLE)
def test_what_would_be_slashed_is_refused(home: Home, validators: Validators, kind: str) -> None:
    """And read as a refusal, by clients that ask again, too."""
    key = home.in_danger
    validators.sign(key, "BLOCK_V2", block(NOW * 32 - 9))
    validators.sign(key, "ATTESTATION", vote(NOW - 6, NOW - 2))
    type, fields, code = SLASHABLE[kind]
    with pytest.raises(Missed) as missed:
        validators.sign(key, type, fields)
    tries = 1 + len(home.habits.repeats)
    assert missed.value.codes == [(412, code)] * tries


def test_an_exit_is_signed_for_who_has_that_right(home: Home, validators: Validators) -> None:
    message = {"epoch": str(NOW), "validator_index": "1000007"}
    with pytest.raises(Missed) as missed:
        validators.sign(home.in_danger, "VOLUNTARY_EXIT", message)
    assert missed.value.codes == [(403, "not_permitted")]
    leaving = home.validators("exit")
    assert leaving.sign(home.in_danger, "VOLUNTARY_EXIT", message).is_the_key_s
    with pytest.raises(Missed) as missed:
        leaving.sign(home.in_danger, "ATTESTATION", vote(NOW - 1, NOW))
    assert missed.value.codes == [(403, "not_permitted")]
    leaving.client.close()


@pytest.mark.parametrize("fault", ["lost-answer", "unavailable", "throttle", "reset"])
def test_a_table_that_stumbles_costs_no_client_a_request(
    home: Home, validators: Validators, fault: str
) -> None:
    asked = len(validators.client.asked)
    with home.host.faults(f"dynamodb:{fault}#1"):
        slot = NETWORK.slot_at(time.time())
        validators.sign(home.at_work[0], "BLOCK_V2", block(slot))
    assert validators.client.asked[asked:] == [200]


def test_a_table_that_is_away_costs_who_asks_once_a_duty(
    home: Home, validators: Validators
) -> None:
    """Three tries of the signer's own fail; the next request of whoever asks again is answered."""
    duty = (home.at_work[1], "ATTESTATION", vote(NOW - 1, NOW))
    asked = len(validators.client.asked)
    with home.host.faults("dynamodb:unavailable#3"):
        if home.habits.repeats:
            validators.sign(*duty)
        else:
            with pytest.raises(Missed):
                validators.sign(*duty)
    statuses = validators.client.asked[asked:]
    assert statuses == ([500, 200] if home.habits.repeats else [500])
    validators.sign(*duty)


def test_nimbus_of_before_electra_sends_more(host: Host) -> None:
    """Until then it gave registrations a fork, with a genesis root of zeros."""

    def body(message: Message) -> Fields:
        fork_info = message.fork_info | {"genesis_validators_root": "0x" + "00" * 32}
        return nimbus.body(message) | {"fork_info": fork_info}

    home = made_home(host, replace(nimbus.HABITS, body=body), "before-electra")
    validators = home.validators("validator")
    registration = {
        "fee_recipient": ADDRESS.lower(),
        "gas_limit": "60000000",
        "timestamp": str(int(time.time())),
        "pubkey": home.keys[0],
    }
    assert validators.sign(home.keys[0], "VALIDATOR_REGISTRATION", registration).is_the_key_s


@pytest.fixture
def own_lodestar(homes: dict[str, Home]) -> Iterator[OwnLodestar]:
    home = homes["itself"]
    token = home.token("validator", "exit", "read")
    made = OwnLodestar(f"{home.url}/t/{token}", NETWORK)
    assert set(made.keys) == set(home.keys)
    yield made
    made.stop()


def test_lodestar_itself_signs_an_epoch(homes: dict[str, Home], own_lodestar: OwnLodestar) -> None:
    home, slot = homes["itself"], NETWORK.first_slot(ELECTRA - 1)
    duties = Duties(NETWORK, home.at_work, slot, 1, ADDRESS.lower())
    own_lodestar.play(duties)
    assert {one.message.type for one in own_lodestar.released} == set(KINDS) - {"VOLUNTARY_EXIT"}
    assert all(released.is_the_key_s for released in own_lodestar.released)
    assert slashable(own_lodestar.released) == []


def test_lodestar_itself_is_refused(homes: dict[str, Home], own_lodestar: OwnLodestar) -> None:
    """Its own protection is out of the way. A version of before Deneb signs exits for a fork that
    no longer counts: the root that it sends is not the exit's."""
    key = homes["itself"].in_danger
    own_lodestar.sign(key, "ATTESTATION", vote(ELECTRA - 6, ELECTRA - 2))
    with pytest.raises(Refused, match="already_signed"):
        own_lodestar.sign(key, "ATTESTATION", vote(ELECTRA - 6, ELECTRA - 2, OTHER))
    with pytest.raises(Refused, match="root_mismatch"):
        own_lodestar.sign(key, "VOLUNTARY_EXIT", {"epoch": "1000", "validator_index": "7"})


def test_what_is_slashable_is_seen() -> None:
    """By what the tests above hold the signer to."""

    def released(type: str, fields: Fields, key: str = "0x01") -> Released:
        return Released(key, Message.read(NETWORK, type, fields), "0x")

    first = released("ATTESTATION", vote(NOW - 6, NOW - 2))
    proposal = released("BLOCK_V2", block(NOW * 32 - 9))
    seen = {
        kind: bool(slashable([first, proposal, released(type, fields)]))
        for kind, (type, fields, _) in SLASHABLE.items()
    }
    assert seen == dict.fromkeys(SLASHABLE, True) | {"a block before": False}
    other_key = released("ATTESTATION", vote(NOW - 6, NOW - 2, OTHER), "0x02")
    later = released("ATTESTATION", vote(NOW - 2, NOW - 1))
    assert not slashable([first, first, proposal, other_key, later])
