# SPDX-License-Identifier: Apache-2.0
"""What a validator client asks, of the real program, by its Function URL."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from py_ecc.bls import G2ProofOfPossession as bls

from support.child import wait_until
from support.events import HttpRequest, version_2
from support.host import Host, running
from support.validators import SIGNER, Validators
from support.web3signer import signing_root

# Of hoodi: genesis, and Fulu's version.
GENESIS_TIME, SLOT, SLOTS = 1742213400, 12, 32
GENESIS_ROOT = "0x212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f"
FULU = "0x70000910"
Json = Any


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running("--network", "hoodi", "--keys", "tz1", "--environments", "2") as started:
        yield started


@pytest.fixture(scope="module")
def keys(host: Host) -> list[str]:
    return Validators(host).create("b", 3)


@pytest.fixture(scope="module")
def token(host: Host) -> str:
    return Validators(host).client(["validator", "read"]).token


def ask(host: Host, path: str, body: Json = None, **headers: str) -> tuple[int, Json, str]:
    """Status, headers, and the body as it is."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(host.setup["ethereum_url"] + path, data=data)
    if data is not None:
        request.add_header("Content-Type", "application/json")
    for name, value in headers.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def epoch_now() -> int:
    return (int(time.time()) - GENESIS_TIME) // SLOT // SLOTS


def vote(source: int, target: int, block: str = "0x" + "11" * 32) -> Json:
    return {
        "type": "ATTESTATION",
        "fork_info": {
            "fork": {"previous_version": FULU, "current_version": FULU, "epoch": "50688"},
            "genesis_validators_root": GENESIS_ROOT,
        },
        "attestation": {
            "slot": str(source * SLOTS),
            "index": "0",
            "beacon_block_root": block,
            "source": {"epoch": str(source), "root": "0x" + "22" * 32},
            "target": {"epoch": str(target), "root": "0x" + "33" * 32},
        },
    }


def sign(host: Host, key: str, token: str, request: Json) -> tuple[int, Json, str]:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    return ask(host, f"/api/v1/eth2/sign/{key}", request, **headers)


def test_roles_are_nobody_unless_they_are_let_in(host: Host, keys: list[str], token: str) -> None:
    """PRINCIPALS is off: a token it is, whoever else the event names."""
    epoch = epoch_now()
    for headers, status in ({}, 401), ({"authorization": f"Bearer {token}"}, 200):
        request = HttpRequest(
            "POST", f"/api/v1/eth2/sign/{keys[0]}", headers=headers,
            body=json.dumps(vote(epoch - 3, epoch - 2)),
        )  # fmt: skip
        event = version_2(request)
        role = "arn:aws:iam::111122223333:role/validators"
        event["requestContext"]["authorizer"] = {"iam": {"userArn": role}}
        assert host.invoke(event, SIGNER).reply.status == status


def test_an_attestation_is_signed_once(host: Host, keys: list[str], token: str) -> None:
    epoch = epoch_now()
    request = vote(epoch - 1, epoch)
    status, headers, body = sign(host, keys[0], token, request)
    assert status == 200, body
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    signature = bytes.fromhex(json.loads(body)["signature"][2:])
    assert bls.Verify(bytes.fromhex(keys[0][2:]), signing_root(request), signature)
    assert sign(host, keys[0], token, request)[2] == body, "the same again"
    status, headers, body = sign(host, keys[0], token, vote(epoch - 1, epoch, "0x" + "44" * 32))
    assert (status, headers["X-Redoubt-Error"]) == (412, "already_signed")
    assert json.loads(body)["error"]["id"] == "already_signed"


def test_an_answer_has_the_form_that_is_asked_for(host: Host, keys: list[str], token: str) -> None:
    epoch = epoch_now()
    path = f"/api/v1/eth2/sign/{keys[1]}"
    basic = base64.b64encode(f"me:{token}".encode()).decode()
    request = vote(epoch - 1, epoch)
    status, headers, body = ask(host, path, request, Authorization=f"Basic {basic}")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert len(body) == 194
    assert json.loads(sign(host, keys[1], token, request)[2])["signature"] == body


def test_who_asks_is_asked_for_a_token(host: Host, keys: list[str], token: str) -> None:
    before = host.calls()["dynamodb"]["calls"]
    for authorization in ("", "Bearer x", f"Bearer {token[:-1]}", "Basic eDp5"):
        status, headers, body = ask(
            host, f"/api/v1/eth2/sign/{keys[0]}", vote(1, 2), Authorization=authorization
        )
        assert status == 401, body
        assert headers["WWW-Authenticate"] == 'Basic realm="redoubt"'
    assert host.calls()["dynamodb"]["calls"] == before, "and nobody else is asked"
    assert ask(host, "/upcheck")[::2] == (200, "OK")
    assert host.calls()["dynamodb"]["calls"] == before


def test_the_routes_that_sign_nothing(host: Host, keys: list[str], token: str) -> None:
    bearer = f"Bearer {token}"
    status, _, body = ask(host, "/api/v1/eth2/publicKeys", Authorization=bearer)
    assert (status, sorted(json.loads(body))) == (200, sorted(keys))
    status, _, body = ask(host, "/healthcheck", Authorization=bearer)
    assert (status, json.loads(body)["status"]) == (200, "UP"), body
    assert ask(host, "/api/v1/eth2/highWatermark", Authorization=bearer)[2] == "{}"
    assert ask(host, "/reload", {}, Authorization=bearer)[0] == 202


