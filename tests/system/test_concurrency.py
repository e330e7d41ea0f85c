# SPDX-License-Identifier: Apache-2.0
"""Many bakers at once, over several environments: one slot never gets two digests."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.host import Chain, Host, running
from support.keys import PublicKey
from support.octez import OctezClient, Reply
from support.oracle import Oracle, WatchedClient
from support.payloads import KINDS

AT_ONCE = 50


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    # Slow services, so that the requests do meet; and time to wait for a free environment.
    with running(
        *("--environments", "8"), *("--kms-ms", "10"), *("--dynamodb-ms", "5"),
        *("--timeout-ms", "10000"),
    ) as started:  # fmt: skip
        yield started


def all_at_once(
    host: Host, key: PublicKey, payloads: list[bytes], baker: OctezClient | None = None
) -> list[Reply]:
    """The answers, in order; a signature among them is one of what was asked."""
    client = baker or host.baker

    def ask(payload: bytes) -> Reply:
        return client.post(key, payload)

    with ThreadPoolExecutor(len(payloads)) as pool:
        replies = list(pool.map(ask, payloads))
    for payload, reply in zip(payloads, replies, strict=True):
        assert reply.status != 200 or key.verifies(reply.signature, payload)
    return replies


@pytest.mark.parametrize("kind", ["preattestation", "attestation"])
def test_equal_votes_are_all_signed(host: Host, chain: Chain, key: PublicKey, kind: str) -> None:
    payload = KINDS[kind](*chain.slot(), chain=chain.raw)
    replies = all_at_once(host, key, [payload] * AT_ONCE)
    assert {reply.status for reply in replies} == {200}


def test_equal_blocks_all_get_one_signature(host: Host, chain: Chain, key: PublicKey) -> None:
    payload = KINDS["block"](*chain.slot(), chain=chain.raw)
    signatures = {reply.signature for reply in all_at_once(host, key, [payload] * AT_ONCE)}
    assert len(signatures) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_of_conflicting_requests_one_is_signed(
    host: Host, chain: Chain, key: PublicKey, kind: str
) -> None:
    slot = chain.slot()
    payloads = [KINDS[kind](*slot, chain=chain.raw, salt=salt) for salt in range(AT_ONCE)]
    replies = all_at_once(host, key, payloads)
    assert Counter((reply.status, reply.code) for reply in replies) == {
        (200, ""): 1,
        (409, "already_signed"): AT_ONCE - 1,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_slots_in_any_order_are_signed_upwards_only(
    host: Host, chain: Chain, key: PublicKey, kind: str
) -> None:
    """Of ten slots, five times each, no slot gets two digests, and the row ends at the highest."""
    slots = [chain.slot() for _ in range(10)]
    asked = [(slot, salt) for salt in range(5) for slot in slots]
    payloads = [KINDS[kind](*slot, chain=chain.raw, salt=salt) for slot, salt in asked]
    replies = all_at_once(host, key, payloads)
    signed = [asked[i] for i, reply in enumerate(replies) if reply.status == 200]
    assert len({slot for slot, _ in signed}) == len(signed)
    assert {reply.status for reply in replies} <= {200, 409}
    highest = max(slot for slot, _ in signed)
    row = host.row(key, chain.scope(kind))
    assert (row["lvl"], row["rnd"]) == highest == slots[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_neighbouring_slots_at_once_leave_nothing_stuck(
    host: Host, chain: Chain, key: PublicKey, kind: str
) -> None:
    """L/0, L/1 and L+1/0, equal and conflicting: in whatever order they meet, each answer is one
    that the rules allow, the highest is always signed, and the chain goes on from there."""
    oracle = Oracle(host.keys, fence=chain.level + 100)
    oracle.has_lifted(oracle.arms(chain.id, chain.level))
    baker = WatchedClient(host.url, host.authorized, oracle=oracle)
    level = chain.level + 1
    slots = [(level, 0), (level, 1), (level + 1, 0)]
    salts = [0, 0, 0, 1] * (AT_ONCE // 4)
    payloads = [KINDS[kind](*slot, chain=chain.raw, salt=n) for n in salts for slot in slots]
    replies = all_at_once(host, key, payloads, baker)
    highest = [(payloads[i], replies[i]) for i in range(2, len(payloads), 3)]
    [signed] = {payload for payload, reply in highest if reply.status == 200}
    assert {reply.status for payload, reply in highest if payload == signed} == {200}
    for payload in (signed, KINDS[kind](level + 2, 0, chain=chain.raw)):
        assert baker.sign(key, payload).status == 200
    oracle.looks(lambda: [row for row in host.rows() if row["scope"].startswith(chain.id)])
    assert oracle.violations() == []


def test_kinds_and_keys_at_once_do_not_disturb_each_other(host: Host, chain: Chain) -> None:
    jobs: list[tuple[PublicKey, Callable[..., bytes]]] = [
        (key, make) for key in host.keys for make in KINDS.values()
    ]
    slot = chain.slot()

    def ask(job: tuple[PublicKey, Callable[..., bytes]]) -> bool:
        key, make = job
        payload = make(*slot, chain=chain.raw)
        return key.verifies(host.baker.sign(key, payload).signature, payload)

    with ThreadPoolExecutor(len(jobs)) as pool:
        assert all(pool.map(ask, jobs))


@pytest.mark.parametrize("kind", ["block", "attestation"])
def test_with_answers_lost_now_and_then_the_promise_holds(
    host: Host, chain: Chain, key: PublicKey, kind: str
) -> None:
    slot = chain.slot()
    payloads = [KINDS[kind](*slot, chain=chain.raw, salt=salt // 10) for salt in range(AT_ONCE)]
    with host.faults("dynamodb:lost-answer@0.3", "kms:lost-answer@0.2", "dynamodb:throttle@0.1"):
        replies = all_at_once(host, key, payloads)
    signed = {payloads[i] for i, reply in enumerate(replies) if reply.status == 200}
    assert len(signed) <= 1
    if kind == "block":
        assert len({reply.signature for reply in replies if reply.status == 200}) <= 1
    for payload in signed:
        assert key.verifies(host.baker.post(key, payload).signature, payload)
