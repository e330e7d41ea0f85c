# SPDX-License-Identifier: Apache-2.0
"""tz4 keys are made, and listed. Their secrets never come here: a backup is encrypted to the
stack's recipients before it leaves the function."""

import json
import re
import secrets
from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import answers, tables
from redoubt_stack.operate.agreement import Step, carry_out, refuse_unasked
from redoubt_stack.operate.export_rows import keep
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import ask

Key = dict[str, Any]
MOST = 8
BATCH = re.compile(r"[A-Za-z0-9._-]{1,64}")


def create(told: Namespace) -> int:
    count = 2 if told.count is None else told.count
    if not 1 <= count <= MOST:
        raise BadUsage(f"--count {count}: give 1 to {MOST}")
    batch = told.batch or f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"
    if not BATCH.fullmatch(batch):
        raise BadUsage(f"--batch {batch}: give 1 to 64 of A-Z a-z 0-9 . _ -")
    refuse_unasked(told)
    target = choose(told)
    fields = {"count": count, "batch": batch} | threshold(told)
    does = f"This makes {count} tz4 {'key' if count == 1 else 'keys'}, batch {batch}, of"
    again = f"with --batch {batch} the same keys are answered"
    step = Step("create_key", fields, f"{does} {target.where}", "create", again)
    answer = carry_out(told, target, ask, step)
    if answer.ok and not told.json and answer.members.get("keys"):
        _show_made(answer.members, batch, told.output)
        return 0
    return answers.finish(answer, told)


def threshold(told: Namespace) -> dict[str, int]:
    """As the function takes it: whether there are so many KMS keys, it knows."""
    if told.threshold is None:
        return {}
    if told.threshold < 1:
        raise BadUsage(f"--threshold {told.threshold}: give 1 to the number of KMS keys")
    return {"threshold": told.threshold}


def _show_made(made: dict[str, Any], batch: str, folder: str | None) -> None:
    keys: list[Key] = made["keys"]
    rows = [(key["pkh"], key["public_key"], key["wrap"]) for key in keys]
    tables.show(f"batch {batch}", ("address", "public key", "wrap"), rows)
    backups = {f"{key['pkh']}.age": str(key["backup"]) for key in keys if key.get("backup")}
    if folder and backups:
        keep(backups, Path(folder), again=True)
    elif not folder:
        for name, text in backups.items():
            say(f"{name}, as `age` reads it:\n{text.rstrip()}")
    if len(backups) < len(keys):
        say("NO BACKUP was made (BACKUP=none): these keys end with the table or with its KMS keys")
    say(_next(keys, bool(backups), made.get("served")))


def _next(keys: list[Key], has_backups: bool, served: list[str] | None) -> str:
    """Nothing is registered before a signer has opened the key, and somebody its backup. `served`:
    the public keys that the parameter has now, since what it no longer names signs no more."""
    before = ["<all that it has now>"] if served is None else served
    listed = ",".join(dict.fromkeys([*before, *(str(key["public_key"]) for key in keys)]))
    named = " ".join(f"--key {key['pkh']}" for key in keys)
    steps = [
        f"deploy/redoubt deploy --parameter SealedKeys={listed}",
        f"deploy/redoubt arm --chain <chain> --level <level> {named}",
        "deploy/redoubt deploy --parameter ProvePossession=on, and then\n"
        "     deploy/redoubt key register --consensus tz4... --companion tz4...\n"
        "     says what to type for octez-client, once the signer has opened the keys",
    ]
    if has_backups:
        steps.insert(0, "keep the backups where AWS can't lose them, and open one: `age -d -i ...`")
    lines = [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
    return "\n".join(["Next (docs/keys.md):", *lines])


LISTED = ("address", "public key", "wrap", "made (UTC)", "backup", "served")


def show(told: Namespace) -> int:
    target = choose(told)
    answer = ask(target, "list_keys")
    if told.json:
        say(json.dumps(answer.members, indent=2))
        return 0 if answer.ok else 1
    if not answer.ok:
        return answers.refused(answer)
    keys = answer.members["keys"]
    if keys:
        tables.show(f"sealed keys of {target.where}", LISTED, [_listed(key) for key in keys])
    else:
        say(f"{target.where} has no sealed keys: `deploy/redoubt key create` makes some")
    used = Counter(key["wrap"] for key in keys)
    wraps = [_wrap(wrap, used[wrap["wrap"]]) for wrap in answer.members.get("wraps", [])]
    if wraps:
        tables.show("wraps", ("wrap", "keys", "opened by", "of these KMS keys"), wraps)
    for address in answer.members.get("missing", []):
        say(f"{address}: SERVED, BUT NOT IN THE TABLE, so it signs nothing: docs/keys.md")
    for item in answer.members.get("damaged", []):
        say(tables.printable(f"{item['pkh']}, {item['scope']}: DAMAGED: docs/keys.md"))
    return 0


def _listed(key: Key) -> tuple[str, ...]:
    made = datetime.fromtimestamp(int(key["made"]) / 1000, UTC)
    return (
        str(key["pkh"]),
        str(key["public_key"]),
        str(key["wrap"]),
        f"{made:%Y-%m-%d %H:%M:%S}",
        "yes" if key["backup"] else "none",
        "yes" if key.get("served") else "no",
    )


def _wrap(wrap: Key, keys: int) -> tuple[str, ...]:
    """One without keys is needed no more."""
    under = ", ".join(map(str, wrap["kms_keys"]))
    return str(wrap["wrap"]), str(keys or "none"), str(wrap["threshold"]), under
