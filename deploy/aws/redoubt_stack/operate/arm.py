# SPDX-License-Identifier: Apache-2.0
"""Makes the rows of keys on a chain: from then on they sign there, above the level. Touches none
that exists. Which level: docs/operations.md (Which level)."""

from redoubt_stack.operate import options
from redoubt_stack.operate.head import read_asked
from redoubt_stack.operate.targets import choose
from redoubt_stack.operate.write import Change, carry_out

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
    target = choose(told)
    asked = read_asked(told, told.level, "--level", target.is_local)
    fields = options.row_fields(told, asked.chain.id) | {"level": asked.level}
    does = f"makes rows at level {asked.level}, above which is signed from then on,"
    return carry_out(target, told, Change("arm", fields, asked.level, does, asked.doubt))
