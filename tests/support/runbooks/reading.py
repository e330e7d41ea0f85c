# SPDX-License-Identifier: Apache-2.0
"""docs/runbooks: sections, their blocks of commands, and what is shown of each block's output."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from support.child import ROOT

FOLDER = ROOT / "docs/runbooks"
# By what stands for any value of its form.
FORMS = ((r"\d[\d,.]*", r"\d[\d,.]*"), (r"tz[1-4]\w*…?\w*", r"tz[1-4]\w+"), (r"…", r".*"))


@dataclass
class Block:
    commands: str
    shown: list[str] = field(default_factory=list)  # lines of its output, some left out

    def missing(self, output: str) -> list[str]:
        """What is shown and does not come, in its order and form."""
        lines, missing = iter(output.splitlines()), []
        for line in self.shown:
            if not any(re.search(pattern(line), given) for given in lines):
                missing.append(line)
        return missing


def pattern(line: str) -> str:
    """Numbers and addresses are others here, and columns may be wider."""
    marks = "|".join(f"({form})" for form, _ in FORMS) + r"|(\s+)"
    parts: list[str] = []
    end = 0
    for found in re.finditer(marks, line.strip()):
        parts.append(re.escape(line.strip()[end : found.start()]))
        assert found.lastindex is not None
        parts.append([*(stands for _, stands in FORMS), r"\s+"][found.lastindex - 1])
        end = found.end()
    return "".join([*parts, re.escape(line.strip()[end:])])


@dataclass
class Section:
    name: str  # `moving-in.md#from-octez-signer`
    blocks: list[Block] = field(default_factory=list)


def slug(heading: str) -> str:
    """As the anchor of a heading is made: https://docs.github.com, "Section links"."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def sections(folder: Path = FOLDER) -> dict[str, Section]:
    """Those that have commands."""
    found = (section for path in sorted(folder.glob("*.md")) for section in of_page(path))
    return {section.name: section for section in found if section.blocks}


def of_page(path: Path) -> Iterator[Section]:
    section = Section(path.name)
    language, lines = None, []
    for line in path.read_text(encoding="utf-8").splitlines():
        fence = re.fullmatch(r" *```(\w*)", line)
        if fence is None:
            if language is not None:
                lines.append(line)
            elif heading := re.fullmatch(r"#+ (.+)", line):
                yield section
                section = Section(f"{path.name}#{slug(heading[1])}")
            continue
        if language is None:
            language, lines = fence[1], []
            continue
        _add(section, language, lines)
        language = None
    assert language is None, f"{path.name}: a block is not closed"
    yield section


def _add(section: Section, language: str, lines: list[str]) -> None:
    if language == "console":
        section.blocks.append(Block("\n".join(lines) + "\n"))
        return
    assert language == "text", f"{section.name}: a block is `console`, or its output, `text`"
    assert section.blocks and not section.blocks[-1].shown, f"{section.name}: output of nothing"
    section.blocks[-1].shown = [line for line in lines if line.strip() not in ("", "...")]
