# SPDX-License-Identifier: Apache-2.0
"""The duties that deploy/local plays: what a beacon chain asks of validators."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

import pytest
from redoubt_stack.ethereum.duties import AGGREGATE, Duties, Duty
from redoubt_stack.ethereum.known_networks import NETWORKS, Network, find

from support.child import ROOT

TABLE = json.loads((ROOT / "tests/vectors/ethereum/networks.json").read_text())["networks"]
FEE = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
EPOCH = 90_000


def duties(count: int, epochs: int = 2, network: Network | None = None) -> Duties:
    network = network or find("hoodi")
    keys = [f"0x{i:096x}" for i in range(count)]
    return Duties(network, keys, network.first_slot(EPOCH), epochs, FEE)


def all_of(played: Duties) -> list[Duty]:
    return played.at_start() + [duty for slot in played.slots for duty in played.of(slot)]


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_a_network_is_the_one_that_the_signer_knows(network: Network) -> None:
    (known,) = [row for row in TABLE if row["name"] == network.name]
    forks = [fork | {"epoch": int(fork["epoch"])} for fork in known["forks"]]
    members = asdict(network) | {"forks": [asdict(fork) for fork in network.forks]}
    assert members == {name: known[name] for name in members} | {"forks": forks}


def test_the_fork_of_an_epoch_comes_with_the_one_before() -> None:
    hoodi = find("hoodi")

    def versions(epoch: int) -> tuple[str, ...]:
        return tuple(hoodi.fork_info(epoch)["fork"].values())

    assert versions(0) == ("0x40000910", "0x50000910", "0")
    assert versions(50_687) == ("0x50000910", "0x60000910", "2048")
    assert versions(50_688) == ("0x60000910", "0x70000910", "50688")
    assert find("mainnet").fork_info(0)["fork"]["previous_version"] == "0x00000000"


@pytest.mark.parametrize("network", ["hoodi", "gnosis"])
@pytest.mark.parametrize("count", [1, 8, 64, 1000])
def test_each_key_votes_once_an_epoch_and_some_aggregate(network: str, count: int) -> None:
    played = duties(count, network=find(network))
    votes = Counter(
        (duty.key, played.network.epoch_of(duty.slot))
        for duty in all_of(played)
        if duty.type == "ATTESTATION"
    )
    assert votes == {(key, epoch): 1 for key in played.keys for epoch in (EPOCH, EPOCH + 1)}
    types = Counter(duty.type for duty in all_of(played))
    slots = len(played.slots)
    assert types["AGGREGATION_SLOT"] == types["ATTESTATION"] == 2 * count
    assert types["BLOCK_V2"] == types["RANDAO_REVEAL"] == slots
    assert types["VALIDATOR_REGISTRATION"] == count
    assert types["SYNC_COMMITTEE_MESSAGE"] == min(count, 4) * slots
    assert types["SYNC_COMMITTEE_SELECTION_PROOF"] == min(count, 4) * slots
    assert types["SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF"] == slots
    assert min(count, slots) <= types["AGGREGATE_AND_PROOF_V2"] <= slots * (1 + count // 256)


def test_all_is_asked_for_in_time_and_a_message_holds_what_was_signed_before() -> None:
    played = duties(40)
    signed: dict[Any, str] = {}
    of_slots = [played.at_start(), *map(played.of, played.slots)]
    for due in of_slots:
        assert [duty.at for duty in due] == sorted(duty.at for duty in due)
        for at in sorted({duty.at for duty in due}):
            now = [duty for duty in due if duty.at == at]
            bodies = [duty.request(played.network, signed) for duty in now]  # none needs another
            for duty, body in zip(now, bodies, strict=True):
                assert duty.id not in signed
                assert set(body) - {"fork_info"} == {"type", duty.member}
                signed[duty.id] = f"0x{len(signed):0192x}"
    assert {duty.at for duty in of_slots[-1]} >= {AGGREGATE}


def test_an_aggregate_is_of_the_vote_of_who_aggregates() -> None:
    played = duties(1000)
    slot = played.first + 7
    signed = {duty.id: f"signature of {duty.id}" for duty in all_of(played)}
    first, second = (duty for duty in played.of(slot) if duty.type == "AGGREGATE_AND_PROOF_V2")
    voters = played.attesters(slot)
    assert len(voters) == 32
    for duty, bits in ((first, "0x0100000001"), (second, "0x0000010001")):
        body = duty.request(played.network, signed)
        assert body["aggregate_and_proof"]["version"] == "FULU"
        data = body["aggregate_and_proof"]["data"]
        assert data["selection_proof"] == signed["AGGREGATION_SLOT", duty.key, slot]
        aggregate = data["aggregate"]
        assert aggregate["signature"] == signed["ATTESTATION", duty.key, slot]
        assert aggregate["data"] == played.attestation(slot)
        assert aggregate["committee_bits"] == "0x0100000000000000"
        assert aggregate["aggregation_bits"] == bits
    assert [first.key, second.key] == [voters[0], voters[16]]


def test_a_vote_is_the_same_of_all_and_the_blocks_are_a_chain() -> None:
    played = duties(1000)
    slot = played.first
    votes = [duty.message({}) for duty in played.of(slot) if duty.type == "ATTESTATION"]
    assert len(votes) == 32
    assert all(vote == votes[0] for vote in votes)
    assert votes[0]["source"]["epoch"] == str(EPOCH - 1)
    assert votes[0]["target"] == {"epoch": str(EPOCH), "root": votes[0]["beacon_block_root"]}
    after = played.of(slot + 1)
    randao, block = after[:2]
    header = block.message({randao.id: "0xaa"})["block_header"]
    assert header["parent_root"] == votes[0]["beacon_block_root"]
    assert header["body_root"] != block.message({randao.id: "0xab"})["block_header"]["body_root"]
