# SPDX-License-Identifier: Apache-2.0
"""From nothing, or from any state that an earlier run left, to a signer that runs."""

from argparse import Namespace
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from redoubt_stack import arguments, chains, closing, console, levels, live, node, package, verify
from redoubt_stack.adoption import key_behind, kept_resources, refuse_remains
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.boundary import with_boundary
from redoubt_stack.checks.facts import Facts
from redoubt_stack.console import BadUsage, Stop, say, step
from redoubt_stack.journal import Journal
from redoubt_stack.seal import seal
from redoubt_stack.stack import Change, Stack
from redoubt_stack.template import Template
from redoubt_stack.tezos import PublicKey
from redoubt_stack.watermarks import Armed, Operator, Start, Watermarks
from redoubt_stack.working import Working

ROOT = Path(__file__).resolve().parents[3]
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
MALLEABLE = (
    "a P-256 (tz3) consensus key can be slashed though its baker is honest: from one published "
    "block of it anybody computes a second valid signature (r, n-s) of the same block, which gives "
    "another block hash, and Tezos takes the two blocks as double baking. Leave KeySpec at its "
    "default (secp256k1, tz2), or take ECC_NIST_EDWARDS25519 (tz1); if you accept this, give "
    "--accept-malleable-p256"
)


def read_options(given: list[str]) -> Namespace:
    parser = console.arguments("deploy", __doc__ or "")
    add = parser.add_argument
    add(
        "--authorized-keys",
        metavar="KEY[,KEY]",
        help="whose requests are signed; Tezos public keys",
    )
    add("--chain", help="the chain to arm: mainnet, shadownet, ghostnet, or its id (NetX...)")
    add("--level", type=int, help="sign above this level only; docs/operations.md (Which level)")
    add("--node", metavar="URL", help="a Tezos node, whose head chain and level are held against")
    add(
        "--accept-level",
        action="store_true",
        help="arm at --level although it is far off the chain's head (in a script: at a terminal "
        "you are asked)",
    )
    add(
        "--accept-malleable-p256",
        action="store_true",
        help="make a P-256 (tz3) consensus key, which anybody can get slashed",
    )
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
    add("--verbose", action="store_true", help="show all that was verified, not only differences")
    options = parser.parse_args(given)
    if (options.chain is None) != (options.level is None):
        parser.error("--chain and --level go together")
    return options


def read_start(options: Namespace) -> Start | None:
    """Where to arm, after all doubts; a stop if it can't be."""
    if options.chain is None:
        if options.node:
            raise BadUsage("--node is for --chain and --level: give these as well")
        return None
    try:
        chain = chains.find(options.chain)
    except ValueError as error:
        raise BadUsage(f"--chain {options.chain}: {error}") from error
    head = None if options.node is None else node.read_head(options.node)
    if head is not None:
        step(f"the node's head: level {head.level:,} of {head.chain_id}, {head.time:%H:%M:%S} UTC")
    judgement = levels.judge(chain, options.level, head, datetime.now(UTC))
    if judgement.impossible:
        raise BadUsage(judgement.impossible)
    if judgement.doubt and not options.accept_level:
        console.confirm(judgement.doubt, str(options.level), "--accept-level")
    return Start(chain.id, options.level)


def read_template(options: Namespace) -> Template:
    """A stop if a file that was named is not there."""
    files = {name: getattr(options, name) for name in ("template", "policies", "zip")}
    arguments.refuse(arguments.file_mistakes(**files))
    return Template(options.template.read_text())


