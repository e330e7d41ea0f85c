# SPDX-License-Identifier: Apache-2.0
"""Taking a stack away: what runs; or, told twice, also what it keeps."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from redoubt_stack import console
from redoubt_stack.aws import Aws, unless_missing, wait_until
from redoubt_stack.console import Stop, say, step
from redoubt_stack.journal import Journal
from redoubt_stack.kinds import Kind
from redoubt_stack.stack import Change, Stack


def read_options(parser: ArgumentParser, given: list[str], kind: Kind) -> Namespace:
    add = parser.add_argument
    add("--everything", action="store_true", help="key, table and roles, too")
    add("--forget", metavar="STACK", help="once more, by its name: what was signed is forgotten")
    add("--plan", action="store_true", help="show what would be done, and change nothing")
    add("--yes", action="store_true", help="don't ask back, as in a script")
    add("--template", type=Path, default=kind.template, help="instead of ours")
    options = parser.parse_args(given)
    if options.everything != (options.forget == options.stack):
        parser.error(f"to remove key and table say it twice: --everything --forget {options.stack}")
    return options


Prepared = tuple[str, list[Change]] | None


def take_down(stack: Stack, prepared: Prepared, options: Namespace, question: str) -> bool:
    """What runs, by that change, if it is agreed to. Whether it was done; `prepared` is None if
    nothing but what is kept is left."""
    if prepared is None:
        step("nothing but keys, table, roles and logs is left")
        return False
    change_set, changes = prepared
    for change in changes:
        step(f"{change.action.lower()} {change.logical_id}")
    try:
        if not options.plan and not options.yes:
            console.confirm(question, stack.name, "--yes")
    except Stop:
        stack.discard(change_set)
        raise
    if options.plan:
        stack.discard(change_set)
        say("This would be done; nothing was changed.")
        return False
    stack.execute(change_set, len(changes))
    return True


@dataclass(frozen=True)
class Everything:
    """Its removal: after this, keys and what the table remembers are lost. All is found by name, so
    that a run that was cut off can be repeated."""

    aws: Aws
    stack: Stack
    journal: Journal
    makes: ClassVar[tuple[str, ...]]  # the keys that its template has
    sealed: ClassVar[str]  # what the wrapping key opens, in words

    @property
    def alias(self) -> str:
        return f"alias/{self.stack.name}"

    @property
    def aliases(self) -> dict[str, str]:
        """Of the keys that a stack can make, by their names in the template."""
        return {"Key": self.alias, "WrappingKey": f"{self.alias}-wrapping"}

    def contents(self) -> str:
        """Of the table, in words."""
        raise NotImplementedError

    def stays(self) -> str:
        """What is not the stack's, in words."""
        raise NotImplementedError

    def remember(self) -> None:
        """In the journal, which stays, before anything goes."""
        raise NotImplementedError

    def run(self, is_plan: bool) -> None:
        if not self.aws.is_root_or(self.break_glass()):
            raise Stop(
                "the key and the table are deleted by the account's root user or the break-glass "
                "role only: run this as one of them"
            )
        self.refuse_replicas()
        keys = {alias: key for name in self.makes for alias, key in self.own_key(name)}
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
        step(f"delete stack {self.stack.name}, its functions, alarms, logs and dashboard")
        step(f"delete table {self.journal.table}, and with it {self.contents()}")
        step(f"delete roles {', '.join(self.role_names)}")
        for alias, key in keys.items():
            step(f"delete key {key['Arn']} in 30 days")
            if alias == self.aliases["WrappingKey"]:
                step(f"with table or wrapping key {self.sealed} are lost, but for their backups")
        step(f"keep what DynamoDB has of a deleted table, for 35 days; {self.stays()}")

    @property
    def role_names(self) -> list[str]:
        return [f"{self.stack.name}-{kind}-{self.aws.region}" for kind in ("signer", "operator")]

    def refuse_replicas(self) -> None:
        table = self.journal.describe_table()
        if table is not None and table.get("Replicas"):
            raise Stop(f"{self.journal.table} has replicas: remove them first, by hand")

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
