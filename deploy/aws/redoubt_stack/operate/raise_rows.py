# SPDX-License-Identifier: Apache-2.0
"""Lifts rows to a level, and never lowers one. Without --round it closes the whole level: nothing
at it is signed any more, the next one is."""

from redoubt_stack.operate import options
from redoubt_stack.operate.head import read_asked
from redoubt_stack.operate.targets import choose
from redoubt_stack.operate.write import Change, carry_out

EXAMPLES = """
raise --chain mainnet --level 16000000
raise --chain mainnet --node http://localhost:8732 --level head+1 --force
raise --chain mainnet --level 16000000 --key tz2... --dry-run
"""


def main(given: list[str]) -> int:
    parser = options.parser("raise", __doc__ or "", EXAMPLES)
    options.add_rows(parser)
    parser.add_argument(
        "--level", required=True, help="to lift rows to; with --node also: head, head+1, ..."
    )
    parser.add_argument("--round", type=int, help="leave later rounds of the level open")
    parser.add_argument("--force", action="store_true", help="further than the fence allows")
    options.add_write(parser)
    told = parser.parse_args(given)
    target = choose(told)
    asked = read_asked(told, told.level, "--level", target.is_local)
    fields = options.row_fields(told, asked.chain.id) | {"level": asked.level}
    what = f"level {asked.level}"
    if told.round is not None:
        fields["round"] = told.round
        what += f", round {told.round}"
    does = f"lifts rows to {what}, and nothing up to there is signed any more,"
    change = Change("raise", fields, asked.level, does, asked.doubt, mends=True)
    return carry_out(target, told, change)
