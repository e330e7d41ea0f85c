# SPDX-License-Identifier: Apache-2.0
"""Takes over what another signer has signed: rows rise to the highest of its watermarks and of the
head, and a margin above. That signer has to be stopped before its files are copied."""

import re
from pathlib import Path
from typing import Any

from redoubt_stack.console import BadUsage
from redoubt_stack.operate import given_files, options
from redoubt_stack.operate.head import Asked, chain_of, judged, read_asked
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import Target, ask
from redoubt_stack.operate.write import Change, carry_out

EXAMPLES = """
import --from octez --node http://localhost:8732 octez-signer/*_high_watermarks
import --from signatory --chain mainnet --level 16000000 --dry-run watermark_v2/NetX*.json
import --from redoubt --level 16000000 --yes rows.json
"""
FORMATS = ("octez", "signatory", "midl", "redoubt")
LONGEST = 4_000_000  # bytes; Lambda takes six, and JSON in JSON grows


def main(given: list[str]) -> int:
    parser = options.parser("import", __doc__ or "", EXAMPLES)
    parser.add_argument("file", nargs="*", help="what that signer has kept (standard input)")
    parser.add_argument("--from", dest="format", choices=FORMATS, required=True, help="whose it is")
    options.add_rows(parser)
    parser.add_argument("--level", help="the head's; with --node also: head, head+1, ... (head)")
    parser.add_argument("--margin", type=int, help="levels above what is known (the function's: 2)")
    parser.add_argument("--force", action="store_true", help="further than the fence allows")
    options.add_write(parser)
    told = parser.parse_args(given)
    target = choose(told)
    data = read_data(told.format, told.file)
    asked = read_asked(told, told.level, "--level", target.is_local, needs_chain=False)
    fields = {"from": told.format, "data": data, "level": asked.level}
    # Of a node's chain only: the head's level is nobody else's.
    fields |= options.row_fields(told, asked.chain.id)
    if told.margin is not None:
        fields["margin"] = told.margin
    if not asked.chain.id and not target.is_local:
        asked = _by_the_data(target, fields, asked)
    does = f"takes over what {told.format} has signed, with the head at level {asked.level},"
    return carry_out(target, told, Change("import", fields, asked.level, does, asked.doubt))


def _by_the_data(target: Target, fields: dict[str, Any], asked: Asked) -> Asked:
    """The level of the chain that the data names, as far as one can tell: too low a head would
    leave open what that signer has signed since."""
    rehearsal = ask(target, "import", **fields, dry_run=True)
    named = str(rehearsal.members.get("chain", ""))  # of what was refused there may be none
    return judged(chain_of(named), asked.level, None, "--level") if named else asked


def read_data(format: str, files: list[str]) -> str | dict[str, str]:
    """As the function takes it: by name, where a signer has several files or the name counts."""
    is_named = format == "octez" or (
        format == "signatory" and any(re.match(r"NetX\w+\.json$", Path(f).name) for f in files)
    )
    if is_named:
        if not files:
            raise BadUsage("name the files of that signer: their names say what they hold")
        texts: dict[str, str] = {}
        for file in files:
            if Path(file).name in texts:
                raise BadUsage(f"{file}: there are two files of this name")
            texts[Path(file).name] = _read(file)
        return texts
    if len(files) > 1:
        raise BadUsage(f"of {format} give one file")
    return _read(files[0] if files else "-")


def _read(file: str) -> str:
    raw = given_files.read(file, LONGEST, "watermarks")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise BadUsage(f"{file}: is not a text, so it holds no watermarks") from error
