# SPDX-License-Identifier: Apache-2.0
"""The authorized keys of a running signer, in both of its functions."""

from dataclasses import dataclass

from redoubt_stack import arguments, live
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.console import Stop, step
from redoubt_stack.stack import Stack
from redoubt_stack.tezos import problem_of_key
from redoubt_stack.working import Working

VARIABLE = "AUTHORIZED_KEYS"


def listed(value: str) -> list[str]:
    return [key.strip() for key in value.split(",") if key.strip()]


def authorized(aws: Aws, function: str) -> list[str]:
    return listed(live.variables(live.configuration(aws, function)).get(VARIABLE, ""))


def changed(value: str, action: str, key: str) -> str | None:
    """The variable's new value; None if nothing is to be done, as after a run that was cut off."""
    keys = listed(value)
    if (key in keys) == (action == "add"):
        return None
    left = [*keys, key] if action == "add" else [other for other in keys if other != key]
    if not left:
        raise Stop(
            "this is the last key: add the new one first (to stop the signer, set its reserved "
            "concurrency to 0)"
        )
    return ",".join(left)


@dataclass(frozen=True)
class Rotation:
    """Of one stack's functions."""

    aws: Aws
    stack: Stack
    functions: list[str]

    @staticmethod
    def of(aws: Aws, name: str) -> "Rotation":
        arguments.refuse(arguments.stack_mistakes(name, aws.region))
        stack = Stack(aws, Artifacts(aws), name)
        outputs = stack.outputs()
        if "SignerFunction" not in outputs:
            raise Stop(f"there is no stack {name} with functions here")
        return Rotation(aws, stack, [outputs[f"{kind}Function"] for kind in live.FUNCTIONS])

    def keys(self) -> dict[str, list[str]]:
        """By function."""
        return {function: authorized(self.aws, function) for function in self.functions}

    def change(self, action: str, key: str) -> None:
        if action == "remove" and not any(key in keys for keys in self.keys().values()):
            raise Stop("this key is not authorized: `deploy/redoubt rotate` shows those that are")
        for function in self.functions:
            live.change_variable(
                self.aws, function, VARIABLE, lambda value: changed(value, action, key)
            )
            step(f"{function}: {action} {key}")
        step(Working(self.aws, self.stack).check())


def refuse_mistyped(key: str) -> None:
    if problem := problem_of_key(key):
        raise Stop(f"nothing was changed: the key {problem}")


def tell_stack(keys: list[str]) -> str:
    return (
        "Tell the stack as well, or `deploy` will refuse: "
        f"deploy/redoubt deploy --authorized-keys {','.join(keys)}"
    )
