# SPDX-License-Identifier: Apache-2.0
"""The figures in documents: nobody types them. What stands between two marks,

    <!-- bench:NAME --> ... <!-- /bench -->

is what the kept results say; NAME is a table or a paragraph, or a value inside a sentence."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import tables
from figures import Json, added, over, own_ms, processor_ms, verifications, wait

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
FIGURES = "figures.json"
MARK = r"<!-- /?bench\b"
MARKED = re.compile(rf"(<!-- bench:([a-z0-9-]+) -->)((?:(?!{MARK}).)*)(<!-- /bench -->)", re.DOTALL)
FLOOR = """\
The *floor* is the least that a Lambda function can do for a vote or a block: it takes the event,
waits for the same two services, and answers. What is above it is Redoubt's. On a machine whose
floor is unsteady, some lines cannot be judged.
"""
LEVEL_MS = 6000  # the shortest level of today's protocols


def documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")),
            *sorted((ROOT / "deploy").glob("*.md"))]  # fmt: skip


# --- Keeping --------------------------------------------------------------------------------------
def rounded(figures: object) -> object:
    """To what is shown of them."""
    if isinstance(figures, dict):
        return {name: rounded(one) for name, one in figures.items()}
    if isinstance(figures, list):
        return [rounded(one) for one in figures]
    return round(figures, 4) if isinstance(figures, float) else figures


def keep(figures: Json, folder: Path) -> None:
    """One section a line: whoever compares two runs sees which differ."""
    lines = (f"{json.dumps(name)}: {json.dumps(rounded(one))}" for name, one in figures.items())
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (folder / FIGURES).write_text(text, encoding="utf-8")


def kept(folder: Path) -> Json:
    return dict(json.loads((folder / FIGURES).read_text(encoding="utf-8")))


# --- What can stand between two marks -------------------------------------------------------------
def section(name: str, figures: Json) -> str:
    """A section's tables, with its heading."""
    lines = tables.budget(figures) if name == "budget" else tables.TABLES[name](figures[name])
    return "\n".join(["", f"## {name}", "", *lines, ""])


def results(figures: Json) -> str:
    title = "# What `bench/run` measured\n\n![latency, memory sizes, load](figures.svg)\n\n" + FLOOR
    names = ["machine", "budget", *(name for name in figures if name != "machine")]
    return title + "".join(section(name, figures) for name in names)


def _usual(figure: Callable[[Json], float], of: str = "latency") -> Callable[[Json], float]:
    return lambda figures: over(figures[of]["12/4"]["runs"], figure).median


def _wait(case: str, percent: str, of: str = "latency") -> Callable[[Json], float]:
    return _usual(wait(case, percent), of)


def _full_speed(figure: Callable[[Json], float], of: str = "latency") -> Callable[[Json], float]:
    return lambda figures: over(figures[of]["0/0"]["runs"], figure).median


def _start(name: str, section: str = "starts", keys: str = "keys known") -> Callable[[Json], float]:
    return lambda figures: float(figures[section][keys][name])


TZ4 = "tz4-latency"
VALUES: dict[str, tuple[str, Callable[[Json], float]]] = {
    "vote-added": ("{:.2f} ms", _usual(added("attestation", "p50"))),
    "block-added": ("{:.2f} ms", _usual(added("block", "p50"))),
    "vote-p50": ("{:.1f} ms", _wait("attestation", "p50")),
    "vote-p99": ("{:.1f} ms", _wait("attestation", "p99")),
    "block-p50": ("{:.1f} ms", _wait("block", "p50")),
    "block-p99": ("{:.1f} ms", _wait("block", "p99")),
    "floor-p50": ("{:.1f} ms", _wait("floor/vote", "p50")),
    "floor-p99": ("{:.1f} ms", _wait("floor/vote", "p99")),
    "verifications": ("{:.1f} verifications", _full_speed(verifications("attestation"))),
    "processor-ms": ("{:.2f} ms", _full_speed(processor_ms("attestation", "post"))),
    "verification": ("{:.0f} µs", lambda figures: figures["machine"]["verification_us"]["p50"]),
    "start": ("{:.0f} ms", _start("exec_to_next")),
    "first-signature": ("{:.0f} ms", _start("exec_to_signature")),
    "memory": ("{:.1f} MB", _usual(lambda run: run["peak_memory"] / 1e6)),
    "tz4-vote-added": ("{:.2f} ms", _usual(added("attestation", "p50"), TZ4)),
    "tz4-block-added": ("{:.2f} ms", _usual(added("block", "p50"), TZ4)),
    "tz4-vote-p50": ("{:.1f} ms", _wait("attestation", "p50", TZ4)),
    "tz4-block-p50": ("{:.1f} ms", _wait("block", "p50", TZ4)),
    "tz4-processor-ms": ("{:.2f} ms", _full_speed(own_ms("attestation"), TZ4)),
    "tz4-start": ("{:.0f} ms", _start("exec_to_next", "tz4-starts", "sealed keys")),
    "tz4-memory": ("{:.1f} MB", _usual(lambda run: run["peak_memory"] / 1e6, TZ4)),
    "binary": ("{:.1f} MB", lambda figures: figures["size"]["bootstrap"] / 1e6),
    "zip": ("{:.1f} MB", lambda figures: figures["size"]["zip"] / 1e6),
    "most-per-second": ("{:.0f}", lambda figures: max(
        one["per_second"] for one in figures["load"]["environments"])),
}  # fmt: skip


