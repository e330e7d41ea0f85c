# SPDX-License-Identifier: Apache-2.0
"""EventBridge's event patterns, as far as the template uses them; anything else is an error."""

import re
from collections.abc import Mapping
from typing import Any


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    return all(_member(name, wanted, event) for name, wanted in pattern.items())


def _member(name: str, wanted: Any, event: Mapping[str, Any]) -> bool:
    if name == "$or":
        return any(matches(one, event) for one in wanted)
    found = event.get(name)
    if isinstance(wanted, dict):
        below = found if isinstance(found, list) else [found if isinstance(found, dict) else {}]
        return any(matches(wanted, one) for one in below)
    assert isinstance(wanted, list), f"{name}: a pattern's leaf is a list"
    values = found if isinstance(found, list) else [found] if name in event else []
    return any(_leaf(one, values) for one in wanted)


def _leaf(wanted: Any, values: list[Any]) -> bool:
    if isinstance(wanted, str):
        return wanted in values
    ((operator, argument),) = wanted.items()
    match operator:
        case "exists":
            return bool(values) == argument
        case "anything-but":
            return any(one not in argument for one in values)
        case "wildcard":
            parts = ".*".join(map(re.escape, argument.split("*")))
            return any(isinstance(one, str) and re.fullmatch(parts, one) for one in values)
    raise AssertionError(f"{operator} is not known here")
