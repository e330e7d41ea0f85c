# SPDX-License-Identifier: Apache-2.0
"""Says in one table what of a stack of Ethereum validators' keys differs from the release and from
the policies."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from redoubt_stack.checks import answers, functions, roles, table, template, wrapping
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, gather, report
from redoubt_stack.console import Stop, say
from redoubt_stack.ethereum.place import ROOT, find, parser
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.verify import built_zip

CHECKS: dict[str, Callable[[Facts], Rows]] = {
    "stack": template.check,
    "functions": functions.check,
    "answers": answers.check,
    "roles": roles.check,
    "wrapping key": wrapping.check,
    "table": table.check,
}


def rows(facts: Facts) -> list[Row]:
    return gather({subject: partial(check, facts) for subject, check in CHECKS.items()})


def main(given: list[str], _action: str = "") -> int:
    made = parser("verify", __doc__ or "")
    add = made.add_argument
    add("--policies", type=Path, default=ROOT / "iam-policies", help="instead of ours")
    add("--zip", type=Path, help="the release to compare with (else what deploy/build made)")
    add("--json", action="store_true", help="print the rows as JSON")
    options = made.parse_args(given)
    aws, _, stack = find(options)
    if not (stack.describe() and stack.resource("SignerFunction")):
        raise Stop(f"there is no stack {stack.name} with functions here")
    architecture = stack.parameters().get("Architecture", "arm64")
    package = options.zip or built_zip(architecture)
    if not package.is_file():
        raise Stop(f"{package} does not exist: `deploy/build --arch {architecture}`, or give --zip")
    found = rows(Facts(aws, stack, options.policies, package, options.template, ETHEREUM))
    if options.json:
        say(json.dumps([vars(row) for row in found], indent=2))
        return int(any(not row.ok for row in found))
    return int(report(found) > 0)