def summary(figures: Json) -> Iterable[str]:
    def value(name: str) -> str:
        text, figure = VALUES[name]
        return text.format(figure(figures))

    of_a_level = 100 * VALUES["vote-p50"][1](figures) / LEVEL_MS
    yield "| what | measured |"
    yield "|---|---|"
    yield (
        f"| a vote, where KMS takes 12 ms and DynamoDB 4 | {value('vote-p50')} (p50),"
        f" {of_a_level:.1f} % of a level of 6 s; Redoubt's part is {value('vote-added')} |"
    )
    yield (
        f"| a block, where the two come one after the other | {value('block-p50')} (p50);"
        f" Redoubt's part is {value('block-added')} |"
    )
    if TZ4 in figures:
        yield (
            "| the same with a tz4 key, signed by the function itself: DynamoDB alone is waited"
            f" for | a vote {value('tz4-vote-p50')}, a block {value('tz4-block-p50')}; Redoubt's"
            f" part is {value('tz4-vote-added')} and {value('tz4-block-added')} |"
        )
    yield f"| a cold start, from exec to the first request | {value('start')} |"
    yield f"| memory at its peak | {value('memory')} |"
    yield f"| the program, and its zip | {value('binary')}, {value('zip')} |"  # fmt: skip


def _is_short(case: str) -> bool:
    """Without its curve."""
    return case.startswith("floor") or "/" not in case


def _table(name: str) -> Callable[[Json], Iterable[str]]:
    return lambda figures: tables.TABLES[name](figures[name])


BLOCKS: dict[str, Callable[[Json], Iterable[str]]] = {
    **{name: _table(name) for name in tables.TABLES},
    "summary": summary,
    "budget": tables.budget,
    "latency": lambda figures: tables.percentiles(figures["latency"]["12/4"], _is_short),
    "processor": lambda figures: tables.processor(figures["latency"]),
    "tz4-latency": lambda figures: tables.percentiles(figures[TZ4]["12/4"], _is_short),
    "tz4-processor": lambda figures: tables.processor(figures[TZ4]),
    "load": lambda figures: tables.environments(figures["load"]),
    "keys": lambda figures: tables.keys(figures["load"]),
    "ethereum": lambda figures: tables.ethereum_requests(figures["ethereum"]),
    "ethereum-starts": lambda figures: tables.ethereum_starts(figures["ethereum"]),
    "ethereum-bursts": lambda figures: tables.ethereum_bursts(figures["ethereum"]),
}  # fmt: skip


# --- Documents ------------------------------------------------------------------------------------
class Wrong(Exception):
    """A mark that stands for nothing; says which."""


def _block(name: str, figures: Json) -> str:
    try:
        return "\n".join(BLOCKS[name](figures))
    except KeyError as missing:
        section = missing.args[0]
        if section in figures or section not in tables.TABLES:
            raise
        return f"(`bench/run {section}`: younger than the last whole run)"


def between(name: str, figures: Json) -> str:
    if name in BLOCKS:
        return f"\n\n{_block(name, figures)}\n\n"
    if name in VALUES:
        text, figure = VALUES[name]
        return text.format(figure(figures))
    raise Wrong(f"no figure is called {name}; there are {', '.join([*BLOCKS, *VALUES])}")


def rewritten(text: str, figures: Json) -> str:
    if re.search(MARK, MARKED.sub("", text)):
        raise Wrong("a mark without its other: <!-- bench:NAME --> ... <!-- /bench -->")
    return MARKED.sub(lambda found: found[1] + between(found[2], figures) + found[4], text)


def differing(figures: Json) -> list[tuple[Path, str]]:
    """Documents that say something else, and what they should."""
    different = []
    for path in documents():
        text = path.read_text(encoding="utf-8")
        try:
            right = rewritten(text, figures)
        except Wrong as why:
            raise Wrong(f"{path.relative_to(ROOT)}: {why}") from None
        if right != text:
            different.append((path, right))
    return different


def write(figures: Json) -> None:
    """Into all documents, and the results' own."""
    (RESULTS / "README.md").write_text(results(figures), encoding="utf-8")
    for path, text in differing(figures):
        path.write_text(text, encoding="utf-8")
