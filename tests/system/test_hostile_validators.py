# SPDX-License-Identifier: Apache-2.0
"""What bad input gets from the validators' signer: status, code, and calls to AWS, each counted."""

from collections.abc import Iterator

import pytest

import attacks_on_commits as commits
import attacks_on_duties as duties
import attacks_on_tokens as tokens
from asking import Counted
from support.host import Host, running
from support.octez import Reply
from support.validators import SIGNER, Validators
from validator_asking import Attack, Json, ValidatorAsking

ATTACKS: list[Attack] = [
    *tokens.MISSING,
    *tokens.MALFORMED,
    *tokens.RIGHTS,
    *duties.ROUTES,
    *duties.METHODS,
    *duties.KEYS,
    *duties.BODIES,
    *duties.DOUBLED,
    *duties.COUNTED,
    *duties.DIGITS,
    *duties.MISSING,
    *duties.TYPES,
    *duties.BITS,
    *duties.FORKS,
    *duties.MISMATCHES,
    *commits.TIMES,
    *commits.NETWORKS,
    *commits.BACKWARDS,
    *commits.SLASHABLE,
    *commits.EVENTS,
]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running("--network", "hoodi", "--keys", "tz1", "--environments", "1") as started:
        yield started


@pytest.fixture(scope="module")
def asking(host: Host) -> ValidatorAsking:
    validators = Validators(host)
    asking = ValidatorAsking(host, validators.create("b", 3))
    validators.ask("set_keys", keys=[asking.keys[1]], on=False)
    asking.know_tokens()
    for type in ("ATTESTATION", "BLOCK_V2"):
        post = asking.post(asking.signed[type], path=f"/api/v1/eth2/sign/{asking.keys[2]}")
        assert asking.send(post).status == 200
    return asking


@pytest.fixture(scope="module")
def before(asking: ValidatorAsking) -> dict[str, Json]:
    """The keys, before the first attack."""
    return asking.items()


def is_refusal(reply: Reply, status: int, code: str) -> None:
    assert (reply.status, reply.code) == (status, code), reply.text[:1000]
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert (reply.headers.get("www-authenticate") == 'Basic realm="redoubt"') == (status == 401)
    assert sorted(reply.json()) == ["error"]
    assert sorted(reply.json()["error"]) == ["id", "msg"]
    assert reply.json()["error"]["id"] == code


def test_the_table_is_long_and_its_names_are_its_own() -> None:
    assert len(ATTACKS) >= 150
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_hostile_request_is_refused(
    asking: ValidatorAsking, before: dict[str, Json], attack: Attack
) -> None:
    asking.know_tokens()
    made = attack.make(asking)
    with Counted(asking.host) as counted:
        reply = asking.send(made)
    is_refusal(reply, attack.status, attack.code)
    assert counted.calls == dict.fromkeys(attack.calls, 1)
    assert len(reply.text) < 1000
    assert not any(token.secret in reply.text for token in asking.tokens.values())


def test_after_all_that_no_row_has_moved_and_the_same_environment_signs(
    asking: ValidatorAsking, host: Host, before: dict[str, Json]
) -> None:
    assert asking.items() == before
    assert [one["starts"] for one in host.environments(SIGNER)] == [1]
    asking.know_tokens()
    with Counted(host) as counted:
        assert asking.send(asking.post()).status == 200
    assert counted.calls["dynamodb.UpdateItem"] == 1
    lines = "".join(host.log(SIGNER))
    assert not any(token.secret in lines for token in asking.tokens.values())
