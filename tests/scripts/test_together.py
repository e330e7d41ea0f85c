# SPDX-License-Identifier: Apache-2.0
"""What depends on the account, and is refused before anything is built: an existing key is what it
is, and a P-256 key is made on an explicit word only."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack import arguments
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.console import BadUsage, Stop
from redoubt_stack.journal import Journal
from redoubt_stack.preflight import MALLEABLE, Preflight
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template

from cloud import STACK, Answers, Cloud, Table, now, refusal
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
    options = Namespace(accept_malleable_p256=accepts, threshold=None, zip=zip)
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
    assert MALLEABLE in refused(P256, now={"KeySpec": "ECC_SECG_P256K1"})
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


ARNS = {
    "ExistingKeyArn": ARN,
    "AlarmTopicArn": "arn:aws:sns:us-east-1:000000000000:topic",
    "SigningProfileVersionArn": "arn:aws:signer:us-east-1:000000000000:/signing-profiles/p/v",
    "BreakGlassRoleArn": "arn:aws:iam::000000000000:role/glass",
    "PermissionsBoundaryArn": "arn:aws:iam::000000000000:policy/bounds",
}


@pytest.mark.parametrize("name", ARNS)
def test_what_an_arn_names_is_of_this_account_or_region(name: str) -> None:
    """A topic, a key and a signing profile may be another account's."""
    of_account = ":iam::" in ARNS[name]
    for old, new, is_wrong in (
        ("", "", False),
        ("arn:aws:", "arn:aws-cn:", True),
        ("us-east-1", "eu-west-1", not of_account),
        (":000000000000:", ":111111111111:", of_account),
    ):
        arn = ARNS[name].replace(old, new)
        found = refused({name: arn}, "tz2")
        assert f"{name} is not of" in found and arn in found if is_wrong else found == "", arn
    if name == "SigningProfileVersionArn":
        other = ARNS[name].replace("us-east-1", "eu-west-1")
        assert other in refused({name: f"{ARNS[name]},{other}"})


def test_the_zip_is_held_against_the_architecture(tmp_path: Path) -> None:
    path = tmp_path / "redoubt.zip"
    path.write_bytes(b"no zip")
    assert "is not a zip" in refused({}, zip=path)


# --- What is fixed --------------------------------------------------------------------------------
BEGUN = {"KeySpec": "ECC_SECG_P256K1", "SecondRegion": "us-east-9", "BreakGlassRoleArn": "wrong"}
CORRECTED = {
    "KeySpec": {"KeySpec": "ECC_NIST_EDWARDS25519"},
    "SecondRegion": {"SecondRegion": "us-east-2"},
    "BreakGlassRoleArn": {"BreakGlassRoleArn": "right"},
}


def begun(state: str, made: tuple[str, ...]) -> Cloud:
    """A stack whose creation got so far."""
    cloud = Cloud()
    cloud.status, cloud.parameters = "CREATE_FAILED", dict(BEGUN)
    note = {"state": state, "time": now().isoformat()}
    cloud.objects[f"{STACK}/arming.json"] = [json.dumps(note).encode()]
    if "key" in made:
        cloud.resources["Key"] = "the-key"
        cloud.roles[f"{STACK}-signer-us-east-1"] = {}
    if "table" in made:
        cloud.table = Table("first", now())
    return cloud


def refused_in(cloud: Cloud, wanted: dict[str, str]) -> str:
    aws: Any = cloud
    artifacts = Artifacts(aws)
    stack, journal = Stack(aws, artifacts, STACK), Journal(aws, artifacts, STACK)
    preflight = Preflight(aws, Namespace(), stack, journal, TEMPLATE)
    try:
        preflight.refuse_what_is_fixed(wanted)
        preflight.refuse_what_cannot_be(wanted)
    except Stop as stop:
        return str(stop)
    return ""


@pytest.mark.parametrize("made", [(), ("key",), ("table",), ("key", "table")])
@pytest.mark.parametrize("state", ["creating", "armed"])
@pytest.mark.parametrize("name", CORRECTED)
def test_what_made_a_creation_fail_can_be_corrected(
    name: str, state: str, made: tuple[str, ...]
) -> None:
    """Until there is a key, or a table. One that is gone was there."""
    is_there = state == "armed" or "table" in made
    is_fixed = is_there or ("key" in made and name != "SecondRegion")
    found = refused_in(begun(state, made), CORRECTED[name])
    words = "change the key's policy" if name == "BreakGlassRoleArn" else f"{name} is fixed"
    assert words in found if is_fixed else found == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("creating", "--everything --forget redoubt"),
        ("forgotten", "--everything --forget redoubt"),
        ("armed", "its watermarks are lost"),
    ],
)
def test_what_a_deleted_stack_left_says_the_way_out(state: str, words: str) -> None:
    """Of one whose creation failed before there was a table nothing was lost."""
    cloud = begun(state, ("key",))
    cloud.status = ""
    assert words in refused_in(cloud, {"AuthorizedKeys": "edpk"})


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("us-east-1", "the signer itself is there"),
        ("us-east-9", "did you mean us-east-"),
        ("us-east-2", ""),
    ],
)
def test_the_tables_other_regions_are_looked_at(
    monkeypatch: pytest.MonkeyPatch, second: str, words: str
) -> None:
    monkeypatch.setattr(arguments, "_has_lambda", lambda _: False)
    for wanted in (("SecondRegion", "ThirdRegion"), ("ThirdRegion", "SecondRegion")):
        found = refused(dict(zip(wanted, (second, "us-west-2"), strict=True)))
        assert words in found and bool(words) == bool(found)
