# SPDX-License-Identifier: Apache-2.0
"""The life of a tz4 key: made and sealed, signing, taken down and back, adopted, under two of three
KMS keys of which one is lost, and restored from its backup in another stack."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import overlay
import pytest
from account import ARCHITECTURE, MAINNET, REGION, Account, Signer, age_identity
from conftest import LEVEL, arming
from sealed_signer import fresh_environment, sealed_keys, sign
from tampering_sealed import TAMPERINGS

from support.bls import BlsKey
from support.child import ROOT
from support.keys import SecretKey
from support.payloads import bls_vote
from support.runbooks.node import node
from support.runbooks.reading import Block, Section, of_page
from support.runbooks.shell import HEAD

STACK, RESTORED = "tz4", "tz4-again"
ELSEWHERE = "eu-west-1"


@dataclass(frozen=True)
class Life:
    signer: Signer
    consensus: BlsKey
    companion: BlsKey
    told: str  # what `deploy` said
    identity: Path  # of age, which alone opens the backups
    recipient: str


def needed(authorized: SecretKey) -> tuple[str, ...]:
    """What a stack can't be made without."""
    here = ("--parameter", f"Architecture={ARCHITECTURE}")
    return ("--authorized-keys", str(authorized.public), *here)


@pytest.fixture(scope="module")
def life(account: Account, authorized: SecretKey, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """By a deployer within a boundary, as an administrator prints both for such a stack."""
    identity, recipient = age_identity(tmp_path_factory.mktemp("age"))
    for stack in (STACK, RESTORED):
        account.make_boundary(stack)
    ran = account.deploy(
        STACK,
        *needed(authorized),
        *("--backup-recipient", recipient),  # tz4 is the default
        *arming(LEVEL),
    )
    assert "armed on NetXdQprcVkpaWU" in ran.text, ran.text
    signer = account.signer(STACK)
    overlay.settle(account, signer)
    by_address = {key.address: key for key in sealed_keys(signer)}
    named = signer.facts.addresses
    assert set(named) == set(by_address) and len(named) == 2
    return Life(signer, by_address[named[0]], by_address[named[1]], ran.text, identity, recipient)


def test_a_key_and_its_companion_are_made_proven_and_to_be_registered(
    account: Account, life: Life
) -> None:
    lines = life.told.splitlines()
    assert f"the signer has opened {life.consensus.address}, {life.companion.address}" in life.told
    assert "in the memory of each running signer" in life.told, "its consequences"
    for role, key in (("consensus", life.consensus), ("companion", life.companion)):
        url = life.signer.outputs["SignerUrl"]
        imported = f"    octez-client import secret key redoubt-{role} {url}{key.address}"
        assert imported in lines
        assert any(f"redoubt-{role} --{role}-key-pop BLsig" in line for line in lines)
    assert life.signer.differences() == []
    told = account.deploy(STACK)
    assert told.code == 0 and "filling in" not in told.text, told.text
    assert [key.text for key in sealed_keys(life.signer)] and len(sealed_keys(life.signer)) == 2


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(account: Account, life: Life, name: str) -> None:
    with TAMPERINGS[name](account, life.signer) as expected:
        assert life.signer.differences() == [expected]
    assert life.signer.differences() == []


def test_both_sign_the_same_bytes(life: Life, authorized: SecretKey) -> None:
    vote = bls_vote(0x13, LEVEL + 1)
    for key in (life.consensus, life.companion):
        assert key.verifies(sign(life.signer, authorized, key, LEVEL + 1).signature, vote)
    below = sign(life.signer, authorized, life.consensus, LEVEL)
    assert below.code == "below_watermark"


def test_nobody_is_asked_for_a_proof_afterwards(life: Life, authorized: SecretKey) -> None:
    path = f"/bls_prove_possession/{life.consensus.address}"
    assert life.signer.baker(authorized).get(path).code == "unknown_route"


def test_taken_down_and_back_it_is_the_same_key(
    account: Account, life: Life, authorized: SecretKey
) -> None:
    assert account.destroy(STACK).code == 0
    back = account.deploy(STACK)
    assert back.code == 0 and "armed before" in back.text, back.text
    again = account.signer(STACK)
    assert sign(again, authorized, life.consensus, LEVEL + 1).status == 200, "the same bytes again"
    assert sign(again, authorized, life.consensus, LEVEL + 2).status == 200
    assert sign(again, authorized, life.consensus, LEVEL + 1).code == "below_watermark"


def test_what_a_deleted_stack_left_is_adopted(
    account: Account, life: Life, authorized: SecretKey
) -> None:
    """Wrapping key, table and roles; which keys are served, the note has."""
    cloudformation = account.client("cloudformation")
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK)
    ran = account.deploy(
        STACK,
        *needed(authorized),
    )
    assert ran.code == 0 and "adopting what was kept" in ran.text, ran.text
    again = account.signer(STACK)
    assert again.outputs["WrappingKeys"] == life.signer.outputs["WrappingKeys"]
    assert again.facts.addresses == [life.consensus.address, life.companion.address]
    assert sign(again, authorized, life.consensus, LEVEL + 2).status == 200
    assert sign(again, authorized, life.companion, LEVEL + 3).status == 200