@dataclass
class Deployment:
    aws: Aws
    options: Namespace
    artifacts: Artifacts
    stack: Stack
    journal: Journal
    template: Template
    start: Start | None

    def refuse_what_does_not_go_together(self, wanted: dict[str, str]) -> None:
        """Of the parameters as they will be; of an existing key, which says itself what it is."""
        values = self.template.defaults | self.stack.parameters() | wanted
        mistakes = arguments.rule_mistakes(self.template, values)
        arn = values.get("ExistingKeyArn", "")
        if arn and f":{self.aws.region}:" not in arn:
            mistakes.append(f"ExistingKeyArn is not of {self.aws.region}: {arn}")
        elif arn and (found := key_behind(self.aws, arn)) is None:
            mistakes.append(f"ExistingKeyArn: there is no key {arn}, or it is not yours to read")
        elif arn and found is not None and found.spec != values["KeySpec"]:
            mistakes.append(
                f"KeySpec is {values['KeySpec']}, and the existing key is {found.spec}: give "
                f"--parameter KeySpec={found.spec}"
            )
        is_new = "KeySpec" not in self.stack.parameters()
        if is_new and values["KeySpec"] == "ECC_NIST_P256":
            mistakes += [] if self.options.accept_malleable_p256 else [MALLEABLE]
        if self.options.zip:
            architecture = values["Architecture"]
            mistakes += filter(None, [package.problem(self.options.zip, architecture)])
        arguments.refuse(mistakes)

    def refuse_what_cannot_be(self, wanted: dict[str, str]) -> None:
        if self.stack.describe() is None:
            if not wanted.get("AuthorizedKeys"):
                raise Stop("give --authorized-keys: whose requests are to be signed")
            if self.journal.table_id() is None:
                refuse_remains(self.aws, self.stack)
            return
        now = self.stack.parameters()
        for name in FIXED:
            if name in wanted and wanted[name] != now.get(name, wanted[name]):
                raise Stop(
                    f"{name} is fixed when a stack is made ({now[name]!r}): make another stack"
                )
        changed = [n for n in IN_KEY_POLICY if n in wanted and wanted[n] != now.get(n, wanted[n])]
        if changed and not self.aws.is_root_or(now.get("BreakGlassRoleArn", "")):
            raise Stop(
                f"{', '.join(changed)} would change the key's policy, which only the account's "
                "root and the break-glass role may: run this as one of them"
            )
        live.refuse_lost_changes(self.aws, self.stack.outputs(), wanted)

    def architecture(self, wanted: dict[str, str]) -> str:
        now = self.stack.parameters().get("Architecture", self.template.default("Architecture"))
        return wanted.get("Architecture", now)

    def zip(self, wanted: dict[str, str]) -> Path:
        if self.options.zip:
            return Path(self.options.zip)
        architecture = self.architecture(wanted)
        built = package.build(architecture)
        arguments.refuse(filter(None, [package.problem(built, architecture)]))
        return built

    def plan(self, wanted: dict[str, str]) -> int:
        now = self.stack.parameters()
        say("This would be done (to the code, too, if this checkout's is another):")
        for name, value in wanted.items():
            if now.get(name) != value:
                before = f" (now {shown(name, now[name])})" if name in now else ""
                step(f"parameter {name} = {shown(name, value)}{before}")
        if self.stack.describe() is None:
            adopted = self.journal.table_id() is not None
            what = "adopt key, table and roles into" if adopted else "create"
            kinds = ", ".join(self.template.kinds)
            step(f"{what} stack {self.stack.name}, with (as its parameters ask for): {kinds}")
            step("fill in PUBLIC_KEYS from the key")
        else:
            self.plan_update(wanted | {"Parts": "all"})
        if self.start:
            step(
                "arm, if the table is made by this deployment and was never armed: "
                f"{self.start.chain}, above level {self.start.level}"
            )
        step("verify")
        return 0

    def plan_update(self, wanted: dict[str, str]) -> None:
        prepared = self.stack.prepare(self.template, wanted)
        if prepared is None:
            step("no change of the stack")
            return
        self.stack.discard(prepared[0])
        self.show(prepared[1])

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
        step(f"{why}:")
        self.show(changes)
        # Once more: building has taken minutes, in which somebody may have rotated a key.
        try:
            live.refuse_lost_changes(self.aws, self.stack.outputs(), wanted)
        except Stop:
            self.stack.discard(change_set)
            raise
        self.stack.execute(change_set, len(changes))

    def create_or_adopt(self, wanted: dict[str, str]) -> None:
        """After this there is a stack, or a table is known not to exist; and if there is a table,
        it is known and whole, so that functions may run on it."""
        own_key = not wanted.get("ExistingKeyArn", self.stack.parameters().get("ExistingKeyArn"))
        if self.journal.table_id() is None and self.stack.describe() is None:
            refuse_remains(self.aws, self.stack)
            self.journal.begin_creation(own_key)
            return
        if self.journal.table_id() is not None:
            self.watermarks.check(self.known_address(wanted))
        if self.stack.describe() is None:
            self.adopt(wanted, own_key)

    def known_address(self, wanted: dict[str, str]) -> str | None:
        """Of the key that a stack has or had; None if it has got no further than making it."""
        now = self.stack.parameters()
        named = now.get("KeyHashes", "")
        if named.startswith("tz"):
            return named
        arn = wanted.get("ExistingKeyArn") or now.get("ExistingKeyArn")
        found = key_behind(self.aws, arn or f"alias/{self.stack.name}")
        return None if found is None else found.address

    def adopt(self, wanted: dict[str, str], own_key: bool) -> None:
        found = kept_resources(self.aws, self.stack, self.template, own_key)
        names = [i.logical_id for i in found.imports]
        step("adopting what was kept: " + ", ".join(names))
        parameters = wanted | found.parameters | {"Parts": "kept"}
        prepared = self.stack.prepare(self.template.only(names), parameters, found.imports)
        assert prepared is not None, "an import is always a change"
        self.stack.execute(prepared[0], len(prepared[1]))

    def consensus_key(self) -> PublicKey:
        arn = self.stack.outputs()["KeyArn"]
        found = key_behind(self.aws, arn)
        assert found is not None
        return found

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

    @cached_property
    def watermarks(self) -> Watermarks:
        return Watermarks(self.aws, self.journal, self.options.taken_as_armed)

    def arm(self, key: PublicKey) -> Armed:
        operator = Operator(self.aws, self.stack.outputs()["OperatorFunction"])
        return self.watermarks.arm(operator, key.address, self.start)

    def finish(self, key: PublicKey, armed: Armed, facts: Facts) -> int:
        """Says what there is now; what is not as it should be comes last."""
        rows = verify.rows(facts)
        closing.summary(rows, self.options.verbose)
        closing.farewell(self.aws, self.stack, key)
        wrong = closing.differences(rows)
        if not armed.is_as_asked:
            say(f"WATERMARKS: {armed.words}")
        if silence := closing.silence(self.aws, self.stack):
            say(silence)
        return 1 if wrong or not armed.is_as_asked else 0


