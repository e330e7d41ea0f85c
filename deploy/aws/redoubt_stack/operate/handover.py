# SPDX-License-Identifier: Apache-2.0
"""Ends a signer at a level, or begins one at a level: to change from one signer to another without
a gap, and without a level that both may sign. A signer that has no rows of the key yet begins by
`arm`, at the level that the other one ends with."""

from redoubt_stack.operate import options
from redoubt_stack.operate.at_level import carry_out_at

EXAMPLES = """
--stack old handover --chain mainnet --node http://localhost:8732 --until head+100
--stack new handover --chain mainnet --from 16000021
"""


def main(given: list[str]) -> int:
    parser = options.parser("handover", __doc__ or "", EXAMPLES)
    options.add_rows(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--until", metavar="LEVEL", help="the last level that is signed here")
    which.add_argument("--from", dest="first", metavar="LEVEL", help="the first one signed here")
    options.add_write(parser)
    told = parser.parse_args(given)
    if told.first is None:
        return carry_out_at(told, "handover", "until", told.until, ends)
    return carry_out_at(told, "handover", "from", told.first, begins)


def ends(level: int) -> str:
    return f"signs nothing above level {level} any more"


def begins(level: int) -> str:
    return f"signs from level {level} on, and nothing below it,"
