# SPDX-License-Identifier: Apache-2.0
"""From nothing, or from any state that an earlier run left, to a signer that runs."""

from argparse import Namespace
from dataclasses import dataclass
from functools import cached_property

from redoubt_stack import arguments, bls, closing, key_types, live, policies, verify
from redoubt_stack.adoption import key_behind, kept_resources, refuse_remains
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.boundary import with_boundary
from redoubt_stack.checks.facts import Facts
from redoubt_stack.console import Stop, say, step
from redoubt_stack.journal import Journal
from redoubt_stack.options import mistakes, read_options, read_start, read_template
from redoubt_stack.preflight import Preflight
from redoubt_stack.rollout import Rollout, shown
from redoubt_stack.seal import seal
from redoubt_stack.sealed_keys import SealedKeys
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template
from redoubt_stack.tezos import PublicKey
from redoubt_stack.watermarks import Armed, Operator, Start, Watermarks
from redoubt_stack.working import Working


@dataclass
class Deployment(Rollout):
    aws: Aws
    options: Namespace
    artifacts: Artifacts
    stack: Stack
    journal: Journal
    template: Template
    start: Start | None

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
            if policies.has_sealed_keys(wanted):
                step("make a tz4 key and its companion, unless there are keys")
            step("fill in the public keys and addresses")
        else:
            self.plan_update(wanted | {"Parts": "all"})
        if self.start:
            step(
                "arm, if the table is made by this deployment and was never armed: "
                f"{self.start.chain}, above level {self.start.level}"
            )
        step("verify")
        return 0

    def show_consequences(self, wanted: dict[str, str]) -> None:
        """Of sealed keys, before there are any; and of those that are not to be served any more."""
        now = self.stack.parameters()
        if dropped := key_types.dropped(wanted, now):
            say(
                f"CAREFUL: SealedKeys names {', '.join(dropped)} no more, so nothing will sign "
                "with it: all keys that are to sign have to be named"
            )
        values = self.template.defaults | now | wanted
        if not policies.has_sealed_keys(values) or policies.has_sealed_keys(now):
            return
        if self.journal.table_id() is None or now:
            say("A tz4 key (docs/deploying.md, tz4):")
            for words in key_types.consequences(values, self.options.threshold):
                step(words)

    def refuse_lost_changes(self, wanted: dict[str, str]) -> None:
        """Once more: building has taken minutes, in which somebody may have rotated a key."""
        live.refuse_lost_changes(self.aws, self.stack.outputs(), wanted)

    def create_or_adopt(self, wanted: dict[str, str]) -> None:
        """After this there is a stack, or a table is known not to exist; and if there is a table,
        it is known and whole, so that functions may run on it."""
        values = self.stack.parameters() | wanted
        own_key = policies.has_kms_key(values) and not values.get("ExistingKeyArn")
        if self.journal.table_id() is None and self.stack.describe() is None:
            refuse_remains(self.aws, self.stack, self.journal)
            self.journal.begin_creation(own_key or not policies.has_kms_key(values))
            return
        self.refuse_unknown_table(wanted)
        if self.stack.describe() is None:
            self.adopt(wanted, own_key)

    def refuse_unknown_table(self, wanted: dict[str, str]) -> None:
        """Before minutes of building, and again after them."""
        if self.journal.table_id() is not None:
            self.watermarks.check(self.known_addresses(wanted))

    def known_addresses(self, wanted: dict[str, str]) -> list[str]:
        """Of the keys that a stack has or had; none if it has got no further than making them."""
        now = self.stack.parameters()
        named = now.get("KeyHashes", "")
        if named.startswith("tz"):
            return named.split(",")
        note, found = self.journal.read(), None
        if policies.has_kms_key(now | wanted):
            arn = wanted.get("ExistingKeyArn") or now.get("ExistingKeyArn")
            found = key_behind(self.aws, arn or f"alias/{self.stack.name}")
        sealed = [bls.key(text).address for text in (note.sealed if note else ())]
        return ([found.address] if found else []) + sealed

    def adopt(self, wanted: dict[str, str], own_key: bool) -> None:
        wraps = policies.has_sealed_keys(wanted) and wanted.get("NewWrappingKey", "true") == "true"
        self.take_over(kept_resources(self.aws, self.stack, self.template, own_key, wraps), wanted)

    @property
    def sealed_keys(self) -> SealedKeys:
        return SealedKeys(self.aws, self.stack, self.journal, self.options.threshold)

    def keys(self) -> list[PublicKey]:
        """All that sign, that of KMS first; sealed ones are made if there are none."""
        found, now = [], self.stack.parameters()
        if policies.has_kms_key(now):
            key = key_behind(self.aws, self.stack.outputs()["KeyArn"])
            assert key is not None
            found.append(key)
        return found + (self.sealed_keys.made() if policies.has_sealed_keys(now) else [])

    def fill_in(self, keys: list[PublicKey]) -> None:
        """What the functions and their roles are to know of the keys."""
        now = self.stack.parameters()
        held = ",".join(key.text for key in keys if not key.is_sealed)
        if now.get("PublicKeys") and now["PublicKeys"] != held:
            raise Stop(
                f"the KMS key is {held}, the stack was made for {now['PublicKeys']}: somebody "
                "exchanged it"
            )
        wanted = {"PublicKeys": held, "KeyHashes": ",".join(key.address for key in keys)}
        if sealed := [key for key in keys if key.is_sealed]:
            wanted["SealedKeys"] = ",".join(key.text for key in sealed)
            wanted["Wraps"] = str(self.sealed_keys.wraps())
            self.sealed_keys.remember(sealed)
            self.remember([key.address for key in sealed], now)
        if any(now.get(name, "") != value for name, value in wanted.items()):
            addresses = ", ".join(key.address for key in keys)
            self.apply(wanted, f"filling in the public key of {addresses}")

    def remember(self, sealed: list[str], now: dict[str, str]) -> None:
        """What another run has to know if this one is cut off, or the stack deleted."""
        note = self.journal.known()
        added = set(sealed) - set(now.get("KeyHashes", "").split(","))
        later = note.state == "armed" and now.get("KeyHashes", "").startswith("tz")
        unarmed = tuple(sorted({*note.unarmed, *added})) if later else note.unarmed
        settings = tuple(f"{name}={now[name]}" for name in key_types.REMEMBERED if now.get(name))
        if (unarmed, settings) != (note.unarmed, note.settings):
            self.journal.write(note, note.state, unarmed=unarmed, settings=settings)

    @cached_property
    def watermarks(self) -> Watermarks:
        return Watermarks(self.aws, self.journal, self.options.taken_as_armed)

    def arm(self, keys: list[PublicKey]) -> Armed:
        operator = Operator(self.aws, self.stack.outputs()["OperatorFunction"])
        return self.watermarks.arm(operator, [key.address for key in keys], self.start)

    def finish(self, keys: list[PublicKey], armed: Armed, facts: Facts) -> int:
        """Says what there is now; what is not as it should be comes last."""
        rows = verify.rows(facts)
        closing.summary(rows, self.options.verbose)
        closing.farewell(self.aws, self.stack, keys, self.sealed_keys.proofs())
        wrong = closing.differences(rows)
        if not armed.is_as_asked:
            say(f"WATERMARKS: {armed.words}")
        if silence := closing.silence(self.aws, self.stack):
            say(silence)
        for warning in closing.unproven(self.aws, self.stack):
            say(warning)
        return 1 if wrong or not armed.is_as_asked else 0


