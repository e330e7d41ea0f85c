# SPDX-License-Identifier: Apache-2.0
"""What somebody else does between a deployment's reading and its writing."""

import json
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError
from redoubt_stack import aws, live, policies
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.console import Stop
from redoubt_stack.deploy import Deployment
from redoubt_stack.journal import Journal
from redoubt_stack.stack import BODY_LIMIT, KEPT, Stack
from redoubt_stack.template import Template

from cloud import STACK, Cloud, set_variables
from support.child import ROOT

MINE = b"the release"
KEYS = {"AUTHORIZED_KEYS": "edpk1", "WATERMARK_TABLE": "redoubt-watermarks"}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws.time, "sleep", lambda _: None)


# --- The bucket -----------------------------------------------------------------------------------
def kept(cloud: Cloud) -> tuple[str, str]:
    return Artifacts(cloud).keep("redoubt", MINE)


def test_what_was_planted_under_our_name_is_not_taken() -> None:
    """Before, or at any step: the version that CloudFormation is given holds our bytes."""
    name, _ = kept(Cloud())
    for step in range(3):
        cloud = Cloud()

        def plant(cloud: Cloud = cloud) -> None:
            cloud.objects.setdefault(name, []).append(b"theirs")

        cloud.meanwhile[step] = plant
        key, version = kept(cloud)
        assert key == name and cloud.objects[name][int(version) - 1] == MINE


def test_what_is_there_already_is_not_written_again() -> None:
    cloud = Cloud()
    assert kept(cloud) == kept(cloud)
    assert cloud.asked.count("put_object") == 1


def test_all_is_written_where_the_deployer_of_this_stack_may_write(tmp_path: Path) -> None:
    """And of no other: its note says what was armed."""
    cloud: Any = Cloud()
    artifacts = Artifacts(cloud)
    stack, journal = Stack(cloud, artifacts, STACK), Journal(cloud, artifacts, STACK)
    nothing: Any = None
    zipped = tmp_path / "redoubt.zip"
    zipped.write_bytes(MINE)
    Deployment(cloud, nothing, artifacts, stack, journal, nothing, None).upload(zipped)
    stack.prepare(Template("{Resources: {}, Parameters: {}}".ljust(BODY_LIMIT + 1)), {})
    journal.write(None, "creating")
    assert len(cloud.objects) == 3
    names = policies.names(cloud.partition, cloud.account, cloud.region, STACK)
    found = policies.load(ROOT / "iam-policies/deployer.json", names)["Statement"]
    (granted,) = (s["Resource"] for s in found if s.get("Sid") == "Code")
    arns = [f"arn:aws:s3:::{artifacts.bucket}/{key}" for key in cloud.objects]
    assert all(fnmatchcase(arn, granted) for arn in arns)
    other = f"arn:aws:s3:::{artifacts.bucket}/payroll/arming.json"
    assert not fnmatchcase(other, granted)


def test_a_bucket_of_another_account_is_neither_read_nor_written() -> None:
    cloud = Cloud()
    cloud.owner = "111111111111"
    note = {"state": "created", "time": "2026-11-29T00:00:00+00:00", "table": "first"}
    cloud.objects[f"{STACK}/arming.json"] = [json.dumps(note).encode()]
    artifacts = Artifacts(cloud)
    for call in (Journal(cloud, artifacts, STACK).read, lambda: artifacts.keep("redoubt", MINE)):
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
    assert len(cloud.objects) == 1


@pytest.mark.parametrize("theirs", [None, b"other"])
def test_a_note_is_not_written_over_one_that_was_not_read(theirs: bytes | None) -> None:
    cloud = Cloud()
    artifacts = Artifacts(cloud)
    etag = artifacts.write_note("n", {"by": "me"}, None) if theirs else None
    cloud.objects.setdefault("n", []).append(theirs or b"first")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        artifacts.write_note("n", {"by": "me again"}, etag)
    assert cloud.objects["n"][-1] == (theirs or b"first")


# --- Change sets ----------------------------------------------------------------------------------
ACTIONS = ("Add", "Modify", "Remove", "Import", "Dynamic")
REPLACEMENTS = ("True", "False", "Conditional", "")


def change(action: str, name: str, replacement: str) -> dict[str, Any]:
    found = {"Action": action, "LogicalResourceId": name, "ResourceType": "AWS::X::Y"}
    return found | ({"Replacement": replacement} if replacement else {})


@pytest.mark.parametrize("name", [*KEPT, "SignerFunction"])
def test_no_change_that_may_lose_what_is_kept_is_prepared(name: str) -> None:
    """Nor one that may, which is `Conditional` or `Dynamic`; on whichever page it is told."""
    harmless = [change("Modify", f"Alarm{i}", "False") for i in range(3)]
    for action, replacement, page in product(ACTIONS, REPLACEMENTS, (0, 1)):
        cloud = Cloud()
        pages = [list(harmless), list(harmless)]
        pages[page].append(change(action, name, replacement))
        cloud.change_set = pages
        stack = Stack(cloud, Artifacts(cloud), STACK)
        modified = action == "Modify" and replacement in ("", "False")
        loses = name in KEPT and action not in ("Add", "Import") and not modified
        if loses:
            with pytest.raises(Stop, match=f"remove or replace {name}"):
                stack.prepare(Template("{Resources: {}, Parameters: {}}"), {})
            assert len(cloud.discarded) == 1
        else:
            prepared = stack.prepare(Template("{Resources: {}, Parameters: {}}"), {})
            assert prepared is not None and len(prepared[1]) == 7
        assert cloud.executed == []


