# SPDX-License-Identifier: Apache-2.0
"""Each line of the budget is kept at its limit, and not beyond; on a machine that is too noisy to
tell, it is not judged."""

from copy import deepcopy
from typing import Any

import pytest

import budget
from budget import State

FLOORS = {
    "floor/vote": {"p50": 13.0, "p99": 13.25},
    "floor/block": {"p50": 17.0, "p99": 17.25},
}


def run_at_the_limits() -> dict[str, Any]:
    return {
        "ms": {
            "attestation": {"p50": 13.5, "p99": 14.0},
            "block": {"p50": 17.7, "p99": 18.2},
            **deepcopy(FLOORS),
        },
        "processor_ms": {"attestation": {"post": 0.25}, "floor/vote": {"post": 0.05}},
        "verification_us": 25,
        "calls_per_signature": {"dynamodb": 1.0, "kms": 1.0},
        "handshakes": 0,
        "peak_memory": 14_000_000,
    }


def tz4_run_at_the_limits() -> dict[str, Any]:
    return {
        "ms": {
            "attestation": {"p50": 5.6, "p99": 9.0},
            "block": {"p50": 7.6, "p99": 9.0},
            "floor/table": {"p50": 5.0, "p99": 5.25},
        },
        "processor_ms": {"attestation": {"post": 2.625}, "floor/table": {"post": 0.025}},
        "calls_per_signature": {"dynamodb": 1.0, "kms": 0.0},
        "peak_memory": 14_000_000,
    }


def validators_run_at_the_limits() -> dict[str, Any]:
    called = {"dynamodb": 1.0, "kms": 0.0}
    not_called = {"dynamodb": 0.0, "kms": 0.0}
    return {
        "ms": {
            "attestation": {"p50": 6.0, "p99": 9.0},
            "floor/table": {"p50": 5.0, "p99": 5.25},
        },
        "processor_ms": {"attestation": {"post": 2.625}, "floor/table": {"post": 0.025}},
        "calls": {
            **{case: dict(called) for case in CALLING},
            "selection proof": dict(not_called),
            "refused": dict(not_called),
        },
    }


def burst_at_the_limits() -> dict[str, Any]:
    return {"unanswered": 0, "times_bls": 1.11}


def at_the_limits() -> dict[str, Any]:
    return {
        "tz4-latency": {
            latencies: {"runs": [tz4_run_at_the_limits() for _ in range(5)]}
            for latencies in ("12/4", "0/0")
        },
        "tz4-starts": {
            "sealed keys": {"exec_to_next": 26},
            "nothing_to_do": {"p50": 1.0, "p90": 1.25},
        },
        "latency": {
            latencies: {"runs": [run_at_the_limits() for _ in range(5)]}
            for latencies in ("12/4", "0/0")
        },
        "starts": {
            "keys known": {"exec_to_next": 10},
            "nothing_to_do": {"p50": 1.0, "p90": 1.25},
        },
        "size": {"bootstrap": 8_800_000, "zip": 4_400_000},
        "micro": {"within_twice_the_library": True},
        "thaw": {"closed": {"handshakes_in_post": 0}, "deserted": {"handshakes_in_post": 0}},
        "instructions": {"within_the_reference": True},
        "commands": {"--help": {"p50": 200, "p90": 200.25}, "status": {"p50": 300, "p90": 400}},
        "ethereum-keys": {
            "created": {"keys": 200, "call_ms": {"p50": 500, "p90": 3000}, "processor_ms": 3},
            "listed": {"keys": 200, "ms": {"p50": 20}},
            "restored": {"keys": 100, "ms": 10_000},
            "opened": {"1 of 1": {"p50": 25, "p90": 25.25}, "2 of 3": {"p50": 26, "p90": 40}},
            "peak_memory": 64_000_000,
        },
        "ethereum": {
            **{
                latencies: {"runs": [validators_run_at_the_limits() for _ in range(5)]}
                for latencies in ("12/4", "0/0")
            },
            "starts": {
                "nothing_to_do": {"p50": 1.0, "p90": 1.25},
                "keys": {
                    "1": {"exec_to_next": 30, "exec_to_signature": 40},
                    "1000": {"exec_to_next": 50, "exec_to_signature": 41},
                    "10000": {"exec_to_next": 50, "exec_to_signature": 41},
                },
            },
            "listed": {"p50": 1000, "queries": 16},
            "open": {"keys": 2000, "peak_memory": 20_000_000},
            "bursts": [
                {"bursts": {"votes": {"unanswered": 0, "times_bls": 5.0}}},
                {"bursts": {"votes": burst_at_the_limits(), "proofs": burst_at_the_limits()}},
            ],
        },
    }


