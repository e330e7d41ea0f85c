# SPDX-License-Identifier: Apache-2.0
"""Attacks on what a validator signer reads: routes, keys, bodies, members, numbers, hex, forks."""

import json

from validator_asking import (
    ABSENT,
    STRANGER,
    Attack,
    Json,
    Make,
    at,
    duty_with,
    text,
    vote_with,
    written,
)

SIGN = "/api/v1/eth2/sign/{key}"

ROUTES = [
    Attack(f"nothing at {path[:40]!r}", 404, "unknown_route", at(path, "GET"))
    for path in (
        "",
        "/",
        "/api",
        "/api/v1/eth2",
        "/api/v1/eth2/sign",
        "/api/v1/eth2/sign/",
        "/api/v2/eth2/sign/{key}",
        "/api/v1/eth1/sign/{key}",
        "/API/v1/eth2/sign/{key}",
        "/api/v1/eth2/sign/{key}/x",
        "/x/api/v1/eth2/sign/{key}",
        "/../api/v1/eth2/sign/{key}",
        "/api/v1/eth2/./sign/{key}",
        "/api/v1/eth2/sign/{key}/..",
        "/%2e%2e/api/v1/eth2/sign/{key}",
        "\\api\\v1\\eth2\\sign\\{key}",
        "/api/v1/eth2/sign%00/{key}",
        "/api/v1/éth2/sign/{key}",
        "/%ff%fe/{key}",
        "/api/v1/eth2/ext/sign/{key}",
        "/api/v1/eth2/publickeys",
        "/eth/v1/keystores",
        "/eth/v1/remotekeys",
        "/signer/v1/get_pubkeys",
        "/signer/v1/request_signature",
        "/keys/{key}",
        "/metrics",
        "/UPCHECK",
        "/healthz",
        "/x" * 10_000,
    )
] + [
    Attack(f"{path[-9:]!r}, a path that is cut", 400, "bad_request", at(path))
    for path in (SIGN + "%", SIGN + "%4", "/api/v1/eth2/sign/%zz")
]

METHODS = [
    Attack(f"{method!r} of a key", 405, "method_not_allowed", at(SIGN, method))
    for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "post", "POST ", "")
] + [
    Attack(f"{method} of {path}", 405, "method_not_allowed", at(path, method))
    for method, path in (
        ("POST", "/api/v1/eth2/publicKeys"),
        ("DELETE", "/api/v1/eth2/publicKeys"),
        ("HEAD", "/healthcheck"),
        ("POST", "/healthcheck"),
        ("POST", "/api/v1/eth2/highWatermark"),
        ("GET", "/reload"),
        ("POST", "/upcheck"),
    )
]

KEYS = [
    Attack(f"{name} for a key", 404, "unknown_key", at(f"/api/v1/eth2/sign/{key}"))
    for name, key in {
        "0x": "0x",
        "0x twice": "0x{key}",
        "a digit more": "{key}0",
        "a byte more": "{key}00",
        "a byte less": STRANGER[:-2],
        "a digit less": STRANGER[:-1],
        "a letter that is no digit": "0x" + "g" * 96,
        "digits of other letters": "0x" + "１" * 96,
        "a space behind": "{key}%20",
        "a NUL behind": "{key}%00",
        "a newline behind": "{key}%0a",
        "a plus before": "+{key}",
        "a minus before": "-{key}",
        "all": "all",
        "a star": "*",
        "an identifier of Tezos": "tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb",
        "another item's name": "network",
        "another item's name, encoded": "backup%252f{key}",
        "a query inside": "{key}%3fx=1",
        "a hundred thousand digits": "0x" + "0" * 100_000,
    }.items()
] + [
    # Of the right form: who may use all keys is told, by the write that the table refuses.
    Attack(
        "a key that nobody has",
        404,
        "unknown_key",
        at(f"/api/v1/eth2/sign/{STRANGER}"),
        ("dynamodb.UpdateItem",),
    ),
]

