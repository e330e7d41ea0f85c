# SPDX-License-Identifier: Apache-2.0
"""deploy/aws/template.yaml as CloudFormation would resolve it for one set of parameters.

As much of CloudFormation as the template uses; what is unknown raises, so nothing passes unread.
"""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[2] / "deploy" / "aws" / "template.yaml"
NOTHING = object()  # AWS::NoValue


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Sub x` is {"Fn::Sub": x}."""


def short_form(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", short_form)


@functools.cache
def tree() -> dict[str, Any]:
    return yaml.load(FILE.read_text(), Loader)


class Template:
    """`values`: parameters without a default or with another value, pseudo parameters, and what
    `Ref` and `Fn::GetAtt` of resources give, as "Key" and "Key.Arn"."""

    def __init__(self, values: dict[str, str]) -> None:
        self.tree = tree()
        defaults = {
            name: str(parameter["Default"])
            for name, parameter in self.tree["Parameters"].items()
            if "Default" in parameter
        }
        self.values = defaults | values

    def has(self, resource: str) -> bool:
        """Whether the stack contains it."""
        condition = self.tree["Resources"][resource].get("Condition")
        return condition is None or self.holds({"Condition": condition})

    def properties(self, resource: str) -> dict[str, Any]:
        return self.resolve(self.tree["Resources"][resource]["Properties"])

    def of_type(self, kind: str) -> list[str]:
        """The resources of this type that the stack contains."""
        return [
            name
            for name, resource in self.tree["Resources"].items()
            if resource["Type"] == kind and self.has(name)
        ]

    def holds(self, condition: Any) -> bool:
        ((function, argument),) = condition.items()
        judges: dict[str, Callable[[Any], bool]] = {
            "Condition": lambda name: self.holds(self.tree["Conditions"][name]),
            "Fn::Equals": lambda pair: self.resolve(pair[0]) == self.resolve(pair[1]),
            "Fn::Not": lambda one: not self.holds(one[0]),
            "Fn::And": lambda all_of: all(map(self.holds, all_of)),
            "Fn::Or": lambda any_of: any(map(self.holds, any_of)),
        }
        return judges[function](argument)

    def resolve(self, node: Any) -> Any:
        if isinstance(node, list):
            return [value for element in node if (value := self.resolve(element)) is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            if key == "Ref" or key.startswith("Fn::"):
                return self.call(key, argument)
        resolved = {key: self.resolve(value) for key, value in node.items()}
        return {key: value for key, value in resolved.items() if value is not NOTHING}

    def call(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return NOTHING if argument == "AWS::NoValue" else self.values[argument]
            case "Fn::GetAtt":
                return self.values[".".join(argument)]
            case "Fn::Sub":
                text, names = argument if isinstance(argument, list) else (argument, {})
                values = self.values | self.resolve(names)
                return re.sub(r"\$\{([^!}]+)\}", lambda match: values[match[1]], text)
            case "Fn::If":
                condition, yes, no = argument
                return self.resolve(yes if self.holds({"Condition": condition}) else no)
            case "Fn::Join":
                separator, parts = argument
                return separator.join(self.resolve(parts))
            case "Fn::Split":
                separator, text = argument
                return self.resolve(text).split(separator)
        raise NotImplementedError(function)