def main(given: list[str]) -> int:
    options = read_options(given)
    template = read_template(options)
    wanted = arguments.requested(options.parameter, options.authorized_keys)
    wanted, contradictions = key_types.asked(options, wanted)
    arguments.refuse([*mistakes(options, template, wanted), *contradictions])
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
    adopts = journal.table_id() is not None
    wanted = key_types.chosen(wanted, stack.parameters(), journal.read(), adopts=adopts)
    Preflight(aws, options, stack, journal, template).refuse(wanted)
    deployment.show_consequences(wanted)
    if options.plan:
        return deployment.plan(wanted)

    deployment.refuse_unknown_table(wanted)
    zipped = deployment.zip(wanted)
    artifacts.ensure()
    code = deployment.upload(zipped)
    deployment.create_or_adopt(wanted | code)
    deployment.apply(wanted | code | {"Parts": "all"}, "the stack")
    keys = deployment.keys()
    deployment.fill_in(keys)
    facts = Facts(aws, stack, options.policies, zipped, options.template)
    if sealed := seal(facts):
        step(f"the table's policy is sealed in {', '.join(sealed)}")
    step(Working(aws, stack).check())
    if any(key.is_sealed for key in keys):
        step(deployment.sealed_keys.prove())
    armed = deployment.arm(keys)
    step(f"watermarks: {armed.words}")
    return deployment.finish(keys, armed, facts)