VOTE = "attestation, p50 above the floor's (the slower of KMS and DynamoDB)"
VOTE_P99 = "attestation, p99 above the floor's p50"
BLOCK = "block, p50 above the floor's (KMS, then DynamoDB)"
BLOCK_P99 = "block, p99 above the floor's p50"
PROCESSOR = "own processor time per signature (the POST) at full speed, less the floor's"
CALLS = "calls per signature, each service"
WARM = "TLS handshakes during a warm run"
THAWED = "TLS handshakes in a POST after its GET, thawed"
START = "exec to first `next`, public keys known"
TZ4_VOTE = "tz4: attestation, p50 above the floor's (DynamoDB alone)"
TZ4_BLOCK = "tz4: block, p50 above the floor's (DynamoDB alone)"
TZ4_PROCESSOR = "tz4: own processor time per vote (the POST) at full speed, less the floor's"
TZ4_START = "tz4: exec to first `next`, less a round of KMS (12 ms) and one of DynamoDB (4)"
COMMAND = "an operator's command, from the start of its process to its end, p50 of the slowest"
ETHEREUM_KEY = "ethereum: own processor time per new key, its backup included"
OPENED = "ethereum: a wrap of 2 of 3 opened, p50 above one of 1, which is KMS's one answer"
CALLING = ("attestation", "attestation/new key", "block", "selection proof/new key")
VALIDATOR_VOTE = "ethereum: attestation, key open, p50 above the floor's (DynamoDB alone)"
VALIDATOR_PROCESSOR = "ethereum: own processor time per attestation at full speed, less the floor's"
SLASHABLE_CALLS = "ethereum: calls per vote or block, its key open or not"
OPEN_CALLS = "ethereum: calls per selection proof, its key open"
NEW_CALLS = "ethereum: calls per selection proof, its key not open"
REFUSED_CALLS = "ethereum: calls per request without a token"
VALIDATORS_START = (
    "ethereum: exec to first `next`, less two rounds of DynamoDB (4 ms each) and one of KMS (12)"
)
MORE_KEYS = (
    "ethereum: from exec to the first signature, more with 1,000 or 10,000 keys than with one"
)
UNANSWERED = "ethereum: requests of a burst without a signature of their own"
OF_BLS = "ethereum: 1,000 votes at once over 16 environments, in the time of blst alone"
RESTORED = "ethereum: 100 keys restored from their backups into another stack"
# A line, a figure that it looks at, and the least that is too much. Of runs, in each of them.
BEYOND = [
    (VOTE, "latency 12/4 runs ms attestation p50", 13.501),
    (VOTE_P99, "latency 12/4 runs ms attestation p99", 14.001),
    (BLOCK, "latency 12/4 runs ms block p50", 17.701),
    (BLOCK_P99, "latency 12/4 runs ms block p99", 18.201),
    (PROCESSOR, "latency 0/0 runs processor_ms attestation post", 0.2501),
    (PROCESSOR, "latency 0/0 runs processor_ms floor/vote post", 0.0499),
    (PROCESSOR, "latency 0/0 runs verification_us", 24.9),
    (CALLS, "latency 12/4 runs calls_per_signature kms", 1.006),
    (CALLS, "latency 12/4 runs calls_per_signature dynamodb", 1.006),
    (WARM, "latency 12/4 runs handshakes", 1),
    ("peak memory", "latency 12/4 runs peak_memory", 14_000_001),
    (START, "starts keys_known exec_to_next", 10.001),
    (TZ4_VOTE, "tz4-latency 12/4 runs ms attestation p50", 5.601),
    (TZ4_BLOCK, "tz4-latency 12/4 runs ms block p50", 7.601),
    (TZ4_PROCESSOR, "tz4-latency 0/0 runs processor_ms attestation post", 2.626),
    (TZ4_PROCESSOR, "tz4-latency 0/0 runs processor_ms floor/table post", 0.024),
    ("tz4: calls of KMS during a warm run", "tz4-latency 12/4 runs calls_per_signature kms", 0.01),
    ("tz4: peak memory", "tz4-latency 12/4 runs peak_memory", 14_000_001),
    (TZ4_START, "tz4-starts sealed_keys exec_to_next", 26.001),
    ("stripped static binary", "size bootstrap", 8_800_001),
    ("zip", "size zip", 4_400_001),
    (THAWED, "thaw closed handshakes_in_post", 1),
    (THAWED, "thaw deserted handshakes_in_post", 1),
    ("steps slower than twice their library", "micro within_twice_the_library", False),
    ("requests of more instructions than their reference", "instructions within_the_reference",
     False),
    (COMMAND, "commands status p50", 300.1),
    (ETHEREUM_KEY, "ethereum-keys created processor_ms", 3.001),
    ("ethereum: 100 keys made by one call, p90", "ethereum-keys created call_ms p90", 3000.1),
    (OPENED, "ethereum-keys opened 2_of_3 p50", 26.001),
    ("ethereum: 10,000 keys listed, p50", "ethereum-keys listed ms p50", 20.001),
    (RESTORED, "ethereum-keys restored ms", 10_001),
    ("ethereum: peak memory, no keystore made", "ethereum-keys peak_memory", 64_000_001),
    (VALIDATOR_VOTE, "ethereum 12/4 runs ms attestation p50", 6.001),
    (VALIDATOR_PROCESSOR, "ethereum 0/0 runs processor_ms attestation post", 2.626),
    (VALIDATOR_PROCESSOR, "ethereum 0/0 runs processor_ms floor/table post", 0.024),
    (SLASHABLE_CALLS, "ethereum 12/4 runs calls attestation dynamodb", 1.006),
    (SLASHABLE_CALLS, "ethereum 12/4 runs calls attestation kms", 0.006),
    (SLASHABLE_CALLS, "ethereum 12/4 runs calls block dynamodb", 2),
    (SLASHABLE_CALLS, "ethereum 12/4 runs calls attestation/new_key dynamodb", 2),
    (OPEN_CALLS, "ethereum 12/4 runs calls selection_proof dynamodb", 0.01),
    (NEW_CALLS, "ethereum 12/4 runs calls selection_proof/new_key dynamodb", 1.006),
    (REFUSED_CALLS, "ethereum 12/4 runs calls refused dynamodb", 0.01),
    (VALIDATORS_START, "ethereum starts keys 1 exec_to_next", 30.001),
    (MORE_KEYS, "ethereum starts keys 1000 exec_to_signature", 41.001),
    (MORE_KEYS, "ethereum starts keys 10000 exec_to_signature", 41.001),
    ("ethereum: peak memory with 2,000 keys open", "ethereum open peak_memory", 20_000_001),
    ("ethereum: `publicKeys` of 10,000, p50", "ethereum listed p50", 1000.1),
    ("ethereum: Query calls for it", "ethereum listed queries", 17),
    (UNANSWERED, "ethereum bursts 1 bursts proofs unanswered", 1),
    (OF_BLS, "ethereum bursts 1 bursts votes times_bls", 1.111),
]  # fmt: skip
# Of those paths, the names that have spaces.
WORDS = {"keys_known", "sealed_keys", "2_of_3", "selection_proof", "attestation/new_key",
         "selection_proof/new_key"}  # fmt: skip
