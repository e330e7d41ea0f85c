# SPDX-License-Identifier: Apache-2.0
"""What keys have signed, as other signers write and read it (EIP-3076)."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, Progress, say
from redoubt_stack.operate import answers, eth_keys, given_files, options, tables
from redoubt_stack.operate.eth_delete import joined
from redoubt_stack.operate.eth_keys import Refused, checked
from redoubt_stack.operate.eth_work import Work
from redoubt_stack.operate.export_rows import keep, prepare
from redoubt_stack.operate.targets import Target, ask
from redoubt_stack.operate.wording import VALIDATORS

IMPORT = """
eth interchange import --file slashing_protection.json
"""
EXPORT = """
eth interchange export --all --output slashing_protection.json
"""
Data = dict[str, Any]
LONGEST = 200_000_000  # bytes of a file
PART = 4_000_000  # bytes of a call: an event has 6 MB


def main(given: list[str], action: str) -> int:
    return _import(given) if action.endswith("import") else _export(given)


def _import(given: list[str]) -> int:
    about = (
        "Takes over what another signer has signed: of each key the highest source, target and "
        "slot, which only ever rise here, also while keys sign. It makes no key."
    )
    parser = options.parser("eth interchange import", about, IMPORT)
    add = parser.add_argument
    add("--file", required=True, metavar="FILE", help="its export (-: standard input)")
    add("--force", action="store_true", help="also beyond the next epoch")
    eth_keys.add_agreement(parser)
    told = parser.parse_args(given)
    eth_keys.refuse_unasked(told)
    parts = [*_parts(_read(told.file), told.file)]
    target = eth_keys.target_of(told)
    count = sum(len(part["data"]) for part in parts)
    question = (
        f"This raises what {target.where} remembers of up to {count} keys: below it they sign "
        "nothing here again. The other signer has to be stopped for good"
    )
    eth_keys.agree(told, question, str(count))
    force = {"force": True} if told.force else {}
    unknown: list[str] = []
    answer = None
    with Work("importing", count) as work:
        for part in parts:
            answer = ask(target, "import_interchange", data=part, **force)
            if not answer.ok and not answer.members.get("keys"):
                if answer.code != "unknown_key" or (part is parts[-1] and not work.done):
                    raise Refused(answer)
                unknown += [str(entry.get("pubkey")) for entry in part["data"]]
                continue
            unknown += answer.members["unknown"]
            work.add(answer.members["keys"])
            if not answer.ok:
                break
    return _show(told, work.done, unknown, answer)


def _read(file: str) -> Data:
    data = given_files.read_json(file, LONGEST, "interchange")
    if not isinstance(data, dict) or not isinstance(data.get("data"), list) or not data["data"]:
        raise BadUsage(f"{file}: is no interchange (EIP-3076) of any key")
    if not all(isinstance(entry, dict) for entry in data["data"]):
        raise BadUsage(f"{file}: has something among `data` that is no key's")
    return data


def _parts(data: Data, file: str) -> Iterator[Data]:
    """As much of it as one call takes, each an interchange of its own."""
    entries: list[Any] = []
    size = 0
    for number, entry in enumerate(data["data"], 1):
        more = len(json.dumps(entry))
        if more > PART:
            raise BadUsage(
                f"{file}: entry {number} has {more} bytes, and a call takes {PART}: let the other "
                "signer export no more than the last of each key"
            )
        if entries and size + more > PART:
            yield data | {"data": entries}
            entries, size = [], 0
        entries, size = [*entries, entry], size + more
    yield data | {"data": entries}


def _show(told: Namespace, done: list[Any], unknown: list[str], last: Answer | None) -> int:
    ok = last is None or last.ok or last.code == "unknown_key"
    if told.json:
        error = {} if ok or not last else {"error": last.members["error"]}
        say(json.dumps({"ok": ok, **error, "keys": done, "unknown": unknown}, indent=2))
        return 0 if ok else 1
    raised = sum(key["outcome"] == "raised" for key in done)
    same = sum(key["outcome"] == "unchanged" for key in done)
    rows = [
        (k["public_key"], k["outcome"], str(k["msg"])) for k in done if k["outcome"] not in OUTCOMES
    ]
    if rows:
        tables.show("refused", ("public key", "code", "why"), rows)
    say(f"{raised} raised, {same} as high already, {len(rows)} refused, {len(unknown)} unknown")
    for name in unknown[:10]:
        say(tables.printable(f"not here, and left out: {name}"))
    if ok or not last:
        return 0
    return answers.refused(last, VALIDATORS)


OUTCOMES = ("raised", "unchanged")


def _export(given: list[str]) -> int:
    about = (
        "Writes down what keys have signed, for the signer that gets them. What is signed "
        "afterwards is not in there: disable them first, or give them an end (`eth keys until`)."
    )
    parser = options.parser("eth interchange export", about, EXPORT)
    eth_keys.add_which(parser)
    parser.add_argument("--output", metavar="FILE", help="a new file")
    options.add_json(parser)
    told = parser.parse_args(given)
    if told.json == bool(told.output):
        raise BadUsage("give --output FILE, or --json, which prints it")
    if told.output and Path(told.output).exists():
        raise BadUsage(f"{told.output} exists, and is not written over: give another --output")
    target = eth_keys.target_of(told)
    data: Data = {}
    notes: list[str] = []
    damaged: list[str] = []
    with Progress("exporting") as progress:
        for page in _pages(told, target):
            data = joined(data, page["data"])
            damaged += page.get("damaged", [])
            notes += [str(page["note"])] if page["note"] else []
            progress.show(f"{len(data['data'])} keys so far")
    if told.json:
        say(json.dumps({"ok": True, "data": data, "damaged": damaged, "notes": notes}, indent=2))
    else:
        prepare(Path(told.output).parent)
        keep(json.dumps(data, indent=2), Path(told.output))
        say(f"{len(data['data'])} keys are in it")
    for note in [f"CAREFUL: {note}" for note in notes] + [f"{d}: DAMAGED" for d in damaged]:
        print(tables.printable(note), file=sys.stderr)
    return 1 if damaged else 0


def _pages(told: Namespace, target: Target) -> Iterator[Data]:
    if told.all:
        eth_keys.one_way(told)
        yield from eth_keys.pages(target, "export_interchange")
        return
    for part in eth_keys.in_parts(eth_keys.which(told, target, deleted=True)):
        yield checked(target, "export_interchange", keys=part)
