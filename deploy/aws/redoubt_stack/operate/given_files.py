# SPDX-License-Identifier: Apache-2.0
"""Files that are given by name."""

import sys
from pathlib import Path

from redoubt_stack.console import BadUsage


def read(file: str, longest: int, what: str) -> bytes:
    """`-`: stdin. One that is longer than that many bytes holds no `what`."""
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(longest + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(longest + 1)
    except OSError as error:
        raise BadUsage(f"{file}: can't be read ({error.strerror})") from error
    if len(raw) > longest:
        raise BadUsage(f"{file}: is longer than {longest} bytes, so it holds no {what}")
    return raw
