# SPDX-License-Identifier: Apache-2.0
"""A signer for validators whose callers are roles of IAM (PRINCIPALS=on), asked by the events of a
Function URL under AWS_IAM, which says there who the caller is."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from support.child import wait_until
from support.events import HttpRequest, rest, version_2
from support.host import running
from support.octez import Reply
from support.validators import ADDRESS, HOODI, SIGNER, Validators

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/validators"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/validators/i-0123456789abcdef0"
Json = Any


@dataclass(frozen=True)
class Asking:
    validators: Validators
    keys: list[str]

    def event(self, path: str, caller: Json, body: Json = None, **headers: str) -> Json:
        method = "GET" if body is None else "POST"
        sent = {"accept": "application/json", **headers}
        text = None if body is None else json.dumps(body)
        event = version_2(HttpRequest(method, path, headers=sent, body=text))
        if caller is not None:
            event["requestContext"]["authorizer"] = {"iam": caller}
        return event

    def send(self, event: Json) -> Reply:
        return self.validators.host.invoke(event, SIGNER).reply

    def get(self, path: str, arn: str, **headers: str) -> Reply:
        return self.send(self.event(path, iam(arn), **headers))

    def sign(self, arn: str | None, key: str, body: Json, **headers: str) -> Reply:
        caller = None if arn is None else iam(arn)
        return self.send(self.event(f"/api/v1/eth2/sign/{key}", caller, body, **headers))

    def calls(self) -> Json:
        return self.validators.host.calls()["dynamodb"]["calls"]


def iam(arn: str) -> Json:
    """As AWS has it in an event."""
    return {
        "accessKey": "ASIAEXAMPLE",
        "accountId": ACCOUNT,
        "callerId": "AROAEXAMPLE:i-0123456789abcdef0",
        "cognitoIdentity": None,
        "principalOrgId": "o-example",
        "userArn": arn,
        "userId": "AROAEXAMPLE:i-0123456789abcdef0",
    }


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    options = ("--network", "hoodi", "--keys", "tz1", "--environments", "1")
    with running(*options, "--env", "PRINCIPALS=on") as host:
        validators = Validators(host)
        ours = validators.create("ours", 1, tags=["ours"], fee=[ADDRESS])
        others = validators.create("others", 1)
        validators.ask("create_token", ops=["validator"], tags=["ours"], principal=ROLE)
        yield Asking(validators, ours + others)


def randao() -> Json:
    epoch = HOODI.epoch_of(HOODI.slot_at(time.time()))
    return {
        "type": "RANDAO_REVEAL",
        "fork_info": HOODI.fork_info(epoch),
        "randao_reveal": {"epoch": str(epoch)},
    }


def vote() -> Json:
    return HOODI.attestation(HOODI.slot_at(time.time()))


def is_refused(reply: Reply, status: int, code: str) -> None:
    assert (reply.status, reply.code) == (status, code), reply
    assert "signature" not in reply.text


@pytest.mark.parametrize(
    "arn",
    [
        SESSION,
        SESSION.replace("i-0123456789abcdef0", "another@session,1=+.-_"),
        ROLE,
        f"arn:aws:iam::{ACCOUNT}:role/with/a/path/validators",
    ],
)
def test_a_session_is_its_role(asking: Asking, arn: str) -> None:
    assert asking.sign(arn, asking.keys[0], randao()).status == 200
    listed = asking.get("/api/v1/eth2/publicKeys", arn)
    assert listed.json() == asking.keys[:1], "its own alone"


def test_it_has_its_rights_and_no_others(asking: Asking) -> None:
    body = vote()
    first = asking.sign(SESSION, asking.keys[0], body)
    assert (first.status, asking.sign(ROLE, asking.keys[0], body).text) == (200, first.text)
    before = asking.validators.item(asking.keys[1])
    for other in (randao(), vote()):
        is_refused(asking.sign(SESSION, asking.keys[1], other), 403, "not_permitted")
    assert asking.validators.item(asking.keys[1]) == before
    epoch = HOODI.epoch_of(HOODI.slot_at(time.time()))
    leaving = {
        "type": "VOLUNTARY_EXIT",
        "fork_info": HOODI.fork_info(epoch),
        "voluntary_exit": {"epoch": str(epoch), "validator_index": "1"},
    }
    is_refused(asking.sign(SESSION, asking.keys[0], leaving), 403, "not_permitted")


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:sts::{ACCOUNT}:assumed-role/strangers/i-0123456789abcdef0",
        SESSION.replace(ACCOUNT, "444455556666"),
        SESSION.replace("arn:aws:", "arn:aws-cn:"),
        SESSION.replace("validators", "Validators"),
        SESSION.replace("validators", "validators2"),
    ],
)
def test_a_role_without_rights_is_refused(asking: Asking, arn: str) -> None:
    is_refused(asking.sign(arn, asking.keys[0], randao()), 403, "not_permitted")
    is_refused(asking.get("/api/v1/eth2/publicKeys", arn), 403, "not_permitted")


@pytest.mark.parametrize(
    "arn",
    [
        "",
        ACCOUNT,
        f"arn:aws:iam::{ACCOUNT}:user/validators",
        f"arn:aws:iam::{ACCOUNT}:user/role/validators",
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:sts::{ACCOUNT}:federated-user/validators",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/validators",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/validators/",
        f"arn:aws:iam::{ACCOUNT}:assumed-role/validators/session",
        f"arn:aws:sts::{ACCOUNT}:role/validators",
        f"{SESSION}/more",
        f" {SESSION}",
        f"{ROLE}\n",
    ],
)
def test_who_is_no_role_is_refused_and_nobody_asked(asking: Asking, arn: str) -> None:
    before = asking.calls()
    is_refused(asking.sign(arn, asking.keys[0], randao()), 403, "not_permitted")
    assert asking.calls() == before


def test_what_names_no_caller_is_refused_and_nobody_asked(asking: Asking) -> None:
    path = f"/api/v1/eth2/sign/{asking.keys[0]}"
    before = asking.calls()
    is_refused(asking.sign(None, asking.keys[0], randao()), 403, "not_permitted")
    for caller in ({}, {"userArn": None}, {"userArn": [SESSION]}, {"callerId": ROLE}):
        event = asking.event(path, caller, randao())
        is_refused(asking.send(event), 403, "not_permitted")
    # Only a Function URL says it there: of other fronts somebody else may have.
    request = HttpRequest("POST", path, body=json.dumps(randao()))
    other = rest(request)
    other["requestContext"]["authorizer"] = {"iam": iam(SESSION)}
    is_refused(asking.send(other), 403, "not_permitted")
    for name in ("authorization", "x-amz-user-arn", "userarn", "x-amzn-iam"):
        headers = {name: SESSION}
        is_refused(asking.sign(None, asking.keys[0], randao(), **headers), 403, "not_permitted")
    assert asking.calls() == before
    assert asking.send(asking.event("/upcheck", None)).status == 200


def test_a_token_beside_a_role_changes_nothing(asking: Asking) -> None:
    wide = asking.validators.client(["validator"]).token
    bearer = {"authorization": f"Bearer {wide}"}
    is_refused(asking.sign(None, asking.keys[0], randao(), **bearer), 403, "not_permitted")
    stranger = SESSION.replace("validators", "strangers")
    is_refused(asking.sign(stranger, asking.keys[0], randao(), **bearer), 403, "not_permitted")
    is_refused(asking.sign(SESSION, asking.keys[1], randao(), **bearer), 403, "not_permitted")
    assert asking.sign(SESSION, asking.keys[0], randao(), **bearer).status == 200
    made = asking.validators.ask("create_token", ops=["validator"], all=True, path=True)
    path = f"/t/{made['token']}/api/v1/eth2/sign/{asking.keys[1]}"
    event = asking.event(path, iam(SESSION), randao())
    is_refused(asking.send(event), 404, "unknown_route")
    is_refused(asking.send(asking.event(path, None, randao())), 403, "not_permitted")


def test_rights_that_are_over_are_none(asking: Asking) -> None:
    for name, end in (("guests", int(time.time()) + 3600), ("former", int(time.time()) - 1)):
        role = ROLE.replace("validators", name)
        item = {"id": {"S": f"principal/{role}"}, "ops": {"SS": ["RANDAO_REVEAL"]}}
        asking.validators.put(item | {"all": {"BOOL": True}, "not_after": {"N": str(end)}})
    guest, former = ROLE.replace("validators", "guests"), ROLE.replace("validators", "former")
    assert asking.sign(guest, asking.keys[1], randao()).status == 200
    is_refused(asking.sign(former, asking.keys[1], randao()), 403, "not_permitted")


def test_the_log_names_the_role(asking: Asking) -> None:
    def lines() -> list[Json]:
        return [json.loads(line) for line in asking.validators.host.log(SIGNER)]

    before = len(lines())
    asking.sign(SESSION, asking.keys[0], randao())
    wait_until(lambda: len(lines()) > before, "the line, which is written after the answer")
    told = lines()[-1]
    assert (told["caller"], told["key"]) == (ROLE, asking.keys[0])
    assert "i-0123456789abcdef0" not in json.dumps(told)
