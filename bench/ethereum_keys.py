# SPDX-License-Identifier: Apache-2.0
"""Validators' keys from birth to backup and back, by the functions of the local host: made, listed,
brought into another stack, and opened."""

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from figures import Json, percentiles

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "deploy" / "redoubt"
HOST = ROOT / "build" / "release" / "redoubt-local"
OPERATOR, RECOVERY = "redoubt-ethereum-operator", "redoubt-ethereum-recovery"
USUAL = ("--kms-ms", "12", "--dynamodb-ms", "4")
WRAPS = {
    "1 of 1": ("--wrapping-keys", "us-east-1"),
    "2 of 3": ("--wrapping-keys", "us-east-1,eu-west-1,eu-central-1", "--env", "WRAP_THRESHOLD=2"),
}
AT_ONCE = 100  # keys in one call
TERMS = {
    "address": "0x00000000219ab540356cBB839Cbe05303d7705Fa",
    "credentials": "01",
    "amount": 32_000_000_000,
}
# Everybody's: what is encrypted to it is worth nothing.
IDENTITY = "AGE-SECRET-KEY-1PW3VDDNHR29DPGLD80CMYCAPNVSQYVVA6RJ7ARW73HD88W5NFTRS8C3CYJ"
RECIPIENT = "age17w67w729asgm9h9a3nag9u86cz0v86fjuwh8taak6f825qnz33xs4h26nn"
BACKUP = ("--env", "BACKUP=", "--env", f"BACKUP_RECIPIENTS={RECIPIENT}")


class Host:
    def __init__(self, url: str, control: str) -> None:
        self.url, self._control = url, control

    def ask(self, function: str, command: str, **fields: Any) -> Json:
        event = json.dumps({"redoubt": {"command": command, **fields}})
        path = f"/2015-03-31/functions/{function}/invocations"
        told = _fetch(self.url, "POST", path, event).get("redoubt", {})
        if not told.get("ok"):
            sys.exit(f"{function}, {command} failed:\n{json.dumps(told)}")
        return dict(told)

    def processor_ms(self, function: str) -> float:
        """Of its processes so far, user and system."""
        return sum(
            int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
            for pid in self._processes(function)
        )

    def peak_memory(self) -> int:
        """The most that one of both functions' processes has had, in bytes."""
        pids = self._processes(OPERATOR) + self._processes(RECOVERY)
        return max(_peak_memory(pid) for pid in pids)

    def _processes(self, function: str) -> list[int]:
        all_of_them = _fetch(self._control, "GET", "/environments")
        return [one["pid"] for one in all_of_them if one["function"] == function and one["pid"]]


def _fetch(url: str, method: str, path: str, body: str | None = None) -> Any:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def _peak_memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))


@contextmanager
def host(*options: str) -> Iterator[Host]:
    words = ("--levels", "0", "--port", "0", "--control-port", "0", "--json", "--keys", "tz1",
             "--network", "hoodi", "--environments", "1", "--timeout-ms", "30000")  # fmt: skip
    with subprocess.Popen([HOST, *words, *options], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            lines = (json.loads(line) for line in child.stdout)
            ready = next(line for line in lines if line["event"] == "ready")
            yield Host(str(ready["url"]), str(ready["control"]))
        finally:
            child.terminate()


def ethereum_keys(scale: float) -> Json:
    with host(*USUAL, *BACKUP) as first:
        made = [create(first, f"bench-{number}") for number in range(max(1, round(100 * scale)))]
        keys = len(made) * AT_ONCE
        figures: Json = {
            "created": {
                "keys": keys,
                "call_ms": percentiles([one["ms"] for one in made], 50, 90),
                "processor_ms": first.processor_ms(OPERATOR) / keys,
            },
            "listed": {
                "keys": keys,
                "ms": percentiles([listed(first, keys) for _ in range(5)], 50),
            },
        }
        peak = first.peak_memory()
    with host(*USUAL, *BACKUP) as second:
        figures["restored"] = {"keys": AT_ONCE, "ms": restored(second, made[0]["keys"])}
        peak = max(peak, second.peak_memory())
    count = max(3, round(30 * scale))
    figures["opened"] = {name: opened(options, count) for name, options in WRAPS.items()}
    return figures | {"peak_memory": peak}


def timed(host: Host, function: str, command: str, **fields: Any) -> tuple[float, Json]:
    """In ms, and the answer."""
    started = time.perf_counter()
    told = host.ask(function, command, **fields)
    return 1000 * (time.perf_counter() - started), told


def create(host: Host, batch: str, count: int = AT_ONCE) -> Json:
    ms, told = timed(host, OPERATOR, "create_keys", batch=batch, count=count, **TERMS)
    return {"ms": ms, "keys": told["keys"]}


def listed(host: Host, keys: int) -> float:
    """All pages, in ms."""
    took, found, after = 0.0, 0, None
    while True:
        ms, told = timed(host, OPERATOR, "list_keys", **({"after": after} if after else {}))
        took, found, after = took + ms, found + len(told["keys"]), told["next"]
        if after is None:
            assert found == keys, f"{found} of {keys} keys are listed"
            return took


def restored(host: Host, keys: list[Json]) -> float:
    """By the operator's command, from the start of its process to its end."""
    with tempfile.TemporaryDirectory(prefix="redoubt-") as name:
        identity = Path(name) / "age.key"
        identity.write_text(IDENTITY + "\n")
        command = [str(PROGRAM), "--local", host.url, "eth", "keys", "import", "--epoch", "0",
                   "--yes", "--identity", str(identity)]  # fmt: skip
        for key in keys:
            file = Path(name) / f"{key['public_key']}.age"
            file.write_text(key["backup"])
            command += ["--file", str(file)]
        # The first one reads the disk.
        subprocess.run([PROGRAM, "--help"], capture_output=True, check=False)
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        took = 1000 * (time.perf_counter() - started)
    if done.returncode != 0:
        sys.exit(f"eth keys import failed:\n{done.stderr}")
    return took


def opened(options: tuple[str, ...], count: int) -> dict[str, float]:
    """A key is read, its wrap is opened by KMS, and an exit is signed: in ms. The first one, which
    starts a process, is not counted."""
    with host(*USUAL, *options) as one:
        (key,) = create(one, "opened", 1)["keys"]
        asked = {"keys": [key["public_key"]], "validators": [1], "epoch": 0}
        times = [timed(one, RECOVERY, "sign_exits", **asked)[0] for _ in range(count + 1)]
    return percentiles(times[1:], 50, 90)
