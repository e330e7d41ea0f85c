# SPDX-License-Identifier: Apache-2.0
"""Attacks on authentication and on what is signed. Rows with two faults tell what comes first."""

from asking import Asking
from attack import (
    BLS_SIGNATURE,
    STRANGER,
    Attack,
    authenticated,
    block_with,
    dal,
    flipped,
    fresh_block,
    post,
    proof,
    query,
    vote_with,
    wrong_checksum,
)
from support import base58
from support.authentication import authenticate, message
from support.keys import PublicKey
from support.payloads import attestation, bls_vote, preattestation


def other_key(asking: Asking) -> PublicKey:
    return next(key for key in asking.host.keys if key != asking.key)


AUTHENTICATION = [
    Attack("no query", 401, "authentication_missing", query("")),
    Attack("another query", 401, "authentication_missing", query("version=3")),
    Attack(
        "authentication in capitals", 401, "authentication_missing", query("Authentication={proof}")
    ),
    Attack("an empty query part", 401, "authentication_missing", query("&&=&")),
] + [
    Attack(name, 401, "authentication_invalid", proof(make))
    for name, make in {
        "an empty authentication": lambda a, p: "",
        "three letters": lambda a, p: "xyz",
        "a base58 bomb to authenticate": lambda a, p: "z" * 100_000,
        "143 characters": lambda a, p: "z" * 143,
        "ones only": lambda a, p: "1" * 99,
        "an address": lambda a, p: a.key.address,
        "a wrong checksum": lambda a, p: wrong_checksum(a.proof(p)),
        "a letter less": lambda a, p: a.proof(p)[:-1],
        "a letter more": lambda a, p: a.proof(p) + "1",
        "a space behind": lambda a, p: a.proof(p) + "%20",
        "a NUL behind": lambda a, p: a.proof(p) + "%00",
        "a comma and another": lambda a, p: f"{a.proof(p)},{a.proof(p)}",
        "a bit turned": lambda a, p: flipped(a.proof(p)),
        "all zeros": lambda a, p: base58.encode("spsig1", bytes(64)),
        "all ones": lambda a, p: base58.encode("spsig1", b"\xff" * 64),
        "s of zero": lambda a, p: base58.encode(
            "spsig1", base58.decode("spsig1", a.proof(p))[:32] + bytes(32)
        ),
        "high S on secp256k1": lambda a, p: authenticate(a.host.authorized, a.key, p, high_s=True),
        "high S, generic form": lambda a, p: authenticate(
            a.host.authorized, a.key, p, high_s=True, generic=True
        ),
        "a stranger's signature": lambda a, p: authenticate(STRANGER, a.key, p),
        "a tz4 signature": lambda a, p: BLS_SIGNATURE,
        "the form of another curve": lambda a, p: base58.encode(
            "p2sig", base58.decode("spsig1", a.proof(p))
        ),
        "a signature over the bare payload": lambda a, p: a.host.authorized.sign(p),
        "the nonce form of the message": lambda a, p: a.host.authorized.sign(
            b"\x04\x02" + message(a.key, p)[2:]
        ),
        "no key tag in the message": lambda a, p: a.host.authorized.sign(
            b"\x04\x01" + a.key.hash + p
        ),
        "another key's tag": lambda a, p: a.host.authorized.sign(b"\x04\x01\x00" + a.key.hash + p),
        "made for another key": lambda a, p: authenticate(a.host.authorized, other_key(a), p),
        "made for other bytes": lambda a, p: a.proof(p + b"\x00"),
        "made for another slot": lambda a, p: a.proof(a.vote()),
        "no signing at all": lambda a, p: message(a.key, p).hex(),
    }.items()
]


MAGIC = [
    Attack(f"magic byte {magic:#04x}", 403, "kind_not_allowed", vote_with(0, bytes([magic])))
    for magic in (0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x10, 0x14, 0x20, 0x80, 0xFF)
] + [
    Attack("one byte of a transfer", 403, "kind_not_allowed", authenticated(lambda a: b"\x03")),
    Attack(
        "an authentication to be signed",
        403,
        "kind_not_allowed",
        authenticated(lambda a: message(a.key, a.vote())),
    ),
    Attack(
        "a tz4 preattestation",
        403,
        "kind_not_allowed",
        authenticated(lambda a: bls_vote(0x12, *a.chain.slot(), chain=a.chain.raw)),
    ),
    Attack(
        "a tz4 attestation",
        403,
        "kind_not_allowed",
        authenticated(lambda a: bls_vote(0x13, *a.chain.slot(), chain=a.chain.raw)),
    ),
]

