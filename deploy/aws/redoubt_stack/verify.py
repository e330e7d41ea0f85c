# SPDX-License-Identifier: Apache-2.0
"""Says in one table what of a deployment differs from the release and from the policies."""

import json
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import ClientError

from redoubt_stack import console
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, code_of
from redoubt_stack.checks import functions, roles, state
from redoubt_stack.checks.facts import Facts, Row, Rows
from redoubt_stack.console import Stop, say
from redoubt_stack.stack import Stack

ROOT = Path(__file__).resolve().parents[3]
CHECKS: dict[str, Callable[[Facts], Rows]] = {
    "functions": functions.check,
    "roles": roles.check,
    "state": state.check,
}


def built_zip(architecture: str) -> Path:
    """Where deploy/build puts it."""
    return ROOT / f"build/release-{architecture}/redoubt.zip"


def rows(facts: Facts) -> list[Row]:
    """What can't be looked at is a difference, too."""
    found: list[Row] = []
    for subject, check in CHECKS.items():
        try:
            found.extend(check(facts))
        except ClientError as error:
            found.append(Row(subject, error.operation_name, f"can't be seen: {code_of(error)}"))
    return found


def report(aws: Aws, stack: Stack, folder: Path, package: Path) -> int:
    """Prints the table; the number of differences."""
    if "SignerFunction" not in stack.outputs():
        raise Stop(f"there is no stack {stack.name} with functions here")
    found = rows(Facts(aws, stack, folder, package))
    wrong = [row for row in found if not row.ok]
    say()
    console.table([("", "of", "what", ""), *(_shown(row) for row in found)])
    say(
        f"\n{len(wrong)} of {len(found)} differ"
        if wrong
        else f"\nall {len(found)} as they should be"
    )
    return len(wrong)


def _shown(row: Row) -> tuple[str, ...]:
    return ("ok" if row.ok else "DIFFERS", row.subject, row.what, row.problem)


def main(arguments: list[str]) -> int:
    parser = console.arguments("verify", __doc__ or "")
    add = parser.add_argument
    add("--policies", type=Path, default=ROOT / "iam-policies", help="instead of ours")
    add("--zip", type=Path, help="the release to compare with (else what deploy/build made)")
    add("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args(arguments)
    aws = Aws(options.region, options.profile)
    stack = Stack(aws, Artifacts(aws), options.stack)
    package = options.zip or built_zip(stack.parameters().get("Architecture", "arm64"))
    if not package.exists():
        raise Stop(f"{package} does not exist: build it with deploy/build, or give --zip")
    if options.json:
        found = rows(Facts(aws, stack, options.policies, package))
        say(json.dumps([vars(row) for row in found], indent=2))
        return int(any(not row.ok for row in found))
    return int(report(aws, stack, options.policies, package) > 0)


if __name__ == "__main__":
    console.run(main)
