# SPDX-License-Identifier: Apache-2.0
"""Ends a signer at a level, or begins one at a level: to change from one signer to another without
a gap, and without a level that both may sign."""

from redoubt_stack.operate import options
from redoubt_stack.operate.head import read_asked
from redoubt_stack.operate.targets import choose
from redoubt_stack.operate.write import Change, carry_out

EXAMPLES = """
--stack old handover --chain mainnet --node http://localhost:8732 --until head+20
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
    target = choose(told)
    field, level = ("until", told.until) if told.first is None else ("from", told.first)
    asked = read_asked(told, level, f"--{field}", target.is_local)
    fields = options.row_fields(told, asked.chain.id) | {field: asked.level}
    does = (
        f"signs nothing above level {asked.level} any more"
        if field == "until"
        else f"signs from level {asked.level} on, and nothing below it,"
    )
    return carry_out(target, told, Change("handover", fields, asked.level, does, asked.doubt))
