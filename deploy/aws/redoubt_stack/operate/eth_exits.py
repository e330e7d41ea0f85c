# SPDX-License-Identifier: Apache-2.0
"""Signs voluntary exits, a file each, as beacon nodes take them: by the recovery function, which is
there only while the stack's parameter Recovery is on. Nothing is sent: whoever has such a file can
end the validator, for ever (EIP-7044)."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import eth_deposits, eth_keys, options
from redoubt_stack.operate.eth_work import Work
from redoubt_stack.operate.export_rows import keep, prepare

EXAMPLES = """
eth exits --key 0x... --node http://localhost:5052 --output exits/
eth exits --key 0x... --validator 1234567 --epoch 412000 --output exits/
"""


def main(given: list[str], action: str) -> int:
    parser = options.parser(f"eth {action}", __doc__ or "", EXAMPLES)
    eth_keys.add_which(parser)
    add = parser.add_argument
    add("--node", metavar="URL", help="a beacon node, which knows the validators' indices")
    add("--validator", type=int, metavar="N", help="instead: the one key's index")
    add("--epoch", type=int, metavar="N", help="from which they are valid (0: at once)")
    add("--output", required=True, metavar="FOLDER", help="for the exits")
    eth_keys.add_agreement(parser)
    told = parser.parse_args(given)
    eth_keys.refuse_unasked(told)
    if (told.node is None) == (told.validator is None):
        raise BadUsage("give --node URL, or the key's index by --validator")
    target = eth_keys.target_of(told)
    names = eth_keys.which(told, target)
    indices = _indices(told, names)
    prepare(Path(told.output))
    eth_keys.agree(
        told,
        f"This signs the exits of {eth_keys.counted(names)} of {target.where}. Nothing is sent, "
        "but whoever has the files can end these validators, for ever",
        str(len(names)),
    )
    with Work("signing exits", len(names), "exits") as work:
        for part in eth_keys.in_parts(names):
            numbers = [indices[name] for name in part]
            fields = {"keys": part, "validators": numbers, "epoch": told.epoch or 0}
            found = eth_keys.recovered(target, "sign_exits", **fields)["exits"]
            quiet = told.json or len(names) > 1
            keep(_files(found), Path(told.output), again=True, quiet=quiet, mode=0o600)
            work.add(found)
    if told.json:
        say(json.dumps({"ok": True, "exits": work.done}, indent=2))
    else:
        say(
            f"{eth_keys.counted(names, 'exit')}, in {told.output}. To end one: `curl -d @FILE -H "
            "'Content-Type: application/json' NODE/eth/v1/beacon/pool/voluntary_exits`"
        )
    return 0


def _files(exits: list[Any]) -> dict[str, str]:
    return {
        f"exit-{one['exit']['message']['validator_index']}.json": json.dumps(one["exit"], indent=2)
        for one in exits
    }


def _indices(told: Namespace, names: list[str]) -> dict[str, int]:
    if told.validator is not None:
        if len(names) != 1:
            raise BadUsage("--validator is of one key: give --node for several")
        return {names[0]: told.validator}
    known = eth_deposits.indices(told.node, [name[2:] for name in names])
    for name in names:
        if name[2:] not in known:
            raise BadUsage(f"{name}: the node knows no validator of this key")
    return {name: known[name[2:]] for name in names}