EACH = pytest.mark.parametrize(
    ("line", "figure", "value"), BEYOND, ids=[figure for _, figure, _ in BEYOND]
)


def holders(figures: Any, path: str) -> tuple[list[dict[str, Any]], str]:
    """Where the figure is: what holds it, in each run, and its name there."""
    *way, name = (part.replace("_", " ") if part in WORDS else part for part in path.split())
    found = [figures]
    for part in way:
        found = [one[int(part)] if isinstance(one, list) else one[part] for one in found]
        if part == "runs":
            found = found[0]
    assert all(name in one for one in found)
    return found, name


def put(figures: Any, path: str, value: Any, runs: int = 5) -> None:
    found, name = holders(figures, path)
    for holder in found[:runs]:
        holder[name] = value


def states(figures: Any) -> dict[str, State]:
    return {verdict.line.what: verdict.state for verdict in budget.verdicts(figures)}


def other_than_kept(figures: Any) -> dict[str, State]:
    return {what: state for what, state in states(figures).items() if state != State.KEPT}


# --- Limits ---------------------------------------------------------------------------------------
def test_at_its_limit_every_line_is_kept() -> None:
    assert set(states(at_the_limits())) == {line.what for line in budget.LINES}
    assert other_than_kept(at_the_limits()) == {}


