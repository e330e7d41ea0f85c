# SPDX-License-Identifier: Apache-2.0
"""Gives the rows in another signer's format, to leave or to go back. Changes nothing. What is
signed afterwards is not in there: stop this signer first, or hand over."""

import json
import os
import sys
from pathlib import Path

from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import answers, options
from redoubt_stack.operate.head import chain_of
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import ask

EXAMPLES = """
export --to redoubt --output rows.json
export --to octez --chain mainnet --output octez-signer/
"""


def main(given: list[str]) -> int:
    parser = options.parser("export", __doc__ or "", EXAMPLES)
    parser.add_argument("--to", choices=["octez", "redoubt"], required=True, help="the format")
    options.add_rows(parser)
    parser.add_argument(
        "--output", metavar="PATH", help="a new file; of octez, which has several, a folder"
    )
    options.add_json(parser)
    told = parser.parse_args(given)
    if told.json and told.output:
        raise BadUsage("give --json or --output, not both")
    fields = {"to": told.to, **options.row_fields(told, told.chain and chain_of(told.chain).id)}
    answer = ask(choose(told), "export", **fields)
    if told.json:
        say(json.dumps(answer.members, indent=2))
        return 0 if answer.ok else 1
    if not answer.ok:
        return answers.refused(answer)
    data = answer.members["data"]
    if told.output:
        keep(data, Path(told.output))
    else:
        say(data if isinstance(data, str) else json.dumps(data, indent=2))
    print(answer.members.get("note", ""), file=sys.stderr)
    return 0


def keep(
    data: str | dict[str, str],
    path: Path,
    *,
    again: bool = False,
    quiet: bool = False,
    mode: int = 0o666,
) -> None:
    """Never over what is there: it may be what a signer goes by. `again`: a file that has the very
    text is one that an earlier run wrote. `quiet`: many, which are not told one by one. `mode`: who
    may do what with it, less what the person's umask takes away."""
    files = {path: data} if isinstance(data, str) else {path / name: t for name, t in data.items()}
    for file in [file for file, text in files.items() if again and _has(file, text)]:
        if not quiet:
            say(f"{file} is there already")
        del files[file]
    for file in files:
        if file.exists():
            raise BadUsage(f"{file} exists, and is not written over: give another --output")
    try:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            new = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(new, "w") as opened:
                opened.write(text)
            if not quiet:
                say(f"wrote {file}")
    except OSError as error:
        raise BadUsage(f"{error.filename}: can't be written ({error.strerror})") from error


def prepare(folder: Path) -> None:
    """Before anything is made that is to be kept there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadUsage(f"{folder}: can't be written to ({error.strerror})") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadUsage(f"{folder}: can't be written to (it is another's)")


def _has(file: Path, text: str) -> bool:
    try:
        return file.read_text() == text
    except (OSError, UnicodeDecodeError):
        return False
