# SPDX-License-Identifier: Apache-2.0
"""Takes the functions, their URL and alarms away. Key, table, roles and logs stay, in the stack,
and `deploy` puts the rest back; told twice, everything goes."""

from argparse import Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from redoubt_stack import arguments, bls, console, live
from redoubt_stack.adoption import key_behind
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, unless_missing, wait_until
from redoubt_stack.console import Stop, say, step
from redoubt_stack.journal import Journal
from redoubt_stack.stack import Change, Stack
from redoubt_stack.template import Template

ROOT = Path(__file__).resolve().parents[3]


def stopping(aws: Aws, stack: Stack, template: Template) -> tuple[str, list[Change]] | None:
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
    if prepared is None:
        step("nothing but key, table, roles and logs is left")
        return
    change_set, changes = prepared
    for change in changes:
        step(f"{change.action.lower()} {change.logical_id}")
    try:
        if not options.plan and not options.yes:
            console.confirm(what_stops(stack), stack.name, "--yes")
    except Stop:
        stack.discard(change_set)
        raise
    if options.plan:
        stack.discard(change_set)
        say("This would be done; nothing was changed.")
        return
    stack.execute(change_set, len(changes))
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
class Removal:
    """Of everything: after this the key's signatures and what the table remembers are lost. All is
    found by name, so that a run that was cut off can be repeated."""

    aws: Aws
    stack: Stack
    journal: Journal

    @property
    def alias(self) -> str:
        return f"alias/{self.stack.name}"

    @property
    def aliases(self) -> dict[str, str]:
        """Of the keys that a stack can make, by their names in the template."""
        return {"Key": self.alias, "WrappingKey": f"{self.alias}-wrapping"}

    def run(self, is_plan: bool) -> None:
        if not self.aws.is_root_or(self.break_glass()):
            raise Stop(
                "the key and the table are deleted by the account's root user or the break-glass "
                "role only: run this as one of them"
            )
        self.refuse_replicas()
        keys = {alias: key for name in self.aliases for alias, key in self.own_key(name)}
        self.show(keys)
        if is_plan:
            say("This would be done; nothing was changed.")
            return
        self.remember()
        for alias, key in keys.items():
            self.remove_key(alias, key)
        self.stack.delete()
        step("stack deleted; what it retained follows")
        self.table()
        self.roles()

    def break_glass(self) -> str:
        """A role that the stack names, or named before a run that was cut off took it away. AWS
        itself lets nobody else, whatever is noted."""
        if self.stack.describe() is not None:
            return self.stack.parameters().get("BreakGlassRoleArn", "")
        note = self.journal.read()
        return note.break_glass if note else ""

    def show(self, keys: dict[str, dict[str, Any]]) -> None:
        """Of what is deleted, by name."""
        address = self.stack.parameters().get("KeyHashes", "unknown")
        step(f"delete stack {self.stack.name}, its functions, URL, alarms and dashboard")
        step(f"delete table {self.journal.table}, and with it what {address} has signed")
        step(f"delete roles {', '.join(self.role_names)}")
        for alias, key in keys.items():
            step(f"delete key {key['Arn']} in 30 days")
            if alias == self.aliases["WrappingKey"]:
                step("with table or wrapping key the tz4 keys are lost, but for their backups")

    @property
    def role_names(self) -> list[str]:
        return [f"{self.stack.name}-{kind}-{self.aws.region}" for kind in ("signer", "operator")]

    def refuse_replicas(self) -> None:
        table = self.journal.describe_table()
        if table is not None and table.get("Replicas"):
            raise Stop(f"{self.journal.table} has replicas: remove them first, by hand")

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

    def own_key(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """The one that the stack made, with its alias; one that existed before is its owner's."""
        alias = self.aliases[name]
        look = partial(self.aws.client("kms").describe_key, KeyId=alias)
        found = unless_missing(look, "NotFoundException")
        if found is None:
            return []
        key: dict[str, Any] = found["KeyMetadata"]
        made = self.stack.resource(name) if self.stack.describe() else key["KeyId"]
        if made != key["KeyId"]:
            raise Stop(f"{alias} leads to {key['Arn']}, which is not this stack's key")
        return [(alias, key)]

    def remove_key(self, alias: str, key: dict[str, Any]) -> None:
        kms = self.aws.client("kms")
        if key["KeyState"] != "PendingDeletion":
            kms.schedule_key_deletion(KeyId=key["Arn"], PendingWindowInDays=30)
        kms.delete_alias(AliasName=alias)
        step(f"{key['Arn']} will be deleted in 30 days; `aws kms cancel-key-deletion` until then")

    def table(self) -> None:
        dynamodb, name = self.aws.client("dynamodb"), self.journal.table
        table = self.journal.describe_table()
        if table is None:
            return
        if table.get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        wait_until(
            lambda: (self.journal.describe_table() or {}).get("TableStatus") == "ACTIVE",
            f"the update of {name}",
        )
        dynamodb.delete_table(TableName=name)
        step(f"table {name} deleted")

    def roles(self) -> None:
        for role in self.role_names:
            delete = partial(self.aws.client("iam").delete_role, RoleName=role)
            unless_missing(delete, "NoSuchEntity")
            step(f"role {role} deleted")


def read_options(given: list[str]) -> Namespace:
    parser = console.arguments("deploy/redoubt destroy", __doc__ or "")
    add = parser.add_argument
    add("--everything", action="store_true", help="key, table and roles, too")
    add("--forget", metavar="STACK", help="once more, by its name: what was signed is forgotten")
    add("--plan", action="store_true", help="show what would be done, and change nothing")
    add("--yes", action="store_true", help="don't ask back, as in a script")
    add("--template", type=Path, default=ROOT / "deploy/aws/template.yaml", help="instead of ours")
    options = parser.parse_args(given)
    if options.everything != (options.forget == options.stack):
        parser.error(f"to remove key and table say it twice: --everything --forget {options.stack}")
    return options


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
