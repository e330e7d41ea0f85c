# SPDX-License-Identifier: Apache-2.0
"""What an operator waits for: commands of deploy/redoubt, from the start of a process to its end,
against the local host, which answers in milliseconds."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from figures import Json, percentiles

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "deploy" / "redoubt"
HOST = ROOT / "build" / "release" / "redoubt-local"
COMMANDS = {
    "--help": ("--help",),  # asks nobody
    "status": ("status",),
    "arm --dry-run": ("arm", "--chain", "mainnet", "--level", "1000000", "--dry-run"),
    "export": ("export", "--to", "redoubt"),
    "doctor": ("doctor",),
    "top --once": ("top", "--once"),
}


def commands(scale: float) -> Json:
    with _host() as url:
        return {
            name: percentiles(_times(url, words, max(1, round(8 * scale))), 50, 90)
            for name, words in COMMANDS.items()
        }


@contextmanager
def _host() -> Iterator[str]:
    """Its URL."""
    options = ("--levels", "0", "--port", "0", "--json")
    with subprocess.Popen([HOST, *options], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        try:
            lines = (json.loads(line) for line in host.stdout)
            yield next(str(line["url"]) for line in lines if line["event"] == "ready")
        finally:
            host.terminate()


def _times(url: str, words: tuple[str, ...], count: int) -> list[float]:
    """In ms; the first one, which reads the disk, is not counted."""
    command = [str(PROGRAM), "--local", url, *words]
    times = []
    for _ in range(count + 1):
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        times.append(1000 * (time.perf_counter() - started))
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return times[1:]
