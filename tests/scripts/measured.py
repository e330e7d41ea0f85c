# SPDX-License-Identifier: Apache-2.0
"""Figures of every section, in small."""

from typing import Any

Json = dict[str, Any]
KINDS = ("attestation", "preattestation", "block")
FLOORS = ("floor/vote", "floor/block")


def wait(p50: float, p90: float, p99: float) -> Json:
    return {"p50": p50, "p90": p90, "p99": p99}


def run(post: float, later: float = 0.0) -> Json:
    """With that processor time of an attestation's POST, and all but the floor so much later."""
    # At the limits of the budget, which a drawing must show.
    return {
        "ms": {
            "attestation": wait(14.0 + later, 14.25, 14.5 + later),
            "attestation/p256": wait(13.75 + later, 14.0, 14.5),
            "preattestation": wait(14.0 + later, 14.25, 14.5 + later),
            "block": wait(18.45 + later, 18.5, 18.95 + later),
            "floor/vote": wait(13.5, 13.625, 13.75),
            "floor/block": wait(17.75, 18.0, 18.0),
        },
        "processor_ms": {
            kind: {"get": 0.25, "post": post + number}
            for number, kind in enumerate((*FLOORS, *KINDS))
        },
        "verification_us": 250,
        "peak_memory": 7_610_000,
        "calls_per_signature": {"dynamodb": 1.0, "kms": 1.0},
        "bytes_per_signature": {"dynamodb": 2060.4, "kms": 1214.6},
        "handshakes": 0,
        "signatures": 360,
    }


def tz4_run(post: float, later: float = 0.0) -> Json:
    return run(post) | {
        "ms": {
            "attestation": wait(5.25 + later, 5.5, 6.0),
            "attestation/bls": wait(5.25 + later, 5.5, 6.0),
            "preattestation": wait(5.25 + later, 5.5, 6.0),
            "block": wait(7.0 + later, 7.5, 8.0),
            "floor/table": wait(4.75, 4.875, 5.0),
        },
        "processor_ms": {
            kind: {"get": 0.25, "post": 0.25 if kind == "floor/table" else post}
            for kind in ("floor/table", *KINDS)
        },
        "calls_per_signature": {"dynamodb": 1.0, "kms": 0.0},
        "bytes_per_signature": {"dynamodb": 2160.4, "kms": 0.0},
        "peak_memory": 8_240_000,
    }


def tz4_latency(post: float) -> Json:
    return {
        "runs": [tz4_run(post, later) for later in (0.125, -0.125, 0.0)],
        "percentiles": {kind: [5.0] * 101 for kind in ("floor/table", *KINDS)},
    }


def latency(post: float) -> Json:
    """Five runs, of which the third is the usual one."""
    return {
        "runs": [run(post, later) for later in (0.25, -0.25, 0.0, -0.125, 0.125)],
        "percentiles": {
            "attestation": [13 + percent / 25 for percent in range(101)],
            "preattestation": [14.0] * 101,
            "block": [18 + percent / 25 for percent in range(101)],
            "floor/vote": [12.5 + percent / 50 for percent in range(101)],
            "floor/block": [17 + percent / 50 for percent in range(101)],
        },
    }


def machine(megabytes: int, period: int, attestation: float, exec_to_next: float) -> Json:
    return {
        "megabytes": megabytes,
        "period": period,
        "attestation": {"p50": attestation, "p90": 14.0},
        "block": {"p50": 18.0, "p90": 19.5},
        "get": 2.0,
        "exec_to_next": exec_to_next,
        "exec_to_signature": 164.5,
    }


def tail(slowest: float) -> Json:
    return {
        "votes": {"p50": 13.5, "p99": 24.5, "p99.9": slowest},
        "blocks": {"p50": 18.5, "p99": 38.5, "p99.9": 43.5},
        "calls_per_signature": {"kms": 1.0096, "dynamodb": 1.0},
    }


def thawed(get_ms: float) -> Json:
    return {
        "thaws": 160,
        "get_ms": get_ms,
        "post_ms": 13.5,
        "handshakes_in_get": 320,
        "resumed": 319,
        "handshakes_in_post": 0,
    }


def validators_run(post: float, later: float = 0.0) -> Json:
    return {
        "ms": {
            "attestation": wait(5.5 + later, 6.0, 7.0),
            "attestation/new key": wait(6.25 + later, 6.5, 7.5),
            "block": wait(5.5 + later, 6.0, 7.0),
            "floor/table": wait(4.75, 4.875, 5.0),
            "refused": wait(0.5, 0.75, 1.0),
            "selection proof": wait(2.25 + later, 2.5, 3.0),
            "selection proof/new key": wait(6.75 + later, 7.0, 8.0),
        },
        "processor_ms": {
            **{case: {"post": post} for case in VALIDATOR_CASES},
            "floor/table": {"post": 0.25},
            "refused": {"post": 0.125},
        },
        "calls": {
            **{case: {"dynamodb": 1.0, "kms": 0.0} for case in VALIDATOR_CASES},
            **{case: {"dynamodb": 0.0, "kms": 0.0} for case in ("selection proof", "refused")},
        },
        "bls_ms": 1.875,
    }


