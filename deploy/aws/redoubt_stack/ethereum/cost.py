# SPDX-License-Identifier: Apache-2.0
"""What a stack of validators costs a month at AWS' list prices. It asks nobody."""

import argparse
import math
import sys

from redoubt_stack import cost
from redoubt_stack.cost import DAYS, Line, Price
from redoubt_stack.ethereum import known_networks

# Of a network: roughly, its active validators.
ACTIVE = {"mainnet": 1_000_000, "gnosis": 300_000}
# Of one epoch, in the whole network (consensus-specs): committees of 64 a slot with 16 aggregators
# each; a sync committee of 512, whose members sign a message and a selection proof a slot, and 4
# contributions an epoch.
AGGREGATES_A_SLOT = 64 * 16
SYNC_MEMBERS, SYNC_CONTRIBUTIONS = 512, 4
KEYS_OF_A_WRAP = 100  # as many as one call makes
# A log line of the signer (tests/deployment/test_eth_signer.py measures it), and Lambda's two.
LOG_BYTES = 1480 + 376
# Of each request, as of a tz4 vote: DynamoDB's 4 ms, Lambda's runtime, and Redoubt's part.
REQUEST_MS = 6
# What the stack and the log line have: tests/deployment/test_cost.py counts them.
METRICS = 15
ALARM_METRICS = 16


def duties(told: argparse.Namespace) -> tuple[float, float]:
    """Of one validator in a month: requests, and those that are written to the table."""
    network, active = known_networks.find(told.network), ACTIVE[told.network]
    slots = network.slots_per_epoch
    epochs = DAYS * 86_400 / (network.seconds_per_slot * slots)
    sync = SYNC_MEMBERS * (2 * slots + SYNC_CONTRIBUTIONS)
    blocks = slots / active
    others = 1 + (slots * AGGREGATES_A_SLOT + sync) / active + blocks
    return epochs * (1 + blocks + others), epochs * (1 + blocks)


def lines(told: argparse.Namespace, prices: dict[str, Price]) -> list[Line]:
    requests, writes = (told.validators * each for each in duties(told))
    gigabyte_seconds = requests * math.ceil(told.request_ms) / 1000 * told.memory / 1024
    logs = requests * LOG_BYTES / 1e9
    # A slot's votes come at once, each to an environment of its own.
    environments = math.ceil(told.validators / known_networks.find(told.network).slots_per_epoch)
    wraps = told.wraps or math.ceil(told.validators / KEYS_OF_A_WRAP)
    opened = environments * cost.STARTS_A_DAY * DAYS * wraps * told.wrapping_keys
    found = [
        ("KMS, Decrypt", opened, "kms-call"),
        ("KMS, the wrapping key", told.wrapping_keys, "kms-key"),
        ("DynamoDB, a write a vote or block", writes, "table-write"),
        ("DynamoDB, a read of each other duty", requests - writes, "table-read"),
        ("Lambda, requests", requests, "lambda-request"),
        (f"Lambda, {told.memory} MB", gigabyte_seconds, f"lambda-{told.architecture}"),
        ("Logs, written", logs, "log"),
        ("Logs, kept", logs * told.log_days / DAYS, "log-kept"),
        ("CloudWatch, custom metrics", METRICS, "metric"),
        ("CloudWatch, alarms", ALARM_METRICS, "alarm"),
        ("CloudWatch, composite alarm", cost.COMPOSITE_ALARMS, "composite-alarm"),
        ("CloudWatch, dashboard", cost.DASHBOARDS, "dashboard"),
    ]
    if told.vpc_zones:
        hours = cost.INTERFACE_ENDPOINTS * told.vpc_zones * 24 * DAYS
        found.append((f"VPC, KMS endpoint in {told.vpc_zones} zones", hours, "endpoint-hour"))
    return [Line(what, quantity, prices[name]) for what, quantity, name in found]


def read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="deploy/redoubt eth cost", description=__doc__)
    add = parser.add_argument
    add("--validators", type=int, default=1, help="(1)")
    add("--network", choices=ACTIVE, default="mainnet", help="(mainnet)")
    add("--wraps", type=int, help="how many seal the keys; `reseal` makes one of them (1 of 100)")
    add("--wrapping-keys", type=int, default=1, help="KMS keys that hold a share (1)")
    add("--architecture", choices=["arm64", "x86_64"], default="arm64", help="(arm64)")
    add("--memory", type=int, default=512, help="of the signer, MB (512)")
    add("--request-ms", type=float, default=REQUEST_MS, help=f"of each ({REQUEST_MS})")
    add("--log-days", type=int, default=90, help="LogRetentionDays (90)")
    add("--vpc-zones", type=int, default=0, help="zones of the signer's VPC (0: no VPC)")
    add("--price", action="append", default=[], metavar="NAME=DOLLARS", help="instead of ours")
    options = parser.parse_args(arguments)
    if options.validators < 1:
        parser.error("--validators is 1 or more")
    try:
        options.sheet = cost.changed(cost.PRICES, options.price)
    except ValueError as error:
        parser.error(str(error))
    return options


def main(arguments: list[str], _action: str = "") -> int:
    told = read_options(arguments)
    shown = cost.columns if sys.stdout.isatty() else cost.table
    print("\n".join(shown(lines(told, told.sheet))))
    return 0
