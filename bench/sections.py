# SPDX-License-Identifier: Apache-2.0
"""What is measured, section by section. Each gives plain figures: milliseconds unless named."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from statistics import median

from figures import KINDS, Json, added, percentile
from quota import Unavailable, rationed

RELEASE = Path(__file__).resolve().parents[1] / "build" / "release"
BOOTSTRAP = RELEASE / "bootstrap"
AWS_LATENCIES = ((12, 4), (6, 3), (0, 0))
USUAL = ("--kms-ms", "12", "--dynamodb-ms", "4")
SECONDS_APART = 1.5  # so that thaws disturb each other little


def bench(measurement: str, count: int, *options: str) -> Json:
    command = [str(RELEASE / "redoubt-bench"), measurement, str(count), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def latency(scale: float) -> Json:
    """End to end, less what AWS and the host take."""
    return {
        f"{kms}/{dynamodb}": _latency(kms, dynamodb, round(200 * scale))
        for kms, dynamodb in AWS_LATENCIES
    }


def _latency(kms: int, dynamodb: int, rounds: int) -> Json:
    seen = bench("latency", rounds, "--environments", "1", "--kms-ms", str(kms),
                 "--dynamodb-ms", str(dynamodb))  # fmt: skip
    series = seen["series"]
    floors = {name: series[name]["ms"] for name in ("floor/vote", "floor/block")}
    signatures = sum(len(series[name]["ms"]) for name in series if name not in floors)
    grown = {
        service: {key: seen["after"][service][key] - before[key] for key in before}
        for service, before in seen["before"].items()
    }
    return {
        "added": {name: asdict(one) for name, one in added(seen).items()},
        "floor": {
            name: {f"p{p}": percentile(ms, p) for p in (50, 90, 99)} for name, ms in floors.items()
        },
        "processor": {
            kind: {
                request: median(
                    case["processor_ms"][request]
                    for name, case in series.items()
                    if name.startswith(kind)
                )
                for request in ("get", "post")
            }
            for kind in (*KINDS, *floors)
        },
        "peak_memory": seen["peak_memory"],
        "calls_per_signature": {s: g["calls"] / signatures for s, g in grown.items()},
        "bytes_per_signature": {s: g["bytes"] / signatures for s, g in grown.items()},
        "handshakes": sum(g["handshakes"] for g in grown.values()),
        "signatures": signatures,
        "samples": {
            kind: [ms for name in series if name.startswith(kind) for ms in series[name]["ms"]]
            for kind in (*KINDS, "floor/vote", "floor/block")
        },
    }


def size(_scale: float) -> Json:
    return {
        "bootstrap": BOOTSTRAP.stat().st_size,
        "zip": (RELEASE / "redoubt.zip").stat().st_size,
    }


def starts(scale: float) -> Json:
    """From exec, with and without PUBLIC_KEYS."""
    count = round(50 * scale)
    known = bench("starts", count, "--environments", "1", *USUAL)
    asked = bench("starts", count, "--environments", "1", *USUAL, "--env", "PUBLIC_KEYS=")
    return {
        "keys known": {name: median(times) for name, times in known.items()},
        "keys asked for": {
            name: median(times) for name, times in asked.items() if name != "exec_to_exit"
        },
    }


def machines(scale: float) -> Json:
    """With the processor time of small memory sizes."""
    result: Json = {}
    for period in (20, 100):
        for megabytes in (128, 256, 512, 1024, 1769):
            try:
                result[f"{megabytes} MB, {period} ms"] = _machine(megabytes, period, scale)
            except Unavailable as why:
                return {"unavailable": str(why)}
    return result


def _machine(megabytes: int, period: int, scale: float) -> Json:
    options = ("--environments", "1", "--keys", "tz2", "--timeout-ms", "10000", *USUAL)
    with rationed(BOOTSTRAP, megabytes, period) as program:
        program_options = ("--bootstrap", str(program))
        seen = bench("spaced", round(40 * scale), *options, *program_options)
        cold = bench("starts", round(10 * scale), *options, *program_options)
    series = seen["series"]
    figures: Json = {"megabytes": megabytes, "period": period}
    for kind in ("attestation", "block"):
        samples = series[kind]["ms"]
        figures[kind] = {"p50": percentile(samples, 50), "p90": percentile(samples, 90)}
    figures["get"] = percentile(series["attestation"]["get_ms"], 50)
    for name in ("exec_to_next", "exec_to_signature"):
        figures[name] = median(cold[name])
    return figures


def tails(scale: float) -> Json:
    """1 % of KMS' answers twenty times slower, 0.2 % lost."""
    options = ("--environments", "1", "--keys", "tz2", *USUAL,
               "--fault", "kms:slow=228@0.01", "--fault", "kms:blackhole@0.002")  # fmt: skip
    result = {}
    for name, more in (("hedged", ()), ("not hedged", ("--env", "HEDGING=off"))):
        seen = bench("latency", round(1500 * scale), *options, *more)
        votes = [ms for kind in KINDS[:2] for ms in seen["series"][f"{kind}/secp256k1"]["ms"]]
        blocks = seen["series"]["block/secp256k1"]["ms"]
        calls = {s: seen["after"][s]["calls"] - seen["before"][s]["calls"] for s in seen["after"]}
        result[name] = {
            "votes": {f"p{p}": percentile(votes, p) for p in (50, 99, 99.9)},
            "blocks": {f"p{p}": percentile(blocks, p) for p in (50, 99, 99.9)},
            "calls_per_signature": {s: n / (len(votes) + len(blocks)) for s, n in calls.items()},
        }
    return result


def _thaw(seconds: int, number: int) -> Json:
    time.sleep(SECONDS_APART * number)
    return bench("thaw", seconds, "--environments", "1", *USUAL)


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
        each = max(20, round(scale * 600 / count))
        seen = bench("load", each, "--environments", str(count), "--keys", "tz2", *USUAL,
                     "--timeout-ms", "20000")  # fmt: skip
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
        options = ("--environments", "1", *named, *USUAL)
        known = bench("starts", round(20 * scale), *options)
        asked = bench("starts", round(20 * scale), *options, "--env", "PUBLIC_KEYS=")
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
    "size": size,
    "latency": latency,
    "starts": starts,
    "machines": machines,
    "tails": tails,
    "thaw": thaw,
    "load": load,
    "micro": micro,
    "instructions": instructions,
}


def run(name: str, scale: float) -> Json:
    started = time.monotonic()
    figures = SECTIONS[name](scale)
    print(f"-- {name}: {time.monotonic() - started:.0f} s", flush=True)
    return figures