def test_a_template_that_somebody_puts_in_the_place_of_ours_is_not_taken() -> None:
    """What does not fit into the call is given as a version, which nobody exchanges."""
    text = "{Resources: {}, Parameters: {}}".ljust(BODY_LIMIT + 1)
    name, _ = Artifacts(Cloud()).keep(f"{STACK}/template", text.encode())
    for step in range(4):
        cloud = Cloud()

        def plant(cloud: Cloud = cloud) -> None:
            cloud.objects.setdefault(name, []).append(b"theirs")

        cloud.meanwhile[step] = plant
        Stack(cloud, Artifacts(cloud), STACK).prepare(Template(text), {})
        url = urlsplit(cloud.template_url)
        (version,) = parse_qs(url.query)["versionId"]
        assert url.path.endswith(f"/{name}")
        assert cloud.objects[name][int(version) - 1] == text.encode()


# --- Rotations ------------------------------------------------------------------------------------
def deployed() -> Cloud:
    cloud = Cloud()
    for kind in ("Signer", "Operator"):
        cloud.outputs[f"{kind}Function"] = f"redoubt-{kind.lower()}"
        cloud.outputs[f"{kind}Variables"] = json.dumps(KEYS)
        set_variables(cloud, f"redoubt-{kind.lower()}", dict(KEYS))
    cloud.change_set = [[change("Modify", "SignerFunction", "False")]]
    return cloud


def apply(cloud: Cloud) -> None:
    artifacts = Artifacts(cloud)
    stack = Stack(cloud, artifacts, STACK)
    template = Template("{Resources: {}, Parameters: {AuthorizedKeys: {Type: String}}}")
    journal = Journal(cloud, artifacts, STACK)
    Deployment(cloud, None, artifacts, stack, journal, template, None).apply(
        {"AuthorizedKeys": KEYS["AUTHORIZED_KEYS"]}, "the stack"
    )


@pytest.mark.parametrize("function", ["redoubt-signer", "redoubt-operator"])
def test_a_rotation_while_a_change_is_prepared_is_not_undone(function: str) -> None:
    """At each step before the last look at the functions; what comes after it comes too late for
    any program, and that look is the last call but one before the change."""
    quiet = deployed()
    apply(quiet)
    execution = quiet.asked.index("execute_change_set")
    looks = [i for i, name in enumerate(quiet.asked) if name == "get_function_configuration"]
    before = [look for look in looks if look < execution]
    assert execution - before[-1] == 2, quiet.asked
    last = before[-2 if function == "redoubt-signer" else -1]
    for step in range(execution):
        cloud = deployed()

        def rotate(cloud: Cloud = cloud) -> None:
            set_variables(cloud, function, KEYS | {"AUTHORIZED_KEYS": "edpk2"})

        cloud.meanwhile[step] = rotate
        if step <= last:
            with pytest.raises(Stop, match="variables were changed outside"):
                apply(cloud)
            assert cloud.executed == [] and len(cloud.discarded) == 1
        else:
            apply(cloud)
            assert len(cloud.executed) == 1


@pytest.mark.parametrize("theirs", ["edpk1,edpk3", "edpk1"])
def test_two_rotations_at_once(theirs: str) -> None:
    """The one that read before the other wrote is refused; no key is lost."""
    for step in range(3):
        cloud = deployed()

        def rotate(cloud: Cloud = cloud) -> None:
            set_variables(cloud, "redoubt-signer", KEYS | {"AUTHORIZED_KEYS": theirs})

        cloud.meanwhile[step] = rotate
        add = "redoubt-signer", "AUTHORIZED_KEYS", lambda old: f"{old},edpk2"
        if step == 1:
            with pytest.raises(Stop, match="changed by somebody"):
                live.change_variable(cloud, *add)
            expected = theirs
        else:
            live.change_variable(cloud, *add)
            expected = f"{theirs},edpk2" if step == 0 else theirs
        now = cloud.functions["redoubt-signer"]["variables"]
        assert now == KEYS | {"AUTHORIZED_KEYS": expected}, step


def test_a_variable_that_has_no_parameter_is_no_rotation() -> None:
    cloud = deployed()
    set_variables(cloud, "redoubt-signer", KEYS | {"AWS_ENDPOINT_URL_KMS": "https://evil"})
    with pytest.raises(Stop, match="No rotation does this"):
        live.refuse_lost_changes(cloud, cloud.outputs, {"AuthorizedKeys": "edpk1"})
