# SPDX-License-Identifier: Apache-2.0
"""Reads deposit files (deposit_data-*.json of the launchpad, from here or elsewhere), and says what
is wrong with each deposit. With a beacon node: whether it is on that network, and whether a key has
a validator already, or a deposit under way. Changes nothing, and asks nothing of AWS."""

import json
import re
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from redoubt_stack import deposits, node
from redoubt_stack.console import BadUsage, Progress, Stop, say
from redoubt_stack.deposits import Deposit, Problem
from redoubt_stack.operate import given_files, options, tables
from redoubt_stack.operate.targets import Unreachable

EXAMPLES = """
eth deposits check validators/deposit_data-*.json
eth deposits check --network hoodi --node http://localhost:5052 deposit_data-1.json
"""
LONGEST = 16_000_000  # bytes: ten thousand deposits, and more
GENESIS = "/eth/v1/beacon/genesis"
VALIDATORS = "/eth/v1/beacon/states/head/validators?id="
PENDING = "/eth/v1/beacon/states/head/pending_deposits"
KEY = re.compile(r"[0-9a-f]{96}")
AT_ONCE = 30  # keys in one question: a URL of some 3,000 characters


def main(given: list[str], action: str) -> int:
    parser = options.parser(f"eth {action}", __doc__ or "", EXAMPLES)
    parser.add_argument("file", nargs="+", metavar="FILE")
    parser.add_argument(
        "--network",
        choices=[network.name for network in deposits.NETWORKS],
        help="that all of them have to be for",
    )
    parser.add_argument("--node", metavar="URL", help="a beacon node of that network")
    options.add_json(parser)
    told = parser.parse_args(given)
    found = [(file, deposit) for file in told.file for deposit in _read(file)]
    of_node = [*_of_node(found, told)]  # which may not answer
    problems = [*_problems(found, told.network), *of_node]
    if told.json:
        listed = [{"file": f, "pubkey": k, **vars(p)} for f, k, p in problems]
        say(json.dumps({"deposits": len(found), "problems": listed}, indent=2))
    else:
        _show(found, problems)
    return 1 if problems else 0


Found = list[tuple[str, Deposit]]
Told = tuple[str, str, Problem]  # file, key, what is wrong


def _read(file: str) -> list[Deposit]:
    text = given_files.read(file, LONGEST, "deposits")
    try:
        return deposits.parse(text)
    except ValueError as error:
        what = "is not JSON" if isinstance(error, json.JSONDecodeError) else str(error)
        raise BadUsage(f"{file}: {what}") from None


def demand_sound(deposit: Deposit, network: str, key: str) -> None:
    """Of one that the function made and verified: a stop if it is not right."""
    meant = network if deposits.network_of(network) else None
    found = list(deposits.problems(deposit, meant, signatures=False))
    if f"0x{deposit.get('pubkey')}" != key:
        found.append(Problem("pubkey", f"is not {key}"))
    if found:
        words = "; ".join(f"`{one.field}` {one.rule}" for one in found)
        raise Stop(
            f"the deposit of {key} is wrong ({words}): nothing of this call was written. Don't "
            "deposit to these keys, and report it"
        )


def _problems(found: Found, network: str | None) -> Iterator[Told]:
    twice = Counter(str(deposit.get("pubkey")) for _, deposit in found)
    with Progress("checking deposits") as progress:
        for done, (file, deposit) in enumerate(found):
            progress.show(f"{done} of {len(found)}")
            key = str(deposit.get("pubkey"))
            for problem in deposits.problems(deposit, network):
                yield file, key, problem
            if twice[key] > 1:
                yield file, key, Problem("pubkey", "is there more than once")


def _of_node(found: Found, told: Namespace) -> Iterator[Told]:
    if told.node is None:
        return
    _demand_tls(told.node)
    version = str(_ask(told.node, GENESIS, "its genesis")["genesis_fork_version"])
    keys = {str(deposit.get("pubkey")) for _, deposit in found}
    used = _used(told.node, sorted(key for key in keys if KEY.fullmatch(key)))
    for file, deposit in found:
        key = str(deposit.get("pubkey"))
        if f"0x{deposit.get('fork_version')}" != version:
            yield file, key, Problem("fork_version", f"is not the node's, {version}")
        if key in used:
            yield file, key, Problem("pubkey", f"is in use: the node knows {used[key]}")


def _demand_tls(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in node.HERE:
        raise BadUsage(
            f"--node {url}: without TLS anybody on the way can answer in its stead. Give https://, "
            "or a node on this machine"
        )


def _used(url: str, keys: list[str]) -> dict[str, str]:
    """What the chain has of them."""
    pending = _ask(url, PENDING, "the deposits under way")
    used = {str(entry["pubkey"]).removeprefix("0x"): "a deposit under way" for entry in pending}
    used |= {key: f"validator {index}" for key, index in indices(url, keys).items()}
    return {key: used[key] for key in keys if key in used}


def indices(url: str, keys: list[str]) -> dict[str, int]:
    """Of those that have a validator."""
    _demand_tls(url)
    found = {}
    with Progress("asking the node") as progress:
        for start in range(0, len(keys), AT_ONCE):
            part = ",".join(f"0x{key}" for key in keys[start : start + AT_ONCE])
            for entry in _ask(url, VALIDATORS + part, "its validators"):
                found[str(entry["validator"]["pubkey"]).removeprefix("0x")] = int(entry["index"])
            progress.show(f"{start} of {len(keys)} keys")
    return found


def _ask(url: str, path: str, what: str) -> Any:
    try:
        return node.read_json(url, path, what, "http://localhost:5052")["data"]
    except (KeyError, TypeError) as error:
        raise Unreachable(f"the node {url} does not tell {what} as beacon nodes do") from error
    except BadUsage:
        raise
    except Stop as stop:
        raise Unreachable(str(stop)) from stop


def _show(found: Found, problems: list[Told]) -> None:
    if problems:
        rows = [(file, key, problem.field, problem.rule) for file, key, problem in problems]
        tables.show("wrong", ("file", "pubkey", "member", "what"), rows)
    bad = len({(file, key) for file, key, _ in problems})
    say(f"{len(found)} deposits: {len(found) - bad} are right, {bad} are wrong")
    if bad:
        say("DON'T send those: a deposit can't be called back")
