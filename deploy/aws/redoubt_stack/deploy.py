# SPDX-License-Identifier: Apache-2.0
"""From nothing, or from any state that an earlier run left, to a signer that runs."""

from argparse import Namespace
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from redoubt_stack import arguments, closing, live, package, verify
from redoubt_stack.adoption import key_behind, kept_resources, refuse_remains
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.boundary import PARAMETER, bind, with_boundary
from redoubt_stack.checks.facts import Facts
from redoubt_stack.console import Stop, say, step
from redoubt_stack.journal import Journal
from redoubt_stack.options import mistakes, read_options, read_start, read_template
from redoubt_stack.preflight import Preflight
from redoubt_stack.seal import seal
from redoubt_stack.stack import Change, Stack
from redoubt_stack.template import Template
from redoubt_stack.tezos import PublicKey
from redoubt_stack.watermarks import Armed, Operator, Start, Watermarks
from redoubt_stack.working import Working


@dataclass
class Deployment:
    aws: Aws
    options: Namespace
    artifacts: Artifacts
    stack: Stack
    journal: Journal
    template: Template
    start: Start | None

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

    def upload(self, zipped: Path) -> dict[str, str]:
        """The parameters that name it."""
        step("uploading the zip")
        name, version = self.artifacts.keep(f"{self.stack.name}/redoubt", zipped.read_bytes())
        return {"CodeBucket": self.artifacts.bucket, "CodeKey": name, "CodeVersion": version}

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
            refuse_remains(self.aws, self.stack, self.journal)
            self.journal.begin_creation(own_key)
            return
        self.refuse_unknown_table(wanted)
        if self.stack.describe() is None:
            self.adopt(wanted, own_key)

    def refuse_unknown_table(self, wanted: dict[str, str]) -> None:
        """Before minutes of building, and again after them."""
        if self.journal.table_id() is not None:
            self.watermarks.check(self.known_address(wanted))

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
        if bound := bind(self.aws, found.roles, wanted.get(PARAMETER, "")):
            step(f"{', '.join(bound)} had no boundary, and got it")
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
        for warning in closing.unproven(self.aws, self.stack):
            say(warning)
        return 1 if wrong or not armed.is_as_asked else 0


def shown(name: str, value: str) -> str:
    """A path is a secret of sorts."""
    return "(not shown)" if name == "BasePath" and value else repr(value)


def main(given: list[str]) -> int:
    options = read_options(given)
    template = read_template(options)
    wanted = arguments.requested(options.parameter, options.authorized_keys)
    arguments.refuse(mistakes(options, template, wanted))
    aws = Aws(options.region, options.profile)
    arguments.refuse(arguments.stack_mistakes(options.stack, aws.region))
    start = read_start(options)
    place = aws.place("cloudformation")
    say(f"account {aws.account}, {place}, as {aws.caller}; stack {options.stack}")
    artifacts = Artifacts(aws)
    stack = Stack(aws, artifacts, options.stack)
    journal = Journal(aws, artifacts, options.stack)
    deployment = Deployment(aws, options, artifacts, stack, journal, template, start)
    stack.settle()
    wanted = with_boundary(aws, stack, wanted)
    Preflight(aws, options, stack, journal, template).refuse(wanted)
    if options.plan:
        return deployment.plan(wanted)

    deployment.refuse_unknown_table(wanted)
    zipped = deployment.zip(wanted)
    artifacts.ensure()
    code = deployment.upload(zipped)
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