BODIES = [
    Attack(name, 400, "bad_request", text(change))
    for name, change in {
        "no body": lambda _: "",
        "spaces": lambda _: " \n",
        "null": lambda _: "null",
        "true": lambda _: "true",
        "a number": lambda _: "17",
        "a text": lambda good: json.dumps(good),
        "an array": lambda _: "[]",
        "a request in an array": lambda good: f"[{good}]",
        "an empty object": lambda _: "{}",
        "an open object": lambda good: good[:-1],
        "no first brace": lambda good: good[1:],
        "a brace too many": lambda good: good + "}",
        "two requests": lambda good: good + good,
        "two requests and a comma": lambda good: f"{good},{good}",
        "a comma at the end": lambda good: good[:-1] + ",}",
        "single quotes": lambda good: good.replace('"', "'"),
        "names without quotes": lambda good: good.replace('"type"', "type"),
        "a comment": lambda good: f"/* */{good}",
        "a comment of a line": lambda good: f"{good}//",
        "a NUL behind all": lambda good: good + "\x00",
        "a NUL and more": lambda good: good + "\x00" + good,
        "a NUL in a text": lambda good: good.replace("ATTESTATION", "ATTESTATION\x00"),
        "a newline in a text": lambda good: good.replace("ATTESTATION", "ATTEST\nATION"),
        "an escape that is none": lambda good: good.replace("ATTESTATION", r"\x41TTESTATION"),
        "a cut escape": lambda good: good.replace("ATTESTATION", r"\u004"),
        "a lone surrogate": lambda good: good.replace("ATTESTATION", r"\ud800"),
        "a lone low surrogate": lambda good: good.replace("ATTESTATION", r"\udc00"),
        "a lone surrogate in a name": lambda good: good[:-1] + r',"\ud800":1}',
        "a form": lambda good: f"request={good}",
        "arrays in arrays": lambda _: "[" * 30_000,
        "objects in objects": lambda _: '{"a":' * 10_000,
        "a member that is too deep": lambda good: good[:-1] + ',"x":' + "[" * 40 + "]" * 40 + "}",
        "two bytes a letter": lambda good: "".join(c + "\x00" for c in good),
    }.items()
] + [
    Attack("a body too long by a letter", 413, "too_large", text(lambda good: good.ljust(65_537))),
    Attack("a body too long by far", 413, "too_large", text(lambda good: good.ljust(1_000_000))),
]


def twice(old: str, new: str) -> Make:
    """A member that is there a second time, before the first or after it."""

    def change(good: str) -> str:
        assert old in good
        return good.replace(old, new, 1)

    return text(change)


DOUBLED = [
    Attack(f"{name}, twice", 400, "bad_request", make)
    for name, make in {
        "type": twice("{", '{"type":"ATTESTATION",'),
        "type of another kind": twice("{", '{"type":"RANDAO_REVEAL",'),
        "type, escaped": twice("{", r'{"\u0074ype":"RANDAO_REVEAL",'),
        "type, all of it escaped": twice("{", r'{"\u0074\u0079\u0070\u0065":"x",'),
        "attestation": twice("{", '{"attestation":{},'),
        "attestation, escaped": twice("{", r'{"attest\u0061tion":{},'),
        "fork_info": twice("{", '{"fork_info":null,'),
        "a member that nobody knows": twice("{", '{"x":1,"x":1,'),
        "an empty name": twice("{", '{"":1,"":1,'),
        "slot": twice('"slot":', '"slot":"1","slot":'),
        "source": twice('"source":', '"source":{},"source":'),
        "an epoch of a source": twice('"source": {', '"source": {"epoch":"0",'),
        "an epoch of a source, escaped": twice('"source": {', r'"source": {"epo\u0063h":"0",'),
        "a root of a target": twice('"target": {', '"target": {"root":"0x00",'),
        "fork": twice('"fork":', '"fork":{},"fork":'),
        "a version": twice('"current_version":', '"current_version":"0x","current_version":'),
        "the same in a list": twice("{", '{"x":[{"a":1,"a":2}],'),
    }.items()
]

