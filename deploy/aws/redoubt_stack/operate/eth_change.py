# SPDX-License-Identifier: Apache-2.0
"""What an operator says of keys that are there: on or off, until when, tags, fee recipients."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, NamedTuple

from redoubt_stack.console import BadUsage
from redoubt_stack.operate import eth_keys, eth_work, options
from redoubt_stack.operate.targets import Target

Fields = dict[str, Any]


class Change(NamedTuple):
    command: str
    about: str
    question: str
    example: str
    add: Callable[[ArgumentParser], None]
    fields: Callable[[Namespace], Fields]


def main(given: list[str], action: str) -> int:
    change = CHANGES[action.split()[1]]
    parser = options.parser(f"eth {action}", change.about, f"eth {action} {change.example}")
    change.add(parser)
    eth_keys.add_which(parser)
    eth_keys.add_agreement(parser)
    told = parser.parse_args(given)
    eth_keys.refuse_unasked(told)
    fields = change.fields(told)
    target = eth_keys.target_of(told)
    names = eth_keys.which(told, target)
    of = f"{eth_keys.counted(names)} of {target.where}"
    if not told.yes:
        question = change.question.format(of=of, **fields) + _over(target, fields.get("until"))
        eth_keys.agree(told, question, str(len(names)))
    return eth_work.change(told, target, change.command, names, **fields)


def _over(target: Target, until: int | None) -> str:
    """Of an end that has come already, which a digit too few makes."""
    if until is None:
        return ""
    now = eth_keys.checked(target, "status")["network"]["epoch"]
    is_over = now is not None and until <= now
    return (
        f". CAREFUL: now is epoch {now}: they sign no vote and no block from now on"
        if is_over
        else ""
    )


def _nothing(_: ArgumentParser) -> None:
    pass


def _add_until(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--epoch", metavar="N", help="the first that is not signed any more; none: no end")
    add("--force", action="store_true", help="also later than it was, or none any more")


def _until(told: Namespace) -> Fields:
    text = told.epoch or ""
    if text != "none" and not text.isdecimal():
        raise BadUsage("--epoch: give a number, or none")
    fields: Fields = {"until": None if text == "none" else int(text)}
    return fields | ({"force": True} if told.force else {})


def _add_tags(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--set", action="append", default=[], metavar="TAG", help="repeatable; without: no tags"
    )


def _add_fees(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--to", action="append", default=[], metavar="ADDRESS", help="repeatable; without: none"
    )


CHANGES = {
    "enable": Change(
        "set_keys",
        "Switches keys on: they sign from now on, above what they last signed.",
        "This switches {of} on: they sign from now on. They must sign nowhere else: two signers "
        "that don't know of each other are slashed",
        "--tag home",
        _nothing,
        lambda _: {"on": True},
    ),
    "disable": Change(
        "set_keys",
        "Switches keys off: from now on they sign nothing that could be slashed, and within a "
        "minute nothing at all. What they last signed stays.",
        "This switches {of} off: they miss every duty until they are on again",
        "--key 0x...",
        _nothing,
        lambda _: {"on": False},
    ),
    "until": Change(
        "set_until",
        "The epoch from which keys sign no more, so that another signer can begin there.",
        "This lets {of} sign before epoch {until} only",
        "--epoch 412000 --all",
        _add_until,
        _until,
    ),
    "tag": Change(
        "tag_keys",
        "Replaces keys' tags, by which a client's token names what it may use.",
        "This gives {of} the tags {tags}, and no others",
        "--set home --key 0x...",
        _add_tags,
        lambda told: {"tags": told.set},
    ),
    "fee": Change(
        "set_fee",
        "Replaces the addresses that keys may name as recipients of fees.",
        "This lets {of} name {fee} as recipients of fees, and no others",
        "--to 0x... --all",
        _add_fees,
        lambda told: {"fee": told.to},
    ),
}
