#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that includes point one way, as the layers do:

    base <- crypto, http <- tezos | aws | lambda <- adapters <- bootstrap

Usage: layers.py ROOT
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

FOUNDATION = {"base", "crypto", "http"}
# What each layer may include, besides itself.
ALLOWED: dict[str, set[str]] = {
    "base": set(),
    "crypto": {"base"},
    "http": {"base"},
    "tezos": FOUNDATION,
    "aws": FOUNDATION,
    "lambda": FOUNDATION,
    "adapters": FOUNDATION | {"tezos", "aws", "lambda"},
    "bootstrap": FOUNDATION | {"tezos", "aws", "lambda", "adapters"},
}
# tezos/ has no socket: of http/ it sees what a message is and how a call is asked for.
PLAIN_HTTP = {"redoubt/http/message.hpp", "redoubt/http/exchange.hpp"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)


def sources(root: Path) -> Iterator[Path]:
    for folder in ("include", "src", "bootstrap"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".hpp", ".cpp", ".h", ".inc"}:
                yield path


def layer_of(relative: Path) -> str | None:
    """include/redoubt/<layer>/..., src/<layer>/... or bootstrap/..."""
    parts = relative.parts
    if parts[0] == "bootstrap":
        return "bootstrap"
    index = 2 if parts[0] == "include" else 1
    layer = parts[index] if len(parts) > index + 1 else None
    return layer if layer in ALLOWED else None


def mistakes_of(root: Path, path: Path) -> Iterator[str]:
    relative = path.relative_to(root)
    layer = layer_of(relative)
    if layer is None:
        yield f"{relative}: in no layer"
        return
    for bracket, target in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if bracket == '"':
            # Beside the includer, and nowhere else: `..` would walk around the arrows.
            if ".." in Path(target).parts or not (path.parent / target).is_file():
                yield f'{relative}: "{target}" is not beside it; use <redoubt/...>'
        elif target.startswith("redoubt/"):
            to = Path(target).parts[1]
            if to != layer and to not in ALLOWED[layer]:
                yield f"{relative}: {layer}/ must not include <{target}>"
            elif layer == "tezos" and to == "http" and target not in PLAIN_HTTP:
                yield f"{relative}: tezos/ must not include <{target}>, which opens connections"
        elif "standins" in target or target.startswith(("tests/", "src/")):
            yield f"{relative}: <{target}> is out of reach for {layer}/"


def mistakes(root: Path) -> list[str]:
    found = list(sources(root))
    if not found:
        return [f"{root}: no sources"]
    return [mistake for path in found for mistake in mistakes_of(root, path)]


def main() -> int:
    found = mistakes(Path(sys.argv[1]).resolve())
    for mistake in found:
        print(mistake, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
