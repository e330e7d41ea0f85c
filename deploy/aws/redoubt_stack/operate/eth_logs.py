# SPDX-License-Identifier: Apache-2.0
"""Shows a function's log, a readable line for each request: what was asked, for which key, by whose
token, and what was answered. Codes: docs/ethereum-signer.md (Codes)."""

import re

from redoubt_stack.console import BadUsage
from redoubt_stack.operate import eth_keys, logs
from redoubt_stack.operate.log_lines import VALIDATORS_CODES, Line

EXAMPLES = """
eth logs --since 1h --code already_signed --code below_watermark
eth logs --follow --severity WARN
eth logs --since 7d --key 0xab9a3f83 --target 412000
"""


BEGINNING = re.compile("0x[0-9a-f]{1,96}")


def _beginning(text: str) -> str:
    found = eth_keys.prefixed(text)
    if not BEGINNING.fullmatch(found):
        raise BadUsage(f"{text}: give a public key or its first digits: 0x and hexadecimal digits")
    return found


def main(given: list[str], action: str) -> int:
    parser = logs.make_parser(f"eth {action}", __doc__ or "", EXAMPLES, VALIDATORS_CODES)
    add = parser.add_argument
    add("--key", metavar="0x...", help="of this key only; its first digits will do")
    add("--slot", type=int, metavar="N", help="of this slot only")
    add("--target", type=int, metavar="EPOCH", help="votes with this target only")
    told = parser.parse_args(given)
    key = _beginning(told.key) if told.key is not None else ""

    def is_meant(line: Line) -> bool:
        numbers = {"slot": told.slot, "target": told.target}
        return line.word("key").startswith(key) and all(
            wanted is None or line.told.get(name) == wanted for name, wanted in numbers.items()
        )

    return logs.show(told, eth_keys.target_of(told), is_meant)
