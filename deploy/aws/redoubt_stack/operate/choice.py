# SPDX-License-Identifier: Apache-2.0
"""Which target it is, as the options say."""

from argparse import Namespace

from redoubt_stack.console import BadUsage
from redoubt_stack.operate.local_target import LocalTarget
from redoubt_stack.operate.targets import ETHEREUM, TEZOS, Target


def choose(options: Namespace, chain: str = TEZOS) -> Target:
    program = "deploy/redoubt eth" if chain == ETHEREUM else "deploy/redoubt"
    if options.local is None:
        # It needs botocore, which --local does without.
        from redoubt_stack.operate.stack_target import StackTarget

        return StackTarget(options.stack or chain, options.region, options.profile, program)
    if options.stack or options.region or options.profile:
        raise BadUsage("--local is this machine: leave out --stack, --region and --profile")
    return LocalTarget(options.local, chain, program)
