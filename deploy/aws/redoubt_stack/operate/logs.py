# SPDX-License-Identifier: Apache-2.0
"""Shows a function's log, a readable line for each request. Codes: docs/protocol.md (Codes)."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence

from redoubt_stack.console import say
from redoubt_stack.operate import options
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.follow import Follower, seconds
from redoubt_stack.operate.log_lines import CODES, SEVERITIES, Line, readable
from redoubt_stack.operate.targets import Target

EXAMPLES = """
logs --since 1h --code already_signed --code below_watermark
logs --follow --severity WARN
logs --level 16000000 --json
"""


def main(given: list[str]) -> int:
    parser = make_parser("logs", __doc__ or "", EXAMPLES, CODES)
    parser.add_argument("--level", type=int, help="of this Tezos level only")
    told = parser.parse_args(given)
    wanted = told.level
    return show(
        told, choose(told), lambda line: wanted is None or (line.position or (None,))[0] == wanted
    )


def make_parser(command: str, about: str, examples: str, codes: Sequence[str]) -> ArgumentParser:
    parser = options.parser(command, about, examples)
    add = parser.add_argument
    add("-f", "--follow", action="store_true", help="go on with what comes, until Ctrl-C")
    add("--since", type=seconds, default=600, metavar="TIME", help="90s, 10m, 2h, 1d (10m)")
    add(
        "--code",
        action="append",
        choices=codes,
        metavar="CODE",
        help="with this verdict only: ok or a code; repeatable",
    )
    add("--severity", choices=SEVERITIES, help="of this severity, or a worse one")
    add("--function", choices=["signer", "operator"], default="signer", help="(signer)")
    add("--all", action="store_true", help="with Lambda's own lines, and a client's GETs")
    add("--json", action="store_true", help="print the lines as they are, for scripts")
    return parser


def show(told: Namespace, target: Target, is_meant: Callable[[Line], bool]) -> int:
    follower = Follower(target, told.function, told.since)
    shown = 0
    try:
        for lines in follower.endlessly() if told.follow else [follower.fresh()]:
            for line in lines:
                if is_wanted(line, told) and is_meant(line):
                    say(line.text if told.json else readable(line))
                    shown += 1
    except KeyboardInterrupt:
        if not told.follow:
            raise
    if not shown and not told.json:
        print(f"no such line in the last {told.since} s (--since, --all)", file=sys.stderr)
    return 0


def is_wanted(line: Line, told: Namespace) -> bool:
    if told.code and line.code not in told.code:
        return False
    if told.severity and (
        line.severity not in SEVERITIES
        or SEVERITIES.index(line.severity) < SEVERITIES.index(told.severity)
    ):
        return False
    is_usual = line.is_lambdas_own or (line.code == "ok" and line.word("route").startswith("GET "))
    return bool(told.all) or not is_usual
