# SPDX-License-Identifier: Apache-2.0
"""Everything goes, however often the run is cut off, and whoever of the two that may runs it."""

import json
from typing import Any

import pytest
from redoubt_stack import aws, bls
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.console import Stop
from redoubt_stack.destroy import Removal
from redoubt_stack.ethereum import destroy as of_validators
from redoubt_stack.journal import Journal
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.stack import Stack
from redoubt_stack.tezos import base58check

from cloud import ACCOUNT, STACK, Cloud, Table, now

GLASS = f"arn:aws:iam::{ACCOUNT}:role/glass"
CALLERS = {
    "root": f"arn:aws:iam::{ACCOUNT}:root",
    "break-glass": f"arn:aws:sts::{ACCOUNT}:assumed-role/glass/me",
    "deployer": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/me",
}
ADDRESS = "tz2LWh6wAJ8nuPp6tv8WuvpNE6Yxk5Nhs1Jr"


class CutOff(Exception):
    pass


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws.time, "sleep", lambda _: None)


def deployed(caller: str) -> Cloud:
    """With a key that existed before, which stays."""
    cloud = Cloud()
    cloud.caller = CALLERS[caller]
    cloud.parameters = {"KeyHashes": ADDRESS, "BreakGlassRoleArn": GLASS}
    cloud.table = Table("first", now())
    cloud.roles = {f"{STACK}-{kind}-{cloud.region}": {} for kind in ("signer", "operator")}
    note = {"state": "armed", "time": now().isoformat(), "table": "first"}
    cloud.objects[f"{STACK}/arming.json"] = [json.dumps(note).encode()]
    return cloud


def remove(cloud: Any) -> None:
    artifacts = Artifacts(cloud)
    stack, journal = Stack(cloud, artifacts, STACK), Journal(cloud, artifacts, STACK)
    Removal(cloud, stack, journal).run(is_plan=False)


@pytest.mark.parametrize("caller", ["root", "break-glass"])
def test_a_removal_that_was_cut_off_is_finished_by_whoever_began_it(caller: str) -> None:
    """At each call, also when the stack is gone, which named the role."""
    quiet = deployed(caller)
    remove(quiet)
    assert len(quiet.asked) > 10
    for step in range(len(quiet.asked)):
        cloud = deployed(caller)

        def cut_off() -> None:
            raise CutOff

        cloud.meanwhile[step] = cut_off
        with pytest.raises(CutOff):
            remove(cloud)
        remove(cloud)
        assert (cloud.status, cloud.table, cloud.roles) == ("", None, {}), step
        note = json.loads(cloud.objects[f"{STACK}/arming.json"][-1])
        assert (note["state"], note["forgotten"]) == ("forgotten", [ADDRESS]), step


def test_nobody_else_begins_or_finishes_it() -> None:
    cloud = deployed("deployer")
    for _ in range(2):
        with pytest.raises(Stop, match="run this as one of them"):
            remove(cloud)
        assert cloud.table is not None and len(cloud.objects[f"{STACK}/arming.json"]) == 1
        cloud.status = ""


def test_what_does_not_go_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """And the table stays until the stack is gone. The second time it was in DELETE_FAILED
    before."""
    cloud = deployed("root")
    cloud.stays = ["AuditorPolicy"]
    for _ in range(2):
        with pytest.raises(Stop, match="is in DELETE_FAILED; mend the reason and run this again"):
            remove(cloud)
        assert "AuditorPolicy: is in use" in capsys.readouterr().out
        assert cloud.table is not None and len(cloud.roles) == 2
    cloud.stays = []
    remove(cloud)
    assert cloud.status == "" and cloud.table is None


def test_sealed_keys_go_with_what_wraps_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Which is said; and no later signer takes their addresses."""
    cloud = deployed("root")
    made = base58check(bytes([6, 149, 135, 204]) + bytes(48))
    cloud.parameters |= {"KeyHashes": f"{ADDRESS},{bls.address_of(made)}", "KeyType": "both"}
    cloud.resources = {"Key": "1", "WrappingKey": "2"}
    before = json.loads(cloud.objects[f"{STACK}/arming.json"][-1])
    cloud.objects[f"{STACK}/arming.json"] = [json.dumps(before | {"sealed": [made]}).encode()]
    remove(cloud)
    assert cloud.doomed == ["Key", "WrappingKey"] and cloud.resources == {}
    assert "the tz4 keys are lost, but for their backups" in capsys.readouterr().out
    note = json.loads(cloud.objects[f"{STACK}/arming.json"][-1])
    assert note["forgotten"] == sorted([ADDRESS, bls.address_of(made)])


# --- Of validators' keys --------------------------------------------------------------------------
def validators(caller: str) -> Cloud:
    cloud = deployed(caller)
    cloud.objects.clear()
    arn = "arn:aws:kms:eu-west-1:444455556666:key/1"
    cloud.parameters = {"BreakGlassRoleArn": GLASS, "Network": "hoodi", "WrappingKeyArns": arn}
    cloud.resources = {"Key": "1", "WrappingKey": "2"}
    return cloud


def remove_validators(cloud: Any, *, is_plan: bool = False) -> None:
    artifacts = Artifacts(cloud)
    stack, journal = Stack(cloud, artifacts, STACK), Journal(cloud, artifacts, STACK, ETHEREUM)
    assert journal.table == f"{STACK}-validators"
    of_validators.Removal(cloud, stack, journal).run(is_plan)


def test_a_stack_of_validators_goes_with_all_but_what_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A key of another's name, which its template has not, stays."""
    cloud = validators("root")
    remove_validators(cloud, is_plan=True)
    told = capsys.readouterr().out
    for words in (
        f"{STACK}-validators",
        "alias/redoubt-wrapping in 30 days",
        "the validators' keys are lost, but for their backups",
        "eth keys delete --all",
        "444455556666",
        "for 35 days",
        "nothing was changed",
    ):
        assert words in told
    assert cloud.executed == [] and cloud.doomed == [] and cloud.objects == {}
    remove_validators(cloud)
    assert (cloud.status, cloud.table, cloud.roles) == ("", None, {})
    assert cloud.doomed == ["WrappingKey"] and cloud.resources == {"Key": "1"}


def test_the_break_glass_role_finishes_what_it_began_of_validators() -> None:
    """Also when the stack is gone, which named it."""
    quiet = validators("break-glass")
    remove_validators(quiet)
    for step in range(len(quiet.asked)):
        cloud = validators("break-glass")

        def cut_off() -> None:
            raise CutOff

        cloud.meanwhile[step] = cut_off
        with pytest.raises(CutOff):
            remove_validators(cloud)
        remove_validators(cloud)
        assert (cloud.status, cloud.table, cloud.roles) == ("", None, {}), step
    with pytest.raises(Stop, match="run this as one of them"):
        remove_validators(validators("deployer"))
