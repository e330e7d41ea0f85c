# SPDX-License-Identifier: Apache-2.0
"""From nothing, or from any state that an earlier run left, to a signer that runs."""

import subprocess
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from redoubt_stack import console, live, verify
from redoubt_stack.adoption import kept_resources, refuse_remains
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.checks.facts import Facts
from redoubt_stack.console import Stop, say, step
from redoubt_stack.stack import KEPT, Change, Stack
from redoubt_stack.template import Template
from redoubt_stack.tezos import PublicKey, public_key
from redoubt_stack.watermarks import Journal, Operator, Start, arm

ROOT = Path(__file__).resolve().parents[3]
CHAINS = {"mainnet": "NetXdQprcVkpaWU"}
# What a stack is born with: a change would make AWS replace the key or the table.
FIXED = (
    "KeySpec",
    "ExistingKeyArn",
    "MultiRegionKey",
    "SecondRegion",
    "ThirdRegion",
    "ThirdRegionRole",
)
# What the key's policy is made of, which only root and the break-glass role may change.
IN_KEY_POLICY = ("BreakGlassRoleArn", "VpcId", "VpcSubnetIds")


def read_options(arguments: list[str]) -> Namespace:
    parser = console.arguments("deploy", __doc__ or "")
    add = parser.add_argument
    add(
        "--authorized-keys",
        metavar="KEY[,KEY]",
        help="whose requests are signed; Tezos public keys",
    )
    add("--chain", help="the chain to arm: mainnet, or its id (NetX...)")
    add("--level", type=int, help="sign above this level only (README, Operation, tells which)")
    add(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="any other parameter of the template; what is not given stays as it is",
    )
    add("--plan", action="store_true", help="show what would be done, and change nothing")
    add(
        "--taken-as-armed",
        action="store_true",
        help="the rows were looked at by you: go on with them",
    )
    add("--template", type=Path, default=ROOT / "deploy/aws/template.yaml", help="instead of ours")
    add(
        "--policies", type=Path, default=ROOT / "iam-policies", help="instead of ours, to verify by"
    )
    add("--zip", type=Path, help="instead of building it")
    options = parser.parse_args(arguments)
    if (options.chain is None) != (options.level is None):
        parser.error("--chain and --level go together")
    return options


def requested(options: Namespace) -> dict[str, str]:
    parameters = {}
    for text in options.parameter:
        name, equals, value = text.partition("=")
        if not equals:
            raise Stop(f"--parameter {text}: NAME=VALUE is asked for")
        parameters[name] = value
    if options.authorized_keys is not None:
        parameters["AuthorizedKeys"] = options.authorized_keys
    return parameters


