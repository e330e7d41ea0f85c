# SPDX-License-Identifier: Apache-2.0
"""A CloudFormation template as data."""

import json
from typing import Any

import yaml


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short forms, which become the long ones."""


def _short_form(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _short_form)


def load(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(text, Loader)
    return loaded


class Template:
    def __init__(self, text: str) -> None:
        self.text = text
        self._data = load(text)

    def default(self, parameter: str) -> str:
        return str(self._data["Parameters"][parameter]["Default"])

    def declared(self, parameter: str) -> dict[str, Any]:
        return dict(self._data["Parameters"][parameter])

    @property
    def defaults(self) -> dict[str, str]:
        """Of the parameters that have one."""
        declared = self._data["Parameters"].items()
        return {name: str(d["Default"]) for name, d in declared if "Default" in d}

    @property
    def rules(self) -> dict[str, Any]:
        """Which parameters go together."""
        return dict(self._data.get("Rules", {}))

    @property
    def parameters(self) -> list[str]:
        return list(self._data["Parameters"])

    def kind(self, logical_id: str) -> str:
        return str(self._data["Resources"][logical_id]["Type"])

    @property
    def kinds(self) -> list[str]:
        """Of all resources that its parameters can ask for."""
        return sorted({resource["Type"] for resource in self._data["Resources"].values()})

    def only(self, logical_ids: list[str]) -> "Template":
        """With these resources alone, and no outputs: an import may add nothing else. Of a choice
        that names another resource the branch without it is taken."""
        gone = self._data["Resources"].keys() - set(logical_ids)
        resources = {name: self._data["Resources"][name] for name in logical_ids}
        rest = {k: v for k, v in self._data.items() if k not in ("Metadata", "Outputs")}
        return Template(json.dumps(rest | {"Resources": _without(resources, gone)}))


def _without(node: Any, gone: set[str]) -> Any:
    if isinstance(node, list):
        return [_without(item, gone) for item in node]
    if not isinstance(node, dict):
        return node
    if "Fn::If" in node:
        condition, *branches = node["Fn::If"]
        left = [branch for branch in branches if not _names(branch, gone)]
        if len(left) == 1:
            return _without(left[0], gone)
        return {"Fn::If": [condition, *(_without(branch, gone) for branch in branches)]}
    return {key: _without(value, gone) for key, value in node.items()}


def _names(node: Any, gone: set[str]) -> bool:
    """Whether it refers to one of these resources."""
    if isinstance(node, list):
        return any(_names(item, gone) for item in node)
    if not isinstance(node, dict):
        return False
    if "Fn::GetAtt" in node:
        return node["Fn::GetAtt"][0] in gone
    return node.get("Ref") in gone or any(_names(value, gone) for value in node.values())
