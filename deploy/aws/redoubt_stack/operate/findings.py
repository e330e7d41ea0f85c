# SPDX-License-Identifier: Apache-2.0
"""What `doctor` finds, from inside by the operator function and from outside by AWS."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from redoubt_stack.advice import DENIED
from redoubt_stack.checks.rows import Row
from redoubt_stack.operate.wording import as_options

ERROR, WARNING = "error", "warning"
# Of what is seen from outside. What has no words of its own is what `verify` says of a release.
PUT_BACK = "`deploy/redoubt verify` shows the difference, `deploy/redoubt deploy` puts it back"
TO_DO = {
    "alarms_are_there": "`deploy/redoubt deploy` makes them",
    "alarms_ringing": "docs/operations.md, Alarms: each has its drill",
    "alarms_silenced": "aws cloudwatch enable-alarm-actions --alarm-names ...",
    "alarms_subscribers": "subscribe to the topic, and confirm the mail that AWS sends",
    "cloudtrail_trail": "let a trail record all management events of this Region, KMS's included",
    "parameters_alarmemail": "`deploy/redoubt deploy --parameter AlarmEmail=...`",
    "parameters_backuprecipients": "`deploy/redoubt deploy --backup-recipient age1...`, then make "
    "new keys: those that are there get none",
    "parameters_provepossession": "`deploy/redoubt deploy --parameter ProvePossession=`, once the "
    "keys are registered",
    "parameters_recovery": "`deploy/redoubt deploy --parameter Recovery=`, once you are done",
    "parameters_memorysize": "`deploy/redoubt deploy --parameter MemorySize=512`",
    "parameters_reservedconcurrency": "docs/operations.md, Stop and go on",
    "parameters_runtime": "`deploy/redoubt deploy --parameter Runtime=provided.al2023`",
    "operator_answers": "docs/operations.md, Server errors: its log says why",
    "operator_direct_invocation": "aws lambda remove-permission, at once: anybody can raise rows",
    "operator_urls": "aws lambda delete-function-url-config, at once: the operator has no URL",
    "recovery_function": "delete it, then docs/operations.md, Functions changed: who made it?",
    "wrapping_policy": "as root or the break-glass role: `aws kms put-key-policy`, with what "
    "`deploy/aws/policies wrapping-key-policy` prints",
    "wrapping_state": "`aws kms cancel-key-deletion`, `aws kms enable-key`",
    "signer_answers": "docs/operations.md, Server errors: its log says why",
    "signer_authorized_keys": "`deploy/redoubt deploy --authorized-keys ...`: the list that is to "
    "stay",
    "signer_authorized_keys_are_keys": "`deploy/redoubt deploy --authorized-keys ...`: public keys "
    "(edpk, sppk, p2pk) that the baker holds",
    "signer_code": "this is not the release: docs/operations.md, Functions changed",
    "signer_direct_invocation": "aws lambda remove-permission: anybody can send any event",
    "signer_log": "without a JSON log there are no metrics and no alarms: " + PUT_BACK,
    "signer_log_levels": "lines that are left out ring no alarm: " + PUT_BACK,
    "signer_policy": "the URL is shut, or open for more: " + PUT_BACK,
    "signer_reserved_concurrency": "docs/operations.md, Stop and go on",
}
OPERATOR = "operator_answers"
WARNINGS = (
    "parameters_alarmemail",
    "parameters_backuprecipients",
    "parameters_memorysize",
    "parameters_provepossession",
    "parameters_recovery",
    "parameters_runtime",
)
NOT_SEEN = "not_seen"
SEES = "ask with the rights of iam-policies/auditor.json (policy <stack>-auditor-<Region>)"
BUILD = "`deploy/build` makes the zip to compare with, or give --zip"


@dataclass(frozen=True)
class Finding:
    check: str
    of: str
    severity: str
    found: str
    do: str

    @property
    def shown(self) -> tuple[str, ...]:
        return (self.severity, self.check, self.of, self.found, self.do)


def from_function(members: dict[str, Any]) -> list[Finding]:
    """Of its answer's `checks`, those that are not ok. A severity that is not known here is an
    error, and so is an answer without a check: that of another function, perhaps."""
    checks = members.get("checks")
    if not isinstance(checks, list) or not all(isinstance(line, dict) for line in checks):
        checks = []
    found = [_told(line) for line in checks if line.get("ok") is not True]
    if not checks:
        words = "the operator function tells of no check"
        found.append(Finding(OPERATOR, "operator", ERROR, words, TO_DO[OPERATOR]))
    return found


def _told(line: dict[str, Any]) -> Finding:
    check, of, severity, *words = (
        str(line.get(name, "")) for name in ("check", "of", "severity", "found", "do")
    )
    return Finding(check, of, severity if severity == WARNING else ERROR, *map(as_options, words))


def from_rows(rows: Iterable[Row], kinds: dict[str, str]) -> list[Finding]:
    """`kinds`: what to call a subject, so that no id has the stack's name in it. What the caller
    may not see is one line, whatever it is of."""
    found, unseen, missing = [], [], []
    for row in rows:
        if row.ok:
            continue
        if row.problem.startswith("can't be seen") and row.problem.endswith(DENIED):
            unseen.append(f"{row.subject} {row.what}")
        elif row.problem.startswith("can't be seen: FileNotFoundError"):
            missing.append(row.subject)
        else:
            found.append(_finding(row, kinds))
    if unseen:
        found.append(
            Finding(NOT_SEEN, "AWS", WARNING, "you may not see: " + ", ".join(unseen), SEES)
        )
    if missing:
        found.append(Finding(NOT_SEEN, ", ".join(missing), WARNING, "code not compared", BUILD))
    return found


def _finding(row: Row, kinds: dict[str, str]) -> Finding:
    kind = kinds.get(row.subject) or row.subject.split()[0]
    id = re.sub(r"[^a-z0-9]+", "_", f"{kind} {row.what}".lower()).strip("_")
    severity = WARNING if id in WARNINGS else ERROR
    return Finding(id, row.subject, severity, row.problem, TO_DO.get(id, PUT_BACK))


def to_json(found: list[Finding]) -> dict[str, Any]:
    lines = [{"ok": False, **asdict(one)} for one in found]
    return {"checks": lines, "errors": count(found, ERROR), "warnings": count(found, WARNING)}


def count(found: list[Finding], severity: str) -> int:
    return sum(one.severity == severity for one in found)