@dataclass
class Deployment:
    aws: Aws
    options: Namespace
    artifacts: Artifacts
    stack: Stack
    journal: Journal
    template: Template

    def refuse_what_cannot_be(self, wanted: dict[str, str]) -> None:
        if self.stack.describe() is None:
            if not wanted.get("AuthorizedKeys"):
                raise Stop("give --authorized-keys: whose requests are to be signed")
            return
        now = self.stack.parameters()
        for name in FIXED:
            if name in wanted and wanted[name] != now.get(name, wanted[name]):
                raise Stop(
                    f"{name} is fixed when a stack is made ({now[name]!r}): make another stack"
                )
        changed = [n for n in IN_KEY_POLICY if n in wanted and wanted[n] != now.get(n, wanted[n])]
        if changed and not self.may_change_key_policy(now.get("BreakGlassRoleArn", "")):
            raise Stop(
                f"{', '.join(changed)} would change the key's policy, which only the account's "
                "root and the break-glass role may: run this as one of them"
            )
        live.refuse_lost_changes(self.aws, self.stack.outputs(), wanted)

    def may_change_key_policy(self, break_glass: str) -> bool:
        role = break_glass.rpartition("/")[2]
        session = f":assumed-role/{role}/"
        return self.aws.caller.endswith(":root") or (bool(role) and session in self.aws.caller)

    def architecture(self, wanted: dict[str, str]) -> str:
        now = self.stack.parameters().get("Architecture", self.template.default("Architecture"))
        return wanted.get("Architecture", now)

    def zip(self, wanted: dict[str, str]) -> Path:
        if self.options.zip:
            return Path(self.options.zip)
        architecture = self.architecture(wanted)
        step(f"building for {architecture}")
        built = subprocess.run(
            [ROOT / "deploy/build", "--arch", architecture],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if built.returncode != 0:
            raise Stop("deploy/build failed:\n" + built.stdout[-4000:])
        return verify.built_zip(architecture)

    def plan(self, wanted: dict[str, str]) -> int:
        existing = self.stack.describe() is not None
        now = self.stack.parameters()
        say("This would be done:")
        for name, value in wanted.items():
            if now.get(name) != value:
                before = f" (now {now[name]!r})" if name in now else ""
                step(f"parameter {name} = {value!r}{before}")
        if not existing:
            adopted = self.journal.table_id() is not None
            step(
                f"{'adopt key, table and roles into' if adopted else 'create'} stack "
                f"{self.stack.name}, with (as its parameters ask for): "
                + ", ".join(self.template.kinds)
            )
            step("fill in PUBLIC_KEYS from the key")
        else:
            prepared = self.stack.prepare(self.template, wanted)
            if prepared is None:
                step("no change of the stack")
            else:
                self.stack.discard(prepared[0])
                self.show(prepared[1])
        if self.options.chain:
            step(
                "arm, if the table is made by this deployment and was never armed: "
                f"{self.options.chain}, above level {self.options.level}"
            )
        step("verify")
        return 0

    def show(self, changes: list[Change]) -> None:
        for change in changes:
            replaced = " (replaced)" if change.replacement == "True" else ""
            step(f"{change.action.lower()} {change.logical_id} ({change.kind}){replaced}")

    def apply(self, wanted: dict[str, str], why: str) -> None:
        prepared = self.stack.prepare(self.template, wanted)
        if prepared is None:
            step(f"{why}: nothing to change")
            return
        change_set, changes = prepared
        lost = [
            c
            for c in changes
            if c.logical_id in KEPT
            and (c.action == "Remove" or c.replacement in ("True", "Conditional"))
        ]
        if lost:
            self.stack.discard(change_set)
            raise Stop(
                "this would remove or replace "
                + ", ".join(c.logical_id for c in lost)
                + ", which never may happen"
            )
        step(f"{why}:")
        for change in changes:
            say(f"    {change.action.lower()} {change.logical_id}")
        self.stack.execute(change_set)

    def create_or_adopt(self, wanted: dict[str, str]) -> None:
        """After this there is a stack, or a table is known not to exist."""
        if self.stack.describe() is not None:
            return
        if self.journal.table_id() is None:
            refuse_remains(self.aws, self.stack)
            self.journal.before_creation()
            return
        own_key = not wanted.get("ExistingKeyArn")
        found = kept_resources(self.aws, self.stack, self.template, own_key)
        step("adopting what was kept: " + ", ".join(i.logical_id for i in found.imports))
        parameters = wanted | found.parameters | {"Parts": "kept"}
        kept = self.template.only([i.logical_id for i in found.imports])
        prepared = self.stack.prepare(kept, parameters, found.imports)
        assert prepared is not None, "an import is always a change"
        self.stack.execute(prepared[0])

    def consensus_key(self) -> PublicKey:
        arn = self.stack.outputs()["KeyArn"]
        told = self.aws.client("kms").get_public_key(KeyId=arn)
        return public_key(told["KeySpec"], told["PublicKey"])

    def fill_in_public_key(self, key: PublicKey) -> None:
        now = self.stack.parameters().get("PublicKeys", "")
        if now and now != key.text:
            raise Stop(
                f"the KMS key is {key.text}, the stack was made for {now}: somebody exchanged it"
            )
        if not now:
            self.apply(
                {"PublicKeys": key.text, "KeyHashes": key.address},
                f"filling in the public key of {key.address}",
            )

    def watermarks(self, key: PublicKey) -> str:
        if self.options.taken_as_armed:
            self.journal.write("armed", taken_from="the operator")
        state = self.journal.after_creation()
        chain = self.options.chain
        start = None if chain is None else Start(CHAINS.get(chain, chain), self.options.level)
        function = self.stack.outputs()["OperatorFunction"]
        return arm(Operator(self.aws, function), self.journal, state, key.address, start)


def farewell(url: str, key: PublicKey, armed: str) -> None:
    say(f"""
Watermarks: {armed}.
On the baker's machine (the secret key of the authorized key stays there, and nowhere else):
    octez-client import secret key redoubt-auth <unencrypted:edsk... or ledger://...>
    octez-client import secret key redoubt-consensus {url}/{key.address}
    octez-client set consensus key for <delegate> to redoubt-consensus
    octez-baker-<protocol> run ... redoubt-consensus
The last line is for after the consensus key is active (two cycles and some).""")


def main(arguments: list[str]) -> int:
    options = read_options(arguments)
    wanted = requested(options)
    aws = Aws(options.region, options.profile)
    say(f"account {aws.account}, {aws.region}, as {aws.caller}; stack {options.stack}")
    artifacts = Artifacts(aws)
    stack = Stack(aws, artifacts, options.stack)
    journal = Journal(aws, artifacts, options.stack)
    template = Template(options.template.read_text())
    deployment = Deployment(aws, options, artifacts, stack, journal, template)
    stack.settle()
    deployment.refuse_what_cannot_be(wanted)
    if options.plan:
        return deployment.plan(wanted)

    package = deployment.zip(wanted)
    artifacts.ensure()
    code = {
        "CodeBucket": artifacts.bucket,
        "CodeKey": artifacts.keep("redoubt", package.read_bytes()),
    }
    deployment.create_or_adopt(wanted | code)
    deployment.apply(wanted | code | {"Parts": "all"}, "the stack")
    stack.protect()
    key = deployment.consensus_key()
    deployment.fill_in_public_key(key)
    armed = deployment.watermarks(key)
    step(f"watermarks: {armed}")
    say()
    wrong = verify.verify(Facts(aws, stack, options.policies, package))
    url = stack.outputs()["SignerUrl"].rstrip("/") + stack.parameters().get("BasePath", "")
    farewell(url, key, armed)
    return 1 if wrong else 0


if __name__ == "__main__":
    console.run(main)
