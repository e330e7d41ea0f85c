# SPDX-License-Identifier: Apache-2.0
"""Epochs of a simulated beacon chain, played by a validator client against a signer. No clock is
turned: the signer looks only for what is ahead of it, so a chain that is faster than its network
begins in the past, and has come to the present when it ends."""

from collections.abc import Sequence

from redoubt_stack.console import say
from redoubt_stack.ethereum import tally
from redoubt_stack.ethereum.asking import Client, Outcome, Refused, Signer
from redoubt_stack.ethereum.duties import Duties, Fields
from redoubt_stack.ethereum.known_networks import Network

SHOWN = 34  # characters of a signature: 16 bytes


def first_slot(network: Network, now: float, epochs: int, slot_seconds: float) -> int:
    """Of an epoch, such that no slot comes before its time. `now`: seconds since 1970."""
    slots = epochs * network.slots_per_epoch
    last = network.slot_at(now + slots * slot_seconds)
    first = min(network.slot_at(now), last - slots)
    return network.first_slot(network.epoch_of(first))


def run(duties: Duties, signer: Signer, slot_seconds: float) -> bool:
    """Whether all of it went well."""
    client = Client(duties, signer, slot_seconds)
    who = "1 validator" if len(duties.keys) == 1 else f"{len(duties.keys)} validators"
    say(
        f"\na validator client on {duties.network.name}: {who}, "
        f"{len(duties.slots)} slots of {slot_seconds * 1000:g} ms"
    )
    say(tally.start(client.start()))
    say(f"signed in each slot, and how long until the last of them was:\n{tally.heading()}")
    for slot, outcomes in client.slots():
        say(tally.line(duties.network, slot, outcomes))
    say()
    outcomes = client.outcomes()
    tally.show(outcomes)
    is_kept = _ask_for_another(client, signer, outcomes)
    verified, wrong = _verify(client, outcomes)
    say(f"\n{tally.total(outcomes)}; of each type one verified here: {verified} are right")
    for type in wrong:
        say(f"WRONG: the signature of {type} is not the key's, or of something else")
    return is_kept and not wrong and not tally.missed(outcomes)


def _ask_for_another(client: Client, signer: Signer, outcomes: Sequence[Outcome]) -> bool:
    """A vote that would be slashed, then the one before it: whether one is refused, and the other
    has its signature again."""
    votes = [o for o in outcomes if o.duty.type == "ATTESTATION" and o.signature]
    if not votes:
        return False
    last = votes[-1]
    same = client.request(last.duty)
    other = same | {"attestation": same["attestation"] | {"beacon_block_root": "0x" + "ff" * 32}}
    told = [
        _answer(signer, last.duty.key, client.with_root(other)),
        _answer(signer, last.duty.key, same),
    ]
    say(
        "\nThen, by the key of the last attestation, and for its target:\n"
        f"  a vote for another block  {told[0]}\n"
        f"  the same vote again       {told[1][:SHOWN]}..."
    )
    return told == ["412 already_signed", last.signature]


def _answer(signer: Signer, key: str, request: Fields) -> str:
    try:
        return signer.sign(key, request)
    except Refused as refused:
        return str(refused)


def _verify(client: Client, outcomes: Sequence[Outcome]) -> tuple[int, list[str]]:
    """The last signature of each type: how many are right, and the types of the others."""
    from redoubt_stack import signatures

    wrong = []
    last = {o.duty.type: o for o in outcomes if o.signature}
    for type, outcome in last.items():
        key, root, signature = (
            bytes.fromhex(text.removeprefix("0x"))
            for text in (
                outcome.duty.key,
                client.request(outcome.duty)["signingRoot"],
                outcome.signature,
            )
        )
        if not signatures.verifies(key, root, signature):
            wrong.append(type)
    return len(last) - len(wrong), wrong
