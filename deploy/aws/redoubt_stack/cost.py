# SPDX-License-Identifier: Apache-2.0
"""What a signer costs a month at AWS' list prices. It asks nobody: the prices are written down
here. Free tiers and taxes are left out, and what is pennies: refusals, retries, cold starts."""

import argparse
import math
import sys
from dataclasses import dataclass, replace

KNOWN_REGION = "us-east-1"
DAYS = 365 / 12  # of a month


@dataclass(frozen=True)
class Price:
    dollars: float
    per: int
    unit: str
    source: str


# Looked up in November 2026; of each the page and its own date. AWS' own tables are not in its
# pages' text, so where another's page is named, that is where the number was read.
PRICES = {
    "kms-key": Price(1.00, 1, "key", "aws.amazon.com/kms/pricing"),
    "kms-call": Price(0.03, 10_000, "symmetric call", "factualminds.com, KMS pricing, June 2026"),
    "kms-sign": Price(0.15, 10_000, "ECC call", "factualminds.com, KMS pricing, June 2026"),
    "table-write": Price(0.625, 10**6, "write", "airbyte.com, DynamoDB pricing, July 2025"),
    "table-read": Price(0.125, 10**6, "read", "airbyte.com, DynamoDB pricing, July 2025"),
    "lambda-request": Price(0.20, 10**6, "request", "cloudchipr.com, Lambda pricing, 2024"),
    "lambda-arm64": Price(0.0000133334, 1, "GB-second", "cloudchipr.com, Lambda pricing, 2024"),
    "lambda-x86_64": Price(0.0000166667, 1, "GB-second", "cloudchipr.com, Lambda pricing, 2024"),
    "log": Price(0.50, 1, "GB", "factualminds.com, CloudWatch pricing, June 2026"),
    "log-kept": Price(0.03, 1, "GB-month", "c3x.dev, CloudWatch Logs cost, June 2026"),
    "metric": Price(0.30, 1, "custom metric", "signoz.io, CloudWatch pricing, February 2026"),
    "alarm": Price(0.10, 1, "metric of an alarm", "amazonwebshark.com, a bill of April 2022"),
    "composite-alarm": Price(0.50, 1, "composite alarm", "c3x.dev, aws_cloudwatch_metric_alarm"),
    "dashboard": Price(3.00, 1, "dashboard", "factualminds.com, CloudWatch pricing, June 2026"),
    "trail-event": Price(2.00, 100_000, "event", "aws.amazon.com/cloudtrail/pricing"),
    "endpoint-hour": Price(0.01, 1, "hour in a zone", "awsnegotiations.com, PrivateLink, May 2026"),
}

# Bytes of a signature's two lines (deploy/local with tz2, November 2026: 580 and 1430), and of
# Lambda's own `platform.start` and `platform.report` beside each (376, by their documented form).
LOG_BYTES = 580 + 1430 + 2 * 376
# What Lambda bills of a vote's POST and a block's (docs/cost.md): a vote waits for KMS, a block for
# KMS and then DynamoDB; what the function signs itself, for DynamoDB alone.
POST_MS = {"kms": (13.8, 18.6), "tz4": (6, 8)}
# What the stack has, and the log line: tests/deployment/test_cost.py counts the template's.
METRICS = 15
ALARM_METRICS = 15  # of 12 alarms: an alarm on an expression is billed by the metrics in it
# With tz4 instead of a KMS key: starts are counted, and decryptions held against them as otherwise
# signatures are against what was asked for. Two alarms more, of a day each, are left out.
TZ4_METRICS = 1
STARTS_A_DAY = 24  # environments live for hours; each opens one wrap
COMPOSITE_ALARMS = 1
DASHBOARDS = 1
INTERFACE_ENDPOINTS = 1  # KMS; DynamoDB's is a gateway, which is free


@dataclass(frozen=True)
class Line:
    what: str
    quantity: float
    price: Price

    @property
    def dollars(self) -> float:
        return self.quantity / self.price.per * self.price.dollars


