# SPDX-License-Identifier: Apache-2.0
"""One account for all of these tests, and one signer in it for those that leave it as it was."""

import json
from collections.abc import Iterator

import overlay
import pytest
from account import ARCHITECTURE, REGION, SERVICES, Account, Signer, age_identity
from validators import (
    ADDRESS,
    AT_ONCE,
    ELSEWHERE,
    KEYS,
    STACK,
    Deployed,
    printed,
    wrapping_key,
)

from support.child import ROOT
from support.cloudformation import VALIDATORS
from support.keys import Curve, SecretKey
from support.third_party import ministack

# The programs are run as their users run them, who have them installed by the first run.
NEEDED = ROOT / "deploy/aws/requirements.txt"
INSTALLED = ROOT / "build/deploy-venv.made-from"
assert INSTALLED.is_file() and INSTALLED.read_bytes() == NEEDED.read_bytes(), (
    "no build/deploy-venv of these requirements: run tests/run install"
)
LEVEL = 1000


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    folder = tmp_path_factory.mktemp("account")
    with ministack(SERVICES) as started, pytest.MonkeyPatch.context() as patch:
        template = overlay.write_template(folder / "template.json", started.url)
        policies = overlay.write_policies(folder / "policies")
        made = Account(started, template, policies)
        for name, value in made.environment.items():
            patch.setenv(name, value)
        yield made


@pytest.fixture(scope="session")
def authorized() -> SecretKey:
    return SecretKey.generate(Curve.ED25519)


def arming(level: int) -> list[str]:
    """Far below mainnet's head, which has to be said."""
    return ["--chain", "mainnet", "--level", str(level), "--accept-level"]


def new_signer(authorized: SecretKey) -> list[str]:
    """The options of a first deployment."""
    return [
        *("--authorized-keys", str(authorized.public), "--key-type", "tz2"),
        *("--parameter", f"Architecture={ARCHITECTURE}"),
        *arming(LEVEL),
    ]


def deploy_new(account: Account, stack: str, authorized: SecretKey, *more: str) -> Signer:
    ran = account.deploy(stack, *new_signer(authorized), *more)
    assert "armed on NetXdQprcVkpaWU" in ran.text, ran.text
    signer = account.signer(stack)
    overlay.settle(account, signer)
    return signer


@pytest.fixture(scope="session")
def signer(account: Account, authorized: SecretKey) -> Signer:
    """With all that `verify` looks at: roles within a boundary, and one of a schedule."""
    account.make_boundary("redoubt")
    return deploy_new(account, "redoubt", authorized, "--parameter", "WarmSchedule=rate(4 minutes)")


@pytest.fixture(scope="session")
def deployed(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """By a releaser within a boundary, as an administrator prints both for such a stack."""
    folder = tmp_path_factory.mktemp("ethereum")
    identity, recipient = age_identity(folder)
    template = overlay.write_template(folder / "template.json", account.ministack.url, VALIDATORS)
    account.client("iam").create_policy(
        PolicyName=f"{STACK}-boundary-{REGION}",
        PolicyDocument=json.dumps(printed(account, "boundary")),
    )
    wrapping = tuple(wrapping_key(account, region) for region in (REGION, ELSEWHERE))
    made = Deployed(account, template, wrapping, recipient, identity)
    ran = made.deploy(
        *("--network", "hoodi", "--backup-recipient", recipient, "--threshold", "2"),
        *("--parameter", f"WrappingKeyArns={','.join(wrapping)}"),
        *("--parameter", f"Architecture={ARCHITECTURE}"),
    )
    assert "is from now on for hoodi" in ran.text, ran.text
    return made


@pytest.fixture(scope="session")
def keys(deployed: Deployed) -> list[str]:
    made: list[str] = []
    for number in range(KEYS // AT_ONCE):
        told = deployed.ask(
            "operator",
            "create_keys",
            count=AT_ONCE,
            address=ADDRESS,
            credentials="01",
            amount=32_000_000_000,
            tags=["first"],
            fee=[ADDRESS],
            batch=f"batch-{number}",
        )
        assert told["ok"], told
        made += [key["public_key"] for key in told["keys"]]
    assert len(set(made)) == KEYS
    return made
