# SPDX-License-Identifier: Apache-2.0
"""What the signer writes down for an auditor, and `deploy/redoubt audit` of the local host: its log
against what its KMS was asked for."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from support.child import wait_until
from support.emf import parse_line
from support.host import Chain, Host, running
from support.keys import PublicKey
from support.payloads import attestation, block
from test_redoubt_local import redoubt

START = 1_000_000
Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running("--keys", "tz1,tz2", "--environments", "1") as started:
        yield started


def lines_of(host: Host, chain: Chain, number: int) -> Lines:
    """Those of the chain's requests, once there are so many."""

    def found() -> Lines:
        lines = (parse_line(line) for line in host.log())
        return [line for line in lines if line.get("chain") == chain.id]

    wait_until(lambda: len(found()) >= number, "the lines")
    return found()


def ids(line: dict[str, Any]) -> list[str]:
    return [*line.get("kms_request_ids", []), line["kms_request_id"]]


def test_each_release_is_written_down(host: Host, chain: Chain) -> None:
    key = host.keys[0]
    made = block(START + 1, 0, chain=chain.raw)
    vote = attestation(START + 1, 0, chain=chain.raw)
    other = attestation(START + 1, 0, chain=chain.raw, salt=1)
    below = attestation(START - 1, 0, chain=chain.raw)
    for payload in (made, made, vote, vote, other, below):
        host.baker.post(key, payload)
    with host.faults("kms:unavailable#1"):
        host.baker.post(key, attestation(START + 2, 0, chain=chain.raw))
    with host.faults("kms:bad-signature#1"):
        host.baker.post(key, attestation(START + 3, 0, chain=chain.raw))
    lines = lines_of(host, chain, 8)
    assert [line.get("release") for line in lines] == [
        *("fresh", "stored", "fresh", "repeated", None, None, "fresh", "fresh")
    ]
    assert [line.get("digest") for line in lines[:6]] == [
        *(hashlib.blake2b(p, digest_size=32).hexdigest() for p in (made, made, vote, vote, other)),
        None,  # nobody was asked
    ]
    assert "kms_request_id" not in lines[5]
    assert [len(ids(line)) for line in lines[6:]] == [2, 2]
    all_ids = [id for line in lines if "kms_request_id" in line for id in ids(line)]
    assert len(set(all_ids)) == len(all_ids) == 9
    assert all(len(id) == 36 for id in all_ids)


def test_audit_tells_who_asked(host: Host, chain: Chain) -> None:
    for key in host.keys:
        made = block(START + 1, 0, chain=chain.raw)
        for payload in (made, made, attestation(START + 1, 0, chain=chain.raw, salt=1)):
            assert host.baker.post(key, payload).status == 200
        host.baker.post(key, attestation(START + 1, 0, chain=chain.raw, salt=2))
    with host.faults("kms:lost-answer#1"):
        vote = attestation(START + 2, 0, chain=chain.raw)
        assert host.baker.post(host.keys[0], vote).status == 200
    lines_of(host, chain, 9)
    ran = redoubt(host, "audit")
    assert (ran.code, ran.err) == (0, ""), ran.out
    assert "all well" in ran.out
    assert "NOTE  unread_answer" in ran.out

    request, arn = foreign_signature(host, host.keys[1])
    told = redoubt(host, "audit", "--json")
    assert told.code == 1
    (found,) = [f for f in told.told["findings"] if f["weight"] == "alarm"]
    assert found["finding"] == "unasked_signature"
    assert found["request_id"] == request
    assert found["key_arn"] == arn


def foreign_signature(host: Host, key: PublicKey) -> tuple[str, str]:
    """Not by way of the signer: its name of KMS, and the key."""
    arn = host.arn(key)
    answer = host.server("kms").client.sign(
        KeyId=arn,
        Message=bytes(32),
        MessageType="DIGEST",
        SigningAlgorithm="ECDSA_SHA_256",
    )
    return str(answer["ResponseMetadata"]["RequestId"]), arn
