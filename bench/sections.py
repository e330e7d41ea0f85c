# SPDX-License-Identifier: Apache-2.0
"""What is measured, section by section. Each gives plain figures: milliseconds unless named."""

import os
import platform
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import programs
from commands import commands
from ethereum import ethereum
from ethereum_keys import ethereum_keys
from figures import KINDS, Json, floors_of, percentile, percentiles, run_of, samples_of
from programs import bench, progress
from quota import Unavailable, rationed

USUAL = ("--environments", "1", "--kms-ms", "12", "--dynamodb-ms", "4")
TZ4 = ("--keys", "tz4")
RUNS = 5
SECONDS_APART = 1.5  # so that thaws disturb each other little


def machine(scale: float) -> Json:
    """What all else is measured on: how fast it is, and how steady."""
    seen = bench("floor", 150 * scale, *USUAL)
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*: (.+)$", cpuinfo, re.MULTILINE)
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "processor": model[1] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "share_of_samples": scale,
        "verification_us": percentiles(seen["verification_us"], 50, 90),
        "ms": {
            floor: percentiles(seen["series"][floor]["ms"], 50, 90, 99)
            for floor in floors_of(seen["series"])
        },
    }


def latency(scale: float) -> Json:
    """End to end, beside what AWS and the host take."""
    return {
        "12/4": _latency(12, 4, 80 * scale),
        "0/0": _latency(0, 0, 150 * scale),
    }


def tz4_latency(scale: float) -> Json:
    """The same of a key that the function itself signs with."""
    return {
        "12/4": _latency(12, 4, 80 * scale, *TZ4),
        "0/0": _latency(0, 0, 100 * scale, *TZ4),
    }


def _latency(kms: int, dynamodb: int, rounds: float, *more: str) -> Json:
    options = ("--environments", "1", "--kms-ms", str(kms), "--dynamodb-ms", str(dynamodb), *more)
    seen = []
    for number in range(1, RUNS + 1):
        progress(f"latency: KMS {kms} ms, DynamoDB {dynamodb} ms, run {number} of {RUNS}")
        seen.append(bench("latency", rounds, *options))
    pooled = {
        kind: [ms for run in seen for ms in samples_of(run["series"], kind)]
        for kind in (*floors_of(seen[0]["series"]), *KINDS)
    }
    return {
        "runs": [run_of(run) for run in seen],
        "percentiles": {
            kind: [percentile(samples, percent) for percent in range(101)]
            for kind, samples in pooled.items()
        },
    }


def size(_scale: float) -> Json:
    return {
        "bootstrap": (programs.RELEASE / "bootstrap").stat().st_size,
        "zip": (programs.RELEASE / "redoubt.zip").stat().st_size,
    }


def starts(scale: float) -> Json:
    """From exec, with and without PUBLIC_KEYS."""
    known = bench("starts", 50 * scale, *USUAL)
    asked = bench("starts", 50 * scale, *USUAL, "--env", "PUBLIC_KEYS=")
    return {
        "keys known": {name: median(times) for name, times in known.items()},
        "keys asked for": {
            name: median(times) for name, times in asked.items() if name != "exec_to_exit"
        },
        "nothing_to_do": percentiles(known["exec_to_exit"], 50, 90),
    }


def tz4_starts(scale: float) -> Json:
    """From exec, with a key and its companion to open."""
    seen = bench("starts", 50 * scale, *USUAL, *TZ4)
    return {
        "sealed keys": {name: median(times) for name, times in seen.items()},
        "nothing_to_do": percentiles(seen["exec_to_exit"], 50, 90),
    }


def machines(scale: float) -> Json:
    """With the processor time of small memory sizes."""
    return _machines("tz2", scale)


def tz4_machines(scale: float) -> Json:
    return _machines("tz4", scale)


def _machines(key: str, scale: float) -> Json:
    result: Json = {}
    for period in (20, 100):
        for megabytes in (128, 256, 512, 1024, 1769):
            progress(f"machines: {key}, {megabytes} MB, rationed by periods of {period} ms")
            try:
                result[f"{megabytes} MB, {period} ms"] = _machine(key, megabytes, period, scale)
            except Unavailable as why:
                return {"unavailable": str(why)}
    return result


def _machine(key: str, megabytes: int, period: int, scale: float) -> Json:
    options = (*USUAL, "--keys", key, "--timeout-ms", "10000")
    with rationed(programs.RELEASE / "bootstrap", megabytes, period) as program:
        program_options = ("--bootstrap", str(program))
        seen = bench("spaced", 20 * scale, *options, *program_options)
        cold = bench("starts", 10 * scale, *options, *program_options)
    series = seen["series"]
    figures: Json = {"megabytes": megabytes, "period": period}
    for kind in ("attestation", "block"):
        figures[kind] = percentiles(series[kind]["ms"], 50, 90)
    figures["get"] = percentile(series["attestation"]["get_ms"], 50)
    for name in ("exec_to_next", "exec_to_signature"):
        figures[name] = median(cold[name])
    return figures


def tails(scale: float) -> Json:
    """1 % of KMS' answers twenty times slower, 0.2 % lost. Both side by side: all that they do is
    wait."""
    with ThreadPoolExecutor(2) as pool:
        hedged = pool.submit(_tails, scale)
        not_hedged = pool.submit(_tails, scale, "--env", "HEDGING=off")
    return {"hedged": hedged.result(), "not hedged": not_hedged.result()}


