# SPDX-License-Identifier: Apache-2.0
"""What the stack was made of: the template against ours, and the parameters for a person to read,
since whoever may update the stack chooses both."""

import json
from functools import partial
from typing import Any

from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each
from redoubt_stack.template import load

SUBJECT = "stack"
# Where the code lies and what `deploy` fills in: the rows `code`, `public key`, `address` and
# `authorized keys` look at those.
ELSEWHERE = {
    "AuthorizedKeys",
    "BasePath",  # a secret, which AWS does not tell
    "CodeBucket",
    "CodeKey",
    "CodeVersion",
    "KeyHashes",
    "Parts",
    "PublicKeys",
    "SealedKeys",
    "Wraps",
}


def check(facts: Facts) -> Rows:
    yield from each(
        SUBJECT,
        {"template": partial(_template, facts), "parameters": partial(_parameters, facts)},
    )


def _template(facts: Facts) -> Rows:
    told = facts.aws.client("cloudformation").get_template(
        StackName=facts.stack.name, TemplateStage="Original"
    )["TemplateBody"]
    # botocore reads one that is JSON.
    found = load(told) if isinstance(told, str) else told
    words = differences(facts.template, found)
    yield Row(SUBJECT, "template", "another: " + ", ".join(words) if words else "")


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """By section and name, such as `Resources.SignerPolicy`."""
    words = []
    for name in sorted(expected.keys() | found.keys()):
        left, right = expected.get(name), found.get(name)
        if isinstance(left, dict) and isinstance(right, dict):
            members = sorted(left.keys() | right.keys())
            words += [f"{name}.{m}" for m in members if _text(left.get(m)) != _text(right.get(m))]
        elif _text(left) != _text(right):
            words.append(name)
    return words


def _text(value: Any) -> str:
    # What YAML reads as something that JSON has not, as a date, is told apart all the same.
    return json.dumps(value, sort_keys=True, default=repr)


def _parameters(facts: Facts) -> Rows:
    declared = facts.template["Parameters"]
    chosen = {
        name: value
        for name, value in sorted(facts.parameters.items())
        if name in declared
        and name not in ELSEWHERE
        and value != str(declared[name].get("Default"))
    }
    note = ", ".join(f"{name}={value}" for name, value in chosen.items())
    yield Row(SUBJECT, "parameters", "", note or "all by default")
