# SPDX-License-Identifier: Apache-2.0
"""Rotates the authorized keys of a running signer: lists, adds or removes one."""

from redoubt_stack import arguments, console, live
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.console import Stop, say, step
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


def main(given: list[str]) -> int:
    parser = console.arguments("authorize", __doc__ or "")
    parser.add_argument("action", choices=["list", "add", "remove"])
    parser.add_argument("key", nargs="?", help="a Tezos public key (edpk, sppk, p2pk)")
    options = parser.parse_args(given)
    if (options.action == "list") != (options.key is None):
        parser.error("list takes no key; add and remove take one")
    if options.action == "add" and (problem := problem_of_key(options.key)):
        raise Stop(f"nothing was changed: the key {problem}")
    aws = Aws(options.region, options.profile)
    arguments.refuse(arguments.stack_mistakes(options.stack, aws.region))
    stack = Stack(aws, Artifacts(aws), options.stack)
    outputs = stack.outputs()
    if "SignerFunction" not in outputs:
        raise Stop(f"there is no stack {options.stack} with functions here")
    functions = [outputs[f"{kind}Function"] for kind in live.FUNCTIONS]
    if options.action == "remove" and not any(options.key in authorized(aws, f) for f in functions):
        raise Stop("this key is not authorized: `deploy/aws/authorize list` shows those that are")
    if options.action != "list":
        for function in functions:
            live.change_variable(
                aws, function, VARIABLE, lambda value: changed(value, options.action, options.key)
            )
            step(f"{function}: {options.action} {options.key}")
        step(Working(aws, stack).check())
    keys = {function: authorized(aws, function) for function in functions}
    for function, found in keys.items():
        say(f"{function}: {','.join(found)}")
    if options.action != "list":
        say(
            "Tell the stack as well, or `deploy` will refuse: "
            f"deploy/aws/deploy --authorized-keys {','.join(keys[functions[0]])}"
        )
    return 0


if __name__ == "__main__":
    console.run(main)
