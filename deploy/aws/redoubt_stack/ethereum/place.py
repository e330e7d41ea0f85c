# SPDX-License-Identifier: Apache-2.0
"""Which stack of Ethereum validators' keys a program works on, and with what."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from redoubt_stack import arguments, console
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.console import Stop, say
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.stack import Stack

ROOT = Path(__file__).resolve().parents[4]
STACK = "redoubt-ethereum"


def parser(command: str, what: str) -> ArgumentParser:
    made = console.arguments(f"deploy/redoubt eth {command}", what, STACK)
    made.add_argument("--template", type=Path, default=ETHEREUM.template, help="instead of ours")
    return made


def find(options: Namespace) -> tuple[Aws, Artifacts, Stack]:
    """A stop if a stack of that name is of another kind: an update would make it this one."""
    files = {n: getattr(options, n, None) for n in ("template", "policies", "zip")}
    arguments.refuse(arguments.file_mistakes(**files))
    aws = Aws(options.region, options.profile)
    arguments.refuse(arguments.stack_mistakes(options.stack, aws.region))
    artifacts = Artifacts(aws)
    stack = Stack(aws, artifacts, options.stack)
    if not getattr(options, "json", False):
        place = aws.place("cloudformation")
        say(f"account {aws.account}, {place}, as {aws.caller}; stack {options.stack}")
    if stack.describe() is not None and "Network" not in stack.parameters():
        raise Stop(f"{options.stack} is not a stack of Ethereum validators' keys: give --stack")
    return aws, artifacts, stack
