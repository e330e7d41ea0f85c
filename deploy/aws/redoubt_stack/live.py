# SPDX-License-Identifier: Apache-2.0
"""The variables that the functions have now, against those that the stack gave them."""

import json
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack.aws import Aws, code_of, wait_until
from redoubt_stack.console import Stop

FUNCTIONS = ("Signer", "Operator")
# What each variable becomes is a parameter's value.
PARAMETER_OF = {
    "AUTHORIZED_KEYS": "AuthorizedKeys",
    "PUBLIC_KEYS": "PublicKeys",
    "BASE_PATH": "BasePath",
    "KNOWN_KEYS": "KnownKeys",
    "HEDGING": "Hedging",
}


def as_set(value: str) -> frozenset[str]:
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def configuration(aws: Aws, function: str) -> dict[str, Any]:
    return aws.client("lambda").get_function_configuration(FunctionName=function)


def variables(configured: dict[str, Any]) -> dict[str, str]:
    return dict(configured.get("Environment", {}).get("Variables", {}))


def refuse_lost_changes(aws: Aws, outputs: dict[str, str], wanted: dict[str, str]) -> None:
    """An update of the stack writes the variables again. If somebody has changed one since, as a
    rotation does, the update must not quietly bring the old value back, unless `wanted`, the
    parameters asked for, gives it the value that it has now."""
    lost = []
    for kind in FUNCTIONS:
        function = outputs.get(f"{kind}Function")
        if not function:
            continue
        by_stack: dict[str, str] = json.loads(outputs[f"{kind}Variables"])
        live = variables(configuration(aws, function))
        for name in sorted(by_stack.keys() | live.keys()):
            now, then = live.get(name), by_stack.get(name)
            next_value = wanted.get(PARAMETER_OF.get(name, ""), then)
            if now != then and (now is None or next_value is None or _differ(now, next_value)):
                lost.append(f"{function}: {name} is {now!r}, the stack has {then!r}")
    if lost:
        raise Stop(
            "variables were changed outside of the stack, and this would undo it:\n    "
            + "\n    ".join(lost)
            + "\n  Give the value that is to stay (for AUTHORIZED_KEYS: --authorized-keys)."
        )


def _differ(left: str, right: str) -> bool:
    return as_set(left) != as_set(right)


def change_variable(aws: Aws, function: str, name: str, value: str) -> None:
    """An update replaces all variables: it is made of those that are there, and refused by AWS if
    anybody changed the function in between."""
    client = aws.client("lambda")
    configured = configuration(aws, function)
    merged = variables(configured) | {name: value}
    try:
        client.update_function_configuration(
            FunctionName=function,
            Environment={"Variables": merged},
            RevisionId=configured["RevisionId"],
        )
    except ClientError as error:
        if code_of(error) == "PreconditionFailedException":
            raise Stop(
                f"{function} was changed by somebody at this moment; run this again"
            ) from error
        raise
    wait_until(lambda: _settled(aws, function), f"the update of {function}", 300)


def _settled(aws: Aws, function: str) -> bool:
    state = configuration(aws, function).get("LastUpdateStatus", "Successful")
    if state == "Failed":
        raise Stop(f"the update of {function} failed")
    return bool(state == "Successful")
