# SPDX-License-Identifier: Apache-2.0
"""Requests whose SigV4 signature is not right, on every server that looks at signatures.

DynamoDB Local does not look; one row says so, so that nobody takes its silence for an approval.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from keystore import Keystore
from support.aws import Answer, Server, Signing
from support.host import Host
from support.keys import Curve
from support.third_party import Ministack

FORBIDDEN = {400, 403}  # KMS and DynamoDB answer 400, where other services answer 403

# Where a third party is known not to check: (server, service, row). It then answers 200.
UNCHECKED = {
    ("ministack", "kms", "service of another"),
    ("ministack", "dynamodb", "service of another"),
    ("ministack", "kms", "unsigned x-amz header"),
    ("ministack", "dynamodb", "unsigned x-amz header"),
    ("ministack", "dynamodb", "6 minutes old"),
    ("ministack", "dynamodb", "6 minutes early"),
}
# Where it says it otherwise.
OTHERWISE = {
    # The scope's region chooses the account's region: the key is simply not there.
    ("ministack", "kms", "region of another"): "NotFoundException",
    ("stand-in", "kms", "region of another"): "NotFoundException",
    ("ministack", "dynamodb", "region of another"): "ResourceNotFoundException",
}


def with_keys(signing: Signing, **changes: str | None) -> Signing:
    keys = signing.credentials
    parts = {"access_key": keys.access_key, "secret_key": keys.secret_key, "token": keys.token}
    return replace(signing, credentials=Credentials(**(parts | changes)))


def wrong_service(signing: Signing) -> Signing:
    return replace(signing, service={"kms": "dynamodb", "dynamodb": "kms"}[signing.service])


def old(minutes: int) -> Callable[[Signing], Signing]:
    return lambda signing: replace(signing, age=timedelta(minutes=minutes))


SIGNATURE = {"InvalidSignatureException"}
TOKEN = {"UnrecognizedClientException"}

SIGNED_WRONGLY: dict[str, tuple[Callable[[Signing], Signing], set[str]]] = {
    "wrong secret": (lambda s: with_keys(s, secret_key="wrong"), SIGNATURE),
    "unknown access key": (lambda s: with_keys(s, access_key="ASIAUNKNOWN000000000"), TOKEN),
    "no session token": (lambda s: with_keys(s, token=None), TOKEN),
    "wrong session token": (lambda s: with_keys(s, token="wrong"), TOKEN),
    "service of another": (wrong_service, SIGNATURE),
    "region of another": (lambda s: replace(s, region="eu-west-1"), SIGNATURE),
    "6 minutes old": (old(6), SIGNATURE),
    "6 minutes early": (old(-6), SIGNATURE),
}


def alter_body(request: AWSRequest) -> None:
    request.data = request.data.replace(b"}", b" }", 1)


def header(name: str, value: str) -> Callable[[AWSRequest], None]:
    def change(request: AWSRequest) -> None:
        del request.headers[name]
        request.headers[name] = value

    return change


def without(name: str) -> Callable[[AWSRequest], None]:
    def change(request: AWSRequest) -> None:
        del request.headers[name]

    return change


def cut_signature(request: AWSRequest) -> None:
    header("Authorization", request.headers["Authorization"].split(", Signature")[0])(request)


def flip_signature(request: AWSRequest) -> None:
    text = request.headers["Authorization"]
    header("Authorization", text[:-1] + ("0" if text[-1] != "0" else "1"))(request)


INCOMPLETE = {"IncompleteSignatureException", "IncompleteSignature"}
MISSING = {"MissingAuthenticationTokenException", "MissingAuthenticationToken"}

SPOILT: dict[str, tuple[Callable[[AWSRequest], None], set[str]]] = {
    "altered body": (alter_body, SIGNATURE),
    "altered signature": (flip_signature, SIGNATURE),
    "altered date": (header("X-Amz-Date", "20990101T000000Z"), SIGNATURE),
    "unsigned x-amz header": (header("X-Amz-Extra", "1"), SIGNATURE),
    "no authorization": (without("Authorization"), MISSING),
    "authorization without a signature": (cut_signature, INCOMPLETE),
    "authorization of nonsense": (header("Authorization", "AWS4-HMAC-SHA256 x"), INCOMPLETE),
    "no date": (without("X-Amz-Date"), INCOMPLETE),
}


class Asked:
    """A server, and a read that it answers with 200 when it is signed well."""

    def __init__(self, server: Server, operation: str, body: dict[str, Any]) -> None:
        self.server = server
        self.operation = operation
        self.body = body

    def __call__(self, **changes: Any) -> Answer:
        return self.server.call(self.operation, self.body, **changes)


def query(server: Server) -> Asked:
    return Asked(
        server,
        "Query",
        {
            "TableName": "redoubt-watermarks",
            "KeyConditionExpression": "#pkh = :pkh",
            "ExpressionAttributeNames": {"#pkh": "pkh"},
            "ExpressionAttributeValues": {":pkh": {"S": "tz1nobody"}},
        },
    )


@pytest.fixture(params=["kms", "dynamodb"])
def asked(request: pytest.FixtureRequest, kms: Keystore) -> Asked:
    if request.param == "kms":
        return Asked(kms.server, "GetPublicKey", {"KeyId": kms.arns[Curve.P256]})
    if kms.server.name == "stand-in":
        host: Host = request.getfixturevalue("host")
        return query(host.server("dynamodb"))
    small_aws: Ministack = request.getfixturevalue("small_aws")
    return query(small_aws.server("dynamodb"))


def judge(answer: Answer, asked: Asked, name: str, right: set[str]) -> None:
    row = (asked.server.name, asked.server.service, name)
    if row in UNCHECKED:
        assert answer.status == 200, answer.body
        return
    other = OTHERWISE.get(row)
    assert answer.status in FORBIDDEN, answer.body
    assert answer.code in ({other} if other else right), answer.body


def test_good_signature_passes(asked: Asked) -> None:
    assert asked().status == 200


@pytest.mark.parametrize("minutes", [4, -4])
def test_clock_may_be_off_by_less_than_five_minutes(asked: Asked, minutes: int) -> None:
    assert asked(signing=old(minutes)(asked.server.signing)).status == 200


@pytest.mark.parametrize("name", SIGNED_WRONGLY)
def test_signed_wrongly_is_refused(asked: Asked, name: str) -> None:
    change, codes = SIGNED_WRONGLY[name]
    judge(asked(signing=change(asked.server.signing)), asked, name, codes)


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_after_signing_is_refused(asked: Asked, name: str) -> None:
    spoil, codes = SPOILT[name]
    judge(asked(spoil=spoil), asked, name, codes)


def test_expired_signature_says_so(kms: Keystore) -> None:
    asked = Asked(kms.server, "GetPublicKey", {"KeyId": kms.arns[Curve.P256]})
    body = asked(signing=old(6)(asked.server.signing)).json()
    text = body.get("message") or body.get("Message")
    assert text.startswith("Signature expired: ")


def test_dynamodb_local_looks_at_no_signature(local_dynamodb: Server) -> None:
    ask = query(local_dynamodb)
    assert ask(spoil=flip_signature).status == 200
    assert ask(signing=with_keys(local_dynamodb.signing, secret_key="wrong")).status == 200
    assert ask(signing=old(60)(local_dynamodb.signing)).status == 200
    assert ask(spoil=without("Authorization")).status == 400
