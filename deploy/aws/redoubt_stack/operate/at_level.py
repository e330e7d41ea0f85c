# SPDX-License-Identifier: Apache-2.0
"""Commands that change rows at a level: `arm`, `raise`, `handover`."""

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from redoubt_stack.operate import options
from redoubt_stack.operate.head import read_asked
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.write import Change, carry_out


def carry_out_at(
    told: Namespace,
    command: str,
    field: str,
    level: str,
    does: Callable[[int], str],
    *,
    mends: bool = False,
    **more: Any,
) -> int:
    """The function takes the level as `field`, and `more`."""
    target = choose(told)
    asked = read_asked(told, level, f"--{field}", target.is_local)
    fields = options.row_fields(told, asked.chain.id) | {field: asked.level} | more
    change = Change(command, fields, asked.level, does(asked.level), asked.doubt, mends)
    return carry_out(target, told, change)