# As JSON has them.
NUMBERS = (
    "1.0",
    "1.5",
    "1e3",
    "1E3",
    "1e0",
    "0.0",
    "-0",
    "-1",
    "18446744073709551616",
    "99999999999999999999999999",
    "1e400",
    "01",
    "+1",
    ".5",
    "1.",
    "0x10",
    "1_000",
    "NaN",
    "Infinity",
    "null",
    "true",
    "[1]",
    "{}",
    '""',
    '" 1"',
    '"1 "',
    '"1\\n"',
    '"01"',
    '"+1"',
    '"-1"',
    '"-0"',
    '"1.0"',
    '"1e3"',
    '"0x10"',
    '"1_000"',
    '"１"',
    '"1\\u0000"',
    '"18446744073709551616"',
    '"184467440737095516150"',
    '"' + "9" * 10_000 + '"',
)
COUNTED = [
    Attack(f"{path} {number[:30]}", 400, "bad_request", written(path, number))
    for path in ("attestation.target.epoch", "fork_info.fork.epoch")
    for number in NUMBERS
]

ROOT = "0x" + "5a" * 32
HEX: dict[str, Json] = {
    "without 0x": ROOT[2:],
    "with 0X": "0X" + ROOT[2:],
    "a digit more": ROOT + "0",
    "a byte more": ROOT + "00",
    "a digit less": ROOT[:-1],
    "a byte less": ROOT[:-2],
    "0x alone": "0x",
    "empty": "",
    "a letter that is no digit": "0x" + "5g" * 32,
    "digits of other letters": "0x" + "５" * 64,
    "a space before": " " + ROOT,
    "a newline behind": ROOT + "\n",
    "a NUL for a digit": ROOT[:-1] + "\x00",
    "base64": "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=",
    "a number": 1,
    "null": None,
    "a list": [ROOT],
    "an object": {"root": ROOT},
}
DIGITS = [
    Attack(f"{path}, {name}", 400, "bad_request", vote_with(path, value))
    for path in (
        "attestation.beacon_block_root",
        "attestation.target.root",
        "fork_info.genesis_validators_root",
        "signingRoot",
    )
    for name, value in HEX.items()
]

MISSING = [
    Attack(f"no {path}", 400, "bad_request", vote_with(path, ABSENT))
    for path in (
        "type",
        "fork_info",
        "fork_info.fork",
        "fork_info.fork.epoch",
        "fork_info.fork.previous_version",
        "fork_info.fork.current_version",
        "fork_info.genesis_validators_root",
        "attestation",
        "attestation.slot",
        "attestation.index",
        "attestation.beacon_block_root",
        "attestation.source",
        "attestation.source.epoch",
        "attestation.source.root",
        "attestation.target",
        "attestation.target.epoch",
        "attestation.target.root",
    )
] + [
    Attack(f"{path} of {json.dumps(value)}", 400, "bad_request", vote_with(path, value))
    for path in ("type", "attestation", "attestation.source", "fork_info", "fork_info.fork")
    for value in (None, 1, True, [], ["ATTESTATION"])
]

TYPES = [
    Attack(f"type {type[:30]!r}", 400, "unknown_type", vote_with("type", type))
    for type in (
        "",
        "BLOCK",
        "BLOCK_V3",
        "ATTESTATION ",
        " ATTESTATION",
        "ATTESTATION\n",
        "ATTESTATION\x00",
        "ATTESTATIONS",
        "ＡTTESTATION",
        "ATTESTATİON",
        "AGGREGATE_AND_PROOF_V3",
        "TRANSFER",
        "EXECUTION_PAYLOAD_BID",
        "EXECUTION_PAYLOAD_ENVELOPE",
        "BUILDER_REQUEST_AUTH",
        "PAYLOAD_ATTESTATION",
        "PAYLOAD_ATTESTATION_MESSAGE",
        "PROPOSER_PREFERENCES",
        "GENERIC",
        "PROOF_OF_VALIDATION",
        "BLS_TO_EXECUTION_CHANGE",
        "publicKeys",
        "A" * 60_000,
    )
]

