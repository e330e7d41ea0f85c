# SPDX-License-Identifier: Apache-2.0
"""Our parser of payloads against a second one (support/payload_parser.py): equal results, refusals
included, over payloads that are built, mutated and drawn at random, with a seed that a failure
names."""

import json
import random

from tool import told_by

from support import payloads
from support.child import RELEASE, ROOT
from support.payload_parser import SCHEMES, Message, Refusal, parse

TOOL = RELEASE / "payload-tool"
VECTORS = json.loads((ROOT / "tests" / "vectors" / "tezos.json").read_text())
SEEDS = [bytes.fromhex(row["payload"]) for name in ("payloads", "refuse") for row in VECTORS[name]]
SCHEME_OF = dict(zip(("tz1", "tz2", "tz3", "tz4"), SCHEMES, strict=True))
# Where numbers, lengths and tags stand, in one layout or the other.
PLACES = (
    0,
    5,
    37,
    38,
    40,
    42,
    44,
    46,
    78,
    80,
    83,
    87,
    91,
    92,
    96,
    100,
    104,
    108,
    112,
    116,
    120,
    184,
    188,
    196,
    200,
)
NUMBERS = (0, 1, 4, 33, 37, 2**31 - 1, 2**31, 2**32 - 1)
BYTES = (0x00, 0x01, 0x11, 0x12, 0x13, 0x14, 0x15, 0x17, 0x28, 0x29, 0x3F, 0x40, 0x7F, 0x80, 0xFF)


def as_text(result: Message | Refusal) -> str:
    if isinstance(result, Refusal):
        return result.code
    return f"{result.kind} {result.chain.hex()} {result.level} {result.round}"


def by_us(asked: list[tuple[str, bytes]]) -> list[str]:
    return told_by(TOOL, (f"{scheme} {payload.hex()}" for scheme, payload in asked))


def number(dice: random.Random) -> int:
    return dice.choice((0, 1, 2, dice.randrange(100), dice.randrange(2**31), 2**31 - 1))


def dal(dice: random.Random) -> bytes:
    """A number as `z` writes it, of up to a few bytes more than are taken."""
    size = dice.choice((1, 2, 5, dice.randint(1, 133), 133, 134, 136))
    if size == 1:
        return bytes([dice.randrange(0x40)])
    middle = bytes(0x80 | dice.randrange(0x80) for _ in range(size - 2))
    return bytes([0x80 | dice.randrange(0x40)]) + middle + bytes([dice.randint(1, 0x7F)])


def built(dice: random.Random) -> bytes:
    """What a baker may send."""
    chain, level, round = dice.randbytes(4), number(dice), number(dice)
    kind = dice.choice(("block", "preattestation", "attestation", "attestation with DAL", "tz4"))
    if kind == "block":
        locked = dice.choice((None, None, 0, max(round - 1, 0), round))
        seed = dice.random() < 0.5
        return payloads.block(level, round, chain=chain, locked=locked, seed=seed)
    if kind == "tz4":
        return payloads.bls_vote(dice.choice((0x12, 0x13)), level, round, chain=chain)
    if kind == "preattestation":
        return payloads.preattestation(level, round, chain=chain)
    content = dal(dice) if kind == "attestation with DAL" else None
    return payloads.attestation(level, round, chain=chain, dal=content)


def mutated(dice: random.Random, payload: bytes) -> bytes:
    data = bytearray(payload)
    at = dice.choice((dice.randrange(len(data) + 1), *PLACES))
    match dice.randrange(7):
        case 0:
            data[at : at + 4] = dice.choice(NUMBERS).to_bytes(4, "big")
        case 1:
            data[at : at + 1] = bytes([dice.choice(BYTES)])
        case 2:
            data[at:at] = bytes([dice.choice(BYTES)]) * dice.choice((1, 1, 4, 32))
        case 3:
            del data[at : at + dice.choice((1, 1, 4, 32))]
        case 4:
            del data[at:]
        case 5:
            other = dice.choice(SEEDS)
            data[at:] = other[at:]
        case 6:
            data[-1:] = dice.randbytes(dice.choice((0, 1, 2)))
    return bytes(data)


def drawn(seed: int) -> bytes:
    dice = random.Random(seed)
    if seed % 16 == 0:
        return dice.randbytes(dice.choice((0, 1, 37, 38, 78, 80, 81, 198, 202, 230, 234)))
    payload = dice.choice(SEEDS) if seed % 4 == 0 else built(dice)
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        payload = mutated(dice, payload)
    return payload


def compare(sources: list[bytes]) -> list[str]:
    asked = [(scheme, payload) for payload in sources for scheme in SCHEMES]
    ours = by_us(asked)
    for (scheme, payload), result in zip(asked, ours, strict=True):
        assert result == as_text(parse(payload, scheme)), f"{scheme} {payload.hex()}"
    return ours


def test_vectors_are_read_alike() -> None:
    results = compare(SEEDS)
    assert len(set(results)) > 30


def test_payloads_drawn_at_random_are_read_alike() -> None:
    results = compare([drawn(seed) for seed in range(24_000)])
    kinds = [result.split()[0] for result in results]
    for kind in (*payloads.KINDS, "bad_payload", "kind_not_allowed"):
        assert kinds.count(kind) > 2_500, f"too few of {kind}: this shows little"


def test_the_second_parser_reads_the_vectors() -> None:
    """It would prove nothing if both were wrong."""
    for row in VECTORS["payloads"]:
        chain = bytes.fromhex(row["chain_id_hex"])
        kind = "attestation" if "attestation" in row["kind"] else row["kind"]
        kind = "preattestation" if "preattestation" in row["kind"] else kind
        for key_type, scheme in SCHEME_OF.items():
            read = parse(bytes.fromhex(row["payload"]), scheme)
            if key_type in row["key_types"]:
                assert read == Message(kind, chain, row["level"], row["round"]), row["id"]
            else:
                assert read == Refusal("kind_not_allowed"), row["id"]
    for row in VECTORS["refuse"]:
        key_types = SCHEME_OF if row["key_type"] == "any" else (row["key_type"],)
        for key_type in key_types:
            read = parse(bytes.fromhex(row["payload"]), SCHEME_OF[key_type])
            assert isinstance(read, Refusal), row["id"]
