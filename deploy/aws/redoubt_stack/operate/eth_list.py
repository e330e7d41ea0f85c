# SPDX-License-Identifier: Apache-2.0
"""All keys of a stack, with what each last signed."""

import json

from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import options, tables
from redoubt_stack.operate.eth_keys import Key, all_keys, checked, target_of
from redoubt_stack.operate.targets import Target

EXAMPLES = """
eth keys list
eth keys list --tag home --off
eth keys list --on --behind 3
"""
HEADINGS = ("public key", "on", "source", "target", "slot", "until", "tags")


def main(given: list[str], action: str) -> int:
    parser = options.parser(f"eth {action}", __doc__ or "", EXAMPLES)
    parser.add_argument("--tag", metavar="TAG", help="only those that have this tag")
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--on", action="store_true", help="only those that are on")
    state.add_argument("--off", action="store_true", help="only those that are off")
    parser.add_argument(
        "--behind",
        type=int,
        metavar="EPOCHS",
        help="only those whose last vote is more than so many epochs old, or that never voted",
    )
    options.add_json(parser)
    told = parser.parse_args(given)
    if told.behind is not None and told.behind < 0:
        parser.error("--behind: give a number of epochs")
    target = target_of(told)
    before = None if told.behind is None else _epoch_now(target) - told.behind
    keys, damaged = all_keys(target)
    wanted = [
        key
        for key in keys
        if (told.tag is None or told.tag in key["tags"])
        and not (told.on and not key["on"])
        and not (told.off and key["on"])
        and (before is None or key["target"] < before)
    ]
    if told.json:
        say(json.dumps({"keys": wanted, "damaged": damaged}, indent=2))
        return 0
    if wanted:
        tables.show(f"keys of {target.where}", HEADINGS, [_row(key) for key in wanted])
    on = sum(bool(key["on"]) for key in wanted)
    say(f"{len(wanted)} keys, {on} on, {len(wanted) - on} off")
    for name in damaged:
        say(tables.printable(f"{name}: DAMAGED: it signs nothing: docs/ethereum.md"))
    if not keys and not damaged:
        say("`deploy/redoubt eth keys create` makes some")
    return 0


def _epoch_now(target: Target) -> int:
    epoch = checked(target, "status")["network"]["epoch"]
    if epoch is None:
        raise BadUsage("--behind: the chain has not begun, so no key has voted yet")
    return int(epoch)


def _row(key: Key) -> tuple[str, ...]:
    on = "yes" if key["on"] else "no" if key["wrap"] else "deleted"
    until = "" if key["until"] is None else str(key["until"])
    numbers = (str(key[name]) for name in ("source", "target", "slot"))
    return (str(key["public_key"]), on, *numbers, until, ",".join(key["tags"]))
