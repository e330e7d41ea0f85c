# SPDX-License-Identifier: Apache-2.0
"""Rotates the authorized keys of a running signer: lists, adds or removes one."""

from redoubt_stack import console, live
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.console import Stop, say, step
from redoubt_stack.stack import Stack

VARIABLE = "AUTHORIZED_KEYS"


def changed(keys: list[str], action: str, key: str) -> list[str]:
    if action == "add":
        return keys if key in keys else [*keys, key]
    if key not in keys:
        raise Stop(f"{key} is not authorized")
    left = [k for k in keys if k != key]
    if not left:
        raise Stop(
            "this is the last key: add the new one first (to stop the signer, set its "
            "reserved concurrency to 0)"
        )
    return left


def main(arguments: list[str]) -> int:
    parser = console.arguments("authorize", __doc__ or "")
    parser.add_argument("action", choices=["list", "add", "remove"])
    parser.add_argument("key", nargs="?", help="a Tezos public key (edpk, sppk, p2pk)")
    options = parser.parse_args(arguments)
    if (options.action == "list") != (options.key is None):
        parser.error("list takes no key; add and remove take one")
    aws = Aws(options.region, options.profile)
    outputs = Stack(aws, Artifacts(aws), options.stack).outputs()
    if "SignerFunction" not in outputs:
        raise Stop(f"there is no stack {options.stack} with functions here")
    keys: list[str] = []
    for kind in live.FUNCTIONS:
        function = outputs[f"{kind}Function"]
        now = live.variables(live.configuration(aws, function)).get(VARIABLE, "")
        keys = [key.strip() for key in now.split(",") if key.strip()]
        if options.action != "list":
            keys = changed(keys, options.action, options.key)
            live.change_variable(aws, function, VARIABLE, ",".join(keys))
            step(f"{function}: {options.action} {options.key}")
    for key in keys:
        say(key)
    if options.action != "list":
        say(
            f"Tell the stack as well, or `deploy` will refuse: "
            f"deploy/aws/deploy --authorized-keys {','.join(keys)}"
        )
    return 0


if __name__ == "__main__":
    console.run(main)
