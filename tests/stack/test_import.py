# SPDX-License-Identifier: Apache-2.0
"""The template that takes over what a deleted stack left refers to nothing else."""

import re
from collections.abc import Iterator
from typing import Any

from redoubt_stack.template import Template, load

from support.cloudformation import TEMPLATE

KEPT = ["Key", "KeyAlias", "Table", "SignerRole", "OperatorRole"]


def references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref":
                yield value
            elif key == "Fn::GetAtt":
                yield value[0]
            elif key == "Fn::Sub":
                text = value[0] if isinstance(value, list) else value
                yield from (name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text))
            if key != "Ref":
                yield from references(value)


def test_only_what_is_kept_is_referred_to() -> None:
    whole = load(TEMPLATE.read_text())
    part = load(Template(TEMPLATE.read_text()).only(KEPT).text)
    assert set(part["Resources"]) == set(KEPT) and "Outputs" not in part
    named = {name for name in references(part["Resources"]) if not name.startswith("AWS::")}
    assert named <= set(KEPT) | set(whole["Parameters"])
    assert "KmsEndpoint" in set(references(whole["Resources"]["Key"]))  # else this shows nothing


def test_what_is_kept_is_otherwise_as_it_was() -> None:
    whole = load(TEMPLATE.read_text())["Resources"]
    part = load(Template(TEMPLATE.read_text()).only(KEPT).text)["Resources"]
    assert {name: part[name] for name in KEPT if name != "Key"} == {
        name: whole[name] for name in KEPT if name != "Key"
    }
    statements = part["Key"]["Properties"]["KeyPolicy"]["Statement"]
    assert len(statements) == len(whole["Key"]["Properties"]["KeyPolicy"]["Statement"])