def shown(name: str, value: str) -> str:
    """A path is a secret of sorts."""
    return "(not shown)" if name == "BasePath" and value else repr(value)


def main(given: list[str]) -> int:
    options = read_options(given)
    template = read_template(options)
    wanted = arguments.requested(options.parameter, options.authorized_keys)
    arguments.refuse(arguments.parameter_mistakes(template, wanted))
    aws = Aws(options.region, options.profile)
    arguments.refuse(arguments.stack_mistakes(options.stack, aws.region))
    start = read_start(options)
    say(f"account {aws.account}, {aws.region}, as {aws.caller}; stack {options.stack}")
    artifacts = Artifacts(aws)
    stack = Stack(aws, artifacts, options.stack)
    journal = Journal(aws, artifacts, options.stack)
    deployment = Deployment(aws, options, artifacts, stack, journal, template, start)
    stack.settle()
    deployment.refuse_what_does_not_go_together(wanted)
    wanted = with_boundary(aws, stack, wanted)
    deployment.refuse_what_cannot_be(wanted)
    if options.plan:
        return deployment.plan(wanted)

    zipped = deployment.zip(wanted)
    artifacts.ensure()
    step("uploading the zip")
    name, version = artifacts.keep("redoubt", zipped.read_bytes())
    code = {"CodeBucket": artifacts.bucket, "CodeKey": name, "CodeVersion": version}
    deployment.create_or_adopt(wanted | code)
    deployment.apply(wanted | code | {"Parts": "all"}, "the stack")
    key = deployment.consensus_key()
    deployment.fill_in_public_key(key)
    facts = Facts(aws, stack, options.policies, zipped, options.template)
    if sealed := seal(facts):
        step(f"the table's policy is sealed in {', '.join(sealed)}")
    step(Working(aws, stack).check())
    armed = deployment.arm(key)
    step(f"watermarks: {armed.words}")
    return deployment.finish(key, armed, facts)


if __name__ == "__main__":
    console.run(main)
