# SPDX-License-Identifier: Apache-2.0
"""What depends on the account, and is refused before anything is built: an existing key is what it
is, and a P-256 key is made on an explicit word only."""

from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack.console import BadUsage
from redoubt_stack.preflight import Preflight
from redoubt_stack.template import Template

from cloud import Answers, refusal
from support.child import ROOT

TEMPLATE = Template((ROOT / "deploy/aws/template.yaml").read_text())
ARN = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000"
P256 = {"KeySpec": "ECC_NIST_P256"}


def key(spec: str, usage: str = "SIGN_VERIFY", state: str = "Enabled") -> dict[str, Any]:
    return {"KeyMetadata": {"KeySpec": spec, "KeyUsage": usage, "KeyState": state}}


KEYS: dict[str, Any] = {
    "tz2": key("ECC_SECG_P256K1"),
    "tz3": key("ECC_NIST_P256"),
    "disabled": key("ECC_SECG_P256K1", state="Disabled"),
    "dying": key("ECC_SECG_P256K1", state="PendingDeletion"),
    "of RSA": key("RSA_2048"),
    "for agreements": key("ECC_NIST_P256", "KEY_AGREEMENT"),
    "symmetric": key("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
    "none": refusal("NotFoundException", "DescribeKey"),
}


def refused(
    wanted: dict[str, str],
    existing: str = "none",
    now: dict[str, str] | None = None,
    accepts: bool = False,
    zip: Path | None = None,
) -> str:
    aws: Any = Answers(describe_key=KEYS[existing])
    stack: Any = Answers(parameters=now or {})
    options = Namespace(accept_malleable_p256=accepts, zip=zip)
    journal: Any = None
    try:
        Preflight(aws, options, stack, journal, TEMPLATE).refuse_what_does_not_go_together(wanted)
    except BadUsage as error:
        return str(error)
    return ""


def test_a_p256_key_is_made_on_an_explicit_word_only() -> None:
    existing = {"ExistingKeyArn": ARN, **P256}
    for wanted, source in ((P256, "none"), (existing, "tz3")):
        words = refused(wanted, source)
        assert "--accept-malleable-p256" in words and "(r, n-s)" in words
        assert refused(wanted, source, accepts=True) == ""
    # Of a stack that has one nobody asks again.
    assert refused({}, now=P256) == "" and refused(P256, now=P256) == ""
    for spec in ("ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"):
        assert refused({"KeySpec": spec}) == ""


@pytest.mark.parametrize(
    ("existing", "arn", "words"),
    [
        ("none", ARN, "there is no key"),
        ("tz3", ARN, "--parameter KeySpec=ECC_NIST_P256"),
        ("tz2", ARN.replace("us-east-1", "eu-west-1"), "is not of us-east-1"),
        ("disabled", ARN, "is Disabled: enable it first"),
        ("dying", ARN, "is PendingDeletion"),
        ("of RSA", ARN, "Tezos can't use it"),
        ("for agreements", ARN, "Tezos can't use it"),
        ("symmetric", ARN, "Tezos can't use it"),
        ("tz2", ARN, ""),
    ],
)
def test_an_existing_key_is_what_it_is(existing: str, arn: str, words: str) -> None:
    found = refused({"ExistingKeyArn": arn}, existing)
    assert words in found and bool(words) == bool(found)


def test_parameters_are_judged_as_they_will_be() -> None:
    """Those that are there already, too."""
    topic = {"AlarmTopicArn": "arn:aws:sns:us-east-1:000000000000:x"}
    assert "AlarmTopicArn" in refused({"AlarmEmail": "a@b"}, now=topic)
    assert refused({"AlarmEmail": "a@b", "AlarmTopicArn": ""}, now=topic) == ""


def test_the_zip_is_held_against_the_architecture(tmp_path: Path) -> None:
    path = tmp_path / "redoubt.zip"
    path.write_bytes(b"no zip")
    assert "is not a zip" in refused({}, zip=path)