NEGATIVE = b"\x80\x00\x00\x00"

LAYOUT = [
    Attack(name, 400, "bad_payload", make)
    for name, make in {
        "no bytes": authenticated(lambda a: b""),
        "a magic byte alone": authenticated(lambda a: b"\x13"),
        "an attestation cut": authenticated(lambda a: a.vote()[:-1]),
        "an attestation and a byte": authenticated(lambda a: a.vote() + b"\x00"),
        "an attestation with its signature": authenticated(lambda a: a.vote() + bytes(64)),
        "a preattestation and a byte": authenticated(
            lambda a: preattestation(*a.chain.slot(), chain=a.chain.raw) + b"\x00"
        ),
        "an attestation as preattestation": vote_with(0, b"\x12"),
        "a preattestation as attestation": authenticated(
            lambda a: b"\x13" + preattestation(*a.chain.slot(), chain=a.chain.raw)[1:]
        ),
        "contents tag 0": vote_with(37, b"\x00"),
        "contents tag of a transfer": vote_with(37, bytes([108])),
        "contents tag of an aggregate": vote_with(37, bytes([31])),
        "a vote's level below zero": vote_with(40, NEGATIVE),
        "a vote's round below zero": vote_with(44, NEGATIVE),
        "tag 23 without DAL": dal(b""),
        "DAL of 134 bytes": dal(b"\x81" * 133 + b"\x01"),
        "DAL below zero": dal(b"\x41"),
        "DAL that goes on after its end": dal(b"\x01\x01"),
        "DAL that does not end": dal(b"\x81"),
        "DAL with an empty last byte": dal(b"\x81\x00"),
        "DAL under tag 21": vote_with(80, b"\x01"),
        "a block cut": authenticated(lambda a: fresh_block(a)[:-1]),
        "a block and a byte": authenticated(lambda a: fresh_block(a) + b"\x00"),
        "a block with its signature": authenticated(lambda a: fresh_block(a) + bytes(64)),
        "a block's level below zero": block_with(5, NEGATIVE),
        "a fitness level of another": block_with(96, b"\x00\x00\x00\x01"),
        "a fitness of 32 bytes": block_with(83, b"\x00\x00\x00\x20"),
        "a fitness of the whole memory": block_with(83, b"\xff\xff\xff\xff"),
        "a fitness of Emmy": block_with(91, b"\x01"),
        "a locked round of 3 bytes": block_with(100, b"\x00\x00\x00\x03"),
        "a predecessor round above zero": block_with(108, b"\x00\x00\x00\x01"),
        "a block's round below zero": block_with(116, NEGATIVE),
        "a payload round above the round": block_with(184, b"\x7f\xff\xff\xff"),
        "a seed flag of 1": block_with(196, b"\x01"),
        "a seed flag without a seed": block_with(196, b"\xff"),
        "a locked round not below the round": authenticated(lambda a: fresh_block(a, locked=1000)),
        "nothing but zeros": authenticated(lambda a: b"\x11" + bytes(197)),
    }.items()
]


TWO_FAULTS = [
    Attack("unknown key, no body", 404, "unknown_key", post(path="/keys/tz1x", body=None)),
    Attack("unknown key, no authentication", 404, "unknown_key", post(path="/keys/tz1x", query="")),
    Attack("no body, no authentication", 400, "bad_request", post(body=None, query="")),
    Attack("long body, no authentication", 413, "too_large", post(body="x" * 9999, query="")),
    Attack(
        "a transfer, no authentication",
        401,
        "authentication_missing",
        lambda a: a.post(b"\x03" + bytes(200), query=""),
    ),
    Attack(
        "a transfer of a stranger",
        401,
        "authentication_invalid",
        lambda a: a.post(
            b"\x03" + bytes(200),
            query="authentication=" + authenticate(STRANGER, a.key, b"\x03" + bytes(200)),
        ),
    ),
    Attack(
        "a bad layout, no authentication",
        401,
        "authentication_missing",
        lambda a: a.post(b"\x13" + bytes(10), query=""),
    ),
    Attack(
        "a chain not armed, no authentication",
        401,
        "authentication_missing",
        lambda a: a.post(attestation(5, chain=b"none"), query=""),
    ),
    Attack(
        "a tz4 vote that is cut",
        403,
        "kind_not_allowed",
        authenticated(lambda a: bls_vote(0x13, 5, chain=a.chain.raw)[:-1]),
    ),
]
