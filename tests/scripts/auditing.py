# SPDX-License-Identifier: Apache-2.0
"""`redoubt audit` run on a day, and what it said."""

import json
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack import redoubt

from support.audit_day import Day

NOTES = {"unread_answer", "killed", "before_the_period"}
Json = dict[str, Any]


class Audited:
    def __init__(self, code: int, told: Json) -> None:
        self.code = code
        self.told = told

    @property
    def verdict(self) -> str:
        return str(self.told["verdict"])

    @property
    def found(self) -> dict[str, int]:
        """How often each kind was found that is more than a note."""
        return {kind: n for kind, n in self.told["counts"].items() if kind not in NOTES}

    def of(self, kind: str) -> list[Json]:
        return [finding for finding in self.told["findings"] if finding["finding"] == kind]


def audit(capsys: pytest.CaptureFixture[str], *words: str) -> Audited:
    code = redoubt.main(["audit", "--json", *words])
    return Audited(code, json.loads(capsys.readouterr().out))


def audit_day(day: Day, folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Audited:
    trail, log = day.write(folder)
    return audit(capsys, "--trail", str(trail), "--log", str(log), *words)
