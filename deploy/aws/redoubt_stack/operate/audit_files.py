# SPDX-License-Identifier: Apache-2.0
"""Files of a trail or a log, read piece by piece: none is ever held whole."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

CHUNK = 1 << 20
LONGEST_PIECE = 64 << 20  # of records between which no border is found
LONGEST_LINE = 1 << 20
HEAD = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[')
FIRST_MEMBER = b'"eventVersion"'
# Beside the events, in the same bucket: hashes, and statistics.
NOT_EVENTS = ("CloudTrail-Digest", "CloudTrail-Insight")
GZIP = b"\x1f\x8b"


class Unreadable(Exception):
    """The text says why."""


def files(path: str) -> list[Path]:
    """A file, or all below a folder, in the order of their names."""
    if not Path(path).is_dir():
        return [Path(path)]
    found = (file for file in Path(path).rglob("*") if file.is_file())
    return sorted(f for f in found if not any(word in str(f) for word in NOT_EVENTS))


def opened(raw: IO[bytes]) -> IO[bytes]:
    """Unpacked, if it is packed."""
    stream = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)  # type: ignore[type-var]
    return gzip.open(stream) if stream.peek(2)[:2] == GZIP else stream  # type: ignore[return-value]


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    try:
        while chunk := stream.read(CHUNK):
            yield chunk
    except EOFError as error:
        raise Unreadable("it is cut off") from error
    except (OSError, zlib.error) as error:
        raise Unreadable(f"{error}") from error


def runs_of_records(stream: IO[bytes]) -> Iterator[bytes]:
    """Of `{"Records":[...]}`: lists of whole records, as JSON. They are parted before a record's
    first member, where it is in CloudTrail's files; else the file is one piece."""
    source = chunks(stream)
    rest = next(source, b"")
    head = HEAD.match(rest)
    if head is None:
        raise Unreadable('it does not begin as CloudTrail\'s files do: {"Records":[')
    rest = rest[head.end() :]
    for chunk in source:
        rest += chunk
        if border := last_border(rest):
            yield b"[" + rest[: border[0]] + b"]"
            rest = rest[border[1] :]
        elif len(rest) > LONGEST_PIECE:
            raise Unreadable("its records can't be told apart: it is not as CloudTrail writes it")
    yield b"[" + without_end(rest) + b"]"


def last_border(text: bytes) -> tuple[int, int] | None:
    """Where the last record but one ends, and where the last one begins. Within a string the
    quotation mark would have a backslash before it."""
    at = text.rfind(FIRST_MEMBER)
    while at > 0:
        before = text[max(0, at - 64) : at].rstrip()
        comma = before[:-1].rstrip()
        if before.endswith(b"{") and comma.endswith(b","):
            begins = text.rindex(b"{", 0, at)
            return text.rindex(b",", 0, begins), begins
        at = text.rfind(FIRST_MEMBER, 0, at)
    return None


def without_end(text: bytes) -> bytes:
    for mark in (b"}", b"]"):
        text = text.rstrip()
        if not text.endswith(mark):
            raise Unreadable("it is cut off")
        text = text[:-1]
    return text


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    try:
        while line := stream.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise Unreadable("no line of a log is that long")
            yield line
    except EOFError as error:
        raise Unreadable("it is cut off") from error
    except (OSError, zlib.error) as error:
        raise Unreadable(f"{error}") from error
