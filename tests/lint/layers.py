#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that includes point one way. What each folder may include, besides itself, is below; a
sub-folder that is named there has rights of its own, any other those of the folder it is in.

Usage: layers.py ROOT
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

CHAINS = ("tezos", "ethereum")
ALLOWED: dict[str, set[str]] = {
    "base": set(),
    "io": {"base"},
    "crypto": {"base"},
    "http": {"base", "io"},
    "signing": {"base", "crypto"},
    # Secrets sealed for KMS, and nothing of AWS.
    "sealed": {"base", "crypto"},
    # No socket: of http/ it sees what a message is.
    "tezos": {"base", "crypto", "io", "signing", "http/message.hpp"},
    # Other signers' files, pure: nothing that signs, and no row of ours.
    "tezos/formats": {"base", "crypto", "tezos/types.hpp", "tezos/payload.hpp", "tezos/base58.hpp"},
    # No socket either; nor does one chain know the other.
    "ethereum": {"base", "crypto", "io", "signing", "http/message.hpp", "access"},
    # Secrets that leave, encrypted: bytes in, bytes out.
    "backup": {"base", "crypto"},
    # Who may what, as a decision on values.
    "access": {"base", "crypto"},
    "aws": {"base", "crypto", "io", "http"},
    "lambda": {"base", "http"},
    # What tables of any chain have of sealed keys.
    "adapters/sealed": {"base", "crypto", "io", "sealed", "aws"},
    "adapters/tezos": {"base", "crypto", "io", "http", "signing", "tezos", "aws", "sealed"}
    | {"adapters/sealed"},
    "adapters/ethereum": {"base", "crypto", "io", "signing", "ethereum", "aws", "sealed"}
    | {"access", "adapters/sealed"},
    # What commands of any chain share, and one folder a chain.
    "operator": {"base", "io", "http", "aws"},
    "operator/sealed": {"base", "crypto", "io", "sealed", "backup", "aws", "operator"}
    | {"adapters/sealed"},
    "operator/tezos": {"base", "crypto", "io", "http", "sealed", "backup", "aws", "operator"}
    | {"operator/sealed", "tezos", "tezos/formats", "adapters/sealed", "adapters/tezos"},
    "operator/ethereum": {"base", "crypto", "io", "sealed", "backup", "aws", "operator"}
    | {"access", "operator/sealed", "ethereum", "adapters/sealed", "adapters/ethereum"},
    # The program, which knows all; but what serves any handler knows no chain.
    "bootstrap": {"base", "crypto", "io", "http", "signing", "aws", "lambda", "sealed", "backup"}
    | {
        "access",
        "adapters/sealed",
        "operator",
        *CHAINS,
        *(f"{of}/{chain}" for of in ("adapters", "operator") for chain in CHAINS),
    },
    "bootstrap/config": {"base", "crypto", "backup", "aws", *CHAINS},
    "bootstrap/log": {"base", "io", "lambda"},
}
NO_CHAIN = (
    "bootstrap/main.cpp",
    "bootstrap/cloud",
    "bootstrap/handlers/handler.hpp",
    "bootstrap/handlers/command_answers",
    "bootstrap/log/",
    "bootstrap/config/variables",
    "bootstrap/config/aws",
)
# Of tests: what another chain is to play in, and the chain that shows how little it needs.
NO_CHAIN_IN_TESTS = ("tests/simulation/engine", "tests/unit/toy_chain/chain.")

# A folder's private headers by way of src/, as its tests name them, and what is no product.
OUT_OF_REACH = ("tests/", "src/", *(f"{layer}/" for layer in ALLOWED))

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)


def sources(root: Path) -> Iterator[Path]:
    for folder in ("include", "src", "bootstrap"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".hpp", ".cpp", ".h", ".inc"}:
                yield path


def layer_of(place: PurePosixPath) -> str | None:
    """The innermost folder of `place` that is listed."""
    for folder in place.parents:
        if str(folder) in ALLOWED:
            return str(folder)
    return None


def place_of(relative: Path) -> PurePosixPath:
    """include/redoubt/<place>, src/<place> or bootstrap/..."""
    parts = relative.parts
    skipped = {"include": 2, "src": 1}.get(parts[0], 0)
    return PurePosixPath(*parts[skipped:])


def may_include(layer: str, target: PurePosixPath) -> bool:
    to = layer_of(target)
    return to is not None and (to == layer or to in ALLOWED[layer] or str(target) in ALLOWED[layer])


def names_a_chain(target: str) -> bool:
    """<redoubt/tezos/...>, "config/tezos.hpp", "handlers/tezos_log.hpp" """
    return any(part.startswith(CHAINS) for part in PurePosixPath(target).parts)


def is_beside(root: Path, path: Path, target: str) -> bool:
    """Beside the includer, or anywhere in bootstrap/ for what is of it. `..` would walk around."""
    if ".." in Path(target).parts:
        return False
    is_program = path.is_relative_to(root / "bootstrap")
    folders = [path.parent, root / "bootstrap"] if is_program else [path.parent]
    return any((folder / target).is_file() for folder in folders)


def mistakes_of(root: Path, path: Path) -> Iterator[str]:
    relative = path.relative_to(root)
    layer = layer_of(place_of(relative))
    if layer is None:
        yield f"{relative}: in no layer"
        return
    for bracket, target in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if str(relative).startswith(NO_CHAIN) and names_a_chain(target):
            yield f"{relative}: serves any chain, and must not include {target}"
        elif bracket == '"':
            if not is_beside(root, path, target):
                yield f'{relative}: "{target}" is not beside it; use <redoubt/...>'
        elif target.startswith("redoubt/"):
            place = PurePosixPath(target).relative_to("redoubt")
            if not may_include(layer, place):
                yield f"{relative}: {layer}/ must not include <{target}>"
        elif "standins" in target or target.startswith(OUT_OF_REACH):
            yield f"{relative}: <{target}> is out of reach for {layer}/"


def mistakes_in_tests(root: Path) -> Iterator[str]:
    for path in sorted((root / "tests").rglob("*.[ch]pp")):
        relative = path.relative_to(root)
        if str(relative).startswith(NO_CHAIN_IN_TESTS):
            for _, target in INCLUDE.findall(path.read_text(encoding="utf-8")):
                if names_a_chain(target):
                    yield f"{relative}: serves any chain, and must not include {target}"


def mistakes(root: Path) -> list[str]:
    found = list(sources(root))
    if not found:
        return [f"{root}: no sources"]
    product = [mistake for path in found for mistake in mistakes_of(root, path)]
    return product + list(mistakes_in_tests(root))


def main() -> int:
    found = mistakes(Path(sys.argv[1]).resolve())
    for mistake in found:
        print(mistake, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