def wrapping_key(account: Account, region: str) -> str:
    """As its owner makes one, with the policy that is printed for it."""
    kms = replace(account.ministack.root("kms"), region=region).client
    made = kms.create_key(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
    policy = account.signer(STACK).facts.policy("wrapping-key-policy")
    kms.put_key_policy(KeyId=made["Arn"], PolicyName="default", Policy=json.dumps(policy))
    return str(made["Arn"])


def recover(signer: Signer, command: str, **fields: Any) -> dict[str, Any]:
    told = signer.account.client("lambda").invoke(
        FunctionName=f"{signer.stack}-recovery",
        Payload=json.dumps({"redoubt": {"command": command, **fields}}),
    )
    return dict(json.loads(told["Payload"].read())["redoubt"])


def test_two_of_three_wrapping_keys_open_it_when_one_is_lost(
    account: Account, life: Life, authorized: SecretKey
) -> None:
    more = [wrapping_key(account, region) for region in (REGION, ELSEWHERE)]
    given = ("--parameter", f"WrappingKeyArns={','.join(more)}", "--parameter", "Recovery=on")
    ran = account.deploy(STACK, *given)
    signer = account.signer(STACK)
    overlay.settle(account, signer)
    assert signer.differences() == [], ran.text
    (wrap,) = {key["wrap"] for key in signer.command("list_keys")["keys"]}
    told = recover(signer, "rewrap", wrap=wrap, threshold=2)
    assert told["ok"], told
    off = account.deploy(STACK, "--parameter", "Recovery=")
    signer = account.signer(STACK)
    assert off.code == 0 and signer.differences() == [], off.text
    # The stack's own key is gone, and nobody has the keys in memory any more.
    account.client("kms").disable_key(KeyId=more[0])
    fresh_environment(account, signer)
    assert sign(signer, authorized, life.consensus, LEVEL + 4).status == 200
    account.client("kms").disable_key(KeyId=signer.facts.wrapping_key_arn)
    fresh_environment(account, signer)
    assert sign(signer, authorized, life.consensus, LEVEL + 5).code == "wrap_refused"
    assert "wrapping key: settings" not in signer.differences()
    assert "wrapping key: state" in signer.differences()
    account.client("kms").enable_key(KeyId=signer.facts.wrapping_key_arn)


def test_the_drill_brings_both_keys_back_in_another_stack(
    account: Account, life: Life, authorized: SecretKey, tmp_path: Path
) -> None:
    """As docs/keys.md has it, typed as it is written: their KMS key is lost, and their stack is
    down, as they must not sign in two."""
    made = life.signer.command("create_key", count=2, batch="consensus", threshold=1)["keys"]
    for key in made:
        (tmp_path / f"{key['pkh']}.age").write_text(key["backup"])
    (tmp_path / "backups.key").write_text(life.identity.read_text())
    account.client("kms").disable_key(KeyId=life.signer.facts.wrapping_key_arn)
    assert account.destroy(STACK).code == 0

    values = {
        "AUTHORIZED": str(authorized.public),
        "RECIPIENT": life.recipient,
        "SERVED": f"{life.consensus.text},{life.companion.text}",
    }
    deploying, importing, serving = drill().blocks
    with node(MAINNET, HEAD) as url:

        def type_in(block: Block, *who: str, ends: int = 0, **more: str) -> str:
            by = account.person(RESTORED, *who)
            shell = account.shell(tmp_path, RESTORED, by, node=url, values=values | more)
            return shell.run(block, ends)

        # What it has to say is that this CloudFormation has ignored the table's recovery.
        assert "armed on" in type_in(deploying, "deployer", ends=1)
        overlay.settle(account, account.signer(RESTORED))
        wrapping = account.signer(RESTORED).facts.wrapping_key_arn
        recovering = ("recovery-user", "operator-user")
        for key in (life.consensus, life.companion):
            told = type_in(importing, *recovering, KEY=key.address, WRAPPING=wrapping)
            assert f"{key.address}: imported" in told
        told = type_in(serving, "deployer", *recovering[1:])
        assert f"the signer has opened {life.consensus.address}, {life.companion.address}" in told

    restored = account.signer(RESTORED)
    assert restored.facts.parameters["SealedKeys"] == values["SERVED"]
    for key in (life.consensus, life.companion):
        assert sign(restored, authorized, key, HEAD).code == "below_watermark"
        vote = sign(restored, authorized, key, HEAD + 1)
        assert key.verifies(vote.signature, bls_vote(0x13, HEAD + 1))
    assert restored.differences() == []


def drill() -> Section:
    page = of_page(ROOT / "docs/keys.md")
    return next(one for one in page if one.name == "keys.md#the-drill-a-kms-key-is-lost")
