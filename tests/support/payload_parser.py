# SPDX-License-Identifier: Apache-2.0
"""A second reading of what a baker asks to sign, to hold the product's against.

Written from octez' encodings (block_header_repr.ml, fitness_repr.ml, operation_repr.ml and
data-encoding's `z`), not from the product: it matches a whole layout where the product reads on
from field to field. All numbers are big-endian.
"""

import re
from typing import NamedTuple

SCHEMES = ("ed25519", "secp256k1", "p256", "bls12_381")  # tz1, tz2, tz3, tz4
MAX_DAL_BYTES = 133


class Message(NamedTuple):
    kind: str
    chain: bytes
    level: int
    round: int


class Refusal(NamedTuple):
    code: str  # as in X-Redoubt-Error


BAD_PAYLOAD = Refusal("bad_payload")
KIND_NOT_ALLOWED = Refusal("kind_not_allowed")

BLOCK = re.compile(
    rb"""
    \x11 (?P<chain>.{4}) (?P<level>.{4})
    .                               # protocol level
    .{32} .{8} . .{32}              # predecessor, timestamp, validation passes, operations
    \x00\x00\x00 (?:                # fitness: its length, with or without a locked round
        \x21 (?P<plain>) |
        \x25 (?P<locked>)
    )
    \x00\x00\x00\x01 \x02           # version
    \x00\x00\x00\x04 (?P=level)
    (?(plain) \x00\x00\x00\x00 | \x00\x00\x00\x04 (?P<locked_round>.{4}) )
    \x00\x00\x00\x04 [\x80-\xff] .{3}  # predecessor round, stored as -1 - r
    \x00\x00\x00\x04 (?P<round>.{4})
    .{32} .{32}                     # context, payload hash
    (?P<payload_round>.{4}) .{8}    # proof of work
    (?: \x00 | \xff .{32} )         # seed nonce hash
    .                               # votes
    """,
    re.DOTALL | re.VERBOSE,
)
VOTE = re.compile(
    rb"""
    [\x12\x13] (?P<chain>.{4}) .{32}   # branch
    (?P<tag>.) .{2}                    # slot
    (?P<level>.{4}) (?P<round>.{4})
    .{32}                              # block payload hash
    (?P<dal>.*)
    """,
    re.DOTALL | re.VERBOSE,
)
TZ4_VOTE = re.compile(
    rb"""
    (?: \x12 (?P<chain_12>.{4}) .{32} \x28 | \x13 (?P<chain_13>.{4}) .{32} \x29 )
    (?P<level>.{4}) (?P<round>.{4})
    .{32}                              # block payload hash
    """,
    re.DOTALL | re.VERBOSE,
)
# One number: its first byte has a sign, its last is not zero unless it is the only one.
DAL = re.compile(
    rb"[\x00-\x3f] | [\x80-\xbf] [\x80-\xff]* [\x01-\x7f]",
    re.DOTALL | re.VERBOSE,
)
TAGS = {0x12: (20,), 0x13: (21, 23)}
TAGS_OF_SLOTS, TAGS_OF_TZ4 = (20, 21, 23), (40, 41)
KINDS = {0x11: "block", 0x12: "preattestation", 0x13: "attestation"}


def signed(field: bytes) -> int:
    return int.from_bytes(field, "big", signed=True)


def parse_block(payload: bytes) -> Message | Refusal:
    read = BLOCK.fullmatch(payload)
    if not read:
        return BAD_PAYLOAD
    level, round = signed(read["level"]), signed(read["round"])
    locked_round = None if read["locked_round"] is None else signed(read["locked_round"])
    sound = (
        level >= 0
        and round >= 0
        and 0 <= signed(read["payload_round"]) <= round
        and (locked_round is None or 0 <= locked_round < round)
    )
    return Message("block", read["chain"], level, round) if sound else BAD_PAYLOAD


def parse_vote(payload: bytes) -> Message | Refusal:
    if len(payload) > 37 and payload[37] in TAGS_OF_TZ4:
        return KIND_NOT_ALLOWED
    read = VOTE.fullmatch(payload)
    if not read or read["tag"][0] not in TAGS[payload[0]]:
        return BAD_PAYLOAD
    level, round, dal = signed(read["level"]), signed(read["round"]), read["dal"]
    with_dal = read["tag"][0] == 23
    dal_fits = len(dal) <= MAX_DAL_BYTES and DAL.fullmatch(dal) if with_dal else dal == b""
    sound = level >= 0 and round >= 0 and dal_fits
    return Message(KINDS[payload[0]], read["chain"], level, round) if sound else BAD_PAYLOAD


def parse_tz4_vote(payload: bytes) -> Message | Refusal:
    if len(payload) > 37 and payload[37] in TAGS_OF_SLOTS:
        return KIND_NOT_ALLOWED
    read = TZ4_VOTE.fullmatch(payload)
    if not read:
        return BAD_PAYLOAD
    level, round = signed(read["level"]), signed(read["round"])
    if level < 0 or round < 0:
        return BAD_PAYLOAD
    chain = read["chain_12"] or read["chain_13"]
    return Message(KINDS[payload[0]], chain, level, round)


def parse(payload: bytes, scheme: str) -> Message | Refusal:
    """What a key of that scheme is asked to sign."""
    assert scheme in SCHEMES, f"no scheme of Tezos: {scheme}"
    if not payload:
        return BAD_PAYLOAD
    if payload[0] not in KINDS:
        return KIND_NOT_ALLOWED
    if KINDS[payload[0]] == "block":
        return parse_block(payload)
    return parse_tz4_vote(payload) if scheme == "bls12_381" else parse_vote(payload)