def lines(told: argparse.Namespace, prices: dict[str, Price]) -> list[Line]:
    votes = told.votes_per_level * 86_400 / told.block_seconds * DAYS * told.keys
    blocks = told.blocks_a_day * DAYS * told.keys
    signatures = votes + blocks
    is_tz4 = told.curve == "tz4"
    busy_ms = votes * math.ceil(told.vote_ms) + blocks * math.ceil(told.block_ms)
    busy_ms += signatures * math.ceil(told.get_ms)
    gigabyte_seconds = busy_ms / 1000 * told.memory / 1024
    logs = signatures * LOG_BYTES / 1e9
    writes = "DynamoDB, a write a signature"
    if told.table_regions > 1:
        writes += f", in {told.table_regions} Regions"
    opened = STARTS_A_DAY * DAYS * told.keys * told.wrapping_keys
    signs = (
        ("KMS, Decrypt", opened, "kms-call") if is_tz4 else ("KMS, Sign", signatures, "kms-sign")
    )
    held = told.wrapping_keys if is_tz4 else 1 + told.key_replicas
    metrics = METRICS + (TZ4_METRICS if is_tz4 else 0)
    found = [
        signs,
        ("KMS, the wrapping key" if is_tz4 else "KMS, the key", told.keys * held, "kms-key"),
        (writes, signatures * told.table_regions, "table-write"),
        ("Lambda, a GET and a POST a signature", 2 * signatures, "lambda-request"),
        (f"Lambda, {told.memory} MB", gigabyte_seconds, f"lambda-{told.architecture}"),
        ("Logs, written", logs, "log"),
        ("Logs, kept", logs * told.log_days / DAYS, "log-kept"),
        ("CloudWatch, custom metrics", metrics * told.keys, "metric"),
        ("CloudWatch, alarms", ALARM_METRICS * told.keys, "alarm"),
        ("CloudWatch, composite alarm", COMPOSITE_ALARMS * told.keys, "composite-alarm"),
        ("CloudWatch, dashboard", DASHBOARDS * told.keys, "dashboard"),
    ]
    if told.second_trail:
        of = "Decrypt" if is_tz4 else "Sign"
        found.append((f"CloudTrail, a second copy of each {of}", signs[1], "trail-event"))
    if told.vpc_zones:
        hours = INTERFACE_ENDPOINTS * told.vpc_zones * 24 * DAYS * told.keys
        found.append((f"VPC, KMS endpoint in {told.vpc_zones} zones", hours, "endpoint-hour"))
    return [Line(what, quantity, prices[name]) for what, quantity, name in found]


HEADINGS = ("a month", "quantity", "price", "$")


def cells(found: list[Line]) -> list[tuple[str, str, str, str]]:
    """A row for each line, and the sum."""
    rows = []
    for line in found:
        many = f"{line.quantity:,.2f}" if line.quantity < 10 else f"{line.quantity:,.0f}"
        quantity = many.removesuffix(".00")
        rows.append((line.what, quantity, text(line.price), f"{line.dollars:.2f}"))
    return [*rows, ("sum", "", "", f"{sum(line.dollars for line in found):.2f}")]


def table(found: list[Line]) -> list[str]:
    """In Markdown, as docs/cost.md has it."""
    *rows, (name, _, _, dollars) = cells(found)
    lines = [f"| {' | '.join(row)} |" for row in [HEADINGS, *rows]]
    return [lines[0], "|---|---|---|---|", *lines[1:], f"| **{name}** | | | **{dollars}** |"]


def columns(found: list[Line]) -> list[str]:
    """For people: numbers to the right."""
    *rows, last = [HEADINGS, *cells(found)]
    widths = [max(len(row[i]) for row in [*rows, last]) for i in range(4)]
    rule = "-" * (sum(widths) + 6)

    def line(row: tuple[str, ...]) -> str:
        what, quantity, price, dollars = (c.ljust(w) for c, w in zip(row, widths, strict=True))
        quantity, dollars = quantity.strip().rjust(widths[1]), dollars.strip().rjust(widths[3])
        return f"{what}  {quantity}  {price}  {dollars}"

    return [line(rows[0]), rule, *map(line, rows[1:]), rule, line(last)]


