# SPDX-License-Identifier: Apache-2.0
"""An account of ministack with the deployment's programs in it, run as their user runs them."""

import json
import os
import subprocess
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from redoubt_stack import policies, verify
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.checks.facts import Facts
from redoubt_stack.stack import Stack

from support.child import RELEASE, ROOT
from support.keys import PublicKey, SecretKey
from support.octez import OctezClient
from support.runbooks.shell import Shell
from support.third_party import Ministack

REGION = "us-east-1"
MAINNET = "NetXdQprcVkpaWU"
SERVICES = (
    "cloudformation,cloudtrail,dynamodb,events,iam,kms,lambda,logs,monitoring,s3,scheduler,sns,sts,"
    "ec2"
)
ZIP = RELEASE / "redoubt.zip"
MADE_BY_STACK = ("operator-user", "auditor", "recovery-user")
# Stacks that get a schedule, and those that have sealed keys.
SCHEDULED = {"redoubt"}
SEALED = {"tz4", "tz4-again"}
ARCHITECTURE = os.uname().machine.replace("aarch64", "arm64")


@dataclass(frozen=True)
class Ran:
    code: int
    text: str


@dataclass(frozen=True)
class Account:
    ministack: Ministack
    template: Path
    policies: Path
    # Credentials of users, by their names.
    people: dict[str, dict[str, str]] = field(default_factory=dict, hash=False, compare=False)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.ministack.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
        }

    def person(self, stack: str, *names: str) -> dict[str, str]:
        """A user who may do what these policies say, and no more: those for people that the stack
        makes, or what is printed before there is one."""
        name = f"{'-'.join(names)}-of-{stack}"
        inline = {n: self.printed(n, stack) for n in names if n not in MADE_BY_STACK}
        made = [self.signer(stack).facts.managed_policy_arn(n) for n in names if n in MADE_BY_STACK]
        return self.person_with(name, inline, *made)

    def person_with(
        self, name: str, inline: dict[str, policies.Document], *managed: str
    ) -> dict[str, str]:
        if name in self.people:
            return self.people[name]
        iam = self.client("iam")
        iam.create_user(UserName=name)
        for arn in managed:
            iam.attach_user_policy(UserName=name, PolicyArn=arn)
        for policy, document in inline.items():
            text = json.dumps(document)
            iam.put_user_policy(UserName=name, PolicyName=policy, PolicyDocument=text)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self.people[name] = {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }
        return self.people[name]

    def deployer(self, stack: str) -> dict[str, str]:
        return self.person(stack, "deployer")

    def make_boundary(self, stack: str) -> None:
        """As an administrator does before the first deployment."""
        document = self.printed("boundary", stack)
        self.client("iam").create_policy(
            PolicyName=f"{stack}-boundary-{REGION}", PolicyDocument=json.dumps(document)
        )

    def printed(self, name: str, stack: str) -> policies.Document:
        """As an administrator gets it before there is a stack."""
        sealed = stack in SEALED
        values = policies.names("aws", "000000000000", REGION, stack, sealed=sealed)
        parameters = {"WarmSchedule": "chosen"} if stack in SCHEDULED else {}
        parameters |= {"KeyType": "tz4"} if sealed else {}
        return policies.load(self.policies / f"{name}.json", values, policies.absent(parameters))

    def client(self, service: str) -> Any:
        return self.ministack.root(service).client

    def run(self, program: str, stack: str, *options: str, as_root: bool = False) -> Ran:
        """As the stack's deployer, who may not do all that the account's root may."""
        credentials = {} if as_root else self.deployer(stack)
        words = (program, "--stack", stack, *options)
        return self.run_as(credentials, ROOT / "deploy/redoubt", *words)

    def redoubt(self, stack: str, *words: str, by: tuple[str, ...] = ()) -> Ran:
        """As somebody with these policies; else as the account's root."""
        credentials = self.person(stack, *by) if by else {}
        return self.run_as(credentials, ROOT / "deploy/redoubt", "--stack", stack, *words)

    def shell(self, folder: Path, stack: str, by: dict[str, str], **more: Any) -> Shell:
        """In which a runbook is typed by somebody, whose stacks are all this one."""
        stacks = dict.fromkeys(("redoubt", "redoubt-2"), ["--stack", stack])
        deploying = [*self.deploying, "--parameter", f"Architecture={ARCHITECTURE}"]
        options = {"deploy": deploying, "destroy": ["--template", str(self.template)]}
        environment = {**self.environment, **by}
        return Shell(folder, stacks, more=options, environment=environment, **more)

    def run_as(self, credentials: dict[str, str], *command: str | Path) -> Ran:
        ran = subprocess.run(
            command,
            env={**os.environ, **self.environment, **credentials},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=110,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout)

    def deploy(self, stack: str, *options: str) -> Ran:
        return self.run("deploy", stack, *self.deploying, *options)

    @property
    def deploying(self) -> list[str]:
        """What a person gives only for what is not ours."""
        ours = [("--template", self.template), ("--policies", self.policies), ("--zip", ZIP)]
        return [str(part) for pair in ours for part in pair]

    def destroy(self, stack: str, *options: str, as_root: bool = False) -> Ran:
        ours = ["--template", str(self.template), "--yes"]
        return self.run("destroy", stack, *ours, *options, as_root=as_root)

    def signer(self, stack: str) -> "Signer":
        return Signer(self, stack)


@dataclass(frozen=True)
class Signer:
    """A stack with its functions."""

    account: Account
    stack: str

    @cached_property
    def outputs(self) -> dict[str, str]:
        cloudformation = self.account.client("cloudformation")
        told = cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in told["Outputs"]}

    @cached_property
    def key(self) -> PublicKey:
        kms = self.account.client("kms")
        return PublicKey.from_spki(kms.get_public_key(KeyId=self.outputs["KeyArn"])["PublicKey"])

    def baker(self, authorized: SecretKey) -> OctezClient:
        """Through the Function URL, whose name leads to ministack."""
        host = urlsplit(self.outputs["SignerUrl"]).netloc
        return OctezClient(self.account.ministack.url, authorized, {"Host": host})

    def command(self, name: str, **fields: Any) -> dict[str, Any]:
        told = self.account.client("lambda").invoke(
            FunctionName=self.outputs["OperatorFunction"],
            Payload=json.dumps({"redoubt": {"command": name, **fields}}),
        )
        return dict(json.loads(told["Payload"].read())["redoubt"])

    def arm(self, level: int) -> None:
        """By hand."""
        assert self.command("arm", chain=MAINNET, level=level)["ok"]

    def rows(self) -> list[dict[str, Any]]:
        """Without what `status` reckons from the time of asking."""
        rows = [dict(row) for row in self.command("status")["rows"]]
        for row in rows:
            row.pop("signs_up_to", None)
        return rows

    @cached_property
    def facts(self) -> Facts:
        aws = Aws(REGION, None)
        stack = Stack(aws, Artifacts(aws), self.stack)
        return Facts(aws, stack, self.account.policies, ZIP, self.account.template)

    def differences(self) -> list[str]:
        """What `verify` finds, as `subject: what`."""
        return [
            f"{row.subject}: {row.what}" for row in verify.rows(replace(self.facts)) if not row.ok
        ]


def age_identity(folder: Path) -> tuple[Path, str]:
    """A new one, and who is encrypted to."""
    path = folder / "identity.txt"
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    told = subprocess.run(["age-keygen", "-y", path], check=True, capture_output=True, text=True)
    return path, told.stdout.strip()
