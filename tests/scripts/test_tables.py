# SPDX-License-Identifier: Apache-2.0
"""The figures' tables, to the character."""

from typing import Any

import pytest

import sections
import tables
from measured import FIGURES

BUDGET = """
| budget | allowed | measured |  |
|---|---|---|---|
| added to max(KMS, DynamoDB), attestation, p50 | 0.5 ms | 0.50 ms | kept |
| added to max(KMS, DynamoDB), attestation, p99 | 1 ms | 1.00 ms | kept |
| added to KMS + DynamoDB, block, p50 | 0.7 ms | 0.70 ms | kept |
| added to KMS + DynamoDB, block, p99 | 1.2 ms | 1.20 ms | kept |
| own processor time per signature (the POST), at full speed | 0.4 ms | 0.50 ms | **beyond** |
| calls per signature, each service | 1 calls | 1.00 calls | kept |
| TLS handshakes during a warm run | 0  | 0.00  | kept |
| peak memory | 14 MB | 7.61 MB | kept |
| exec to first `next`, public keys known | 10 ms | 9.75 ms | kept |
| stripped static binary | 8 MB | 7.34 MB | kept |
| zip | 4 MB | 3.92 MB | kept |
| steps slower than twice their library | 0  | 0.00  | kept |
| TLS handshakes in a POST after its GET, thawed | 0  | 0.00  | kept |
"""
ADDED = """
| added, ms | p50 | p90 | p99 | max |
|---|---|---|---|---|
| attestation | 0.50 | 0.75 | 1.00 | 2.50 |
| attestation/p256 | 0.12 | 0.25 | 0.50 | 3.00 |
| preattestation | 0.50 | 0.75 | 1.00 | 2.50 |
| block | 0.70 | 0.75 | 1.20 | -2.50 |
"""
FLOOR = "floor: vote 13.50 (p99 18.50), block 17.75 (p99 23.00); 1800 signatures"
SHOWN = {
    "size": "bootstrap: 7341672 bytes, zip: 3920176 bytes",
    "latency": f"""
KMS/DynamoDB 12/4 ms; {FLOOR}
{ADDED}
KMS/DynamoDB 0/0 ms; {FLOOR}
{ADDED}
| own processor time, ms | at | attestation | preattestation | block | floor/vote | floor/block |
|---|---|---|---|---|---|---|
| GET | 12/4 ms | 0.25 | 0.25 | 0.25 | 0.25 | 0.25 |
| GET | 0/0 ms | 0.25 | 0.25 | 0.25 | 0.25 | 0.25 |
| POST | 12/4 ms | 1.00 | 2.00 | 3.00 | 4.00 | 5.00 |
| POST | 0/0 ms | 0.50 | 1.50 | 2.50 | 3.50 | 4.50 |

dynamodb: 2060 bytes, kms: 1215 bytes
""",
    "starts": """
| median, ms | keys known | keys asked for |
|---|---|---|
| exec to exit, with nothing to do | 1.50 |  |
| exec to `next`, no connections opened (operator) | 3.25 | 25.50 |
| exec to `next` | 9.75 | 29.50 |
| exec to the first signature (12 ms KMS, 4 ms DynamoDB) | 24.25 | 44.00 |
""",
    "machines": """
| memory | period | attestation p50 (p90), ms | block p50 (p90), ms | exec to `next`, ms\
 | to the first signature, ms | $ per million signatures |
|---|---|---|---|---|---|---|
| 128 MB | 20 ms | 10.0 (14.0) | 18.0 (19.5) | 100.0 | 164.5 | 0.43 |
| 1769 MB | 20 ms | 100.0 (14.0) | 18.0 (19.5) | 10.0 | 164.5 | 3.34 |
| 128 MB | 100 ms | 20.0 (14.0) | 18.0 (19.5) | 200.0 | 164.5 | 0.45 |
| 1769 MB | 100 ms | 200.0 (14.0) | 18.0 (19.5) | 20.0 | 164.5 | 6.22 |
""",
    "tails": """
| ms | vote p50 | p99 | p99.9 | block p50 | p99 | p99.9 | KMS calls | DynamoDB |
|---|---|---|---|---|---|---|---|---|
| hedged | 13.50 | 24.50 | 41.50 | 18.50 | 38.50 | 43.50 | 1.010 | 1.000 |
| not hedged | 13.50 | 24.50 | 1066.50 | 18.50 | 38.50 | 43.50 | 1.010 | 1.000 |
""",
    "thaw": """
| connections | thaws | handshakes_in_get | resumed | handshakes_in_post | get_ms | post_ms |
|---|---|---|---|---|---|---|
| closed | 160 | 320 | 319 | 0 | 4.00 | 13.50 |
| deserted | 160 | 320 | 319 | 0 | 5.50 | 13.50 |

A POST that found its connections warm took 13.58 ms.
""",
    "load": """
| environments | signatures a second | p50, ms | p99, ms | own processor time, ms |
|---|---|---|---|---|
| 1 | 60 | 14.00 | 20.50 | 1.25 |
| 2 | 121 | 14.00 | 17.50 | 1.00 |
| 4 | 30 | 28.00 | 30.00 | 0.50 |

| keys | exec to `next`, keys known, ms | keys asked for, ms |
|---|---|---|
| 1 | 10.00 | 27.00 |
""",
    "micro": "```\nstep  ratio\nder   0.77\n```",
    "instructions": "```\ncase  change\nblock  +0.00%\n```",
}


def text(lines: Any) -> str:
    return "\n".join(lines).strip("\n")


@pytest.mark.parametrize("section", SHOWN)
def test_a_section_is_shown(section: str) -> None:
    assert text(tables.TABLES[section](FIGURES[section])) == SHOWN[section].strip("\n")


def test_every_section_has_its_table() -> None:
    assert set(tables.TABLES) == set(sections.SECTIONS) == set(SHOWN)


def test_the_budget_is_shown_with_its_verdicts() -> None:
    assert text(tables.budget(FIGURES)) == BUDGET.strip("\n")


def test_the_budget_is_of_the_sections_that_were_measured() -> None:
    shown = text(tables.budget({"size": {"bootstrap": 8_000_001, "zip": 1}})).splitlines()
    assert shown[2:] == [
        "| stripped static binary | 8 MB | 8.00 MB | **beyond** |",
        "| zip | 4 MB | 0.00 MB | kept |",
    ]


def test_machines_that_could_not_be_measured_say_why() -> None:
    assert text(tables.machines({"unavailable": "needs root"})) == "not measured: needs root"
