# SPDX-License-Identifier: Apache-2.0
"""What an honest baker gets: signatures that an independent implementation verifies."""

from collections.abc import Callable

import pytest

from asking import ONE_EACH, Asking, Counted
from support import base58
from support.authentication import authenticate
from support.host import Chain, Host
from support.keys import Curve
from support.payloads import attestation, block, preattestation

SIGNATURES = 40

Make = Callable[[int, int, bytes], bytes]

MESSAGES: dict[str, Make] = {
    "block": lambda level, round, chain: block(level, round, chain=chain),
    "block with seed": lambda level, round, chain: block(level, round, chain=chain, seed=True),
    "block with locked round": lambda level, round, chain: block(
        level, round, chain=chain, locked=0
    ),
    "preattestation": lambda level, round, chain: preattestation(level, round, chain=chain),
    "attestation": lambda level, round, chain: attestation(level, round, chain=chain),
    "attestation with empty DAL": lambda level, round, chain: attestation(
        level, round, chain=chain, dal=b"\x00"
    ),
    "attestation with long DAL": lambda level, round, chain: attestation(
        level, round, chain=chain, dal=b"\x80" + b"\xff" * 131 + b"\x01"
    ),
}


@pytest.mark.parametrize("curve", Curve, ids=lambda curve: curve.address)
@pytest.mark.parametrize("kind", ["block", "preattestation", "attestation", "attestation with DAL"])
def test_forty_signatures_verify(host: Host, chain: Chain, curve: Curve, kind: str) -> None:
    make = MESSAGES.get(kind, MESSAGES["attestation with empty DAL"])
    key = host.key(curve)
    baker = host.baker
    with Counted(host) as made:
        for _ in range(SIGNATURES):
            payload = make(*chain.slot(), chain.raw)
            reply = baker.sign(key, payload)
            assert reply.signature.startswith(curve.signature)
            assert key.verifies(reply.signature, payload)
            assert reply.attempts == 1
    assert made.calls == {name: SIGNATURES for name in ONE_EACH}


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_form_of_message_is_signed(host: Host, chain: Chain, kind: str) -> None:
    for key in host.keys:
        payload = MESSAGES[kind](*chain.slot(), chain.raw)
        assert key.verifies(host.baker.sign(key, payload).signature, payload)


@pytest.mark.parametrize("curve", Curve, ids=lambda curve: curve.address)
class TestRetry:
    def test_of_a_block_gets_the_same_signature(
        self, host: Host, chain: Chain, curve: Curve
    ) -> None:
        key = host.key(curve)
        payload = block(*chain.slot(), chain=chain.raw)
        seen = {host.baker.sign(key, payload).signature for _ in range(10)}
        assert len(seen) == 1
        assert key.verifies(seen.pop(), payload)

    @pytest.mark.parametrize("make", [preattestation, attestation])
    def test_of_a_vote_gets_a_valid_signature(
        self, host: Host, chain: Chain, curve: Curve, make: Callable[..., bytes]
    ) -> None:
        key = host.key(curve)
        payload = make(*chain.slot(), chain=chain.raw)
        for _ in range(10):
            assert key.verifies(host.baker.sign(key, payload).signature, payload)

    def test_after_a_higher_slot_is_refused(self, host: Host, chain: Chain, curve: Curve) -> None:
        key = host.key(curve)
        for make in (block, attestation):
            first = make(*chain.slot(), chain=chain.raw)
            second = make(*chain.slot(), chain=chain.raw)
            assert host.baker.sign(key, first).status == 200
            assert host.baker.sign(key, second).status == 200
            reply = host.baker.sign(key, first)
            assert (reply.status, reply.code) == (409, "below_watermark")


def test_secp256k1_signatures_have_low_s_and_so_have_those_of_p256(asking: Asking) -> None:
    """KMS answers high S half of the time, the stand-in as well."""
    for key in (k for k in asking.host.keys if k.curve is not Curve.ED25519):
        asked = Asking(asking.host, asking.chain, key)
        for _ in range(20):
            raw = base58.decode(key.curve.signature, asked.send(asked.post()).signature)
            assert int.from_bytes(raw[32:], "big") <= key.curve.order // 2


@pytest.mark.parametrize("version", ["0", "1", "2", "3"])
def test_every_signature_version_is_taken(asking: Asking, version: str) -> None:
    payload = asking.vote()
    query = f"authentication={asking.proof(payload)}&version={version}"
    reply = asking.send(asking.post(payload, query=query))
    assert asking.key.verifies(reply.signature, payload)


def test_authentication_may_be_generic_and_come_with_names_unknown(asking: Asking) -> None:
    payload = asking.vote()
    proof = authenticate(asking.host.authorized, asking.key, payload, generic=True)
    reply = asking.send(asking.post(payload, query=f"x=1&authentication={proof}&y"))
    assert asking.key.verifies(reply.signature, payload)
