# SPDX-License-Identifier: Apache-2.0
"""Takes keys' secrets away, for ever: they are switched off, what they signed is written to a file
(EIP-3076, as any other signer takes it), and then the secrets go. What was signed, deposits and
backups stay in the table."""

import json
from pathlib import Path
from typing import Any

from redoubt_stack.console import BadUsage, Progress
from redoubt_stack.operate import answers, eth_keys, options
from redoubt_stack.operate.eth_keys import Key
from redoubt_stack.operate.export_rows import keep
from redoubt_stack.operate.targets import Unreachable, ask

EXAMPLES = """
eth keys delete --key 0x... --output slashing_protection.json
"""
QUESTION = (
    "This deletes the secrets of {of}. They never sign here again, unless they are imported from "
    "their backups; a validator that is not exited keeps losing stake"
)


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
    try:
        names = eth_keys.which(told, target)
    except eth_keys.Refused as refused:
        return answers.refused(refused.answer)
    of = f"{eth_keys.counted(names)} of {target.where}"
    eth_keys.agree(told, QUESTION.format(of=of), str(len(names)))
    done: list[Key] = []
    data: dict[str, Any] = {}
    code = 0
    try:
        with Progress("deleting keys") as progress:
            for part in eth_keys.in_parts(names):
                answer = ask(target, "delete_keys", keys=part)
                done += answer.members.get("keys", [])
                data = joined(data, answer.members.get("data"))
                if not answer.ok:
                    code = answers.refused(answer)
                    break
                progress.show(f"{len(done)} of {len(names)}")
    except Unreachable as reason:
        raise Unreachable(f"{reason}\n  {len(done)} of {len(names)} keys were done") from None
    finally:
        if data:
            keep(json.dumps(data, indent=2), Path(told.output), quiet=told.json)
    return eth_keys.show_changes(told, done, len(names), code)


def joined(data: dict[str, Any], more: dict[str, Any] | None) -> dict[str, Any]:
    """Interchange of one network."""
    if not more:
        return data
    return more | {"data": [*data.get("data", []), *more["data"]]}
