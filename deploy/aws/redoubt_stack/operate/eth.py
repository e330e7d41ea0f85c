# SPDX-License-Identifier: Apache-2.0
"""Ethereum validators' keys, in a stack of their own (docs/ethereum.md)."""

import difflib
import importlib
from typing import NamedTuple

from redoubt_stack.console import BadUsage
from redoubt_stack.operate import options


class Action(NamedTuple):
    module: str
    does: str


ACTIONS = {
    "deploy": Action("ethereum.deploy", "makes or updates a stack"),
    "verify": Action("ethereum.verify", "says what of a stack differs from the release"),
    "destroy": Action("ethereum.destroy", "takes a stack away, and keeps table, key and roles"),
    "cost": Action("ethereum.cost", "what a month costs"),
    "status": Action("eth_status", "network, table, how many keys, what guards them"),
    "logs": Action("eth_logs", "what was asked and answered, a readable line each"),
    "keys create": Action("eth_create", "makes keys, their backups and their deposits"),
    "keys list": Action("eth_list", "all keys, with what each last signed"),
    "keys enable": Action("eth_change", "keys sign from now on"),
    "keys disable": Action("eth_change", "keys sign nothing from now on"),
    "keys until": Action("eth_change", "the epoch from which keys sign no more, for a handover"),
    "keys tag": Action("eth_change", "what access is given by"),
    "keys fee": Action("eth_change", "where a proposal's fees may go"),
    "keys delete": Action("eth_delete", "takes secrets away, and keeps what was signed"),
    "keys import": Action("eth_recover", "keys come in, from backups or from another signer"),
    "keys export": Action("eth_export", "keys leave, as keystores"),
    "rewrap": Action("eth_reseal", "other KMS keys open the wraps of keys"),
    "reseal": Action("eth_reseal", "seals keys anew, under new wraps"),
    "interchange import": Action("eth_interchange", "takes over what another signer signed"),
    "interchange export": Action("eth_interchange", "what keys have signed, for another signer"),
    "tokens create": Action("eth_tokens", "lets a validator client in, or a role"),
    "tokens revoke": Action("eth_tokens", "shuts it out"),
    "tokens list": Action("eth_tokens", "who may do what"),
    "exits": Action("eth_exits", "signs voluntary exits, to keep or to send"),
    "backup test": Action("eth_recover", "says whether backups open, and are the keys'"),
    "deposits check": Action("eth_deposits", "reads deposit files, and says what is wrong"),
}
HELP = """usage: deploy/redoubt eth ACTION ...

{about}

actions:
{actions}

`deploy/redoubt eth ACTION --help` has options and examples. What says which stack (--stack,
--region, --profile, --local) may stand before the action, too.

examples:
  deploy/redoubt eth status
  deploy/redoubt eth keys list

{exits}"""


def help_text() -> str:
    width = max(map(len, ACTIONS))
    lines = [f"  {name.ljust(width)}  {action.does}" for name, action in ACTIONS.items()]
    return HELP.format(about=__doc__, actions="\n".join(lines), exits=options.EXITS)


def find(given: list[str]) -> tuple[str, list[str]]:
    """The action, of one word or two, and its options; no action if none was given."""
    action, rest = options.split(given)
    if any(name.startswith(f"{action} ") for name in ACTIONS if action):
        word, rest = options.split(rest)
        action = f"{action} {word}".rstrip()
    if action and action not in ACTIONS:
        raise BadUsage(f"there is no `eth {action}`: {_near(action, rest)}")
    return action, rest


def _near(action: str, rest: list[str]) -> str:
    """Those that begin alike, or that it may have been."""
    begun = [name for name in ACTIONS if name.split()[0] == action.split()[0]]
    if begun:
        return f"there are {', '.join(begun)}"
    typed = (f"{action} {options.split(rest)[0]}", action)
    meant = [near for one in typed for near in difflib.get_close_matches(one, ACTIONS, 1)]
    return f"did you mean `eth {meant[0]}`?" if meant else "`deploy/redoubt eth --help` lists all"


def main(given: list[str]) -> int:
    action, rest = find(given)
    if not action:
        print(help_text())
        return 0 if {"--help", "-h"} & set(rest) else 2
    module = ACTIONS[action].module
    folder = "" if "." in module else "operate."
    program = importlib.import_module(f"redoubt_stack.{folder}{module}")
    from redoubt_stack.operate.eth_keys import Refused

    try:
        code: int = program.main(rest, action)
    except Refused as refused:
        return refused.tell("--json" in rest)
    return code
