# SPDX-License-Identifier: Apache-2.0
"""Makes validators' keys. Their secrets never come here: each has a mnemonic of its own, which is
encrypted to the stack's backup recipients before it leaves the function. Any number, a hundred a
call: what was stopped goes on where it was with the same --batch. With --keystores, 25 a call:
keystores (EIP-2335) leave too, for another signer, and their passwords encrypted to the backup
recipients; two signers of one key that don't know of each other are slashed."""

import json
import re
import secrets
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from redoubt_stack import deposits
from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import eth_deposits, eth_keys, options, tables
from redoubt_stack.operate.eth_keys import Key, checked
from redoubt_stack.operate.eth_work import Work
from redoubt_stack.operate.export_rows import keep, prepare
from redoubt_stack.operate.targets import Target

EXAMPLES = """
eth keys create --count 16 --address 0x... --output validators/
eth keys create --count 1 --address 0x... --credentials 02 --amount 64 --output validators/
eth keys create --count 4 --address 0x... --output validators/ --keystores keystores/
"""
BATCH = re.compile(r"[A-Za-z0-9._-]{1,58}")  # and a part's number
MOST = 10_000  # of one stack
MOST_WITH_KEYSTORES = 25  # in one call


def main(given: list[str], action: str) -> int:
    told = _parser(action).parse_args(given)
    if not 1 <= told.count <= MOST:
        raise BadUsage(f"--count {told.count}: give 1 to {MOST}")
    batch = told.batch or f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"
    if not BATCH.fullmatch(batch):
        raise BadUsage(f"--batch {batch}: give 1 to 58 of A-Z a-z 0-9 . _ -")
    eth_keys.refuse_unasked(told)
    target = eth_keys.target_of(told)
    status = checked(target, "status")
    fields = _fields(told, status)
    prepare(Path(told.output))
    eth_keys.agree(told, _question(told, target, status), str(told.count))
    made = _make(told, target, batch, fields, status["network"]["name"])
    _show(told, batch, made)
    return 0


def _parser(action: str) -> ArgumentParser:
    parser = options.parser(f"eth {action}", __doc__ or "", EXAMPLES)
    add = parser.add_argument
    add("--count", type=int, required=True, metavar="N", help="how many")
    add("--address", required=True, metavar="0x...", help="where stake and rewards go, for ever")
    add("--output", required=True, metavar="FOLDER", help="for deposits and backups, a file a key")
    add(
        "--credentials",
        choices=["01", "02"],
        default="01",
        help="01 (rewards above 32 ETH are paid out) or 02 (they add to the stake); of the deposit",
    )
    add("--amount", metavar="COINS", help="of each deposit, in ETH or GNO (32 ETH, 1 GNO)")
    add("--tag", action="append", default=[], metavar="TAG", help="repeatable")
    add(
        "--fee",
        action="append",
        default=[],
        metavar="0x...",
        help="who may be named as recipient of fees; repeatable",
    )
    add(
        "--keystores", metavar="FOLDER", help="for keystores and their passwords, a file a key each"
    )
    add("--batch", metavar="NAME", help="the same again returns the same keys (a new name)")
    eth_keys.add_agreement(parser)
    return parser


def _fields(told: Namespace, status: dict[str, Any]) -> dict[str, Any]:
    """As the function takes them."""
    fields = {
        "address": told.address,
        "credentials": told.credentials,
        "amount": _gwei(told.amount, status["network"]["name"]),
    }
    return (
        fields
        | {name: getattr(told, name) for name in ("fee",) if told.fee}
        | ({"tags": told.tag} if told.tag else {})
        | ({"keystores": True} if told.keystores else {})
    )


def _gwei(text: str | None, network: str) -> int:
    known = deposits.network_of(network)
    multiplier = known.multiplier if known else 1
    if text is None:
        return 32 * deposits.GWEI
    try:
        gwei = Decimal(text) * multiplier * deposits.GWEI
    except InvalidOperation:
        gwei = Decimal(-1)
    if not gwei.is_finite() or gwei != int(gwei) or not deposits.LEAST <= gwei <= deposits.MOST:
        raise BadUsage(f"--amount {text}: give 1 to 2048 ETH (0.03125 to 64 GNO), whole gwei")
    return int(gwei)


