# SPDX-License-Identifier: Apache-2.0
"""Shows live signing, from the signer's log: the last level of each key and kind, how long
signatures take, what was refused, what had to be repeated."""

import json
import sys
from typing import Any

from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import options, tables
from redoubt_stack.operate.activity import Activity
from redoubt_stack.operate.follow import Follower, now_ms, seconds
from redoubt_stack.operate.rows import chain_words
from redoubt_stack.operate.choice import choose

EXAMPLES = """
top
top --window 1h
--local http://127.0.0.1:8080 top --once --json
"""
SIGNING = ("key", "chain", "kind", "level", "round", "ago", "signed", "p50 ms", "p99 ms")
COUNTED = ("what", "times")


def main(given: list[str]) -> int:
    parser = options.parser("top", __doc__ or "", EXAMPLES)
    add = parser.add_argument
    add("--window", type=seconds, default=300, metavar="TIME", help="90s, 10m, 2h, 1d (5m)")
    add("--once", action="store_true", help="show it once, and end (scripts)")
    add("--json", action="store_true", help="with --once: as JSON")
    told = parser.parse_args(given)
    if told.json and not told.once:
        raise BadUsage("--json is for --once")
    if not told.once and not sys.stdout.isatty():
        raise BadUsage("there is no terminal to show it live in: give --once")
    target = choose(told)
    activity = Activity(told.window * 1000)
    follower = Follower(target, "signer", told.window)
    if not told.once:
        return live(target.where, activity, follower)
    activity.add(follower.fresh())
    now = now_ms()
    found = activity.snapshot(now)
    if told.json:
        say(json.dumps(found, indent=2))
        return 0
    say(headline(target.where, found))
    for title, headings, rows in parts(found, now):
        tables.show(title, headings, rows)
    return 0


def live(where: str, activity: Activity, follower: Follower) -> int:
    from rich.console import Group
    from rich.live import Live

    try:
        with Live(screen=True, auto_refresh=False) as screen:
            for lines in follower.endlessly():
                activity.add(lines)
                now = now_ms()
                found = activity.snapshot(now)
                shown = [tables.rendered(*part) for part in parts(found, now)]
                screen.update(Group(headline(where, found), *shown, "Ctrl-C ends"), refresh=True)
    except KeyboardInterrupt:
        pass
    return 0


def headline(where: str, found: dict[str, Any]) -> str:
    return (
        f"{where}, the last {found['minutes']:g} minutes: {found['requests']} requests for a "
        f"signature, {sum(found['refusals'].values())} refused; {found['retries']} calls repeated, "
        f"{found['throttles']} throttled, {found['cold_starts']} cold starts"
    )


def parts(found: dict[str, Any], now: int) -> list[tuple[str, tuple[str, ...], tables.Rows]]:
    """The tables that there is something to show in."""
    signing = [_cells(row, now) for row in found["signing"]]
    made = [("signed", SIGNING, signing or [("nothing yet", *[""] * (len(SIGNING) - 1))])]
    for title, name in (("refused, by code", "refusals"), ("AWS's failures", "failed_tries")):
        if found[name]:
            made.append((title, COUNTED, [(code, str(n)) for code, n in found[name].items()]))
    return made


def _cells(row: dict[str, Any], now: int) -> tuple[str, ...]:
    return (
        f"{row['pkh'][:7]}…{row['pkh'][-4:]}",
        chain_words(row["chain"]).partition(" ")[0],
        row["kind"],
        str(row["level"]),
        str(row["round"]),
        f"{max(0, now - row['at']) // 1000} s",
        str(row["signed"]),
        *("-" if row[name] is None else f"{row[name]:.1f}" for name in ("p50_ms", "p99_ms")),
    )