def _tails(scale: float, *more: str) -> Json:
    options = (*USUAL, "--keys", "tz2", "--fault", "kms:slow=228@0.01",
               "--fault", "kms:blackhole@0.002", *more)  # fmt: skip
    seen = bench("latency", 1000 * scale, *options)
    votes = [ms for kind in KINDS[:2] for ms in samples_of(seen["series"], kind)]
    return {
        "votes": percentiles(votes, 50, 99, 99.9),
        "blocks": percentiles(samples_of(seen["series"], "block"), 50, 99, 99.9),
        "calls_per_signature": run_of(seen)["calls_per_signature"],
    }


def _thaw(seconds: int, number: int) -> Json:
    time.sleep(SECONDS_APART * number)
    return bench("thaw", seconds, *USUAL)


def thaw(scale: float) -> Json:
    """After the freeze: connections that were closed, or that nobody answers on any more."""
    seconds = 55  # the last request is too long ago to trust its connections
    with ThreadPoolExecutor(8) as pool:
        runs = list(
            pool.map(
                lambda number: _thaw(seconds, number),
                range(max(2, round(8 * scale))),
            )
        )
    result = {}
    for how in ("closed", "deserted"):
        thawed = [one for run in runs for one in run[how]]
        result[how] = {
            "thaws": len(thawed),
            "get_ms": median(one["get_ms"] for one in thawed),
            "post_ms": median(one["post_ms"] for one in thawed),
            "handshakes_in_get": sum(one["get"]["handshakes"] for one in thawed),
            "resumed": sum(one["get"]["resumed"] for one in thawed),
            "handshakes_in_post": sum(one["post"]["handshakes"] for one in thawed),
        }
    result["warm_post_ms"] = median(one["warm_ms"] for run in runs for one in run["closed"])
    return result


def load(scale: float) -> Json:
    """As many bakers as environments, on this machine's processors, stand-ins included."""
    environments = []
    for count in (1, 2, 4, 8, 16, 32, 64):
        progress(f"load: {count} environments")
        seen = bench("load", max(20, scale * 600 / count), *USUAL, "--environments", str(count),
                     "--keys", "tz2", "--timeout-ms", "20000")  # fmt: skip
        environments.append(
            {
                "environments": count,
                "per_second": seen["per_second"],
                "processor": seen["processor_ms"],
                "p50": percentile(seen["ms"], 50),
                "p99": percentile(seen["ms"], 99),
            }
        )
    keys = []
    for count in (1, 5, 10, 25):
        named = ("--keys", ",".join(["tz1", "tz2", "tz3"][i % 3] for i in range(count)))
        progress(f"load: {count} keys")
        known = bench("starts", 20 * scale, *USUAL, *named)
        asked = bench("starts", 20 * scale, *USUAL, *named, "--env", "PUBLIC_KEYS=")
        keys.append(
            {
                "keys": count,
                "known": median(known["exec_to_next"]),
                "asked": median(asked["exec_to_next"]),
            }
        )
    return {"environments": environments, "keys": keys}


def micro(_scale: float) -> Json:
    """Each step against the library call that it wraps, as bench/micro/check shows them."""
    check = Path(__file__).parent / "micro" / "check"
    done = subprocess.run([str(check)], stdout=subprocess.PIPE, text=True, check=False)
    return {"within_twice_the_library": done.returncode == 0, "table": done.stdout.rstrip()}


def instructions(_scale: float) -> Json:
    """Of a request without its network, as bench/instructions/check shows them."""
    check = Path(__file__).parent / "instructions" / "check"
    done = subprocess.run([str(check)], stdout=subprocess.PIPE, text=True, check=False)
    return {"within_the_reference": done.returncode == 0, "table": done.stdout.rstrip()}


SECTIONS: dict[str, Callable[[float], Json]] = {
    "machine": machine,
    "size": size,
    "latency": latency,
    "starts": starts,
    "machines": machines,
    "tz4-latency": tz4_latency,
    "tz4-starts": tz4_starts,
    "tz4-machines": tz4_machines,
    "tails": tails,
    "thaw": thaw,
    "load": load,
    "micro": micro,
    "instructions": instructions,
    "commands": commands,
    "ethereum-keys": ethereum_keys,
    "ethereum": ethereum,
}
# On two cores of 2026. What is left of `thaw` by --scale is a freeze of 55 s.
SECONDS = {"machine": 8, "latency": 150, "starts": 12, "machines": 130, "tz4-latency": 50,
           "tz4-starts": 8, "tz4-machines": 130, "tails": 90, "thaw": 72, "load": 65, "micro": 35,
           "instructions": 25, "commands": 12,
           "ethereum-keys": 75, "ethereum": 140}  # fmt: skip


def run(name: str, scale: float) -> Json:
    started = time.monotonic()
    progress(f"{name}: about {SECONDS.get(name, 0) * (1 if name == 'thaw' else scale):.0f} s")
    figures = SECTIONS[name](scale)
    progress(f"{name}: done in {time.monotonic() - started:.0f} s")
    return figures
