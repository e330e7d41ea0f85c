# SPDX-License-Identifier: Apache-2.0
"""What is refused before anything is built or written."""

from argparse import Namespace
from dataclasses import dataclass

from redoubt_stack import arguments, key_types, package, preflight, wrapping_keys
from redoubt_stack.adoption import remains
from redoubt_stack.aws import Aws, unless_missing
from redoubt_stack.console import Stop
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template

# What the table and the wrapping key are born with.
FIXED = ("Network", "NewWrappingKey")


@dataclass(frozen=True)
class Preflight:
    aws: Aws
    options: Namespace
    stack: Stack
    template: Template

    @property
    def has_table(self) -> bool:
        name = f"{self.stack.name}-{ETHEREUM.table}"
        look = self.aws.client("dynamodb").describe_table
        told = unless_missing(lambda: look(TableName=name), "ResourceNotFoundException")
        return told is not None

    def refuse(self, wanted: dict[str, str]) -> None:
        now = self.stack.parameters()
        self.refuse_what_is_fixed(wanted, now)
        # In the words of a stack that could have other keys as well.
        values = {**ETHEREUM.implied, **self.template.defaults, **now, **wanted}
        known = {**ETHEREUM.implied, **now} if now else {}
        if not now and "Network" not in wanted:
            raise Stop("give --network: whose validators these are")
        mistakes = arguments.rule_mistakes(self.template, values)
        mistakes += wrapping_keys.mistakes(self.aws, values)
        mistakes += key_types.backup_mistakes(values, known)
        threshold = wanted.get("WrapThreshold")
        mistakes += key_types.threshold_mistakes(
            int(threshold) if threshold else None, values, known
        )
        mistakes += preflight.place_mistakes(self.aws, wanted)
        if self.options.zip:
            mistakes += filter(None, [package.problem(self.options.zip, values["Architecture"])])
        arguments.refuse(mistakes)

    def refuse_what_is_fixed(self, wanted: dict[str, str], now: dict[str, str]) -> None:
        changed = {n for n in wanted if now and wanted[n] != now.get(n, wanted[n])}
        if found := sorted(changed & {*FIXED}):
            raise Stop(f"{', '.join(found)} is fixed when a stack is made: make another stack")
        found = sorted(changed & {*preflight.IN_KEY_POLICY})
        if found and not self.aws.is_root_or(now.get("BreakGlassRoleArn", "")):
            raise Stop(
                f"{', '.join(found)} would change the key's policy, which only the account's root "
                "user and the break-glass role may: run this as one of them"
            )

    def refuse_lost_table(self) -> None:
        """Keys are nowhere else: without it there is nothing to go on with."""
        if found := remains(self.aws, self.stack):
            raise Stop(
                f"of stack {self.stack.name} there are {', '.join(found)}, but no table "
                f"{self.stack.name}-{ETHEREUM.table}: the keys in it are lost, but for their "
                "backups. Give another --stack; or delete these first, by hand"
            )
