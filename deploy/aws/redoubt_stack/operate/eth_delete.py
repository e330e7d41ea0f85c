# SPDX-License-Identifier: Apache-2.0
"""Takes keys' secrets away, for ever: they are switched off, what they signed is written to a file
(EIP-3076, as any other signer takes it), and then the secrets go. What was signed, deposits and
backups stay in the table."""

import json
from pathlib import Path
from typing import Any

from redoubt_stack.console import BadUsage
from redoubt_stack.operate import eth_keys, options
from redoubt_stack.operate.eth_work import Work, show_changes
from redoubt_stack.operate.export_rows import keep, prepare
from redoubt_stack.operate.targets import ask

EXAMPLES = """
eth keys delete --key 0x... --output slashing_protection.json
"""
QUESTION = (
    "This deletes the secrets of {of}. They never sign here again, unless they are imported from "
    "their backups; a validator that is not exited keeps losing stake"
)
AGAIN = "the same command again, with another --output, tells what all of them signed"


def main(given: list[str], action: str) -> int:
    parser = options.parser(f"eth {action}", __doc__ or "", EXAMPLES)
    eth_keys.add_which(parser)
    parser.add_argument(
        "--output", required=True, metavar="FILE", help="a new one, for what they signed (EIP-3076)"
    )
    eth_keys.add_agreement(parser)
    told = parser.parse_args(given)
    eth_keys.refuse_unasked(told)
    if Path(told.output).exists():
        raise BadUsage(f"{told.output} exists, and is not written over: give another --output")
    target = eth_keys.target_of(told)
    names = eth_keys.which(told, target, deleted=True)
    prepare(Path(told.output).parent)
    of = f"{eth_keys.counted(names)} of {target.where}"
    eth_keys.agree(told, QUESTION.format(of=of), str(len(names)))
    data: dict[str, Any] = {}
    answer = None
    try:
        with Work("deleting keys", len(names), again=AGAIN) as work:
            for part in eth_keys.in_parts(names):
                answer = ask(target, "delete_keys", keys=part)
                data = joined(data, answer.members.get("data"))
                work.add(answer.members.get("keys", []))
                if not answer.ok:
                    break
    finally:
        if data:
            keep(json.dumps(data, indent=2), Path(told.output), quiet=told.json)
    return show_changes(told, work.done, len(names), answer)


def joined(data: dict[str, Any], more: dict[str, Any] | None) -> dict[str, Any]:
    """Interchange of one network."""
    if not more:
        return data
    return more | {"data": [*data.get("data", []), *more["data"]]}
