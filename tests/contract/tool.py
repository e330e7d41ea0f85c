# SPDX-License-Identifier: Apache-2.0
"""Programs that answer for our own code: a line for each line."""

import subprocess
from collections.abc import Iterable
from pathlib import Path


def told_by(tool: Path, questions: Iterable[str]) -> list[str]:
    assert tool.exists(), f"{tool} is missing: the release preset builds it"
    done = subprocess.run(
        [str(tool)],
        input="".join(f"{question}\n" for question in questions),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.splitlines()