def test_every_line_is_in_the_table() -> None:
    assert list(dict.fromkeys(line for line, _, _ in BEYOND)) == [
        line.what for line in budget.LINES
    ]


@EACH
def test_a_little_more_is_beyond(line: str, figure: str, value: float) -> None:
    figures = at_the_limits()
    put(figures, figure, value)
    assert other_than_kept(figures) == {line: State.BEYOND}


@EACH
def test_a_figure_that_is_missing_is_no_figure_that_is_kept(
    line: str, figure: str, value: float
) -> None:
    figures = at_the_limits()
    for holder in holders(figures, figure)[0]:
        holder.clear()
    with pytest.raises((KeyError, ValueError)):
        states(figures)


def test_a_figure_that_is_no_number_is_beyond() -> None:
    figures = at_the_limits()
    put(figures, "starts keys_known exec_to_next", float("nan"))
    assert other_than_kept(figures) == {START: State.BEYOND}


def test_a_few_repeated_calls_are_no_second_call() -> None:
    figures = at_the_limits()
    put(figures, "latency 12/4 runs calls_per_signature kms", 1.004)
    assert other_than_kept(figures) == {}


@pytest.mark.parametrize("section", at_the_limits())
def test_a_section_that_was_not_measured_has_no_verdict(section: str) -> None:
    figures = {name: figures for name, figures in at_the_limits().items() if name != section}
    expected = {line.what for line in budget.LINES if line.section != section}
    assert set(states(figures)) == expected
    assert len(expected) < len(budget.LINES)


# --- Runs -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("runs", "expected"), [(2, State.KEPT), (3, State.BEYOND)])
def test_the_median_of_five_runs_counts(runs: int, expected: State) -> None:
    figures = at_the_limits()
    put(figures, "latency 12/4 runs ms attestation p50", 30.0, runs)
    assert states(figures)[VOTE] == expected


def test_each_run_is_compared_with_its_own_floor() -> None:
    figures = at_the_limits()
    for later, run in enumerate(figures["latency"]["12/4"]["runs"]):
        for wait in run["ms"].values():
            wait["p50"] += later
            wait["p99"] += later
    assert other_than_kept(figures) == {}


def test_the_spread_of_the_runs_is_shown() -> None:
    figures = at_the_limits()
    for number, run in enumerate(figures["latency"]["12/4"]["runs"]):
        run["ms"]["attestation"]["p50"] = 13.0 + number / 4
    (verdict,) = (one for one in budget.verdicts(figures) if one.line.what == VOTE)
    assert str(verdict.seen) == "0.50 (0.00 to 1.00)"


