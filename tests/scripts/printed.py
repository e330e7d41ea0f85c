# SPDX-License-Identifier: Apache-2.0
"""What `redoubt-bench` prints, in small."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def series(ms: Sequence[float], get: float = 0.5, post: float = 1.0) -> Json:
    return {
        "ms": list(ms),
        "get_ms": [one / 10 for one in ms],
        "processor_ms": {"get": get, "post": post},
    }


LATENCY: Json = {
    "verification_us": [25, 26, 90],
    "peak_memory": 7_000_000,
    "before": {
        "kms": {"calls": 5, "bytes": 100, "handshakes": 2},
        "dynamodb": {"calls": 7, "bytes": 300, "handshakes": 2},
    },
    "after": {
        "kms": {"calls": 16, "bytes": 1300, "handshakes": 5},
        "dynamodb": {"calls": 17, "bytes": 2300, "handshakes": 3},
    },
    "series": {
        "attestation/p256": series([13, 14, 15], 0.25, 0.5),
        "attestation/ed25519": series([14, 16, 18], 0.25, 1.0),
        "block/p256": series([22, 23], 0.5, 3.0),
        "floor/block": series([16, 17, 18], 0.125, 0.5),
        "floor/vote": series([12, 13, 14], 0.125, 0.25),
        "preattestation/p256": series([15, 16], 0.5, 2.0),
    },
}


TZ4: Json = {
    **LATENCY,
    "after": LATENCY["after"] | {"kms": LATENCY["before"]["kms"]},
    "series": {
        "attestation/bls": series([5, 6, 7], 0.25, 3.0),
        "block/bls": series([8, 9], 0.5, 3.5),
        "floor/table": series([4, 5, 6], 0.125, 0.25),
        "preattestation/bls": series([5, 6], 0.5, 3.0),
    },
}


def floor() -> Json:
    """A hundred rounds; votes are quick but twice."""
    return {
        "verification_us": list(range(1, 101)),
        "series": {
            "floor/vote": series([13.0] * 98 + [14.0, 15.0]),
            "floor/block": series(list(range(1, 101))),
        },
    }


def starts(longer: float) -> Json:
    """By so many milliseconds, but for a program that has nothing to do."""
    return {
        "exec_to_exit": [2, 1, 30],
        "exec_to_next_unconnected": [longer + ms for ms in (3, 4, 50)],
        "exec_to_next": [longer + ms for ms in (9, 8, 10)],
        "exec_to_signature": [longer + ms for ms in (24, 90, 23)],
    }


def spaced() -> Json:
    return {
        "series": {
            "attestation": {"ms": [13, 14, 16], "get_ms": [1, 2, 9]},
            "block": {"ms": [20, 18, 17], "get_ms": [3, 3, 3]},
        }
    }


def thaw() -> Json:
    def one(get_ms: float, post_ms: float, in_get: int, resumed: int, in_post: int) -> Json:
        return {
            "get_ms": get_ms,
            "post_ms": post_ms,
            "get": {"handshakes": in_get, "resumed": resumed},
            "post": {"handshakes": in_post, "resumed": 0},
        }

    return {
        "closed": [
            one(4, 13, 2, 2, 0) | {"warm_ms": 12},
            one(6, 15, 2, 1, 1) | {"warm_ms": 14},
        ],
        "deserted": [one(6, 15, 2, 2, 0)],
        "seconds": 55,
    }


def load() -> Json:
    return {
        "environments": 1,
        "per_second": 60,
        "processor_ms": 1.25,
        "init": [],
        "ms": list(range(100, 0, -1)),
    }


def duty(ms: Sequence[float], processor_ms: float, dynamodb: float, kms: float = 0) -> Json:
    calls = {"dynamodb": dynamodb, "kms": kms}
    return {"ms": list(ms), "processor_ms": processor_ms, "calls": calls}


VALIDATORS: Json = {
    "bls_us": [1900, 1800, 2500],
    "series": {
        "attestation": duty([5, 6, 9], 2.5, 1),
        "attestation/new key": duty([7, 8], 3, 1),
        "floor/table": duty([4, 5, 6], 0.25, 0),
        "refused": duty([1], 0.5, 0),
    },
}


def validator_starts() -> Json:
    def of(longer: float) -> Json:
        return {
            "exec_to_next": [longer + ms for ms in (29, 28, 90)],
            "exec_to_signature": [longer + ms for ms in (38, 99, 39)],
            "processor_ms": [8, 9, 7],
        }

    return {
        "exec_to_exit": [2, 1, 30],
        "keys": {"1": of(0), "1000": of(1), "10000": of(2)},
        "listed": {"ms": [90, 80, 700], "queries": 16},
        "open": {"keys": 2000, "peak_memory": 12_500_000},
    }


def burst(took_ms: float, unanswered: int = 0) -> Json:
    """Of ten, each of which takes blst 2 ms."""
    return {
        "requests": 10,
        "took_ms": took_ms,
        "ms": [took_ms * part / 10 for part in range(1, 11)],
        "unanswered": unanswered,
        "processor_ms": 30,
        "standins_ms": 20,
        "bls_us": 2000,
        "calls": {"dynamodb": 10, "kms": 2},
    }


def validator_bursts() -> Json:
    return {
        "bursts": {
            "selection proofs": [burst(20)],
            "votes": [burst(40, unanswered=1), burst(25), burst(21, unanswered=2)],
        }
    }
