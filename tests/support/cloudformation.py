# SPDX-License-Identifier: Apache-2.0
"""What CloudFormation makes of a template, as far as can be said without it: parameters are
checked, rules asserted, conditions decided and functions resolved. It is strict: a reference to
what is not in the stack, or an attribute that it does not know, is an error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from redoubt_stack import template

TEMPLATE = Path(__file__).resolve().parents[2] / "deploy" / "aws" / "template.yaml"
# What it takes at the least: the parameters without a default.
AUTHORIZED = "edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav"
LEAST = {"AuthorizedKeys": AUTHORIZED, "CodeBucket": "code", "CodeKey": "redoubt.zip"}
VALIDATORS = TEMPLATE.parent / "ethereum" / "template.yaml"
LEAST_OF_VALIDATORS = {"Network": "hoodi", "CodeBucket": "code", "CodeKey": "redoubt.zip"}
NO_VALUE = object()


class Refused(Exception):
    """CloudFormation would not take this template with these parameters."""


@cache
def load(path: Path = TEMPLATE) -> dict[str, Any]:
    """To read only: all have the same."""
    return template.load(path.read_text())


# How a resource is named: the property that does it, its ARN, and what Ref gives if not the name.
# `{}` is the name; the partition, Region and account come before.
_NAMED = {
    "AWS::CloudWatch::Alarm": ("AlarmName", "cloudwatch:{region}:{account}:alarm:{name}"),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName", "cloudwatch:{region}:{account}:alarm:{name}"),
    "AWS::CloudWatch::Dashboard": ("DashboardName", "cloudwatch::{account}:dashboard/{name}"),
    "AWS::DynamoDB::GlobalTable": ("TableName", "dynamodb:{region}:{account}:table/{name}"),
    "AWS::Events::Rule": ("Name", "events:{region}:{account}:rule/{name}"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "iam::{account}:policy/{name}"),
    "AWS::IAM::Role": ("RoleName", "iam::{account}:role/{name}"),
    "AWS::KMS::Key": (None, "kms:{region}:{account}:key/{name}"),
    "AWS::Lambda::CodeSigningConfig": (
        None,
        "lambda:{region}:{account}:code-signing-config:{name}",
    ),
    "AWS::Lambda::Function": ("FunctionName", "lambda:{region}:{account}:function:{name}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "logs:{region}:{account}:log-group:{name}:*"),
    "AWS::SNS::Topic": ("TopicName", "sns:{region}:{account}:{name}"),
}
_REF_IS_ARN = {"AWS::IAM::ManagedPolicy", "AWS::Lambda::CodeSigningConfig", "AWS::SNS::Topic"}
_GIVEN_NAMES = {
    "AWS::KMS::Key": "11111111-2222-3333-4444-555555555555",
    "AWS::EC2::VPCEndpoint": "vpce-0123456789abcdef0",
    "AWS::EC2::SecurityGroup": "sg-0123456789abcdef0",
    "AWS::Lambda::CodeSigningConfig": "csc-0123456789abcdef0",
}


@dataclass
class Stack:
    """A template with the values of its parameters."""

    parameters: Mapping[str, str]
    template: dict[str, Any] = field(default_factory=load)
    name: str = "redoubt"
    region: str = "eu-west-1"
    account: str = "000000000000"
    partition: str = "aws"
    # Of resources whose names AWS chooses, by logical id; others have one of _GIVEN_NAMES.
    ids: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def values(self) -> dict[str, Any]:
        """Of parameters and pseudo parameters."""
        known = self.template["Parameters"]
        if strange := set(self.parameters) - set(known):
            raise Refused(f"no such parameter: {sorted(strange)}")
        values: dict[str, Any] = {
            "AWS::AccountId": self.account,
            "AWS::NoValue": NO_VALUE,
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::StackName": self.name,
        }
        for name, declared in known.items():
            value = self.parameters.get(name, declared.get("Default"))
            if value is None:
                raise Refused(f"{name} has no value")
            values[name] = _checked(name, declared, value)
        return values

    @cached_property
    def broken_rules(self) -> list[str]:
        return [
            assertion["AssertDescription"]
            for rule in self.template.get("Rules", {}).values()
            if self._holds(rule.get("RuleCondition", {"Fn::Equals": ["", ""]}))
            for assertion in rule["Assertions"]
            if not self._holds(assertion["Assert"])
        ]

    @cached_property
    def conditions(self) -> dict[str, bool]:
        return {name: self._holds({"Condition": name}) for name in self.template["Conditions"]}

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Those that are in the stack, all functions resolved."""
        if self.broken_rules:
            raise Refused(self.broken_rules)
        return {name: self.resolve(self._declared(name)) for name in self._present("Resources")}

    @cached_property
    def outputs(self) -> dict[str, str]:
        return {
            name: self.resolve(self.template["Outputs"][name]["Value"])
            for name in self._present("Outputs")
        }

    def properties(self, name: str) -> dict[str, Any]:
        properties = self.resources[name]["Properties"]
        assert isinstance(properties, dict)
        return properties

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties by logical id."""
        return {n: r["Properties"] for n, r in self.resources.items() if r["Type"] == kind}

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref":
                return self._ref(argument)
            if function.startswith("Fn::"):
                return self._call(function, argument)
        resolved = {key: self.resolve(one) for key, one in value.items()}
        return {key: one for key, one in resolved.items() if one is not NO_VALUE}

    def _present(self, section: str) -> list[str]:
        return [name for name, one in self.template[section].items() if self._is_present(one)]

    def _is_present(self, declared: Mapping[str, Any]) -> bool:
        return "Condition" not in declared or self.conditions[declared["Condition"]]

    def _declared(self, name: str) -> dict[str, Any]:
        declared = self.template["Resources"].get(name)
        if declared is None or not self._is_present(declared):
            raise Refused(f"{name} is not in the stack")
        return {k: v for k, v in self.template["Resources"][name].items() if k != "Condition"}

    def _holds(self, condition: dict[str, Any]) -> bool:
        ((function, argument),) = condition.items()
        match function:
            case "Condition":
                return self._holds(self.template["Conditions"][argument])
            case "Fn::Equals":
                left, right = map(self.resolve, argument)
                return str(left) == str(right)
            case "Fn::Not":
                return not self._holds(argument[0])
            case "Fn::And":
                return all(self._holds(one) for one in argument)
            case "Fn::Or":
                return any(self._holds(one) for one in argument)
        raise Refused(f"{function} is no condition")

    def _call(self, function: str, argument: Any) -> Any:
        match function:
            case "Fn::If":
                condition, then, otherwise = argument
                return self.resolve(then if self.conditions[condition] else otherwise)
            case "Fn::GetAtt":
                return self._attribute(*argument)
            case "Fn::Sub":
                text, own = argument if isinstance(argument, list) else (argument, {})
                return self._substituted(text, self.resolve(own))
            case "Fn::Split":
                return self.resolve(argument[1]).split(argument[0])
            case "Fn::Select":
                return self.resolve(argument[1])[int(argument[0])]
            case "Fn::Join":
                return argument[0].join(self.resolve(argument[1]))
        raise Refused(f"{function} is not known here")

    def _substituted(self, text: str, own: Mapping[str, Any]) -> str:
        def one(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return str(own[name])
            return str(self._attribute(*name.split(".", 1)) if "." in name else self._ref(name))

        return re.sub(r"\$\{([^}]+)\}", one, text)

    def _ref(self, name: str) -> Any:
        if name in self.values:
            return self.values[name]
        kind = self._declared(name)["Type"]
        return self._arn(name) if kind in _REF_IS_ARN else self._physical(name)

    def _attribute(self, name: str, attribute: str) -> str:
        kind = self._declared(name)["Type"]
        if attribute == "Arn":
            return self._arn(name)
        if (kind, attribute) == ("AWS::Lambda::Url", "FunctionUrl"):
            return f"https://{name.lower()}.lambda-url.{self.region}.on.aws/"
        if (kind, attribute) == ("AWS::EC2::SecurityGroup", "GroupId"):
            return self._physical(name)
        raise Refused(f"{name} ({kind}) has no {attribute} that is known here")

    def _physical(self, name: str) -> str:
        resource = self._declared(name)
        by, _ = _NAMED.get(resource["Type"], (None, None))
        if by and by in resource["Properties"]:
            return str(self.resolve(resource["Properties"][by]))
        if name in self.ids:
            return self.ids[name]
        return _GIVEN_NAMES.get(resource["Type"], f"{self.name}-{name}-0123456789AB")

    def _arn(self, name: str) -> str:
        _, form = _NAMED[self._declared(name)["Type"]]
        place = {"region": self.region, "account": self.account}
        return f"arn:{self.partition}:" + form.format(name=self._physical(name), **place)


def _checked(name: str, declared: Mapping[str, Any], value: Any) -> Any:
    text = str(value)
    if declared["Type"] == "Number":
        value = int(text)
        if not declared.get("MinValue", value) <= value <= declared.get("MaxValue", value):
            raise Refused(f"{name} is {value}")
    elif len(text) < declared.get("MinLength", 0):
        raise Refused(f"{name} is too short")
    if not re.fullmatch(declared.get("AllowedPattern", ".*"), text):
        raise Refused(f"{name} is {text!r}")
    if value not in declared.get("AllowedValues", [value]):
        raise Refused(f"{name} is {text!r}")
    return value
