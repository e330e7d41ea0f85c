# SPDX-License-Identifier: Apache-2.0
"""Rows of the table as questions to the simulator, under the policies as they are or as changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import simulator
from cast import EXTRAS, Person, World, allow, default_key_policy
from documents import FILES, Policy, Stack, document, file, without_seal
from table import Row


@dataclass(frozen=True)
class Change:
    """Another content of one file, before its placeholders are filled in."""

    file: str
    what: str
    policy: Policy
    actions: tuple[str, ...]  # that the statement has, or had

    def may_matter_to(self, row: Row) -> bool:
        asked = row.action.lower()
        of_action = any(fnmatchcase(asked, action.lower()) for action in self.actions)
        return of_action and self.file in files_of(row)


def file_on(row: Row) -> str | None:
    """The file that is the resource's own policy."""
    values = row.world.stack.values
    if row.action.startswith("sts:"):
        return "warm-trust" if row.resource == values["WarmRoleArn"] else "role-trust"
    if row.resource in row.world.stack.WrappingKeyArns:
        return "wrapping-key-policy"
    of_table = "table-policy"
    if row.world.unsealed and (found := file("table-policy-new", row.world.stack)) in FILES:
        of_table = found.rpartition("/")[2]
    return {
        values["KeyArn"]: "key-policy",
        values["TableArn"]: of_table,
        values["SignerFunctionArn"]: "url-policy",
    }.get(row.resource)


def files_of(row: Row) -> set[str]:
    """What decides about the row, extras and others' policies aside."""
    attached = {name for name in row.who.policies if name not in EXTRAS}
    attached |= {"boundary"} if row.who.bounded else set()
    others = {
        "key-policy": row.world.key_policy,
        "wrapping-key-policy": row.world.key_policy,
        "table-policy": row.world.table_policy,
    }
    on = None if others.get(file_on(row) or "") else file_on(row)
    return {file(name, row.world.stack) for name in attached | ({on} if on else set())}


def opened(policy: Policy, file: str) -> Policy:
    added = {
        "key-policy": default_key_policy(Stack.Account),
        "wrapping-key-policy": default_key_policy(Stack.Account),
        "table-policy": allow("dynamodb:*", Principal="*"),
    }.get(file)
    return {**policy, "Statement": policy["Statement"] + added["Statement"]} if added else policy


def resource_policy(row: Row, change: Change | None) -> Policy | None:
    world = row.world
    name = file_on(row)
    if world.key_policy and row.action.startswith("kms:"):
        return world.key_policy
    if world.table_policy and name == "table-policy":
        return world.table_policy
    if name is None:
        return None
    policy = document(name, world.stack, changed(name, world, change))
    if world.unsealed:
        policy = without_seal(policy)
    return opened(policy, name) if world.opened else policy


def changed(name: str, world: World, change: Change | None) -> Policy | None:
    return change.policy if change and change.file == file(name, world.stack) else None


def identity_policy(name: str, world: World, change: Change | None) -> Policy:
    return EXTRAS.get(name) or document(name, world.stack, changed(name, world, change))


def principal_context(who: Person) -> dict[str, str]:
    return {"aws:PrincipalArn": who.principal_arn} if who.principal_arn else {}


def account_of(row: Row) -> str:
    """Whose the resource is; of what has no account in its name, ours."""
    parts = row.resource.split(":")
    named = parts[4] if len(parts) > 4 else ""
    return named if row.action.startswith("kms:") and named else row.world.stack.Account


def answers(asked: Iterable[tuple[Row, Change | None]]) -> list[bool]:
    """What IAM says of each row, each under its own change."""
    policies: dict[str, Any] = {}
    requests = []

    def named(policy: Policy) -> str:
        name = str(policy)
        policies[name] = policy
        return name

    for row, change in asked:
        on_resource = resource_policy(row, change)
        requests.append(
            simulator.Request(
                principal=row.who.arn,
                action=row.action,
                resource=row.resource,
                account=account_of(row),
                context=principal_context(row.who) | row.who.context | row.context,
                identity=[
                    named(identity_policy(name, row.world, change)) for name in row.who.policies
                ],
                resourcePolicy=None if on_resource is None else named(on_resource),
                boundary=named(identity_policy("boundary", row.world, change))
                if row.who.bounded
                else None,
            )
        )
    return simulator.allowed(policies, requests)
