# SPDX-License-Identifier: Apache-2.0
"""Markdown as far as the tests read it: headings, tables, code."""

import re
from collections.abc import Iterator
from pathlib import Path

from support.runbooks.reading import slug as slug

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {"build", ".git", ".pytest_cache"} & set(path.relative_to(ROOT).parts)
)
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.M | re.S)
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def without_blocks(text: str) -> str:
    """A comment in a block of code is no heading."""
    return FENCED.sub("", text)


def anchors(text: str) -> set[str]:
    lines = without_blocks(text).splitlines()
    return {slug(line.lstrip("#")) for line in lines if re.match(r"#+ ", line)}


def section(text: str, heading: str) -> str:
    """From the heading to the next one of its rank or above; empty if there is none."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n(.*)", text, re.M | re.S)
    if not found:
        return ""
    rank, rest = len(found[1]), found[2]
    return re.split(rf"^#{{1,{rank}}} ", rest, maxsplit=1, flags=re.M)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of each row of each table, heads left out."""
    found: list[list[str]] = []
    for line in without_blocks(text).splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if re.fullmatch(r"[|:\- ]+", line):
            found.pop()  # what stands above is the head
        else:
            found.append(cells)
    return found


def names(cell: str) -> list[str]:
    """What stands in backticks."""
    return CODE.findall(cell)


def commands(text: str) -> Iterator[str]:
    """Lines of blocks of code, continued ones joined; and code between words."""
    for language, block in FENCED.findall(text):
        if language == "console":
            yield from re.sub(r"\\\n\s*", "", block).splitlines()
    yield from (" ".join(code.split()) for code in CODE.findall(without_blocks(text)))
