# SPDX-License-Identifier: Apache-2.0
"""Takes the functions and alarms away. Table, wrapping key, roles and logs stay, in the stack, and
`deploy` puts the rest back. What stays is deleted by hand, by root or the break-glass role."""

from redoubt_stack import console
from redoubt_stack.console import Stop, say, step
from redoubt_stack.ethereum.place import find, parser
from redoubt_stack.template import Template


def main(given: list[str], _action: str = "") -> int:
    made = parser("destroy", __doc__ or "")
    made.add_argument("--plan", action="store_true", help="show what would be done, and end")
    made.add_argument("--yes", action="store_true", help="don't ask back, as in a script")
    options = made.parse_args(given)
    _, _, stack = find(options)
    if stack.describe() is None:
        raise Stop(f"there is no stack {options.stack} here")
    stack.settle()
    template = Template(options.template.read_text())
    prepared = stack.prepare(template, {"Parts": "kept"})
    if prepared is None:
        step("nothing but table, wrapping key, roles and logs is left")
        return 0
    change_set, changes = prepared
    for change in changes:
        step(f"{change.action.lower()} {change.logical_id}")
    try:
        if not options.plan and not options.yes:
            console.confirm(f"\nThis stops stack {stack.name}.", stack.name, "--yes")
    except Stop:
        stack.discard(change_set)
        raise
    if options.plan:
        stack.discard(change_set)
        say("This would be done; nothing was changed.")
        return 0
    stack.execute(change_set, len(changes))
    say("Table, wrapping key, roles and logs are kept: `deploy/redoubt eth deploy` goes on.")
    return 0
