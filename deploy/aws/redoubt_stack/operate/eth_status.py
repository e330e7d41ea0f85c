# SPDX-License-Identifier: Apache-2.0
"""What a stack of validators' keys holds. Changes nothing."""

import json
from typing import Any

from redoubt_stack.console import say
from redoubt_stack.operate import options
from redoubt_stack.operate.eth_keys import checked, target_of

EXAMPLES = """
eth status
--local http://127.0.0.1:8080 eth status
"""

SHOWN = 3  # of the wraps


def main(given: list[str], action: str) -> int:
    parser = options.parser(f"eth {action}", __doc__ or "", EXAMPLES)
    options.add_json(parser)
    told = parser.parse_args(given)
    target = target_of(told)
    members = checked(target, "status")
    if told.json:
        say(json.dumps(members, indent=2))
    else:
        show(target.where, members)
    return 0 if _is_ours(members) else 1


def _is_ours(told: dict[str, Any]) -> bool:
    return bool(told["table_is_for"] and told["table_is_for"]["is_ours"])


def show(where: str, told: dict[str, Any]) -> None:
    network, counts = told["network"], told["counts"]
    now = "before genesis" if network["slot"] is None else f"slot {network['slot']}"
    now = now if network["epoch"] is None else f"epoch {network['epoch']}, {now}"
    say(f"{where}: version {told['version']}, network {network['name']}, {now}")
    say(f"  {counts['keys']} keys, {counts['on']} on, {counts['deleted']} deleted")
    if counts["damaged"]:
        say(f"  {counts['damaged']} DAMAGED: `deploy/redoubt eth keys list` names them")
    keys = told["wrapping_keys"]
    say(f"  new keys are opened by {told['threshold']} of {len(keys)} KMS keys; {_backup(told)}")
    say(f"  table {told['table']}; wraps: {_wraps(told['wraps'])}")
    if not _is_ours(told):
        found = told["table_is_for"]
        says = f"says that it is {found['table']}" if found else "does not say what it is for"
        say(
            f"  THIS TABLE IS NOT THE STACK'S: its item `network` {says}. A restored table has "
            "forgotten what was signed since: docs/ethereum.md"
        )


def _wraps(wraps: list[str]) -> str:
    rest = f", and {len(wraps) - SHOWN} more (--json lists all)" if len(wraps) > SHOWN else ""
    return (", ".join(wraps[:SHOWN]) or "none") + rest


def _backup(told: dict[str, Any]) -> str:
    if told["backup"] is None:
        return "NO BACKUP RECIPIENTS, so none can be made"
    return "each with a backup" if told["backup"] else "WITHOUT BACKUPS"
