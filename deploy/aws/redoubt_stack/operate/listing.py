# SPDX-License-Identifier: Apache-2.0
"""The commands that deploy/redoubt has, and what each does."""

from typing import NamedTuple


class Command(NamedTuple):
    module: str
    does: str


COMMANDS = {
    "status": Command("operate.status", "what a signer holds: keys, rows, clock"),
    "arm": Command("operate.arm", "makes a key's rows on a chain; from then on it signs there"),
    "raise": Command("operate.raise_rows", "lifts rows to a level; never lowers one"),
    "handover": Command("operate.handover", "ends or begins a signer at a level"),
    "import": Command("operate.import_rows", "takes over another signer's watermarks"),
    "export": Command("operate.export_rows", "gives the rows in another signer's format"),
    "key": Command("operate.key", "tz4 keys: makes, lists, registers, recovers them"),
    "eth": Command("operate.eth", "Ethereum validators' keys: makes, lists, switches, recovers"),
    "doctor": Command("operate.doctor", "what is wrong with a signer, and what to do"),
    "rotate": Command("operate.rotate", "replaces the authorized key, two valid at once"),
    "logs": Command("operate.logs", "what was asked and answered, a readable line each"),
    "top": Command("operate.top", "live signing: last levels, latency, refusals, retries"),
    "audit": Command("operate.audit", "KMS's own records against the log: who signed what"),
    "deploy": Command("deploy", "makes or updates a stack"),
    "verify": Command("verify", "says what of a stack differs from the release"),
    "destroy": Command("destroy", "takes a stack away, and keeps key, table, roles and logs"),
    "cost": Command("cost", "what a month costs"),
    "completion": Command("operate.completion", "prints what makes bash or zsh complete these"),
}
