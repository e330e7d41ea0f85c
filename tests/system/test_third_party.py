# SPDX-License-Identifier: Apache-2.0
"""The real binary against other people's AWS: ministack's KMS, and Amazon's DynamoDB Local or
ministack's table. ministack checks the signatures and the rights of a role's session."""

import os
from collections.abc import Iterator

import pytest

from asking import is_error
from support import base58
from support.aws import Server
from support.host import Host, running
from support.keys import Curve, PublicKey
from support.octez import OctezClient
from support.payloads import KINDS
from support.third_party import Ministack

START = 1_000_000


@pytest.fixture(scope="module")
def arns(small_aws: Ministack) -> list[str]:
    return [small_aws.create_key(curve) for curve in Curve]


@pytest.fixture(scope="module")
def keys(small_aws: Ministack, arns: list[str]) -> list[PublicKey]:
    client = small_aws.root("kms").client
    return [PublicKey.from_spki(client.get_public_key(KeyId=arn)["PublicKey"]) for arn in arns]


@pytest.fixture(scope="module", params=["DynamoDB Local", "ministack"])
def host(
    request: pytest.FixtureRequest,
    small_aws: Ministack,
    local_dynamodb: Server,
    arns: list[str],
    keys: list[PublicKey],
) -> Iterator[Host]:
    table_url = local_dynamodb.url if request.param == "DynamoDB Local" else small_aws.url
    # Half of the runs are told the public keys, the other half asks for them.
    told = request.param == "ministack"
    variables = {
        "AWS_ACCESS_KEY_ID": small_aws.session.access_key,
        "AWS_SECRET_ACCESS_KEY": small_aws.session.secret_key,
        "AWS_SESSION_TOKEN": small_aws.session.token,
        "AWS_ENDPOINT_URL_KMS": small_aws.url,
        "AWS_ENDPOINT_URL_DYNAMODB": table_url,
        "AWS_CA_BUNDLE": "",
        "KMS_KEY_ID": ",".join(arns),
        "PUBLIC_KEYS": ",".join(map(str, keys)) if told else "",
    }
    options = [part for n, v in variables.items() for part in ("--env", f"{n}={v}")]
    with running("--environments", "2", *options) as started:
        yield started


@pytest.fixture
def chain(host: Host) -> bytes:
    """Armed through the operator."""
    chain = os.urandom(4)
    told = host.operate("arm", chain=base58.encode("Net", chain), level=START)
    assert told["ok"] is True, told
    return chain


@pytest.fixture
def baker(host: Host) -> OctezClient:
    return host.baker


def test_signatures_verify(baker: OctezClient, chain: bytes, keys: list[PublicKey]) -> None:
    for round in range(1, 11):
        for key in keys:
            for make in KINDS.values():
                payload = make(START + 1, round, chain=chain)
                reply = baker.sign(key, payload)
                assert key.verifies(reply.signature, payload)
                assert reply.attempts == 1


def test_retries_and_refusals_are_the_same(
    baker: OctezClient, chain: bytes, keys: list[PublicKey]
) -> None:
    for key in keys:
        for kind, make in KINDS.items():
            payload = make(START + 1, 1, chain=chain)
            first, second = (baker.sign(key, payload).signature for _ in range(2))
            assert key.verifies(second, payload)
            assert first == second or kind != "block"
            other = make(START + 1, 1, chain=chain, salt=1)
            is_error(baker.sign(key, other), 409, "already_signed")
            is_error(baker.sign(key, make(START, 0, chain=chain)), 409, "below_watermark")
            is_error(baker.sign(key, make(START + 9999, 0, chain=chain)), 409, "too_far_ahead")
            is_error(baker.sign(key, make(START + 1, 0, chain=b"none")), 409, "not_armed")


def test_operator_raises_and_tells(
    host: Host, baker: OctezClient, chain: bytes, keys: list[PublicKey]
) -> None:
    name = base58.encode("Net", chain)
    payload = KINDS["block"](START + 1, 1, chain=chain)
    assert baker.sign(keys[0], payload).status == 200
    assert host.operate("arm", chain=name, level=START)["ok"] is False
    assert host.operate("raise", chain=name, level=START + 5)["ok"] is True
    is_error(baker.sign(keys[0], payload), 409, "below_watermark")
    rows = [row for row in host.operate("status")["rows"] if row["chain"] == name]
    assert len(rows) == 9
    assert {(row["level"], row["digest"]) for row in rows} == {(START + 5, None)}
