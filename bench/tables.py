# SPDX-License-Identifier: Apache-2.0
"""The figures as Markdown, for the terminal and the README alike."""

from collections.abc import Callable, Iterable, Iterator

from budget import verdicts
from figures import KINDS, Json
from price import dollars_a_million

Row = Iterable[object]


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    head = list(head)
    yield "| " + " | ".join(map(str, head)) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(f"{x:.2f}" if isinstance(x, float) else str(x) for x in row) + " |"


def budget(figures: Json) -> Iterator[str]:
    yield from _table(
        ("budget", "allowed", "measured", ""),
        (
            (
                v.line.what,
                f"{v.line.limit:g} {v.line.unit}",
                f"{v.seen:.2f} {v.line.unit}",
                "kept" if v.kept else "**beyond**",
            )
            for v in verdicts(figures)
        ),  # fmt: skip
    )


def latency(figures: Json) -> Iterator[str]:
    for name, one in figures.items():
        floor = ", ".join(
            f"{kind.removeprefix('floor/')} {ms['p50']:.2f} (p99 {ms['p99']:.2f})"
            for kind, ms in one["floor"].items()
        )
        yield f"KMS/DynamoDB {name} ms; floor: {floor}; {one['signatures']} signatures"
        yield ""
        yield from _table(
            ("added, ms", "p50", "p90", "p99", "max"),
            ((case, a["p50"], a["p90"], a["p99"], a["max"]) for case, a in one["added"].items()),
        )
        yield ""
    usual = figures["12/4"]
    yield from _table(
        ("own processor time, ms", "at", *KINDS, *usual["floor"]),
        (
            (
                request.upper(),
                f"{at} ms",
                *(figures[at]["processor"][kind][request] for kind in (*KINDS, *usual["floor"])),
            )
            for request in ("get", "post")
            for at in ("12/4", "0/0")
        ),
    )
    yield ""
    traffic = usual["bytes_per_signature"]
    yield ", ".join(f"{service}: {count:.0f} bytes" for service, count in traffic.items())


def starts(figures: Json) -> Iterator[str]:
    names = {
        "exec_to_exit": "exec to exit, with nothing to do",
        "exec_to_next_unconnected": "exec to `next`, no connections opened (operator)",
        "exec_to_next": "exec to `next`",
        "exec_to_signature": "exec to the first signature (12 ms KMS, 4 ms DynamoDB)",
    }
    yield from _table(
        ("median, ms", *figures),
        ([text, *(one.get(name, "") for one in figures.values())] for name, text in names.items()),
    )


def machines(figures: Json) -> Iterator[str]:
    if "unavailable" in figures:
        yield f"not measured: {figures['unavailable']}"
        return
    yield from _table(
        ("memory", "period", "attestation p50 (p90), ms", "block p50 (p90), ms",
         "exec to `next`, ms", "to the first signature, ms", "$ per million signatures"),
        (
            (f"{m['megabytes']} MB", f"{m['period']} ms",
             f"{m['attestation']['p50']:.1f} ({m['attestation']['p90']:.1f})",
             f"{m['block']['p50']:.1f} ({m['block']['p90']:.1f})",
             f"{m['exec_to_next']:.1f}", f"{m['exec_to_signature']:.1f}",
             f"{dollars_a_million(m['megabytes'], m['get'], m['attestation']['p50']):.2f}")
            for m in figures.values()
        ),
    )  # fmt: skip


def tails(figures: Json) -> Iterator[str]:
    yield from _table(
        ("ms", "vote p50", "p99", "p99.9", "block p50", "p99", "p99.9", "KMS calls", "DynamoDB"),
        (
            (name, *(one[kind][p] for kind in ("votes", "blocks") for p in ("p50", "p99", "p99.9")),
             *(f"{one['calls_per_signature'][s]:.3f}" for s in ("kms", "dynamodb")))
            for name, one in figures.items()
        ),
    )  # fmt: skip


def thaw(figures: Json) -> Iterator[str]:
    names = ("thaws", "handshakes_in_get", "resumed", "handshakes_in_post", "get_ms", "post_ms")
    yield from _table(
        ("connections", *names),
        ((how, *(figures[how][name] for name in names)) for how in ("closed", "deserted")),
    )
    yield ""
    yield f"A POST that found its connections warm took {figures['warm_post_ms']:.2f} ms."


def load(figures: Json) -> Iterator[str]:
    yield from _table(
        ("environments", "signatures a second", "p50, ms", "p99, ms", "own processor time, ms"),
        (
            (e["environments"], f"{e['per_second']:.0f}", e["p50"], e["p99"], e["processor"])
            for e in figures["environments"]
        ),
    )
    yield ""
    yield from _table(
        ("keys", "exec to `next`, keys known, ms", "keys asked for, ms"),
        ((k["keys"], k["known"], k["asked"]) for k in figures["keys"]),
    )


def size(figures: Json) -> Iterator[str]:
    yield ", ".join(f"{name}: {count} bytes" for name, count in figures.items())


def as_printed(figures: Json) -> Iterator[str]:
    yield from ("```", figures["table"], "```")


TABLES: dict[str, Callable[[Json], Iterator[str]]] = {
    "size": size,
    "latency": latency,
    "starts": starts,
    "machines": machines,
    "tails": tails,
    "thaw": thaw,
    "load": load,
    "micro": as_printed,
    "instructions": as_printed,
}
