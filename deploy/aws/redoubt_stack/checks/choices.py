# SPDX-License-Identifier: Apache-2.0
"""What may be chosen when a stack is made, and is no good all the same. Of `doctor`: to `verify` a
choice is no difference."""

from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows

SUBJECT = "parameters"
OLD_RUNTIMES = ("provided.al2",)
LEAST_MEMORY = 256  # MB, as of the function's own check


def check(facts: Facts) -> Rows:
    chosen = facts.parameters
    runtime, memory = chosen.get("Runtime", ""), int(chosen.get("MemorySize", LEAST_MEMORY))
    old = f"{runtime}, which AWS has deprecated" if runtime in OLD_RUNTIMES else ""
    yield Row(SUBJECT, "Runtime", old)
    yield Row(SUBJECT, "MemorySize", f"{memory} MB is slow" if memory < LEAST_MEMORY else "")
    stopped = chosen.get("ReservedConcurrency") == "0"
    yield Row(SUBJECT, "ReservedConcurrency", "0: the signer is stopped" if stopped else "")
    if facts.has_sealed_keys:
        yield from _of_sealed_keys(chosen)
    deaf = not (chosen.get("AlarmTopicArn") or chosen.get("AlarmEmail"))
    yield Row(SUBJECT, "AlarmEmail", "nobody was named who hears alarms" if deaf else "")


def _of_sealed_keys(chosen: dict[str, str]) -> Rows:
    proves = chosen.get("ProvePossession") == "on"
    words = "on: whoever knows the URL gets proofs of possession" if proves else ""
    yield Row(SUBJECT, "ProvePossession", words)
    recovers = chosen.get("Recovery") == "on"
    yield Row(SUBJECT, "Recovery", "on: there is a function that may open keys" if recovers else "")
    lost = chosen.get("Backup") == "none" or not chosen.get("BackupRecipients")
    yield Row(SUBJECT, "BackupRecipients", "none: new tz4 keys get no backup" if lost else "")
