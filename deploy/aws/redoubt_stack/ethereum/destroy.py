# SPDX-License-Identifier: Apache-2.0
"""Takes the functions, their URL and alarms away. Table, wrapping key, roles and logs stay, in the
stack, and `deploy` puts the rest back; told twice, everything goes."""

from dataclasses import dataclass

from redoubt_stack import console, removal
from redoubt_stack.console import Stop, say
from redoubt_stack.ethereum.place import STACK, find
from redoubt_stack.journal import Journal
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.removal import Everything
from redoubt_stack.template import Template


@dataclass(frozen=True)
class Removal(Everything):
    makes = ("WrappingKey",)
    sealed = "the validators' keys"

    def contents(self) -> str:
        return (
            "the validators' keys, their deposits and backups, and what they signed (which "
            "`deploy/redoubt eth keys delete --all --output FILE` writes down, before)"
        )

    def stays(self) -> str:
        others = self.stack.parameters().get("WrappingKeyArns", "").replace(",", ", ")
        bucket = f"the bucket {self.journal.bucket}, with the releases"
        return bucket + (f"; the wrapping keys of others, {others}" if others else "")

    def remember(self) -> None:
        """Who may go on, once the stack is gone that says so."""
        before = self.journal.read()
        self.journal.write(before, "forgotten", break_glass=self.break_glass())


def main(given: list[str], _action: str = "") -> int:
    parser = console.arguments("deploy/redoubt eth destroy", __doc__ or "", STACK)
    options = removal.read_options(parser, given, ETHEREUM)
    aws, artifacts, stack = find(options)
    if options.everything:
        Removal(aws, stack, Journal(aws, artifacts, stack.name, ETHEREUM)).run(options.plan)
        return 0
    if stack.describe() is None:
        raise Stop(f"there is no stack {options.stack} here")
    stack.settle()
    prepared = stack.prepare(Template(options.template.read_text()), {"Parts": "kept"})
    question = (
        f"\nThis stops stack {stack.name}: its validators sign nothing. Its URL goes for good, and "
        "deploy makes a new one."
    )
    if removal.take_down(stack, prepared, options, question):
        say("Table, wrapping key, roles and logs are kept: `deploy/redoubt eth deploy` goes on.")
    return 0
