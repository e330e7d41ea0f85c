# SPDX-License-Identifier: Apache-2.0
"""A thousand signatures of all types by the real program, over what remerkleable makes of the same
requests, verified by Milagro's library, which shares nothing with the product."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import NamedTuple

import milagro_bls_binding as milagro
import pytest
from py_ecc.bls import G2ProofOfPossession as py_ecc

from support.host import running
from support.signing_requests import HOODI as NETWORK
from support.signing_requests import Asked, Client
from support.validators import ADDRESS, HOODI, Validators
from support.web3signer import Web3Signer

VALIDATORS = 11
ROUNDS = 6  # of each validator: one of each other type, and votes and blocks besides
VOTES = BLOCKS = 10
RIGHTS = ["validator", "exit", "DEPOSIT"]
TYPES = {
    *("BLOCK_V2", "ATTESTATION", "RANDAO_REVEAL", "VOLUNTARY_EXIT", "AGGREGATION_SLOT"),
    *("AGGREGATE_AND_PROOF", "AGGREGATE_AND_PROOF_V2", "SYNC_COMMITTEE_MESSAGE"),
    *("SYNC_COMMITTEE_SELECTION_PROOF", "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF"),
    *("VALIDATOR_REGISTRATION", "DEPOSIT", "PROPOSER_PREFERENCES"),
    *("PAYLOAD_ATTESTATION_MESSAGE", "PAYLOAD_ATTESTATION"),
}


@pytest.fixture(scope="module")
def validators() -> Iterator[Validators]:
    options = ("--network", "hoodi", "--keys", "tz1", "--environments", "4")
    with running(*options, "--env", "GLOAS=draft") as host:
        yield Validators(host)


class Signed(NamedTuple):
    type: str
    key: bytes
    root: bytes
    signature: bytes

    def is_right(self) -> bool:
        return bool(milagro.Verify(self.key, self.root, self.signature))


def duties_of(validator: Client) -> Iterator[Asked]:
    """In an order in which all of them are signed: votes and blocks as a chain has them."""
    dice = validator.dice
    assert validator.last_slot is not None
    slots = sorted(dice.sample(range(1, validator.last_slot + 1), BLOCKS))
    targets = sorted(dice.sample(range(1, HOODI.epoch_of(validator.last_slot) + 1), VOTES))
    votes, source = [], 0
    for target in targets:
        source = dice.randrange(source, target)
        votes.append(validator.attestation((source, target)))
    blocks = [validator.block(slot) for slot in slots]
    others = [asked for _ in range(ROUNDS) for asked in validator.of_other_types()]
    dice.shuffle(others)
    places = ["vote"] * VOTES + ["block"] * BLOCKS + ["other"] * len(others)
    dice.shuffle(places)
    streams = {"vote": iter(votes), "block": iter(blocks), "other": iter(others)}
    for place in places:
        yield next(streams[place])


def signed_for(client: Web3Signer, validator: Client) -> list[Signed]:
    out = []
    for request, root in duties_of(validator):
        reply = client.sign("0x" + validator.key.hex(), request)
        assert reply.status == 200, (reply, str(request)[:500])
        signature = bytes.fromhex(reply.json()["signature"][2:])
        out.append(Signed(request["type"], validator.key, bytes.fromhex(root[2:]), signature))
    return out


def test_a_thousand_signatures_of_all_types_verify_elsewhere(validators: Validators) -> None:
    now, seed = HOODI.slot_at(time.time()), random.randrange(2**32)
    print(f"seed {seed}")
    keys = validators.create("signatures", VALIDATORS, fee=[ADDRESS])
    client = validators.client(RIGHTS, not_after=int(time.time()) + 3600)
    clients = [
        Client(
            NETWORK, seed + number, bytes.fromhex(key[2:]),
            last_slot=now, fee=bytes.fromhex(ADDRESS[2:]),
        )
        for number, key in enumerate(keys)
    ]  # fmt: skip
    with ThreadPoolExecutor(len(clients)) as pool:
        by_validator = pool.map(lambda one: signed_for(client, one), clients)
        signed = [one for ones in by_validator for one in ones]
    assert len(signed) >= 1000
    assert set(Counter(one.type for one in signed)) == TYPES
    with ProcessPoolExecutor(2) as pool:
        wrong = [
            one
            for one, right in zip(
                signed, pool.map(Signed.is_right, signed, chunksize=50), strict=True
            )
            if not right
        ]
    assert not wrong
    one, other = signed[0], next(o for o in signed if o.root != signed[0].root)
    assert not one._replace(root=other.root).is_right(), "what is judged here"
    assert py_ecc.Verify(one.key, one.root, one.signature)
    assert not py_ecc.Verify(one.key, other.root, one.signature)
