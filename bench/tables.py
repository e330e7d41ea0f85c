# SPDX-License-Identifier: Apache-2.0
"""The figures as Markdown, for the terminal and the README alike."""

from collections.abc import Callable, Iterable, Iterator
from statistics import median

from budget import QUIET_MS, verdicts
from figures import (
    FLOORS,
    KINDS,
    Json,
    added,
    floor_of,
    floors_of,
    noise,
    over,
    processor_ms,
    verifications,
    wait,
)
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
            (v.line.what, f"{v.line.limit:g} {v.line.unit}".strip(),
             f"{v.seen} {v.line.unit}".strip(), v.state.value)
            for v in verdicts(figures)
        ),
    )  # fmt: skip


def machine(figures: Json) -> Iterator[str]:
    vote = figures["ms"]["floor/vote"]
    noise = vote["p99"] - vote["p50"]
    yield (
        f'{figures["date"]}, {figures["cores"]} cores of "{figures["processor"]}". One'
        f" verification by libsecp256k1 takes {figures['verification_us']['p50']:.0f} µs of"
        f" processor time. The floor's p99 is {noise:.2f} ms above its p50:"
        f" {'quiet' if noise <= QUIET_MS else 'too noisy to judge what is above the floor'}."
    )
    if figures["share_of_samples"] != 1:
        yield f"A trial: {figures['share_of_samples']:.0%} of the samples."


def cases(run: Json) -> Iterator[str]:
    """Each floor, and after it what is compared with it; kinds before their curves."""
    for floor in floors_of(run["ms"]):
        yield floor
        for kind in KINDS:
            if floor_of(kind, run["ms"]) == floor:
                yield from (case for case in sorted(run["ms"]) if case.split("/")[0] == kind)


def percentiles(one: Json, shown: Callable[[str], bool] = lambda case: True) -> Iterator[str]:
    """Absolute, the floor's among them."""
    runs = one["runs"]
    yield from _table(
        ("ms from POST to answer", "p50", "p90", "p99", "p50 above the floor's"),
        (
            (
                case,
                *(over(runs, wait(case, p)).median for p in ("p50", "p90", "p99")),
                "" if case in FLOORS else over(runs, added(case, "p50")),
            )
            for case in cases(runs[0])
            if shown(case)
        ),
    )


def processor(figures: Json) -> Iterator[str]:
    yield from _table(
        ("processor time, ms", "at", "GET", "POST", "POST less the floor's, in verifications"),
        (
            (
                kind,
                f"{at} ms",
                *(over(one["runs"], processor_ms(kind, each)).median for each in ("get", "post")),
                "" if kind in FLOORS else over(one["runs"], verifications(kind)),
            )
            for at, one in figures.items()
            for kind in (*floors_of(one["runs"][0]["ms"]), *KINDS)
        ),
    )  # fmt: skip


def latency(figures: Json) -> Iterator[str]:
    for at, one in figures.items():
        kms, dynamodb = at.split("/")
        runs = one["runs"]
        above = ", ".join(
            f"{floor.removeprefix('floor/')} {over(runs, noise(floor))} ms"
            for floor in floors_of(runs[0]["ms"])
        )
        yield (
            f"KMS {kms} ms, DynamoDB {dynamodb} ms; the median of {len(runs)} runs (lowest to"
            f" highest), {sum(run['signatures'] for run in runs)} signatures; the floor's p99 above"
            f" its p50: {above}"
        )
        yield ""
        yield from percentiles(one)
        yield ""
    yield from processor(figures)
    yield ""
    traffic = figures["12/4"]["runs"][0]["bytes_per_signature"]
    yield ", ".join(f"{service}: {count:.0f} bytes" for service, count in traffic.items())


def starts(figures: Json) -> Iterator[str]:
    names = {
        "exec_to_exit": "exec to exit, with nothing to do",
        "exec_to_next_unconnected": "exec to `next`, no connections opened (operator)",
        "exec_to_next": "exec to `next`",
        "exec_to_signature": "exec to the first signature (12 ms KMS, 4 ms DynamoDB)",
    }
    columns = [one for one in ("keys known", "keys asked for", "sealed keys") if one in figures]
    yield from _table(
        ("median, ms", *columns),
        ([text, *(figures[one].get(name, "") for one in columns)] for name, text in names.items()),
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
        ("ms", "vote p50", "p99", "p99.9", "block p50", "p99", "p99.9", "KMS calls a signature",
         "DynamoDB calls"),
        (
            (name, *(one[kind][p] for kind in ("votes", "blocks") for p in ("p50", "p99", "p99.9")),
             *(f"{one['calls_per_signature'][s]:.3f}" for s in ("kms", "dynamodb")))
            for name, one in figures.items()
        ),
    )  # fmt: skip


def thaw(figures: Json) -> Iterator[str]:
    names = {
        "thaws": "times",
        "handshakes_in_get": "handshakes in the GET",
        "resumed": "of them resumed",
        "handshakes_in_post": "in the POST",
        "get_ms": "GET, ms",
        "post_ms": "POST, ms",
    }
    ways = {"closed": "closed by the service", "deserted": "answered by nobody"}
    yield from _table(
        ("connections meanwhile", *names.values()),
        ((text, *(figures[how][name] for name in names)) for how, text in ways.items()),
    )
    yield ""
    yield f"A POST that found its connections warm took {figures['warm_post_ms']:.2f} ms."


