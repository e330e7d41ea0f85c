# SPDX-License-Identifier: Apache-2.0
"""Keys leave, as keystores (EIP-2335) that any validator client takes. Their password leaves
encrypted to an age recipient. They have to be off, and stay off here: two signers of one key that
don't know of each other are slashed. What they signed, `deploy/redoubt eth keys delete` tells."""

import json
from pathlib import Path

from redoubt_stack.console import say
from redoubt_stack.operate import eth_keys, options
from redoubt_stack.operate.eth_work import Work
from redoubt_stack.operate.export_rows import keep, prepare

EXAMPLES = """
eth keys export --key 0x... --recipient age1... --output keystores/
"""


def main(given: list[str], action: str) -> int:
    parser = options.parser(f"eth {action}", __doc__ or "", EXAMPLES)
    eth_keys.add_which(parser)
    add = parser.add_argument
    add("--recipient", required=True, metavar="age1...", help="who may open the passwords")
    add("--output", required=True, metavar="FOLDER", help="for keystores and their passwords")
    options.add_json(parser)
    told = parser.parse_args(given)
    target = eth_keys.target_of(told)
    names = eth_keys.which(told, target)
    prepare(Path(told.output))
    with Work("exporting keys", len(names)) as work:
        for number, part in enumerate(eth_keys.in_parts(names), 1):
            fields = {"keys": part, "recipient": told.recipient}
            answer = eth_keys.recovered(target, "export_keystore", **fields)
            keys = answer["keys"]
            files = {f"keystore-{k['public_key']}.json": json.dumps(k["keystore"]) for k in keys}
            files[f"password-{number}.age"] = str(answer["password"])
            keep(files, Path(told.output), quiet=told.json or len(names) > 1)
            work.add([key["public_key"] for key in keys])
    if told.json:
        say(json.dumps({"ok": True, "keys": names}, indent=2))
    else:
        say(
            f"{eth_keys.counted(names, 'keystore')}, in {told.output}; "
            "the password opens by `age -d -i ...`"
        )
        say("Give what they signed to whoever gets them: `deploy/redoubt eth keys delete` tells it")
    return 0
