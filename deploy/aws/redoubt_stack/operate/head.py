# SPDX-License-Identifier: Apache-2.0
"""The chain and level that a command is about: as given, or by a node's head."""

import re
import sys
from argparse import Namespace
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from redoubt_stack import chains, levels, node
from redoubt_stack.chains import Chain
from redoubt_stack.console import BadUsage, Stop
from redoubt_stack.node import Head
from redoubt_stack.operate.targets import Unreachable


@dataclass(frozen=True)
class Asked:
    chain: Chain
    level: int
    doubt: str = ""  # a reason to ask back


def read_head(url: str | None) -> Head | None:
    """Of the node, and shown; nothing if none is named."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in node.HERE:
        raise BadUsage(
            f"--node {url}: without TLS anybody on the way can name another level. Give https://, "
            "or a node on this machine"
        )
    try:
        head = node.read_head(url)
    except BadUsage:
        raise
    except Stop as stop:
        raise Unreachable(str(stop)) from stop
    print(
        f"- the node's head: level {head.level} of {chain_of(head.chain_id)}, "
        f"{head.time:%Y-%m-%d %H:%M:%S} UTC",
        file=sys.stderr,
    )
    return head


def chain_of(name: str) -> Chain:
    """A BadUsage if there can't be such a chain."""
    try:
        return chains.find(name)
    except ValueError as error:
        raise BadUsage(f"--chain {name}: {error}") from error


def read_level(text: str, head: Head | None, option: str) -> int:
    """A number, `head`, or `head+100`."""
    if re.fullmatch(r"[0-9]{1,10}", text):
        return int(text)
    relative = re.fullmatch(r"head(?:([+-][0-9]{1,7}))?", text)
    if relative is None:
        raise BadUsage(f"{option} {text}: give a level, or with --node head, head+1 or the like")
    if head is None:
        raise BadUsage(f"{option} {text}: add --node URL, of a node that tells the head")
    return head.level + int(relative[1] or 0)


def read_asked(
    options: Namespace, level: str | None, option: str, is_local: bool, needs_chain: bool = True
) -> Asked:
    """All doubts that can be had here. (A local host's chain is nobody's: none.)"""
    head = read_head(options.node)
    if options.chain is None and head is None and needs_chain:
        raise BadUsage("give --chain (mainnet, shadownet, ghostnet, NetX...), or --node URL")
    if level is None and head is None:
        raise BadUsage(f"give {option} LEVEL, or --node URL. {levels.TELLS}")
    name = options.chain or (head.chain_id if head else "")
    chain = chain_of(name) if name else Chain("")
    wanted = read_level(level or "head", head, option)
    if head is None and (is_local or not name):
        return Asked(chain, wanted)
    return judged(chain, wanted, head, option)


def judged(chain: Chain, level: int, head: Head | None, option: str) -> Asked:
    """A BadUsage if the chain can't be at that level."""
    judgement = levels.judge(chain, level, head, datetime.now(UTC))
    if judgement.impossible:
        raise BadUsage(judgement.impossible.replace("--level", option))
    return Asked(chain, level, judgement.doubt)
