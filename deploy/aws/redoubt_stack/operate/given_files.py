# SPDX-License-Identifier: Apache-2.0
"""Files that are given by name."""

import re
import sys
from pathlib import Path
from typing import Any

from redoubt_stack import strict_json
from redoubt_stack.console import BadUsage

DEEPEST = 32  # more than any format here has
MARK = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])')


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


def parse_json(text: bytes) -> Any:
    """A ValueError if it is none, or names a member twice, one of which would be lost without a
    word; or is deeper than anything here: other libraries lift Python's own limit, and then the
    stack ends."""
    depth = 0
    for mark in MARK.finditer(text):
        depth += (mark[1] is not None) - (mark[2] is not None)
        if depth > DEEPEST:
            raise ValueError("is too deep")
    return strict_json.parse(text)


def read_json(file: str, longest: int, what: str) -> Any:
    text = read(file, longest, what)
    try:
        return parse_json(text)
    except ValueError:
        raise BadUsage(f"{file}: is not JSON, or names a member twice") from None