VALIDATOR_CASES = ("attestation", "attestation/new key", "block", "floor/table", "selection proof",
                   "selection proof/new key")  # fmt: skip


def validators(post: float) -> Json:
    return {"runs": [validators_run(post, later) for later in (0.125, -0.125, 0.0)]}


def burst(requests: int, took_ms: float, times_bls: float) -> Json:
    return {
        "requests": requests,
        "unanswered": 0,
        "took_ms": took_ms,
        "p50": took_ms / 2,
        "times_bls": times_bls,
        "processor_ms": 2.5,
        "standins_ms": 0.75,
        "calls": {"dynamodb": 1.0, "kms": 0.125},
    }


def bursts(environments: int, took_ms: float) -> Json:
    return {
        "environments": environments,
        "bursts": {
            "selection proofs": burst(10_000, 10 * took_ms, 1.25),
            "votes": burst(1000, took_ms, 1.0625),
        },
    }


FIGURES: Json = {
    "machine": {
        "date": "2026-11-29",
        "processor": "A Processor",
        "cores": 2,
        "share_of_samples": 1.0,
        "verification_us": {"p50": 25.4, "p90": 26.0},
        "ms": {"floor/vote": wait(13.5, 13.625, 13.75), "floor/block": wait(17.75, 18.0, 18.0)},
    },
    "size": {"bootstrap": 7_341_672, "zip": 3_920_176},
    "latency": {"12/4": latency(1.0), "0/0": latency(0.5)},
    "starts": {
        "keys known": {
            "exec_to_exit": 1.5,
            "exec_to_next_unconnected": 3.25,
            "exec_to_next": 9.75,
            "exec_to_signature": 24.25,
        },
        "keys asked for": {
            "exec_to_next_unconnected": 25.5,
            "exec_to_next": 29.5,
            "exec_to_signature": 44.0,
        },
        "nothing_to_do": {"p50": 1.5, "p90": 1.625},
    },
    "machines": {
        "128 MB, 20 ms": machine(128, 20, 10.0, 100.0),
        "1769 MB, 20 ms": machine(1769, 20, 100.0, 10.0),
        "128 MB, 100 ms": machine(128, 100, 20.0, 200.0),
        "1769 MB, 100 ms": machine(1769, 100, 200.0, 20.0),
    },
    "tz4-latency": {"12/4": tz4_latency(3.0), "0/0": tz4_latency(2.75)},
    "tz4-starts": {
        "sealed keys": {
            "exec_to_exit": 1.5,
            "exec_to_next_unconnected": 3.25,
            "exec_to_next": 25.5,
            "exec_to_signature": 32.25,
        },
        "nothing_to_do": {"p50": 1.5, "p90": 1.625},
    },
    "tz4-machines": {"512 MB, 20 ms": machine(512, 20, 5.5, 40.0)},
    "tails": {"hedged": tail(41.5), "not hedged": tail(1066.5)},
    "thaw": {"closed": thawed(4.0), "deserted": thawed(5.5), "warm_post_ms": 13.577},
    "load": {
        "environments": [
            {"environments": 1, "per_second": 60.4, "p50": 14.0, "p99": 20.5, "processor": 1.25},
            {"environments": 2, "per_second": 120.8, "p50": 14.0, "p99": 17.5, "processor": 1.0},
            {"environments": 4, "per_second": 30.2, "p50": 28.0, "p99": 30.0, "processor": 0.5},
        ],
        "keys": [{"keys": 1, "known": 10.0, "asked": 27.0}],
    },
    "micro": {"within_twice_the_library": True, "table": "step  ratio\nder   0.77"},
    "instructions": {"within_the_reference": True, "table": "case  change\nblock  +0.00%"},
    "ethereum-keys": {
        "created": {"keys": 200, "call_ms": {"p50": 500.5, "p90": 2999.5}, "processor_ms": 2.75},
        "listed": {"keys": 200, "ms": {"p50": 19.5}},
        "restored": {"keys": 100, "ms": 9000.0},
        "opened": {"1 of 1": {"p50": 25.0, "p90": 25.25}, "2 of 3": {"p50": 25.75, "p90": 26.5}},
        "peak_memory": 12_345_678,
    },
    "ethereum": {
        "12/4": validators(3.0),
        "0/0": validators(2.75),
        "starts": {
            "nothing_to_do": {"p50": 1.5, "p90": 1.625},
            "keys": {
                "1": {"exec_to_next": 29.5, "processor_ms": 7.5, "exec_to_signature": 36.5},
                "10000": {"exec_to_next": 30.0, "processor_ms": 8.0, "exec_to_signature": 37.25},
            },
        },
        "listed": {"p50": 123.4, "queries": 16},
        "open": {"keys": 2000, "peak_memory": 12_345_678},
        "bursts": [bursts(1, 4000.0), bursts(16, 2000.0)],
    },
    "commands": {"--help": {"p50": 200.0, "p90": 200.25}, "status": {"p50": 210.5, "p90": 300.0}},
}
