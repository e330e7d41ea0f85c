# SPDX-License-Identifier: Apache-2.0
"""Reads a log line as CloudWatch does, and refuses what it would drop in silence.

Source: "Specification: Embedded metric format" in the Amazon CloudWatch guide.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

UNITS = {"Seconds", "Microseconds", "Milliseconds", "Bytes", "Percent", "Count", "None"}
MOST_METRICS = 100
MOST_DIMENSIONS = 30
LONGEST_NAME = 1024
OLDEST_MS = 14 * 24 * 3600 * 1000
NEWEST_MS = 2 * 3600 * 1000


@dataclass(frozen=True)
class Emf:
    namespace: str
    dimensions: dict[str, str]
    values: dict[str, float]
    units: dict[str, str]


def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), f"a member twice: {names}"
    return dict(pairs)


def no_constant(text: str) -> None:
    raise AssertionError(f"{text} is no JSON")


def parse_line(line: str) -> dict[str, Any]:
    """One object, alone on its line, no member twice."""
    assert "\n" not in line.rstrip("\n")
    parsed = json.loads(line, object_pairs_hook=members, parse_constant=no_constant)
    assert isinstance(parsed, dict)
    return parsed


def is_name(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST_NAME


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def only(directive: dict[str, Any], required: set[str], possible: set[str] = frozenset()) -> None:
    assert required <= set(directive) <= required | possible, directive


def parse_emf(line: str) -> Emf:
    """The metrics of a line with one directive and one set of dimensions."""
    root = parse_line(line)
    metadata = root["_aws"]
    only(metadata, {"Timestamp", "CloudWatchMetrics"})
    assert isinstance(metadata["Timestamp"], int)
    age = time.time() * 1000 - metadata["Timestamp"]
    assert -NEWEST_MS < age < OLDEST_MS

    (directive,) = metadata["CloudWatchMetrics"]
    only(directive, {"Namespace", "Dimensions", "Metrics"})
    assert is_name(directive["Namespace"])
    (dimensions,) = directive["Dimensions"]
    assert len(dimensions) <= MOST_DIMENSIONS
    for name in dimensions:
        assert is_name(name) and is_name(root[name]), name

    metrics = directive["Metrics"]
    assert 0 < len(metrics) <= MOST_METRICS
    for metric in metrics:
        only(metric, {"Name", "Unit"}, {"StorageResolution"})
        assert is_name(metric["Name"])
        assert metric["Unit"] in UNITS, metric
        assert is_number(root[metric["Name"]]), metric
    names = [metric["Name"] for metric in metrics]
    assert len(set(names)) == len(names)
    return Emf(
        directive["Namespace"],
        {name: root[name] for name in dimensions},
        {name: root[name] for name in names},
        {metric["Name"]: metric["Unit"] for metric in metrics},
    )
