# SPDX-License-Identifier: Apache-2.0
"""Makes the templates of their fragments, so that what two stacks share is written once. What it
makes is kept beside the programs: plain CloudFormation, which nobody needs this program to read.

In a fragment, which is YAML otherwise, at any depth:
    #include FILE [NAME=VALUE ...]   that file's lines, as deep as this one, with these names
    #set NAME VALUE                  from here on, in this file and in what it includes
    @{NAME}                          the value, which may have names in it
"""

import argparse
import re
from pathlib import Path

from redoubt_stack import console
from redoubt_stack.console import Stop, say

FOLDER = Path(__file__).resolve().parents[1]
FRAGMENTS = FOLDER / "fragments"
# What is made of which fragment.
TEMPLATES = {
    "template.yaml": "tezos/stack.yaml",
    "ethereum/template.yaml": "ethereum/stack.yaml",
    "wrapping-key.yaml": "shared/wrapping-key.yaml",
}
INCLUDE = re.compile(r"( *)#include (\S+)((?: \w+=\S*)*)")
SET = re.compile(r" *#set (\w+) (.+)")
NAME = re.compile(r"@\{(\w+)\}")
HEAD = """\
# SPDX-License-Identifier: Apache-2.0
# Made of fragments/ by deploy/aws/assemble: a change here is lost, make it there.
"""
DEEPEST = 10  # of fragments in fragments, and of names in values


def assembled(fragment: str) -> str:
    return HEAD + "".join(_lines(fragment, {}, DEEPEST))


def _lines(fragment: str, given: dict[str, str], depth: int) -> list[str]:
    if depth == 0:
        raise Stop(f"{fragment} includes itself")
    known, made = dict(given), []
    for number, line in enumerate((FRAGMENTS / fragment).read_text().splitlines(), 1):
        if number == 1 and line.startswith("# SPDX"):
            continue
        where = f"{fragment}, line {number}"
        if found := SET.fullmatch(line):
            known[found[1]] = found[2]
        elif found := INCLUDE.fullmatch(_filled(line, known, where)):
            more = dict(pair.split("=", 1) for pair in found[3].split())
            below = _lines(found[2], known | more, depth - 1)
            made += [found[1] + one if one.strip() else one for one in below]
        else:
            made.append(_filled(line, known, where) + "\n")
    return made


def _filled(line: str, known: dict[str, str], where: str) -> str:
    for _ in range(DEEPEST):
        if missing := [name for name in NAME.findall(line) if name not in known]:
            raise Stop(f"{where}: {', '.join(missing)} has no value")
        if not NAME.search(line):
            return line
        line = NAME.sub(lambda found: known[found[1]], line)
    raise Stop(f"{where}: a name that stands for itself")


def stale() -> list[str]:
    """The templates that are not what the fragments make."""
    return [
        name
        for name, fragment in TEMPLATES.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text() != assembled(fragment)
    ]


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="deploy/aws/assemble",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if one is stale")
    options = parser.parse_args(given)
    found = stale()
    for name in found:
        if not options.check:
            (FOLDER / name).parent.mkdir(exist_ok=True)
            (FOLDER / name).write_text(assembled(TEMPLATES[name]))
        say(f"{name}: {'is stale' if options.check else 'made'}")
    return int(options.check and bool(found))


if __name__ == "__main__":
    console.run(main)
