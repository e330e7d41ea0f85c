# SPDX-License-Identifier: Apache-2.0
"""Makes the rows of keys on a chain: from then on they sign there, above the level. Touches none
that exists. Which level: docs/operations.md (Which level)."""

from redoubt_stack.operate import options
from redoubt_stack.operate.at_level import carry_out_at

EXAMPLES = """
arm --chain mainnet --level 16000000
arm --chain shadownet --node http://localhost:8732 --level head+1
arm --chain mainnet --level 16000000 --dry-run
"""


def main(given: list[str]) -> int:
    parser = options.parser("arm", __doc__ or "", EXAMPLES)
    options.add_rows(parser)
    parser.add_argument(
        "--level", required=True, help="sign above it only; with --node also: head, head+1, ..."
    )
    parser.add_argument("--force", action="store_true", help="also above level 50 million")
    options.add_write(parser)
    told = parser.parse_args(given)
    return carry_out_at(told, "arm", "level", told.level, words)


def words(level: int) -> str:
    return f"makes rows at level {level}, above which is signed from then on,"