def text(price: Price) -> str:
    whole, _, cents = f"{price.dollars:.10f}".rstrip("0").partition(".")
    unit = f"{price.per:,} {price.unit}s" if price.per > 1 else price.unit
    return f"${whole}.{cents:0<2} per {unit}"


def changed(prices: dict[str, Price], wanted: list[str]) -> dict[str, Price]:
    """With NAME=DOLLARS for each that was given; a ValueError if one is no such thing."""
    result = dict(prices)
    for given in wanted:
        name, equals, dollars = given.partition("=")
        if name not in prices or not equals:
            raise ValueError(f"{given}: NAME=DOLLARS is asked for, NAME one of {', '.join(prices)}")
        result[name] = replace(prices[name], dollars=float(dollars), source="given")
    return result


def read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="deploy/redoubt cost", description=__doc__)
    add = parser.add_argument
    add("--votes-per-level", type=float, default=2, help="(2: preattestation and attestation)")
    add("--block-seconds", type=float, default=6, help="from level to level (6, as on mainnet)")
    add("--blocks-a-day", type=float, default=0, help="blocks that the key bakes (0)")
    add("--keys", type=int, default=1, help="each is a stack of its own (1)")
    add(
        "--curve",
        choices=["tz1", "tz2", "tz3", "tz4"],
        help="tz1, tz2, tz3 cost the same: KMS has one ECC price; tz4 is signed in the function",
    )
    add("--wrapping-keys", type=int, default=1, help="of tz4, KMS keys that hold a share (1)")
    add("--architecture", choices=["arm64", "x86_64"], default="arm64", help="(arm64)")
    add("--memory", type=int, default=512, help="of the signer, MB (512)")
    add("--vote-ms", type=float, help="a vote's POST (13.8; with tz4 6)")
    add("--block-ms", type=float, help="a block's POST (18.6; with tz4 8)")
    add("--get-ms", type=float, default=2, help="the GET before each (2)")
    add("--log-days", type=int, default=90, help="LogRetentionDays (90)")
    add("--second-trail", action="store_true", help="another trail copies management events, too")
    add("--vpc-zones", type=int, default=0, help="zones of the signer's VPC (0: no VPC)")
    add("--table-regions", type=int, choices=[1, 3], default=1, help="3: SecondRegion is set (1)")
    add("--key-replicas", type=int, default=0, help="of a multi-Region key (0)")
    add("--region", default=KNOWN_REGION, help=f"({KNOWN_REGION})")
    add("--price", action="append", default=[], metavar="NAME=DOLLARS", help="instead of ours")
    add("--prices", action="store_true", help="list the prices and their sources, and end")
    options = parser.parse_args(arguments)
    vote_ms, block_ms = POST_MS["tz4" if options.curve == "tz4" else "kms"]
    options.vote_ms = vote_ms if options.vote_ms is None else options.vote_ms
    options.block_ms = block_ms if options.block_ms is None else options.block_ms
    try:
        options.sheet = changed(PRICES, options.price)
    except ValueError as error:
        parser.error(str(error))
    return options


def main(arguments: list[str]) -> int:
    told = read_options(arguments)
    if told.region != KNOWN_REGION:
        print(f"Only {KNOWN_REGION}'s prices are known here. For {told.region} these are given:")
        print(f"{', '.join(told.price) or 'none'}. All others are {KNOWN_REGION}'s.\n")
    if told.prices:
        for name, price in told.sheet.items():
            print(f"{name:15}  {text(price):33}  {price.source}")
        return 0
    shown = columns if sys.stdout.isatty() else table
    print("\n".join(shown(lines(told, told.sheet))))
    return 0