def _question(told: Namespace, target: Target, status: dict[str, Any]) -> str:
    keys = "1 key" if told.count == 1 else f"{told.count} keys"
    lines = [
        f"This makes {keys} on {status['network']['name']}, of {target.where}. Stake and rewards "
        f"go to {told.address}: nobody can change that address afterwards"
    ]
    if not status["backup"]:
        lines.append(
            "CAREFUL: there will be NO BACKUP: these keys end with the table or its KMS keys"
        )
    if told.keystores:
        lines.append(
            "CAREFUL: they are on here at once: whoever uses their keystores elsewhere before they "
            "are off here is slashed"
        )
    return "\n".join(lines)


def _make(
    told: Namespace, target: Target, batch: str, fields: dict[str, Any], network: str
) -> list[Key]:
    """Each part is kept as soon as it is there."""
    most = MOST_WITH_KEYSTORES if told.keystores else eth_keys.MOST
    parts = -(-told.count // most)
    again = f"the same command with --batch {batch} gives the same keys, and makes the others"
    if not told.batch:  # who is cut off has to know it
        print(f"batch {batch}: --batch {batch} goes on, if this is cut off", file=sys.stderr)
    with Work("making keys", told.count, again=again) as work:
        for part in range(parts):
            count = min(most, told.count - len(work.done))
            name = batch if parts == 1 else f"{batch}.{part + 1:03}"
            keys = checked(target, "create_keys", batch=name, count=count, **fields)["keys"]
            _check(keys, network)
            _keep(keys, name, told)
            work.add(keys)
    return work.done


def _with_deposit(keys: list[Key]) -> list[Key]:
    """Without those whose secret was deleted since: nobody is to deposit on them."""
    return [key for key in keys if key.get("deposit")]


def _check(keys: list[Key], network: str) -> None:
    """No deposit is written that a second look finds wrong."""
    for key in _with_deposit(keys):
        eth_deposits.demand_sound(key["deposit"], network, str(key["public_key"]))


def _keep(keys: list[Key], batch: str, told: Namespace) -> None:
    is_quiet = told.json or len(keys) > 1
    files = {f"{key['public_key']}.age": str(key["backup"]) for key in keys if key.get("backup")}
    files[f"deposit_data-{batch}.json"] = json.dumps(
        [key["deposit"] for key in _with_deposit(keys)], indent=2
    )
    keep(files, Path(told.output), again=True, quiet=is_quiet)
    if not told.keystores:
        return
    stores = {f"keystore-{key['public_key']}.json": json.dumps(key["keystore"]) for key in keys}
    passwords = {f"password-{key['public_key']}.age": str(key["password"]) for key in keys}
    keep(stores | passwords, Path(told.keystores), again=True, quiet=is_quiet)


def _backup(key: Key) -> str:
    if key.get("backup"):
        return "yes"
    return "LOST: the table has it no more" if key.get("backed_up") else "NONE"


def _show(told: Namespace, batch: str, made: list[Key]) -> None:
    if told.json:
        say(json.dumps({"ok": True, "batch": batch, "keys": made}, indent=2))
        return
    rows = [(str(key["public_key"]), _backup(key)) for key in made]
    tables.show(f"batch {batch}", ("public key", "backup"), rows)
    say(f"deposits and backups are in {told.output}")
    if told.keystores:
        say(f"keystores are in {told.keystores}; their passwords open by `age -d -i ...`")
    say(
        "Next (docs/ethereum.md):\n"
        "  1. keep the backups where AWS can't lose them, and open one: `age -d -i ...`\n"
        "  2. deploy/redoubt eth deposits check --node URL FILE, right before\n"
        "  3. the deposit, by the network's launchpad"
    )
