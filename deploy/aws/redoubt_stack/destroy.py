# SPDX-License-Identifier: Apache-2.0
"""Takes the functions, their URL and alarms away. Key, table, roles and logs stay, in the stack,
and `deploy` puts the rest back; told twice, everything goes."""

from argparse import Namespace
from dataclasses import dataclass
from functools import partial

from redoubt_stack import arguments, bls, console, live, removal
from redoubt_stack.adoption import key_behind
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, unless_missing
from redoubt_stack.console import Stop, say
from redoubt_stack.journal import Journal
from redoubt_stack.kinds import TEZOS
from redoubt_stack.removal import Everything, Prepared
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template


def stopping(aws: Aws, stack: Stack, template: Template) -> Prepared:
    """The change that takes away what signs; None if nothing else is left. What was changed by hand
    becomes the stack's parameters, so that it is not forgotten."""
    outputs = stack.outputs()
    wanted = live.parameters_to_keep(aws, outputs) | {"Parts": "kept"}
    if "SignerFunction" in outputs:
        told = aws.client("lambda").get_function_concurrency(FunctionName=outputs["SignerFunction"])
        wanted["ReservedConcurrency"] = str(told.get("ReservedConcurrentExecutions", ""))
    return stack.prepare(template, wanted)


def stop_signing(aws: Aws, stack: Stack, template: Template, options: Namespace) -> None:
    prepared = stopping(aws, stack, template)
    question = what_stops(stack) if prepared else ""
    if removal.take_down(stack, prepared, options, question):
        say(
            "Nothing signs any more. Key, table, roles and logs are kept: "
            "`deploy/redoubt deploy` goes on."
        )


def what_stops(stack: Stack) -> str:
    """Named, so that nobody stops another signer than the one that is meant."""
    outputs, address = stack.outputs(), stack.parameters().get("KeyHashes", "")
    key = outputs.get("KeyArn") or outputs.get("WrappingKeys", "unknown")
    return (
        f"\nThis stops the signer of stack {stack.name}: address {address}, key "
        f"{key}. Its URL goes for good, a new one is made by deploy."
    )


@dataclass(frozen=True)
class Removal(Everything):
    makes = ("Key", "WrappingKey")
    sealed = "the tz4 keys"

    def contents(self) -> str:
        return f"what {self.stack.parameters().get('KeyHashes', 'unknown')} has signed"

    def stays(self) -> str:
        return f"the bucket {self.journal.bucket}, with the note that these keys were forgotten"

    def remember(self) -> None:
        """That this key's watermarks are gone, whatever becomes of the key."""
        named = self.stack.parameters().get("KeyHashes", "")
        # One that waits for its deletion says nothing any more, and is noted already.
        look = partial(key_behind, self.aws, self.alias)
        own = unless_missing(look, "KMSInvalidStateException")
        addresses = {one for one in named.split(",") if one.startswith("tz")}
        addresses |= {own.address} if own else set()
        before = self.journal.read()
        addresses |= {bls.key(text).address for text in (before.sealed if before else ())}
        known = set(before.forgotten) if before else set()
        forgotten, role = tuple(sorted(known | addresses)), self.break_glass()
        self.journal.write(before, "forgotten", forgotten=forgotten, break_glass=role)


def read_options(given: list[str]) -> Namespace:
    parser = console.arguments("deploy/redoubt destroy", __doc__ or "")
    return removal.read_options(parser, given, TEZOS)


def main(given: list[str]) -> int:
    options = read_options(given)
    arguments.refuse(arguments.file_mistakes(template=options.template))
    aws = Aws(options.region, options.profile)
    arguments.refuse(arguments.stack_mistakes(options.stack, aws.region))
    place = aws.place("cloudformation")
    say(f"account {aws.account}, {place}, as {aws.caller}; stack {options.stack}")
    artifacts = Artifacts(aws)
    stack = Stack(aws, artifacts, options.stack)
    if options.everything:
        Removal(aws, stack, Journal(aws, artifacts, options.stack)).run(options.plan)
        return 0
    if stack.describe() is None:
        raise Stop(f"there is no stack {options.stack} here")
    stack.settle()
    stop_signing(aws, stack, Template(options.template.read_text()), options)
    return 0
