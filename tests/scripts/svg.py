# SPDX-License-Identifier: Apache-2.0
"""What an SVG of matplotlib's shows: words are comments beside their outlines, and figures are
paths that are clipped to their axes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Shape:
    colour: str
    dashed: bool
    points: tuple[tuple[float, float], ...]  # from the left and from the axes' foot, in points

    @property
    def width(self) -> float:
        return max(x for x, _ in self.points) - min(x for x, _ in self.points)

    @property
    def height(self) -> float:
        return max(y for _, y in self.points)


def _points(path: ElementTree.Element) -> list[tuple[float, float]]:
    pairs = re.findall(r"[ML] (\S+) (\S+)", path.attrib["d"])
    return [(float(x), float(y)) for x, y in pairs]


class Drawing:
    def __init__(self, path: Path) -> None:
        builder = ElementTree.TreeBuilder(insert_comments=True)
        parser = ElementTree.XMLParser(target=builder)
        self.root = ElementTree.fromstring(path.read_bytes(), parser)
        assert self.root.tag == f"{SVG}svg"
        self._axes = [
            group for group in self.root.iter(f"{SVG}g") if group.get("id", "").startswith("axes_")
        ]

    @staticmethod
    def _words(group: ElementTree.Element) -> list[str]:
        return [(each.text or "").strip() for each in group.iter(ElementTree.Comment)]

    @property
    def words(self) -> list[str]:
        return self._words(self.root)

    def shapes(self, word: str) -> list[Shape]:
        """In the axes that have it as a title or beside them."""
        (group,) = (each for each in self._axes if word in self._words(each))
        return list(self._shapes(group))

    def _shapes(self, group: ElementTree.Element) -> Iterator[Shape]:
        foot = None
        for path in group.iter(f"{SVG}path"):
            style = path.get("style", "")
            if "clip-path" not in path.attrib:
                if foot is None and "fill: #ffffff" in style:
                    foot = max(y for _, y in _points(path))
                continue
            colour = re.search(r"(?:fill|stroke): (#\w+)", style)
            assert colour
            points = tuple((x, (foot or 0) - y) for x, y in _points(path))
            yield Shape(colour[1], "stroke-dasharray" in style, points)


def shares(values: list[float]) -> list[float]:
    """Of their sum: what is drawn has its own scale."""
    return [value / sum(values) for value in values]
