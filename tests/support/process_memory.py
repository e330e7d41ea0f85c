# SPDX-License-Identifier: Apache-2.0
"""Another process' memory, searched for secrets as root may."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# What may be left of a copy that was written over in part: any part as long as this is looked for.
PART = 16
STEP = 8
KERNELS = {"[vvar]", "[vvar_vclock]", "[vsyscall]"}  # pages that nobody's data lies in
MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) \S{4} \S+ \S+ \d+ *(.*)\n")


@dataclass(frozen=True)
class Region:
    name: str  # a file's, `[heap]`, `[stack]`, or nothing
    is_guarded: bool  # no core dump takes it
    data: bytes


def regions(pid: int) -> Iterator[Region]:
    """All that the process has mapped. It must stand still meanwhile."""
    begin = end = 0
    name = ""
    with (
        Path(f"/proc/{pid}/smaps").open(encoding="ascii") as smaps,
        Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory,
    ):
        for line in smaps.readlines():
            if mapping := MAPPING.fullmatch(line):
                begin, end = int(mapping[1], 16), int(mapping[2], 16)
                name = mapping[3]
            elif line.startswith("VmFlags:") and name not in KERNELS:
                memory.seek(begin)
                data = memory.read(end - begin)
                assert len(data) == end - begin
                yield Region(name, "dd" in line.split(), data)


def parts_of(secret: bytes) -> list[bytes]:
    return [secret[at : at + PART] for at in range(0, len(secret) - PART + 1, STEP)]


def has_part_of(secret: bytes, places: Iterable[bytes]) -> bool:
    parts = parts_of(secret)
    return any(part in place for place in places for part in parts)
