# SPDX-License-Identifier: Apache-2.0
"""The stack of validators' keys that the tests share, and who acts on it."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import overlay
from account import REGION, ZIP, Account, Ran
from redoubt_stack import policies
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row
from redoubt_stack.ethereum import verify
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.stack import Stack

from support.child import ROOT
from support.web3signer import Web3Signer

STACK, ELSEWHERE = "validators", "eu-west-1"
KEYS, AT_ONCE = 50, 25
ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"


@dataclass(frozen=True)
class Deployed:
    account: Account
    template: Path
    wrapping: tuple[str, ...]  # beside the stack's own
    recipient: str
    identity: Path

    @property
    def stack(self) -> str:
        return STACK

    @property
    def outputs(self) -> dict[str, str]:
        """Of now: who takes a stack back gets a new URL."""
        return self.facts.stack.outputs()

    @property
    def facts(self) -> Facts:
        aws = Aws(REGION, None)
        stack = Stack(aws, Artifacts(aws), STACK)
        return Facts(aws, stack, self.account.policies, ZIP, self.template, ETHEREUM)

    def person(self, name: str) -> dict[str, str]:
        """Of whom is printed before there is a stack."""
        return self.account.person_with(f"{name}-of-{STACK}", {name: printed(self.account, name)})

    def run(self, command: str, *options: str | Path, by: str = "deployer") -> Ran:
        words = ("eth", command, "--stack", STACK, "--template", self.template, *options)
        return self.account.run_as(self.person(by), ROOT / "deploy/redoubt", *words)

    def run_as_root(self, command: str, *options: str) -> Ran:
        template = ("--template", str(self.template)) if command == "destroy" else ()
        words = ("eth", command, "--stack", STACK, *template, *options)
        return self.account.run_as({}, ROOT / "deploy/redoubt", *words)

    def deploy(self, *options: str) -> Ran:
        ours = ("--policies", self.account.policies, "--zip", ZIP)
        ran = self.run("deploy", *ours, *options)
        overlay.settle_table(self.account, f"{STACK}-validators")
        overlay.settle_roles(self.account, self.facts)
        return ran

    def ask(self, function: str, command: str, **fields: Any) -> dict[str, Any]:
        told = self.account.client("lambda").invoke(
            FunctionName=f"{STACK}-{function}",
            Payload=json.dumps({"redoubt": {"command": command, **fields}}),
        )
        answer = json.loads(told["Payload"].read())
        assert "redoubt" in answer, answer
        return dict(answer["redoubt"])

    def client(self, token: str = "") -> Web3Signer:
        """Through the Function URL, whose name leads to ministack."""
        host = urlsplit(self.outputs["SignerUrl"]).netloc
        return Web3Signer(self.account.ministack.url, token, {"Host": host})

    def wrong(self) -> list[Row]:
        return [row for row in verify.rows(self.facts) if not row.ok]

    def differences(self) -> list[str]:
        return [f"{row.subject}: {row.what}: {row.problem}" for row in self.wrong()]


def printed(account: Account, name: str) -> policies.Document:
    values = policies.names("aws", "000000000000", REGION, STACK, kind=ETHEREUM)
    path = ETHEREUM.document(account.policies, name)
    return policies.load(path, values, policies.absent({**ETHEREUM.implied}))


def wrapping_key(account: Account, region: str) -> str:
    """As its owner makes one, with the policy that is printed for it."""
    kms = replace(account.ministack.root("kms"), region=region).client
    made = kms.create_key(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]
    values = policies.names("aws", "000000000000", REGION, STACK, kind=ETHEREUM)
    values["BreakGlassRoleArn"] = policies.root(values)
    path = ETHEREUM.document(account.policies, "wrapping-key-policy")
    policy = policies.load(path, values, policies.absent({**ETHEREUM.implied}))
    kms.put_key_policy(KeyId=made["Arn"], PolicyName="default", Policy=json.dumps(policy))
    return str(made["Arn"])
