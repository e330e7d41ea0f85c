# SPDX-License-Identifier: Apache-2.0
"""Variables that are wrong: all are told at once, to init/error, and nothing starts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from asking import aws_calls, is_error
from support.host import Host, running
from support.keys import Curve, SecretKey
from support.octez import OctezClient
from support.payloads import KINDS, attestation

KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555"
REAL_KEY = KEY.replace("000000000000", "123456789012")
A_KEY = str(SecretKey.generate(Curve.SECP256K1).public)
TZ4_KEY = "BLpk1oEz9rTh48uZXBUorBGRGY8pqwasfnVWEiv9672HjKe3kmNGYps6VwSXiGRCT1XPGKGhXqu2"

# name: (variables, what the report must name)
MISTAKES: dict[str, tuple[dict[str, str], list[str]]] = {
    "no key": ({"KMS_KEY_ID": ""}, ["KMS_KEY_ID"]),
    "no authorized key": ({"AUTHORIZED_KEYS": ""}, ["AUTHORIZED_KEYS"]),
    "no table": ({"WATERMARK_TABLE": ""}, ["WATERMARK_TABLE"]),
    "nothing at all": (
        {"KMS_KEY_ID": "", "AUTHORIZED_KEYS": "", "WATERMARK_TABLE": ""},
        ["KMS_KEY_ID", "AUTHORIZED_KEYS", "WATERMARK_TABLE"],
    ),
    "mistakes in everything": (
        {
            "KMS_KEY_ID": "alias/baker",
            "AUTHORIZED_KEYS": "edpkwrong",
            "WATERMARK_TABLE": "no/table",
            "BASE_PATH": "no-slash",
            "KNOWN_KEYS": "yes",
            "PUBLIC_KEYS": "sppkwrong",
        },
        [
            "KMS_KEY_ID",
            "AUTHORIZED_KEYS",
            "WATERMARK_TABLE",
            "BASE_PATH",
            "KNOWN_KEYS",
            "PUBLIC_KEYS",
        ],
    ),
    "an alias": ({"KMS_KEY_ID": "alias/baker"}, ["KMS_KEY_ID"]),
    "an alias ARN": (
        {"KMS_KEY_ID": "arn:aws:kms:us-east-1:000000000000:alias/baker"},
        ["KMS_KEY_ID"],
    ),
    "a bare key id": ({"KMS_KEY_ID": KEY.split("/")[1]}, ["KMS_KEY_ID"]),
    "a key of another Region": (
        {"KMS_KEY_ID": KEY.replace("us-east-1", "eu-west-1")},
        ["KMS_KEY_ID"],
    ),
    "a key twice": ({"KMS_KEY_ID": f"{KEY},{KEY}"}, ["KMS_KEY_ID"]),
    "a list with a gap": ({"KMS_KEY_ID": f"{KEY},,"}, ["KMS_KEY_ID"]),
    "an address as authorized key": (
        {"AUTHORIZED_KEYS": SecretKey.generate(Curve.P256).public.address},
        ["AUTHORIZED_KEYS"],
    ),
    "a secret key as authorized key": (
        {"AUTHORIZED_KEYS": "edsk3qAQSJaDBSYN2PCMdv7BuJoBKeRyDFq5uPAwDfFRAhQdwHxPMN"},
        ["AUTHORIZED_KEYS"],
    ),
    "a sealed key of another kind": (
        {"SEALED_KEYS": A_KEY, "WRAPPING_KEYS": "arn:aws:kms:us-east-1:000000000000:key/1a2b"},
        ["SEALED_KEYS"],
    ),
    "a sealed key and nothing to open it": ({"SEALED_KEYS": TZ4_KEY}, ["WRAPPING_KEYS"]),
    "an authorized key twice": ({"AUTHORIZED_KEYS": f"{A_KEY},{A_KEY}"}, ["AUTHORIZED_KEYS"]),
    "fewer public keys than keys": ({"PUBLIC_KEYS": A_KEY}, ["PUBLIC_KEYS"]),
    "a base path without its slash": ({"BASE_PATH": "secret"}, ["BASE_PATH"]),
    "known keys of yes": ({"KNOWN_KEYS": "yes"}, ["KNOWN_KEYS"]),
    "known keys in capitals": ({"KNOWN_KEYS": "ON"}, ["KNOWN_KEYS"]),
    "hedging on": ({"HEDGING": "on"}, ["HEDGING"]),
    "FIPS in capitals": (
        {"AWS_USE_FIPS_ENDPOINT": "TRUE"},
        ["AWS_USE_FIPS_ENDPOINT must be `true`, `false` or absent"],
    ),
    "both stacks beside a name": (
        {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
        ["AWS_USE_DUALSTACK_ENDPOINT and AWS_ENDPOINT_URL_KMS exclude each other"],
    ),
    "an ARN that ends with a line break": (
        {"KMS_KEY_ID": f"{KEY}\n"},
        ["KMS_KEY_ID: entry 1 ends with a line break"],
    ),
    "an authorized key in quotes": (
        {"AUTHORIZED_KEYS": f'{A_KEY[:-1]},"{A_KEY}"'},
        ["AUTHORIZED_KEYS: entry 2 begins and ends with a quotation mark"],
    ),
    "a no-break space in a table's name": (
        {"WATERMARK_TABLE": "redoubt\u00a0watermarks"},
        ["WATERMARK_TABLE has a no-break space as character 8"],
    ),
    "an endpoint that is no URL": (
        {"AWS_ENDPOINT_URL_KMS": "localhost"},
        ["AWS_ENDPOINT_URL_KMS"],
    ),
    "an endpoint of another kind": (
        {"AWS_ENDPOINT_URL_DYNAMODB": "ftp://127.0.0.1"},
        ["AWS_ENDPOINT_URL_DYNAMODB"],
    ),
    "a stand-in's endpoint for a real key": (
        {"KMS_KEY_ID": REAL_KEY, "PUBLIC_KEYS": A_KEY},
        ["AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"],
    ),
    "a stand-in's CA for one real key of two": (
        {"KMS_KEY_ID": f"{KEY},{REAL_KEY}", "PUBLIC_KEYS": ""},
        ["AWS_CA_BUNDLE"],
    ),
    "a look-alike endpoint for a real key": (
        {
            "KMS_KEY_ID": REAL_KEY,
            "PUBLIC_KEYS": A_KEY,
            "AWS_CA_BUNDLE": "",
            "AWS_ENDPOINT_URL_KMS": "https://kms.us-east-1.amazonaws.com.example.org",
            "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.eu-west-1.amazonaws.com",
        },
        ["AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_DYNAMODB"],
    ),
    "plain http for a real key": (
        {
            "KMS_KEY_ID": REAL_KEY,
            "PUBLIC_KEYS": A_KEY,
            "AWS_CA_BUNDLE": "",
            "AWS_ENDPOINT_URL_KMS": "http://kms.us-east-1.amazonaws.com",
            "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.us-east-1.amazonaws.com",
        },
        ["AWS_ENDPOINT_URL_KMS"],
    ),
    "a CA bundle that is not there": ({"AWS_CA_BUNDLE": "/absent.pem"}, ["AWS_CA_BUNDLE"]),
    "a CA bundle without a certificate": ({"AWS_CA_BUNDLE": "/dev/null"}, ["AWS_CA_BUNDLE"]),
    "no Region": ({"AWS_REGION": ""}, ["AWS_REGION"]),
    "no credentials": ({"AWS_ACCESS_KEY_ID": ""}, ["AWS_ACCESS_KEY_ID"]),
}


@contextmanager
def started_with(variables: dict[str, str]) -> Iterator[Host]:
    options = [part for n, v in variables.items() for part in ("--env", f"{n}={v}")]
    with running("--environments", "1", *options) as host:
        yield host


def report(variables: dict[str, str]) -> str:
    """What the function told before it gave up."""
    with started_with(variables) as host:
        reply = OctezClient(host.origin, host.authorized).get("/authorized_keys")
        assert reply.status == 502, reply.text
        return "\n".join([*host.log(), *host.child.err])


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_told_by_the_name_of_its_variable(name: str) -> None:
    variables, named = MISTAKES[name]
    told = report(variables)
    assert [variable for variable in named if variable not in told] == []


def test_a_proxy_is_said_to_be_unused_and_its_value_is_not_told() -> None:
    with started_with({"HTTPS_PROXY": "http://baker:word@proxy:8080", "no_proxy": "*"}) as host:
        assert host.baker.get("/healthz").status == 200
        told = [line for line in host.log() if "PROXY" in line]
        assert len(told) == 1
        assert "HTTPS_PROXY, no_proxy: set, but not used" in told[0]
        assert "word" not in told[0] and "8080" not in told[0]
        assert json.loads(told[0])["level"] == "WARN"


def test_report_holds_no_secret() -> None:
    secret = "edsk3qAQSJaDBSYN2PCMdv7BuJoBKeRyDFq5uPAwDfFRAhQdwHxPMN"
    assert secret not in report({"AUTHORIZED_KEYS": secret, "BASE_PATH": "x"})


GOOD: dict[str, dict[str, str]] = {
    "empty is absent": {"BASE_PATH": "", "KNOWN_KEYS": "", "AWS_ENDPOINT_URL": ""},
    "variables of no meaning": {"X": "1", "KMS_KEY": "alias/x", "LD_PRELOAD": "/absent.so"},
    "proxies, which are dropped": {
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    },
    "settings of the libraries, which are dropped": {
        "SSLKEYLOGFILE": "/proc/self/fd/1",
        "OPENSSL_CONF": "/absent.cnf",
        "SSL_CERT_FILE": "/absent.pem",
        "CURL_CA_BUNDLE": "/absent.pem",
        "CARES_HOSTS": "/absent",
        "LOCALDOMAIN": "example.org",
        "RES_OPTIONS": "ndots:9",
    },
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_no_mistake_signs(name: str) -> None:
    with started_with(GOOD[name]) as host:
        chain = host.arm(1_000_000)
        payload = attestation(*chain.slot(), chain=chain.raw)
        key = host.keys[0]
        assert key.verifies(host.baker.sign(key, payload).signature, payload)
        assert host.operate("status")["ok"] is True
        assert not [line for line in host.log() if "CLIENT_TRAFFIC_SECRET" in line]


@pytest.mark.parametrize("given", [True, False], ids=["given", "asked for"])
def test_public_keys_may_be_given_and_then_are_not_asked_for(given: bool) -> None:
    options = {} if given else {"PUBLIC_KEYS": ""}
    with started_with(options) as other:
        assert other.baker.get("/healthz").status == 200
        asked = aws_calls(other).get("kms.GetPublicKey", 0)
        processes = 2  # a signer, and the operator that armed
        assert asked == (0 if given else len(other.keys) * processes)


def test_public_key_of_another_key_signs_nothing() -> None:
    """A KMS key exchanged behind the deployment's back."""
    with running("--environments", "1") as probe:
        curves = [key.curve for key in probe.keys]
    strangers = [SecretKey.generate(curve).public for curve in curves]
    with started_with({"PUBLIC_KEYS": ",".join(map(str, strangers))}) as host:
        chain = host.arm(1_000_000)
        for key in strangers:
            for make in KINDS.values():
                payload = make(*chain.slot(), chain=chain.raw)
                is_error(host.baker.post(key, payload), 500, "bad_signature")
