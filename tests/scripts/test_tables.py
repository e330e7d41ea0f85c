# SPDX-License-Identifier: Apache-2.0
"""The figures' tables, to the character."""

from copy import deepcopy
from typing import Any

import pytest

import sections
import tables
from measured import FIGURES

BUDGET = """
| budget | allowed | measured |  |
|---|---|---|---|
| attestation, p50 above the floor's (the slower of KMS and DynamoDB) | 0.5 ms\
 | 0.50 (0.25 to 0.75) ms | kept |
| attestation, p99 above the floor's p50 | 1 ms | 1.00 (0.75 to 1.25) ms | kept |
| block, p50 above the floor's (KMS, then DynamoDB) | 0.7 ms | 0.70 (0.45 to 0.95) ms | kept |
| block, p99 above the floor's p50 | 1.2 ms | 1.20 (0.95 to 1.45) ms | kept |
| own processor time per signature (the POST) at full speed, less the floor's | 8 verifications\
 | 8.00 verifications | kept |
| calls per signature, each service | 1 calls | 1.00 calls | kept |
| TLS handshakes during a warm run | 0 | 0.00 | kept |
| peak memory | 14 MB | 7.61 MB | kept |
| exec to first `next`, public keys known | 10 ms | 9.75 ms | kept |
| tz4: attestation, p50 above the floor's (DynamoDB alone) | 0.6 ms\
 | 0.50 (0.38 to 0.62) ms | kept |
| tz4: block, p50 above the floor's (DynamoDB alone) | 2.6 ms\
 | 2.25 (2.12 to 2.38) ms | kept |
| tz4: own processor time per vote (the POST) at full speed, less the floor's | 2.6 ms\
 | 2.50 ms | kept |
| tz4: calls of KMS during a warm run | 0 | 0.00 | kept |
| tz4: peak memory | 14 MB | 8.24 MB | kept |
| tz4: exec to first `next`, less a round of KMS (12 ms) and one of DynamoDB (4) | 10 ms\
 | 9.50 ms | kept |
| stripped static binary | 8.8 MB | 7.34 MB | kept |
| zip | 4.4 MB | 3.92 MB | kept |
| TLS handshakes in a POST after its GET, thawed | 0 | 0.00 | kept |
| steps slower than twice their library | 0 | 0.00 | kept |
| requests of more instructions than their reference | 0 | 0.00 | kept |
| an operator's command, from the start of its process to its end, p50 of the slowest | 300 ms\
 | 210.50 ms | kept |
| ethereum: own processor time per new key, its backup included | 3 ms | 2.75 ms | kept |
| ethereum: 100 keys made by one call, p90 | 3000 ms | 2999.50 ms | kept |
| ethereum: a wrap of 2 of 3 opened, p50 above one of 1, which is KMS's one answer | 1 ms\
 | 0.75 ms | kept |
| ethereum: 10,000 keys listed, p50 | 1000 ms | 975.00 ms | kept |
| ethereum: 100 keys restored from their backups into another stack | 10000 ms\
 | 9000.00 ms | kept |
| ethereum: peak memory, no keystore made | 64 MB | 12.35 MB | kept |
| ethereum: attestation, key open, p50 above the floor's (DynamoDB alone) | 1 ms\
 | 0.75 (0.62 to 0.88) ms | kept |
| ethereum: own processor time per attestation at full speed, less the floor's | 2.6 ms\
 | 2.50 ms | kept |
| ethereum: calls per vote or block, its key open or not | 1 calls | 1.00 calls | kept |
| ethereum: calls per selection proof, its key open | 0 calls | 0.00 calls | kept |
| ethereum: calls per selection proof, its key not open | 1 calls | 1.00 calls | kept |
| ethereum: calls per request without a token | 0 calls | 0.00 calls | kept |
| ethereum: exec to first `next`, less two rounds of DynamoDB (4 ms each) and one of KMS (12)\
 | 10 ms | 9.50 ms | kept |
| ethereum: from exec to the first signature, more with 1,000 or 10,000 keys than with one | 1 ms\
 | 0.75 ms | kept |
| ethereum: peak memory with 2,000 keys open | 20 MB | 12.35 MB | kept |
| ethereum: `publicKeys` of 10,000, p50 | 1000 ms | 123.40 ms | kept |
| ethereum: Query calls for it | 16 calls | 16.00 calls | kept |
| ethereum: requests of a burst without a signature of their own | 0 | 0.00 | kept |
| ethereum: 1,000 votes at once over 16 environments, in the time of blst alone | 1.11 times\
 | 1.06 times | kept |
"""
WAITS = """
| ms from POST to answer | p50 | p90 | p99 | p50 above the floor's |
|---|---|---|---|---|
| floor/vote | 13.50 | 13.62 | 13.75 |  |
| attestation | 14.00 | 14.25 | 14.50 | 0.50 (0.25 to 0.75) |
| attestation/p256 | 13.75 | 14.00 | 14.50 | 0.25 (0.00 to 0.50) |
| preattestation | 14.00 | 14.25 | 14.50 | 0.50 (0.25 to 0.75) |
| floor/block | 17.75 | 18.00 | 18.00 |  |
| block | 18.45 | 18.50 | 18.95 | 0.70 (0.45 to 0.95) |
"""
RUNS = (
    "the median of 5 runs (lowest to highest), 1800 signatures; the floor's p99 above its p50:"
    " vote 0.25 ms, block 0.25 ms"
)
TZ4_WAITS = """
| ms from POST to answer | p50 | p90 | p99 | p50 above the floor's |
|---|---|---|---|---|
| floor/table | 4.75 | 4.88 | 5.00 |  |
| attestation | 5.25 | 5.50 | 6.00 | 0.50 (0.38 to 0.62) |
| attestation/bls | 5.25 | 5.50 | 6.00 | 0.50 (0.38 to 0.62) |
| preattestation | 5.25 | 5.50 | 6.00 | 0.50 (0.38 to 0.62) |
| block | 7.00 | 7.50 | 8.00 | 2.25 (2.12 to 2.38) |
"""
TZ4_RUNS = (
    "the median of 3 runs (lowest to highest), 1080 signatures; the floor's p99 above its p50:"
    " table 0.25 ms"
)
SHOWN = {
    "machine": """
2026-11-29, 2 cores of "A Processor". One verification by libsecp256k1 takes 25 µs of processor\
 time. The floor's p99 is 0.25 ms above its p50: quiet.
""",
    "size": "bootstrap: 7341672 bytes, zip: 3920176 bytes",
    "latency": f"""
KMS 12 ms, DynamoDB 4 ms; {RUNS}
{WAITS}
KMS 0 ms, DynamoDB 0 ms; {RUNS}
{WAITS}
| processor time, ms | at | GET | POST | POST less the floor's, in verifications |
|---|---|---|---|---|
| floor/vote | 12/4 ms | 0.25 | 1.00 |  |
| floor/block | 12/4 ms | 0.25 | 2.00 |  |
| attestation | 12/4 ms | 0.25 | 3.00 | 8.00 |
| preattestation | 12/4 ms | 0.25 | 4.00 | 12.00 |
| block | 12/4 ms | 0.25 | 5.00 | 12.00 |
| floor/vote | 0/0 ms | 0.25 | 0.50 |  |
| floor/block | 0/0 ms | 0.25 | 1.50 |  |
| attestation | 0/0 ms | 0.25 | 2.50 | 8.00 |
| preattestation | 0/0 ms | 0.25 | 3.50 | 12.00 |
| block | 0/0 ms | 0.25 | 4.50 | 12.00 |

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
    "tz4-latency": f"""
KMS 12 ms, DynamoDB 4 ms; {TZ4_RUNS}
{TZ4_WAITS}
KMS 0 ms, DynamoDB 0 ms; {TZ4_RUNS}
{TZ4_WAITS}
| processor time, ms | at | GET | POST | POST less the floor's, in verifications |
|---|---|---|---|---|
| floor/table | 12/4 ms | 0.25 | 0.25 |  |
| attestation | 12/4 ms | 0.25 | 3.00 | 11.00 |
| preattestation | 12/4 ms | 0.25 | 3.00 | 11.00 |
| block | 12/4 ms | 0.25 | 3.00 | 11.00 |
| floor/table | 0/0 ms | 0.25 | 0.25 |  |
| attestation | 0/0 ms | 0.25 | 2.75 | 10.00 |
| preattestation | 0/0 ms | 0.25 | 2.75 | 10.00 |
| block | 0/0 ms | 0.25 | 2.75 | 10.00 |

dynamodb: 2160 bytes, kms: 0 bytes
""",
    "tz4-starts": """
| median, ms | sealed keys |
|---|---|
| exec to exit, with nothing to do | 1.50 |
| exec to `next`, no connections opened (operator) | 3.25 |
| exec to `next` | 25.50 |
| exec to the first signature (12 ms KMS, 4 ms DynamoDB) | 32.25 |
""",
    "tz4-machines": """
| memory | period | attestation p50 (p90), ms | block p50 (p90), ms | exec to `next`, ms\
 | to the first signature, ms | $ per million signatures |
|---|---|---|---|---|---|---|
| 512 MB | 20 ms | 5.5 (14.0) | 18.0 (19.5) | 40.0 | 164.5 | 0.47 |
""",
    "tails": """
| ms | vote p50 | p99 | p99.9 | block p50 | p99 | p99.9 | KMS calls a signature\
 | DynamoDB calls |
|---|---|---|---|---|---|---|---|---|
| hedged | 13.50 | 24.50 | 41.50 | 18.50 | 38.50 | 43.50 | 1.010 | 1.000 |
| not hedged | 13.50 | 24.50 | 1066.50 | 18.50 | 38.50 | 43.50 | 1.010 | 1.000 |
""",
    "thaw": """
| connections meanwhile | times | handshakes in the GET | of them resumed | in the POST | GET, ms\
 | POST, ms |
|---|---|---|---|---|---|---|
| closed by the service | 160 | 320 | 319 | 0 | 4.00 | 13.50 |
| answered by nobody | 160 | 320 | 319 | 0 | 5.50 | 13.50 |

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
    "commands": """
| deploy/redoubt, ms | p50 | p90 |
|---|---|---|
| `--help` | 200.00 | 200.25 |
| `status` | 210.50 | 300.00 |
""",
    "ethereum-keys": """
| validators' keys | ms |
|---|---|
| 100 made by one call, p50 | 500.50 |
| p90 | 2999.50 |
| own processor time of a new key, backup included | 2.75 |
| 200 listed, p50 | 19.50 |
| 100 restored into another stack, by the operator's command | 9000.00 |
| an exit signed, its key sealed by a wrap of 1 of 1, p50 (p90) | 25.00 (25.25) |
| an exit signed, its key sealed by a wrap of 2 of 3, p50 (p90) | 25.75 (26.50) |

Peak memory: 12.3 MB.
""",
    "ethereum": """
| ms from event to answer | p50 | p90 | p99 | p50 above the floor's\
 | own processor time at full speed | calls of DynamoDB | of KMS |
|---|---|---|---|---|---|---|---|
| floor/table | 4.75 | 4.88 | 5.00 |  | 0.25 |  |  |
| attestation | 5.50 | 6.00 | 7.00 | 0.75 (0.62 to 0.88) | 2.75 | 1 | 0 |
| attestation/new key | 6.25 | 6.50 | 7.50 | 1.50 (1.38 to 1.62) | 2.75 | 1 | 0 |
| block | 5.50 | 6.00 | 7.00 | 0.75 (0.62 to 0.88) | 2.75 | 1 | 0 |
| refused | 0.50 | 0.75 | 1.00 |  | 0.12 | 0 | 0 |
| selection proof | 2.25 | 2.50 | 3.00 |  | 2.75 | 0 | 0 |
| selection proof/new key | 6.75 | 7.00 | 8.00 | 2.00 (1.88 to 2.12) | 2.75 | 1 | 0 |

A signature by blst alone, and its verification: 1.88 ms of processor time.

| keys | exec to `next`, median, ms | of it own processor time | exec to the first signature |
|---|---|---|---|
| 1 | 29.50 | 7.50 | 36.50 |
| 10000 | 30.00 | 8.00 | 37.25 |

`publicKeys` of all: 123 ms, 16 Query calls. Peak memory with 2000 keys open: 12.3 MB.

| at once | environments | all answered, ms | half of them | a second | in blst's own time\
 | own processor time of each, ms | the stand-ins' | calls of DynamoDB | of KMS |
|---|---|---|---|---|---|---|---|---|---|
| 10000 selection proofs | 1 | 40000 | 20000 | 250 | 1.25 | 2.50 | 0.75 | 1.00 | 0.12 |
| 10000 selection proofs | 16 | 20000 | 10000 | 500 | 1.25 | 2.50 | 0.75 | 1.00 | 0.12 |
| 1000 votes | 1 | 4000 | 2000 | 250 | 1.06 | 2.50 | 0.75 | 1.00 | 0.12 |
| 1000 votes | 16 | 2000 | 1000 | 500 | 1.06 | 2.50 | 0.75 | 1.00 | 0.12 |
""",
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
    shown = text(tables.budget({"size": {"bootstrap": 8_800_001, "zip": 1}})).splitlines()
    assert shown[2:] == [
        "| stripped static binary | 8.8 MB | 8.80 MB | **beyond** |",
        "| zip | 4.4 MB | 0.00 MB | kept |",
    ]


def test_what_is_not_judged_is_shown_with_its_figure() -> None:
    figures = deepcopy(FIGURES)
    for run in figures["latency"]["12/4"]["runs"]:
        run["ms"]["floor/vote"]["p99"] = 30.0
    row = text(tables.budget(figures)).splitlines()[2]
    assert row.endswith(" | 0.5 ms | 0.50 (0.25 to 0.75) ms | not judged: noisy machine |")


@pytest.mark.parametrize(
    ("p99", "word"),
    [(13.75, "quiet."), (14.0, "too noisy to judge what is above the floor.")],
)
def test_the_machine_is_said_to_be_quiet_or_not(p99: float, word: str) -> None:
    figures = deepcopy(FIGURES["machine"])
    figures["ms"]["floor/vote"]["p99"] = p99
    assert text(tables.machine(figures)).endswith(f"above its p50: {word}")


def test_a_trial_is_called_one() -> None:
    figures = FIGURES["machine"] | {"share_of_samples": 0.1}
    assert text(tables.machine(figures)).endswith("\nA trial: 10% of the samples.")


def test_machines_that_could_not_be_measured_say_why() -> None:
    assert text(tables.machines({"unavailable": "needs root"})) == "not measured: needs root"
