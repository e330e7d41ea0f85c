# SPDX-License-Identifier: Apache-2.0
"""Lifts rows to a level, and never lowers one. Without --round it closes the whole level: nothing
at it is signed any more, the next one is."""

from redoubt_stack.operate import options
from redoubt_stack.operate.at_level import carry_out_at

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
    more = {} if told.round is None else {"round": told.round}
    where = "".join(f", round {round}" for round in more.values())

    def words(level: int) -> str:
        return f"lifts rows to level {level}{where}, and nothing up to there is signed any more,"

    return carry_out_at(told, "raise", "level", told.level, words, mends=True, **more)