def environments(figures: Json) -> Iterator[str]:
    yield from _table(
        ("environments", "signatures a second", "p50, ms", "p99, ms", "own processor time, ms"),
        (
            (e["environments"], f"{e['per_second']:.0f}", e["p50"], e["p99"], e["processor"])
            for e in figures["environments"]
        ),
    )


def keys(figures: Json) -> Iterator[str]:
    yield from _table(
        ("keys", "exec to `next`, keys known, ms", "keys asked for, ms"),
        ((k["keys"], k["known"], k["asked"]) for k in figures["keys"]),
    )


def load(figures: Json) -> Iterator[str]:
    yield from environments(figures)
    yield ""
    yield from keys(figures)


def size(figures: Json) -> Iterator[str]:
    yield ", ".join(f"{name}: {count} bytes" for name, count in figures.items())


def as_printed(figures: Json) -> Iterator[str]:
    yield from ("```", figures["table"], "```")


def commands(figures: Json) -> Iterator[str]:
    yield from _table(
        ("deploy/redoubt, ms", "p50", "p90"),
        ((f"`{name}`", times["p50"], times["p90"]) for name, times in figures.items()),
    )


def ethereum_keys(figures: Json) -> Iterator[str]:
    created, listed, restored = (figures[name] for name in ("created", "listed", "restored"))
    calls = created["call_ms"]
    yield from _table(
        ("validators' keys", "ms"),
        (
            ("100 made by one call, p50", calls["p50"]),
            ("p90", calls["p90"]),
            ("own processor time of a new key, backup included", created["processor_ms"]),
            (f"{listed['keys']} listed, p50", listed["ms"]["p50"]),
            (f"{restored['keys']} restored into another stack, by the operator's command",
             restored["ms"]),
            *(
                (f"an exit signed, its key sealed by a wrap of {name}, p50 (p90)",
                 f"{took['p50']:.2f} ({took['p90']:.2f})")
                for name, took in figures["opened"].items()
            ),
        ),
    )  # fmt: skip
    yield ""
    yield f"Peak memory: {figures['peak_memory'] / 1e6:.1f} MB."


def ethereum_requests(figures: Json) -> Iterator[str]:
    usual, full_speed = (figures[at]["runs"] for at in ("12/4", "0/0"))

    def calls(case: str, service: str) -> float:
        return median(run["calls"][case][service] for run in usual)

    def row(case: str) -> Iterator[object]:
        yield case
        yield from (over(usual, wait(case, p)).median for p in ("p50", "p90", "p99"))
        is_compared = case not in FLOORS and calls(case, "dynamodb") > 0
        yield over(usual, added(case, "p50")) if is_compared else ""
        yield over(full_speed, processor_ms(case, "post")).median
        for service in ("dynamodb", "kms"):
            yield "" if case in FLOORS else f"{calls(case, service):.0f}"

    yield from _table(
        ("ms from event to answer", "p50", "p90", "p99", "p50 above the floor's",
         "own processor time at full speed", "calls of DynamoDB", "of KMS"),
        map(row, sorted(usual[0]["ms"], key=lambda case: (case not in FLOORS, case))),
    )  # fmt: skip
    yield ""
    bls = median(run["bls_ms"] for run in full_speed)
    yield f"A signature by blst alone, and its verification: {bls:.2f} ms of processor time."


def ethereum_starts(figures: Json) -> Iterator[str]:
    yield from _table(
        ("keys", "exec to `next`, median, ms", "of it own processor time",
         "exec to the first signature"),
        (
            (keys, of["exec_to_next"], of["processor_ms"], of["exec_to_signature"])
            for keys, of in figures["starts"]["keys"].items()
        ),
    )  # fmt: skip
    yield ""
    listed, opened = figures["listed"], figures["open"]
    yield (
        f"`publicKeys` of all: {listed['p50']:.0f} ms, {listed['queries']} Query calls. Peak memory"
        f" with {opened['keys']} keys open: {opened['peak_memory'] / 1e6:.1f} MB."
    )


def ethereum_bursts(figures: Json) -> Iterator[str]:
    yield from _table(
        ("at once", "environments", "all answered, ms", "half of them", "a second",
         "in blst's own time", "own processor time of each, ms", "the stand-ins'",
         "calls of DynamoDB", "of KMS"),
        (
            (f"{one['requests']} {name}", of["environments"], f"{one['took_ms']:.0f}",
             f"{one['p50']:.0f}", f"{1000 * one['requests'] / one['took_ms']:.0f}",
             one["times_bls"], one["processor_ms"], one["standins_ms"],
             *(float(one["calls"][service]) for service in ("dynamodb", "kms")))
            for name in figures["bursts"][0]["bursts"]
            for of in figures["bursts"]
            for one in [of["bursts"][name]]
        ),
    )  # fmt: skip


def ethereum(figures: Json) -> Iterator[str]:
    yield from ethereum_requests(figures)
    yield ""
    yield from ethereum_starts(figures)
    yield ""
    yield from ethereum_bursts(figures)


TABLES: dict[str, Callable[[Json], Iterator[str]]] = {
    "machine": machine,
    "size": size,
    "latency": latency,
    "starts": starts,
    "machines": machines,
    "tz4-latency": latency,
    "tz4-starts": starts,
    "tz4-machines": machines,
    "tails": tails,
    "thaw": thaw,
    "load": load,
    "micro": as_printed,
    "instructions": as_printed,
    "commands": commands,
    "ethereum-keys": ethereum_keys,
    "ethereum": ethereum,
}
