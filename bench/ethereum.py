# SPDX-License-Identifier: Apache-2.0
"""What signs for validators, with one key and with ten thousand: requests one by one, starts, and
all that come at one moment."""

import os
from statistics import median

from figures import Json, percentile, percentiles
from programs import bench, progress

NETWORK = ("--network", "hoodi", "--keys", "tz1")
USUAL = (*NETWORK, "--kms-ms", "12", "--dynamodb-ms", "4")
ONE = ("--environments", "1")
RUNS = 5
# By environments: one alone would take more than a minute for ten thousand.
KEYS = {1: 2500, 4: 10_000, 16: 10_000}


def ethereum(scale: float) -> Json:
    return {
        "12/4": {"runs": _runs(12, 4, 40 * scale)},
        "0/0": {"runs": _runs(0, 0, 60 * scale)},
        **_starts(20 * scale),
        "bursts": [_bursts(environments, keys * scale) for environments, keys in KEYS.items()],
    }


def _runs(kms: int, dynamodb: int, rounds: float) -> list[Json]:
    options = (*NETWORK, *ONE, "--kms-ms", str(kms), "--dynamodb-ms", str(dynamodb))
    runs = []
    for number in range(1, RUNS + 1):
        progress(f"ethereum: KMS {kms} ms, DynamoDB {dynamodb} ms, run {number} of {RUNS}")
        runs.append(_run_of(bench("validators", rounds, *options)))
    return runs


def _run_of(seen: Json) -> Json:
    series = seen["series"]
    return {
        "ms": {case: percentiles(of["ms"], 50, 90, 99) for case, of in series.items()},
        "processor_ms": {case: {"post": of["processor_ms"]} for case, of in series.items()},
        "calls": {case: of["calls"] for case, of in series.items()},
        "bls_ms": median(seen["bls_us"]) / 1000,
    }


def _starts(count: float) -> Json:
    progress("ethereum: starts with one key and with many")
    seen = bench("validator-starts", count, *USUAL, *ONE)
    return {
        "starts": {
            "nothing_to_do": percentiles(seen["exec_to_exit"], 50, 90),
            "keys": {
                keys: {name: median(times) for name, times in of.items()}
                for keys, of in seen["keys"].items()
            },
        },
        "listed": percentiles(seen["listed"]["ms"], 50) | {"queries": seen["listed"]["queries"]},
        "open": seen["open"],
    }


def _bursts(environments: int, keys: float) -> Json:
    progress(f"ethereum: all at once over {environments} environments")
    options = (*USUAL, "--environments", str(environments), "--timeout-ms", "120000")
    seen = bench("validator-bursts", keys, *options)["bursts"]
    return {
        "environments": environments,
        "bursts": {name: _usual_one([_burst(one) for one in of]) for name, of in seen.items()},
    }


def _usual_one(bursts: list[Json]) -> Json:
    usual = sorted(bursts, key=lambda burst: float(burst["times_bls"]))[len(bursts) // 2]
    return usual | {"unanswered": sum(burst["unanswered"] for burst in bursts)}


def _burst(seen: Json) -> Json:
    """Processor time and calls: of each request."""
    count = seen["requests"]
    return {
        "requests": count,
        "unanswered": seen["unanswered"],
        "took_ms": seen["took_ms"],
        "p50": percentile(seen["ms"], 50),
        "times_bls": _times_bls(seen),
        "processor_ms": seen["processor_ms"] / count,
        "standins_ms": seen["standins_ms"] / count,
        "calls": {service: calls / count for service, calls in seen["calls"].items()},
    }


def _times_bls(seen: Json) -> float:
    """What host and stand-ins left of the processors' time, in that which blst alone needs for as
    many on the same processors."""
    processors = len(os.sched_getaffinity(0))
    left_ms = processors * seen["took_ms"] - seen["standins_ms"]
    return float(left_ms / (seen["requests"] * seen["bls_us"] / 1000))
