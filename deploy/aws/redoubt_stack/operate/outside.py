# SPDX-License-Identifier: Apache-2.0
"""What `doctor` sees of a stack from outside: what `verify` looks at and the operator function
can't see, and what is no part of a release."""

import contextlib
from argparse import Namespace
from functools import partial

from botocore.exceptions import ClientError

from redoubt_stack.artifacts import Artifacts
from redoubt_stack.checks import alarms, answers, choices, functions, roles, trail, wrapping
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, gather
from redoubt_stack.operate.findings import Finding, from_rows
from redoubt_stack.operate.stack_target import StackTarget
from redoubt_stack.operate.targets import Unreachable
from redoubt_stack.stack import Stack
from redoubt_stack.verify import built_zip

CHECKS = {
    "functions": functions.check,
    "answers": answers.check,
    "roles": roles.check,
    "wrapping key": wrapping.check,
    "parameters": choices.check,
    "alarms": alarms.check,
    "CloudTrail": trail.check,
}


def look(target: StackTarget, options: Namespace) -> list[Finding]:
    facts = _facts(target, options)
    return from_rows(rows(facts), kinds(facts))


def rows(facts: Facts) -> list[Row]:
    return gather({subject: partial(check, facts) for subject, check in CHECKS.items()})


def kinds(facts: Facts) -> dict[str, str]:
    """What ids call the things that have the stack's name."""
    every = ("Signer", "Operator", "Recovery")
    functions = {facts.function(kind): kind for kind in every}
    return functions | {facts.role(kind): f"{kind} role" for kind in (*every, "Warm")}


def _facts(target: StackTarget, options: Namespace) -> Facts:
    stack = Stack(target.aws, Artifacts(target.aws), target.name)
    architecture = "arm64"
    with contextlib.suppress(ClientError):  # a right that is missing, which each look tells
        if stack.describe() is None:
            raise Unreachable(f"there is no stack {target.name} in {target.aws.region}")
        architecture = stack.parameters().get("Architecture", architecture)
    package = options.zip or built_zip(architecture)
    return Facts(target.aws, stack, options.policies, package, options.template)
