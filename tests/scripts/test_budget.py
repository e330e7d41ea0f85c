# SPDX-License-Identifier: Apache-2.0
"""Each line of the budget is kept at its limit, and not beyond."""

from copy import deepcopy
from typing import Any

import pytest

import budget

AT_THE_LIMITS: dict[str, Any] = {
    "latency": {
        "12/4": {
            "added": {
                "attestation": {"p50": 0.5, "p99": 1.0},
                "block": {"p50": 0.7, "p99": 1.2},
            },
            "calls_per_signature": {"dynamodb": 1.0, "kms": 1.0},
            "handshakes": 0,
            "peak_memory": 14_000_000,
        },
        "0/0": {"processor": {"attestation": {"post": 0.4}}},
    },
    "starts": {"keys known": {"exec_to_next": 10}},
    "size": {"bootstrap": 8_000_000, "zip": 4_000_000},
    "micro": {"within_twice_the_library": True},
    "thaw": {"closed": {"handshakes_in_post": 0}, "deserted": {"handshakes_in_post": 0}},
}
ADDED = "latency 12/4 added"
# A line, a figure that it looks at, and the least that is too much.
BEYOND = [
    ("added to max(KMS, DynamoDB), attestation, p50", f"{ADDED} attestation p50", 0.501),
    ("added to max(KMS, DynamoDB), attestation, p99", f"{ADDED} attestation p99", 1.001),
    ("added to KMS + DynamoDB, block, p50", f"{ADDED} block p50", 0.701),
    ("added to KMS + DynamoDB, block, p99", f"{ADDED} block p99", 1.201),
    (
        "own processor time per signature (the POST), at full speed",
        "latency 0/0 processor attestation post",
        0.401,
    ),
    ("calls per signature, each service", "latency 12/4 calls_per_signature kms", 1.006),
    ("calls per signature, each service", "latency 12/4 calls_per_signature dynamodb", 1.006),
    ("TLS handshakes during a warm run", "latency 12/4 handshakes", 1),
    ("peak memory", "latency 12/4 peak_memory", 14_000_001),
    ("exec to first `next`, public keys known", "starts keys_known exec_to_next", 10.001),
    ("stripped static binary", "size bootstrap", 8_000_001),
    ("zip", "size zip", 4_000_001),
    ("steps slower than twice their library", "micro within_twice_the_library", False),
    ("TLS handshakes in a POST after its GET, thawed", "thaw closed handshakes_in_post", 1),
    ("TLS handshakes in a POST after its GET, thawed", "thaw deserted handshakes_in_post", 1),
]
EACH = pytest.mark.parametrize(
    ("line", "figure", "value"), BEYOND, ids=[figure for _, figure, _ in BEYOND]
)


def at(figures: Any, path: str) -> tuple[Any, str]:
    """Where the figure is: what holds it, and its name there."""
    *way, name = (part.replace("keys_known", "keys known") for part in path.split())
    for part in way:
        figures = figures[part]
    assert name in figures
    return figures, name


def beyond(figures: Any) -> list[str]:
    return [verdict.line.what for verdict in budget.verdicts(figures) if not verdict.kept]


def test_at_its_limit_every_line_is_kept() -> None:
    assert {verdict.line for verdict in budget.verdicts(AT_THE_LIMITS)} == set(budget.LINES)
    assert beyond(AT_THE_LIMITS) == []


def test_every_line_is_in_the_table() -> None:
    assert list(dict.fromkeys(line for line, _, _ in BEYOND)) == [
        line.what for line in budget.LINES
    ]


@EACH
def test_a_little_more_is_beyond(line: str, figure: str, value: float) -> None:
    figures = deepcopy(AT_THE_LIMITS)
    holder, name = at(figures, figure)
    holder[name] = value
    assert beyond(figures) == [line]


@EACH
def test_a_figure_that_is_missing_is_no_figure_that_is_kept(
    line: str, figure: str, value: float
) -> None:
    figures = deepcopy(AT_THE_LIMITS)
    holder, name = at(figures, figure)
    del holder[name]
    if name in ("kms", "dynamodb"):
        holder.clear()  # of the two services it is the dearer that counts
    with pytest.raises((KeyError, ValueError)):
        beyond(figures)


def test_a_figure_that_is_no_number_is_beyond() -> None:
    figures = deepcopy(AT_THE_LIMITS)
    figures["starts"]["keys known"]["exec_to_next"] = float("nan")
    assert beyond(figures) == ["exec to first `next`, public keys known"]


def test_a_few_repeated_calls_are_no_second_call() -> None:
    figures = deepcopy(AT_THE_LIMITS)
    figures["latency"]["12/4"]["calls_per_signature"] = {"dynamodb": 1.0, "kms": 1.004}
    assert beyond(figures) == []


@pytest.mark.parametrize("section", AT_THE_LIMITS)
def test_a_section_that_was_not_measured_has_no_verdict(section: str) -> None:
    figures = {name: figures for name, figures in AT_THE_LIMITS.items() if name != section}
    judged = {verdict.line for verdict in budget.verdicts(figures)}
    assert judged == {line for line in budget.LINES if line.section != section}
    assert len(judged) < len(budget.LINES)