# --- The machine ----------------------------------------------------------------------------------
# Whose floor is noisy, in how many runs, what is measured beside, and what is said of lines.
DIFFERENCES = {VOTE: State.NOT_JUDGED, VOTE_P99: State.NOT_JUDGED}
TOO_LATE = "latency 12/4 runs ms attestation p50"
MACHINES = [
    ("quiet and kept", "vote", 0, {}, {}),
    ("quiet and beyond", "vote", 0, {TOO_LATE: 14.0}, {VOTE: State.BEYOND}),
    ("two noisy runs", "vote", 2, {TOO_LATE: 14.0}, {VOTE: State.BEYOND}),
    ("noisy and kept", "vote", 3, {}, DIFFERENCES),
    ("noisy and beyond", "vote", 3, {TOO_LATE: 14.0}, DIFFERENCES),
    ("noisy blocks", "block", 5, {},
     {BLOCK: State.NOT_JUDGED, BLOCK_P99: State.NOT_JUDGED}),
    ("noisy, and more of what noise adds", "vote", 5,
     {"latency 12/4 runs handshakes": 1, "latency 12/4 runs calls_per_signature kms": 1.02},
     DIFFERENCES | {WARM: State.NOT_JUDGED, CALLS: State.NOT_JUDGED}),
    ("noisy, and more of what no noise adds", "vote", 5,
     {"latency 12/4 runs peak_memory": 15_000_000},
     DIFFERENCES | {"peak memory": State.BEYOND}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("floor", "runs", "measured", "expected"),
    [case[1:] for case in MACHINES],
    ids=[case[0] for case in MACHINES],
)
def test_what_is_said_on_such_a_machine(
    floor: str, runs: int, measured: dict[str, float], expected: dict[str, State]
) -> None:
    figures = at_the_limits()
    put(figures, f"latency 12/4 runs ms floor/{floor} p99", 30.0, runs)
    for figure, value in measured.items():
        put(figures, figure, value)
    assert other_than_kept(figures) == expected


@pytest.mark.parametrize(
    ("above", "judged"), [(0.299, True), (0.301, False), (float("nan"), False)]
)
def test_a_floor_within_three_tenths_of_its_median_is_quiet(above: float, judged: bool) -> None:
    figures = at_the_limits()
    put(figures, "latency 12/4 runs ms floor/vote p99", 13.0 + above)
    assert (states(figures)[VOTE] == State.KEPT) == judged


def test_noise_without_injected_latency_hinders_no_judgement() -> None:
    """Processor time is compared with verifications, which are as slow as the machine is."""
    figures = at_the_limits()
    put(figures, "latency 0/0 runs ms floor/vote p99", 30.0)
    assert other_than_kept(figures) == {}


def test_a_noisy_floor_of_the_table_hinders_what_is_above_it_alone() -> None:
    figures = at_the_limits()
    put(figures, "tz4-latency 12/4 runs ms floor/table p99", 30.0)
    put(figures, "tz4-latency 12/4 runs ms block p50", 30.0)
    put(figures, "tz4-latency 12/4 runs peak_memory", 15_000_000)
    assert other_than_kept(figures) == {
        TZ4_VOTE: State.NOT_JUDGED,
        TZ4_BLOCK: State.NOT_JUDGED,
        "tz4: peak memory": State.BEYOND,
    }


@pytest.mark.parametrize(
    ("took", "expected"), [(10, State.KEPT), (10.001, State.NOT_JUDGED)], ids=["kept", "late"]
)
def test_starts_are_noisy_when_nothing_to_do_takes_long(took: float, expected: State) -> None:
    figures = at_the_limits()
    put(figures, "starts nothing_to_do p90", 2.0)
    put(figures, "starts keys_known exec_to_next", took)
    put(figures, "tz4-starts nothing_to_do p90", 2.0)
    put(figures, "tz4-starts sealed_keys exec_to_next", took + 16)
    assert states(figures)[START] == states(figures)[TZ4_START] == expected


@pytest.mark.parametrize("slower", [1, 2, 5])
def test_a_slower_machine_judges_processor_time_alike(slower: int) -> None:
    figures = at_the_limits()
    for run in figures["latency"]["0/0"]["runs"]:
        run["verification_us"] *= slower
        for kind in run["processor_ms"].values():
            kind["post"] *= slower
    assert other_than_kept(figures) == {}
