# SPDX-License-Identifier: Apache-2.0
"""Says in one table what of a deployment differs from the release and from the policies."""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from redoubt_stack import arguments, console
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.checks import (
    answers,
    functions,
    key,
    roles,
    table,
    template,
    watermarks,
    wrapping,
)
from redoubt_stack.checks.facts import TEMPLATE, Facts
from redoubt_stack.checks.rows import Row, Rows, gather, report
from redoubt_stack.console import Stop, say
from redoubt_stack.stack import Stack

ROOT = Path(__file__).resolve().parents[3]
CHECKS: dict[str, Callable[[Facts], Rows]] = {
    "stack": template.check,
    "functions": functions.check,
    "answers": answers.check,
    "roles": roles.check,
    "key": key.check,
    "wrapping key": wrapping.check,
    "table": table.check,
    "watermarks": watermarks.check,
}


def built_zip(architecture: str) -> Path:
    """Where deploy/build puts it."""
    host = os.uname().machine.replace("aarch64", "arm64")
    folder = "release" if architecture == host else f"release-{architecture}"
    return ROOT / "build" / folder / "redoubt.zip"


def rows(facts: Facts) -> list[Row]:
    return gather({subject: partial(check, facts) for subject, check in CHECKS.items()})


def verify(facts: Facts) -> int:
    """Prints the table; the number of differences."""
    if not facts.stack.resource("SignerFunction"):
        raise Stop(f"there is no stack {facts.stack.name} with functions here")
    return report(rows(facts))


def main(given: list[str]) -> int:
    parser = console.arguments("deploy/redoubt verify", __doc__ or "")
    add = parser.add_argument
    add("--template", type=Path, default=TEMPLATE, help="instead of ours")
    add("--policies", type=Path, default=ROOT / "iam-policies", help="instead of ours")
    add("--zip", type=Path, help="the release to compare with (else what deploy/build made)")
    add("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(given)
    files = {name: getattr(options, name) for name in ("template", "policies", "zip")}
    arguments.refuse(arguments.file_mistakes(**files))
    aws = Aws(options.region, options.profile)
    arguments.refuse(arguments.stack_mistakes(options.stack, aws.region))
    stack = Stack(aws, Artifacts(aws), options.stack)
    architecture = stack.parameters().get("Architecture", "arm64")
    package = options.zip or built_zip(architecture)
    if not package.is_file():
        raise Stop(
            f"{package} does not exist: build it with `deploy/build --arch {architecture}`, or "
            "give --zip"
        )
    facts = Facts(aws, stack, options.policies, package, options.template)
    if options.json:
        found = rows(facts)
        say(json.dumps([vars(row) for row in found], indent=2))
        return int(any(not row.ok for row in found))
    return int(verify(facts) > 0)
