# SPDX-License-Identifier: Apache-2.0
"""Shows a function's log, a readable line for each request. Codes: docs/protocol.md (Codes)."""

from argparse import Namespace

from redoubt_stack.console import say
from redoubt_stack.operate import options
from redoubt_stack.operate.follow import Follower, seconds
from redoubt_stack.operate.log_lines import CODES, SEVERITIES, Line, readable
from redoubt_stack.operate.choice import choose

EXAMPLES = """
logs --since 1h --code already_signed --code below_watermark
logs --follow --severity WARN
logs --level 16000000 --json
"""


def main(given: list[str]) -> int:
    parser = options.parser("logs", __doc__ or "", EXAMPLES)
    add = parser.add_argument
    add("-f", "--follow", action="store_true", help="go on with what comes, until Ctrl-C")
    add("--since", type=seconds, default=600, metavar="TIME", help="90s, 10m, 2h, 1d (10m)")
    add(
        "--code",
        action="append",
        choices=CODES,
        metavar="CODE",
        help="with this verdict only: ok or a code; repeatable",
    )
    add("--severity", choices=SEVERITIES, help="of this severity, or a worse one")
    add("--level", type=int, help="of this Tezos level only")
    add("--function", choices=["signer", "operator"], default="signer", help="(signer)")
    add("--all", action="store_true", help="with Lambda's own lines, and a baker's GETs")
    add("--json", action="store_true", help="print the lines as they are, for scripts")
    told = parser.parse_args(given)
    follower = Follower(choose(told), told.function, told.since)
    try:
        for lines in follower.endlessly() if told.follow else [follower.fresh()]:
            for line in lines:
                if is_wanted(line, told):
                    say(line.text if told.json else readable(line))
    except KeyboardInterrupt:
        if not told.follow:
            raise
    return 0


def is_wanted(line: Line, told: Namespace) -> bool:
    if told.code and line.code not in told.code:
        return False
    if told.severity and (
        line.severity not in SEVERITIES
        or SEVERITIES.index(line.severity) < SEVERITIES.index(told.severity)
    ):
        return False
    if told.level is not None and (line.position or (None,))[0] != told.level:
        return False
    is_usual = line.is_lambdas_own or (line.code == "ok" and line.word("route").startswith("GET "))
    return bool(told.all) or not is_usual