AGGREGATE = "aggregate_and_proof.data.aggregate."
CONTRIBUTION = "contribution_and_proof.contribution."


def each(type: str, path: str, values: dict[str, Json]) -> list[Attack]:
    last = path.rsplit(".", 1)[-1]
    return [
        Attack(f"{type}: {last}, {name}", 400, "bad_request", duty_with(type, path, value))
        for name, value in values.items()
    ]


BITS = [
    *each(
        "AGGREGATE_AND_PROOF_V2",
        AGGREGATE + "aggregation_bits",
        {
            "empty": "0x",
            "no end": "0x00",
            "no end in its last byte": "0x0f00",
            "a digit short": "0x0",
            "without 0x": "0f",
            "no digits": "0xzz",
            "a bit too many": "0x" + "ff" * 16_384 + "02",
            "a byte too many": "0x" + "11" * 16_386,
            "a list": ["0x0f"],
            "nothing": ABSENT,
        },
    ),
    *each(
        "AGGREGATE_AND_PROOF_V2",
        AGGREGATE + "committee_bits",
        {"nothing": ABSENT, "a byte": "0x01", "nine bytes": "0x" + "01" * 9, "null": None},
    ),
    *each(
        "AGGREGATE_AND_PROOF_V2",
        AGGREGATE + "signature",
        {"nothing": ABSENT, "48 bytes": "0x" + "99" * 48, "a digit short": "0x" + "9" * 191},
    ),
    *each(
        "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF",
        CONTRIBUTION + "aggregation_bits",
        {"nothing": ABSENT, "15 bytes": "0x" + "01" * 15, "17 bytes": "0x" + "01" * 17},
    ),
]

FORK = "fork_info.fork."
FORKS = [
    *each(
        "AGGREGATE_AND_PROOF_V2",
        FORK + "current_version",
        {"unknown": "0xffffffff", "of mainnet": "0x06000000", "of the fork before": "0x60000910"},
    ),
    # The version before is then that of its epoch, and has another layout.
    *each("AGGREGATE_AND_PROOF_V2", FORK + "epoch", {"after it": "18446744073709551615"}),
    *each(
        "ATTESTATION", FORK + "current_version", {"3 bytes": "0x700009", "5 bytes": "0x7000091000"}
    ),
    *each("BLOCK_V2", "beacon_block.block_header", {"nothing": ABSENT, "null": None, "a list": []}),
    *each("BLOCK_V2", "beacon_block.block_header.body_root", {"nothing": ABSENT, "0x": "0x"}),
    *each("VALIDATOR_REGISTRATION", "validator_registration.pubkey", {"another's": STRANGER}),
    *each(
        "VALIDATOR_REGISTRATION",
        "validator_registration.fee_recipient",
        {"a byte less": "0x" + "11" * 19, "a name": "vitalik.eth", "nothing": ABSENT},
    ),
    Attack(
        "DEPOSIT: of another key",
        400,
        "bad_request",
        lambda asking: asking.post(asking.deposit(key=1)),
    ),
    Attack(
        "a block in full",
        400,
        "bad_request",
        duty_with("BLOCK_V2", "beacon_block", {"version": "ALTAIR", "block": {"slot": "1"}}),
    ),
]


MISMATCHES = [
    Attack(
        f"another {' and '.join(names)} with {type}",
        400,
        "root_mismatch",
        lambda asking, type=type, names=names: asking.post(
            asking.duties()[type] | {name: ROOT for name in names}
        ),
    )
    for type in ("ATTESTATION", "BLOCK_V2", "RANDAO_REVEAL", "AGGREGATE_AND_PROOF_V2")
    for names in (("signingRoot",), ("signing_root",), ("signingRoot", "signing_root"))
]
