# SPDX-License-Identifier: Apache-2.0
"""What a command line asks for, read as strictly as whatever will read it later: the function, the
template, CloudFormation, the chain. All mistakes are told together, before anything is written."""

import difflib
import re
import socket
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session

from redoubt_stack import bls
from redoubt_stack.console import BadUsage
from redoubt_stack.template import Template
from redoubt_stack.tezos import problems_of_keys

# Who gives these is a program, not a person.
OURS = (
    "CodeBucket",
    "CodeKey",
    "CodeVersion",
    "KeyHashes",
    "Parts",
    "PublicKeys",
    "Wraps",
)
# What the template's patterns let through, and what it can't be.
FORMS = {
    "ReservedConcurrency": (r"|0|[1-9][0-9]{0,3}", "a number without zeros before it, or nothing"),
    "WarmSchedule": (
        r"|rate\([1-9][0-9]* (minute|hour|day)s?\)|cron\([^ ()]+( [^ ()]+){5}\)",
        "rate(4 minutes), or the like, or cron(...) with six fields, or nothing",
    ),
}
LONGEST_NAME = 64  # of a role and a function


def refuse(mistakes: Iterable[str]) -> None:
    """All of them, if there is one."""
    found = list(mistakes)
    if found:
        raise BadUsage("\n    ".join(["nothing was changed, since this can't be right:", *found]))


def stack_mistakes(name: str, region: str) -> list[str]:
    """By CloudFormation's rule, and those of what is named after it."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        return [
            f"--stack {name!r}: a name is letters, digits and hyphens, and begins with a letter"
        ]
    longest = f"{name}-operator-user-{region}"
    if len(longest) > LONGEST_NAME:
        most = LONGEST_NAME - len(longest) + len(name)
        return [f"--stack {name!r}: {most} characters at most, as {longest} is named after it"]
    return []


@cache
def regions() -> frozenset[str]:
    """Those with AWS Lambda that this botocore knows."""
    session = botocore.session.get_session()
    return frozenset(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("lambda", partition)
    )


def region_mistakes(name: str) -> list[str]:
    if name in regions() or _has_lambda(name):
        return []
    return [f"Region {name!r} is not one that AWS Lambda is in{_near(name, regions())}"]


def _has_lambda(region: str) -> bool:
    """Of a Region that is newer than this botocore: AWS gives a name to what it serves."""
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}", region):
        return False
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    try:
        return bool(socket.getaddrinfo(f"lambda.{region}.{domain}", 443))
    except OSError:
        return False


def file_mistakes(**files: Path | None) -> list[str]:
    """Each by the option that gave it."""
    mistakes = []
    for option, path in files.items():
        is_there = path is None or (path.is_dir() if option == "policies" else path.is_file())
        if not is_there:
            mistakes.append(f"--{option} {path}: there is no such file")
    return mistakes


def requested(options: list[str], authorized_keys: str | None) -> dict[str, str]:
    """The parameters, of NAME=VALUE each; a list of keys loses its blanks, as in the function."""
    parameters: dict[str, str] = {}
    mistakes = []
    for text in options:
        name, equals, value = text.partition("=")
        if not equals:
            mistakes.append(f"--parameter {text}: give NAME=VALUE")
        elif name in parameters:
            mistakes.append(f"--parameter {name} is given twice")
        parameters[name] = value
    if authorized_keys is not None:
        if parameters.get("AuthorizedKeys", authorized_keys) != authorized_keys:
            mistakes.append("--authorized-keys and --parameter AuthorizedKeys differ: give one")
        parameters["AuthorizedKeys"] = authorized_keys
    if "AuthorizedKeys" in parameters:
        parts = parameters["AuthorizedKeys"].split(",")
        parameters["AuthorizedKeys"] = ",".join(part.strip(" ") for part in parts)
    refuse(mistakes)
    return parameters


def parameter_mistakes(template: Template, parameters: dict[str, str]) -> list[str]:
    mistakes = []
    for name, value in parameters.items():
        if name not in template.parameters:
            near = _near(name, template.parameters)
            mistakes.append(f"--parameter {name}: the template has no such parameter{near}")
        elif name in OURS:
            mistakes.append(f"--parameter {name}: this program fills it in itself")
        elif name == "AuthorizedKeys":
            mistakes += key_mistakes(value)
        elif name == "SealedKeys" and value:
            found = bls.problems_of_keys(value.split(","))
            mistakes += [f"--parameter {name}, key {i}: {problem}" for i, problem in found]
        elif problem := (
            _problem_of_value(template.declared(name), value) or _problem_of_form(name, value)
        ):
            given = name if name == "BasePath" else f"{name}={value}"
            mistakes.append(f"--parameter {given}: {problem}")
    return mistakes


def key_mistakes(value: str) -> list[str]:
    keys = value.split(",")
    option = "--authorized-keys"
    return [
        f"{option if len(keys) == 1 else f'{option}, key {i}'}: {problem}"
        for i, problem in problems_of_keys(keys)
    ]


def rule_mistakes(template: Template, parameters: dict[str, str]) -> list[str]:
    """Of parameters that don't go together; `parameters`: all of them, as they will be."""
    return [
        assertion["AssertDescription"]
        for rule in template.rules.values()
        if _holds(rule.get("RuleCondition", True), parameters)
        for assertion in rule["Assertions"]
        if not _holds(assertion["Assert"], parameters)
    ]


def _near(name: str, known: Iterable[str]) -> str:
    """By another case, or nearly."""
    by_lower = {other.lower(): other for other in known}
    found = difflib.get_close_matches(name.lower(), by_lower, 1)
    return f": did you mean {by_lower[found[0]]}?" if found else ""


def _problem_of_value(declared: dict[str, Any], value: str) -> str:
    allowed = [str(item) for item in declared.get("AllowedValues", ())]
    if allowed and value not in allowed:
        return f"is one of {', '.join(item or '(nothing)' for item in allowed)}"
    if declared["Type"] == "Number":
        return _problem_of_number(declared, value)
    pattern = declared.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, value):
        what = declared.get("ConstraintDescription") or declared.get("Description", "")
        return f"is not of this form: {what} ({pattern})"
    if len(value) < int(declared.get("MinLength", 0)):
        return f"is shorter than {declared['MinLength']} characters"
    return ""


def _problem_of_form(name: str, value: str) -> str:
    form, words = FORMS.get(name, (r"(?s:.*)", ""))
    return "" if re.fullmatch(form, value) else f"is not {words}"


def _problem_of_number(declared: dict[str, Any], value: str) -> str:
    if not re.fullmatch(r"[0-9]+", value):
        return "is not a whole number"
    least, most = declared.get("MinValue", 0), declared.get("MaxValue")
    if int(value) < least or (most is not None and int(value) > most):
        return f"is not from {least} to {most}" if most is not None else f"is less than {least}"
    return ""


def _holds(node: Any, parameters: dict[str, str]) -> bool:
    """A condition of the template's rules, which know no other functions than these."""
    if isinstance(node, bool):
        return node
    ((name, operands),) = node.items()
    if name == "Fn::Equals":
        left, right = (parameters[o["Ref"]] if isinstance(o, dict) else str(o) for o in operands)
        return left == right
    truths = [_holds(operand, parameters) for operand in operands]
    return {"Fn::Or": any, "Fn::And": all, "Fn::Not": lambda t: not t[0]}[name](truths)
