# SPDX-License-Identifier: Apache-2.0
"""The KMS keys that wrap sealed keys: the stack's own, and others' as far as these let it."""

import json
from functools import partial
from typing import Any

from redoubt_stack import policies
from redoubt_stack.checks import kms
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect

SUBJECT = "wrapping key"


def check(facts: Facts) -> Rows:
    for arn in facts.wrapping_keys:
        subject = SUBJECT if arn == facts.wrapping_key_arn else f"{SUBJECT} {arn}"
        looks = {"settings": _settings, "policy": _policy, "grants": _grants}
        if arn == facts.wrapping_key_arn:
            looks["alias"] = _alias
        yield from each(
            subject, {what: partial(look, facts, subject, arn) for what, look in looks.items()}
        )


def _kms(facts: Facts, arn: str) -> Any:
    return facts.aws.client("kms", arn.split(":")[3])


def _settings(facts: Facts, subject: str, arn: str) -> Rows:
    key = _kms(facts, arn).describe_key(KeyId=arn)["KeyMetadata"]
    yield expect(subject, "spec", "SYMMETRIC_DEFAULT", key["KeySpec"])
    yield expect(subject, "usage", "ENCRYPT_DECRYPT", key["KeyUsage"])
    yield expect(subject, "state", "Enabled", key["KeyState"])
    # A replica opens the same, under a policy of its own.
    yield expect(subject, "multi-Region", False, key.get("MultiRegion", False))


def _policy(facts: Facts, subject: str, arn: str) -> Rows:
    """Of another account's or Region's what the stack is due; its break-glass role is its owner's
    choice, so the statements that name one are not compared."""
    told = _kms(facts, arn).get_key_policy(KeyId=arn, PolicyName="default")
    found = json.loads(told["Policy"])
    if arn == facts.wrapping_key_arn:
        problem = policies.difference(facts.policy("wrapping-key-policy"), found)
        yield Row(subject, "policy", problem)
        return
    expected = facts.policy("wrapping-key-policy", owner=arn.split(":")[4])
    left, right = policies.statements(expected), policies.statements(found)
    owner_s = ("BreakGlassChanges", "NobodyElseChanges", "OpensThroughEndpoint")
    words = [f"{sid} is missing" for sid in left if sid not in right and sid not in owner_s]
    words += [
        f"{sid} is another"
        for sid in left
        if sid in right and left[sid] != right[sid] and sid not in owner_s
    ]
    words += [f"{sid} was added" for sid in right if sid not in left and sid not in owner_s]
    yield Row(subject, "policy", ", ".join(words))


def _grants(facts: Facts, subject: str, arn: str) -> Rows:
    yield kms.grants(facts, subject, arn.split(":")[3], arn)


def _alias(facts: Facts, subject: str, arn: str) -> Rows:
    yield kms.alias(facts, subject, f"alias/{facts.stack.name}-wrapping", arn)
