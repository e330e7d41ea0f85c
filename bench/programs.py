# SPDX-License-Identifier: Apache-2.0
"""The programs that measure, and what is said while they do."""

import json
import subprocess
import sys
import time
from pathlib import Path

from figures import Json

RELEASE = Path(__file__).resolve().parents[1] / "build" / "release"
STARTED = time.monotonic()


def progress(what: str) -> None:
    """Beside the tables, for who waits."""
    minutes, seconds = divmod(round(time.monotonic() - STARTED), 60)
    print(f"[{minutes:2}:{seconds:02}] {what}", file=sys.stderr, flush=True)


def bench(measurement: str, count: float, *options: str) -> Json:
    """What `redoubt-bench` prints."""
    command = [str(RELEASE / "redoubt-bench"), measurement, str(max(1, round(count))), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout))
