# SPDX-License-Identifier: Apache-2.0
"""Shows what a signer holds: keys, rows, authorized keys, clock. Changes nothing."""

import json
from typing import Any

from redoubt_stack.console import say
from redoubt_stack.operate import answers, options, rows
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import ask

EXAMPLES = """
status
status --node https://rpc.example.org
--local http://127.0.0.1:8080 status --json
"""
# A clock that is further off is worth a look.
CLOCK_MS = 1000


def main(given: list[str]) -> int:
    parser = options.parser("status", __doc__ or "", EXAMPLES)
    options.add_node(parser, "whose head the rows are held against")
    options.add_json(parser)
    told = parser.parse_args(given)
    target = choose(told)
    node = read_node(told.node)
    answer = ask(target, "status")
    if told.json:
        say(json.dumps(answer.members, indent=2))
        return 0 if answer.ok else 1
    if not answer.ok:
        return answers.refused(answer)
    show(answer.members, target.where, node)
    return 0


def read_node(url: str | None) -> tuple[str, int] | None:
    """Chain and level of its head."""
    if url is None:
        return None
    from redoubt_stack.operate.head import read_head

    head = read_head(url)
    return head and (head.chain_id, head.level)


def show(told: dict[str, Any], where: str, node: tuple[str, int] | None) -> None:
    say(f"redoubt {told['version']}, {where}; table {told['table']}")
    for row in told["authorized_keys"]:
        say(f"authorized: {row}")
    ahead = told["clock"]["ahead_of_us_ms"]
    if abs(ahead) > CLOCK_MS:
        say(f"clock: AWS's is {ahead} ms ahead of the function's")
    of_node = [row for row in told["rows"] if node and row.get("chain") == node[0]]
    others = [row for row in told["rows"] if row not in of_node]
    rows.show_state(of_node, node[1] if node else None)
    rows.show_state(others, None)
    for key in sorted(set(told["addresses"]) - {row["pkh"] for row in told["rows"]}):
        say(f"{key}: NOT ARMED on any chain, so it signs nothing: `deploy/redoubt arm`")