def test_a_table_that_stumbles_costs_a_repetition(host: Host, keys: list[str], token: str) -> None:
    epoch = epoch_now()
    with host.faults("dynamodb:lost-answer#1"):
        assert sign(host, keys[2], token, vote(epoch - 2, epoch - 1))[0] == 200
    with host.faults("dynamodb:unavailable"):
        status, headers, _ = sign(host, keys[2], token, vote(epoch - 1, epoch))
        assert (status, headers["X-Redoubt-Error"]) == (500, "table_unavailable")
    assert sign(host, keys[2], token, vote(epoch - 1, epoch))[0] == 200


def test_a_process_that_dies_in_the_middle_costs_one_repetition(
    host: Host, keys: list[str], token: str
) -> None:
    epoch = epoch_now()
    request = vote(epoch, epoch + 1)  # that the slot is in the epoch, the signer does not ask
    with host.faults("dynamodb:slow=1000", "environment:kill=150#1"):
        assert sign(host, keys[2], token, request)[0] == 502
    assert sign(host, keys[2], token, request)[0] == 200, "the same again"
    other = vote(epoch, epoch + 1, "0x" + "55" * 32)
    assert sign(host, keys[2], token, other)[1]["X-Redoubt-Error"] == "already_signed"


def test_the_time_is_what_aws_says(host: Host, token: str) -> None:
    (key,) = Validators(host).create("later", 1)
    epoch = epoch_now()
    ahead = vote(epoch + 8, epoch + 9)
    assert sign(host, key, token, ahead)[1]["X-Redoubt-Error"] == "too_far_ahead"
    with host.clock(10 * SLOTS * SLOT * 1000):
        # Whose answer it takes the time from.
        assert sign(host, key, token, vote(epoch - 1, epoch))[0] == 200
        assert sign(host, key, token, ahead)[0] == 200
        beyond = vote(epoch + 11, epoch + 12)
        assert sign(host, key, token, beyond)[1]["X-Redoubt-Error"] == "too_far_ahead"
    assert sign(host, key, token, ahead)[0] == 200, "the same, by the time of the last answer"
    assert sign(host, key, token, ahead)[1]["X-Redoubt-Error"] == "too_far_ahead"


def test_the_log_names_the_caller_and_no_secret(host: Host, keys: list[str], token: str) -> None:
    def refusals() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in host.log(SIGNER)]
        return [line for line in lines if line.get("verdict") == "below_watermark"]

    before = len(refusals())
    sign(host, keys[0], token, vote(1, 2))
    wait_until(lambda: len(refusals()) > before, "the line, which is written after the answer")
    told = refusals()[-1]
    assert told["caller"] == f"token {token[4:20]}"
    assert (told["key"], told["type"], told["target"]) == (keys[0], "ATTESTATION", 2)
    assert told["slashable_refusals"] == 1
    assert token[21:] not in "".join(host.log(SIGNER))


def test_a_start_opens_one_wrap_and_after_an_answer_the_others(
    host: Host, keys: list[str], token: str
) -> None:
    for batch in ("one more", "and one more"):  # beside that of `keys`, and perhaps others
        Validators(host).create(batch.replace(" ", "-"), 1)
    before = len(host.log(SIGNER))
    old = [one["pid"] for one in host.environments(SIGNER)]
    for pid in old:
        host.control("POST", "/environments/kill", {"pid": pid})

    def opened() -> list[int]:
        lines = [json.loads(line) for line in host.log(SIGNER)[before:]]
        return [line["asked"] for line in lines if line.get("message") == "wraps: opened"]

    wait_until(lambda: len(opened()) == len(old), "the start of other processes")
    assert opened() == [1] * len(old)
    assert ask(host, "/upcheck")[0] == 200
    assert opened() == [1] * len(old), "for who has no token nothing is done"
    epoch = epoch_now()
    assert sign(host, keys[0], token, vote(epoch - 1, epoch))[0] == 200
    wait_until(lambda: max(opened()) > 1, "the other wraps, after the answer")
    assert sum(opened()[len(old) :]) + 1 == len(Validators(host).ask("status")["wraps"])


def slot_now() -> int:
    return (int(time.time()) - GENESIS_TIME) // SLOT


def block(slot: int) -> Json:
    root = "0x" + "66" * 32
    header = {"slot": str(slot), "proposer_index": "7", "parent_root": root, "state_root": root}
    fork_info = vote(1, 2)["fork_info"]
    message = {"version": "FULU", "block_header": header | {"body_root": root}}
    return {"type": "BLOCK_V2", "fork_info": fork_info, "beacon_block": message}


@pytest.mark.parametrize("slots", [-8, 8])
def test_the_slot_is_that_of_aws(host: Host, keys: list[str], slots: int) -> None:
    """A hundred seconds are nothing to a signature for AWS, and eight slots of the chain."""
    with host.clock(slots * SLOT * 1000):
        new = (
            Validators(host).client(["validator"]).token
        )  # which any environment reads, and so AWS's time
        now = slot_now() + slots
        status, headers, body = sign(host, keys[0], new, block(now + 4))
        assert (status, headers["X-Redoubt-Error"]) == (412, "too_far_ahead"), body
        assert sign(host, keys[0], new, block(now))[0] == 200
    sign(host, keys[0], Validators(host).client(["read"]).token, block(1))
