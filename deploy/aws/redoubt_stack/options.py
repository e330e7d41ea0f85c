# SPDX-License-Identifier: Apache-2.0
"""What `deploy` is asked for, as far as it can be judged without the account."""

import re
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime
from pathlib import Path

from redoubt_stack import arguments, chains, console, levels, node
from redoubt_stack.console import BadUsage, step
from redoubt_stack.key_types import DEFAULT, TYPES
from redoubt_stack.kinds import TEZOS
from redoubt_stack.rollout import add_release, add_sealing
from redoubt_stack.template import Template
from redoubt_stack.watermarks import Start


WHAT = "From nothing, or from any state that an earlier run left, to a signer that runs."


def level(text: str) -> int:
    """For argparse, whose own words for this are no help."""
    if re.fullmatch(r"-?[0-9]{1,10}", text) is None:
        raise ArgumentTypeError(f"{text} is not a level: give digits alone. {levels.TELLS}")
    return int(text)


def read_options(given: list[str]) -> Namespace:
    parser = console.arguments("deploy/redoubt deploy", WHAT)
    add = parser.add_argument
    add(
        "--authorized-keys",
        metavar="KEY[,KEY]",
        help="whose requests are signed; Tezos public keys",
    )
    add(
        "--key-type",
        choices=sorted(TYPES),
        help=f"of a new consensus key ({DEFAULT}): tz4 is sealed by KMS, the others are held by it",
    )
    add_sealing(parser, "tz4 keys")
    add("--chain", help="the chain to arm: mainnet, shadownet, ghostnet, or its id (NetX...)")
    add("--level", type=level, help="sign above this level only; docs/operations.md (Which level)")
    add("--node", metavar="URL", help="a Tezos node, whose head chain and level are held against")
    add(
        "--accept-level",
        action="store_true",
        help="arm at --level although it is far off the chain's head (in a script: at a terminal "
        "you are asked)",
    )
    add(
        "--accept-malleable-p256",
        action="store_true",
        help="make a P-256 (tz3) consensus key, which anybody can get slashed",
    )
    add(
        "--taken-as-armed",
        action="store_true",
        help="the rows were looked at by you: go on with them",
    )
    add("--template", type=Path, default=TEZOS.template, help="instead of ours")
    add_release(parser)
    options = parser.parse_args(given)
    if (options.chain is None) != (options.level is None):
        parser.error("--chain and --level go together")
    return options


def mistakes(options: Namespace, template: Template, parameters: dict[str, str]) -> list[str]:
    """All that can be seen in the command line alone."""
    found = arguments.parameter_mistakes(template, parameters)
    if options.region:
        found += arguments.region_mistakes(options.region)
    found += arguments.stack_mistakes(options.stack, options.region or "")
    if options.chain is not None:
        try:
            chains.find(options.chain)
        except ValueError as error:
            found.append(f"--chain {options.chain}: {error}")
    if options.node and options.chain is None:
        found.append("--node is for --chain and --level: give these as well")
    return found


def read_start(options: Namespace) -> Start | None:
    """Where to arm, after all doubts; a stop if it can't be."""
    if options.chain is None:
        return None
    chain = chains.find(options.chain)
    head = None if options.node is None else node.read_head(options.node)
    if head is not None:
        step(f"the node's head: level {head.level:,} of {head.chain_id}, {head.time:%H:%M:%S} UTC")
    judgement = levels.judge(chain, options.level, head, datetime.now(UTC))
    if judgement.impossible:
        raise BadUsage(judgement.impossible)
    if judgement.doubt and not options.accept_level:
        console.confirm(judgement.doubt, str(options.level), "--accept-level")
    return Start(chain.id, options.level)


def read_template(options: Namespace) -> Template:
    """A stop if a file that was named is not there."""
    files = {name: getattr(options, name) for name in ("template", "policies", "zip")}
    arguments.refuse(arguments.file_mistakes(**files))
    return Template(options.template.read_text())
