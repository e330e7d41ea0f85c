# SPDX-License-Identifier: Apache-2.0
"""CloudWatch's metric math, as far as the alarms use it, and how an alarm judges a series.

From "Using metric math" and "Configuring how alarms treat missing data" in CloudWatch's guide: a
missing point counts as 0 in arithmetic and comparison, is dropped where there is neither side, and
where an IF has no else."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Point = float | None


@dataclass(frozen=True)
class Series:
    points: tuple[Point, ...]

    def _with(self, other: "Series | float", do: Callable[[float, float], float]) -> "Series":
        others = other.points if isinstance(other, Series) else (other,) * len(self.points)
        pairs = zip(self.points, others, strict=True)
        scalar = not isinstance(other, Series)
        return Series(
            tuple(
                None if a is None and (scalar or b is None) else float(do(a or 0, b or 0))
                for a, b in pairs
            )
        )

    def __add__(self, other: "Series | float") -> "Series":
        return self._with(other, operator.add)

    def __sub__(self, other: "Series | float") -> "Series":
        return self._with(other, operator.sub)

    def __rmul__(self, factor: float) -> "Series":
        return self._with(factor, operator.mul)

    def __truediv__(self, other: "Series") -> "Series":
        """What would divide by zero is dropped."""
        pairs = zip(self.points, other.points, strict=True)
        return Series(tuple((a or 0) / b if b else None for a, b in pairs))

    def __lt__(self, other: float) -> "Series":
        return self._with(other, operator.lt)

    def __gt__(self, other: float) -> "Series":
        return self._with(other, operator.gt)


def fill(series: Series, value: float) -> Series:
    return Series(tuple(value if point is None else point for point in series.points))


def difference(series: Series) -> Series:
    """To the point before."""
    points: list[Point] = []
    before: Point = None
    for point in series.points:
        points.append(None if point is None or before is None else point - before)
        before = before if point is None else point
    return Series(tuple(points))


def either(condition: Series, then: Series | float, otherwise: float | None = None) -> Series:
    thens = then.points if isinstance(then, Series) else (then,) * len(condition.points)
    pairs = zip(condition.points, thens, strict=True)
    return Series(tuple(None if c is None else (t or 0) if c else otherwise for c, t in pairs))


def evaluate(metrics: Sequence[Mapping[str, Any]], data: Mapping[str, Sequence[Point]]) -> Series:
    """The one series that an alarm's metrics return, given those that CloudWatch has."""
    known: dict[str, Series] = {name: Series(tuple(points)) for name, points in data.items()}
    functions = {"FILL": fill, "DIFF": difference, "IF": either}
    waiting = [one for one in metrics if "Expression" in one]
    while waiting:
        ready = [one for one in waiting if _names(one["Expression"]) <= {*known, *functions}]
        assert ready, f"{[one['Id'] for one in waiting]} stand on what there is not"
        for one in ready:
            code = compile(one["Expression"], one["Id"], "eval")
            known[one["Id"]] = eval(code, {"__builtins__": {}}, {**functions, **known})  # noqa: S307
        waiting = [one for one in waiting if one not in ready]
    (returned,) = (one["Id"] for one in metrics if one.get("ReturnData", True))
    return known[returned]


def _names(expression: str) -> set[str]:
    return set(compile(expression, "expression", "eval").co_names)


def states(alarm: Mapping[str, Any], series: Series) -> list[str]:
    """An alarm's state after each point."""
    breaches = {
        "GreaterThanThreshold": operator.gt,
        "GreaterThanOrEqualToThreshold": operator.ge,
        "LessThanThreshold": operator.lt,
    }[alarm["ComparisonOperator"]]
    periods = alarm["EvaluationPeriods"]
    needed = alarm.get("DatapointsToAlarm", periods)
    missing = alarm["TreatMissingData"]
    state, all_states = "INSUFFICIENT_DATA", []
    for last in range(1, len(series.points) + 1):
        window = ([None] * periods + list(series.points[:last]))[-periods:]
        there = [breaches(point, alarm["Threshold"]) for point in window if point is not None]
        if there or missing != "ignore":
            absent = (periods - len(there)) * (missing == "breaching")
            state = "ALARM" if sum(there) + absent >= needed else "OK"
        all_states.append(state)
    return all_states
