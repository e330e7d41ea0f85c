# SPDX-License-Identifier: Apache-2.0
"""One account for all of these tests, and one signer in it for those that leave it as it was."""

from collections.abc import Iterator

import overlay
import pytest
from account import ARCHITECTURE, SERVICES, Account, Signer

from support.child import ROOT
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
