# SPDX-License-Identifier: Apache-2.0
"""The variables that the functions have now, against those that the stack gave them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack.aws import Aws, code_of, wait_until
from redoubt_stack.console import Stop

FUNCTIONS = ("Signer", "Operator")
RECOVERY = "Recovery"  # there only while it is chosen
# What each variable becomes is a parameter's value.
PARAMETER_OF = {
    "AUTHORIZED_KEYS": "AuthorizedKeys",
    "PUBLIC_KEYS": "PublicKeys",
    "SEALED_KEYS": "SealedKeys",
    "BACKUP_RECIPIENTS": "BackupRecipients",
    "BACKUP": "Backup",
    "PROVE_POSSESSION": "ProvePossession",
    "BASE_PATH": "BasePath",
    "KNOWN_KEYS": "KnownKeys",
    "HEDGING": "Hedging",
}
# Of which no description of the stack tells the value.
SECRET = "BASE_PATH"


def as_set(value: str) -> frozenset[str]:
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def configuration(aws: Aws, function: str) -> dict[str, Any]:
    return aws.client("lambda").get_function_configuration(FunctionName=function)


def variables(configured: dict[str, Any]) -> dict[str, str]:
    environment = configured.get("Environment", {})
    if "Error" in environment:
        raise Stop(f"the variables can't be read: {environment['Error'].get('Message', '')}")
    return dict(environment.get("Variables", {}))


def url(aws: Aws, outputs: dict[str, str]) -> str:
    """The signer's, with its path, which no description of the stack need show."""
    now = variables(configuration(aws, outputs["SignerFunction"]))
    return outputs["SignerUrl"].rstrip("/") + now.get("BASE_PATH", "")


@dataclass(frozen=True)
class Change:
    """A variable that somebody changed since the stack set it."""

    function: str
    name: str
    now: str | None
    by_stack: str | None

    @property
    def words(self) -> str:
        if self.name == SECRET:
            return f"{self.function}: {self.name} was changed"
        known = "" if self.name in PARAMETER_OF else ". No rotation does this: look who did it"
        return (
            f"{self.function}: {self.name} is {self.now!r}, the stack has {self.by_stack!r}{known}"
        )


def changes(aws: Aws, outputs: dict[str, str]) -> list[Change]:
    found, paths = [], []
    for kind in (*FUNCTIONS, RECOVERY):
        function = outputs.get(f"{kind}Function")
        if function:
            by_stack: dict[str, str] = json.loads(outputs[f"{kind}Variables"])
            now = variables(configuration(aws, function))
            if SECRET not in by_stack:
                paths.append(Change(function, SECRET, now.pop(SECRET, ""), None))
            found += [
                Change(function, name, now.get(name), by_stack.get(name))
                for name in sorted(by_stack.keys() | now.keys())
                if now.get(name) != by_stack.get(name)
            ]
    # What the stack has, AWS tells nobody. It gave both functions the same.
    return found + paths[:1] if len({path.now for path in paths}) > 1 else found


def refuse_lost_changes(aws: Aws, outputs: dict[str, str], wanted: dict[str, str]) -> None:
    """An update of the stack writes the variables again. If somebody has changed one since, as a
    rotation does, the update must not quietly bring the old value back, unless `wanted`, the
    parameters asked for, gives it the value that it has now."""
    lost = [
        change.words
        for change in changes(aws, outputs)
        if change.now is None
        or as_set(change.now) != as_set(wanted.get(PARAMETER_OF.get(change.name, ""), "-"))
    ]
    if lost:
        raise Stop(
            "variables were changed outside of the stack, and this would undo it:\n    "
            + "\n    ".join(lost)
            + "\n  Give the value that is to stay (for AUTHORIZED_KEYS: --authorized-keys); what "
            "has no parameter has to be put back by hand."
        )


def parameters_to_keep(aws: Aws, outputs: dict[str, str]) -> dict[str, str]:
    """What was changed since, as the stack's parameters; a stop if it can't be one."""
    found = changes(aws, outputs)
    kept = {PARAMETER_OF[c.name]: c.now for c in found if c.name in PARAMETER_OF and c.now}
    refuse_lost_changes(aws, outputs, kept)
    return kept


def change_variable(
    aws: Aws, function: str, name: str, change: Callable[[str], str | None]
) -> None:
    """`change` makes the new value of the old one, or None to leave it. An update replaces all
    variables: it is made of those that are there, and refused by AWS if anybody changed the
    function since they were read."""
    configured = configuration(aws, function)
    before = variables(configured)
    value = change(before.get(name, ""))
    if value is None:
        return
    try:
        aws.client("lambda").update_function_configuration(
            FunctionName=function,
            Environment={"Variables": before | {name: value}},
            RevisionId=configured["RevisionId"],
        )
    except ClientError as error:
        if code_of(error) in ("PreconditionFailedException", "ResourceConflictException"):
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
