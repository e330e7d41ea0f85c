# SPDX-License-Identifier: Apache-2.0
"""Asks `iam-simulate` what IAM would answer."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "build" / "venv" / "bin" / "node"
MODULES = ROOT / "build" / "tools" / "iam-simulate"


@dataclass(frozen=True)
class Request:
    """Who asks for what. Policies are given by the names that `allowed` is told."""

    principal: str | None  # None: anybody, without credentials
    action: str
    resource: str
    account: str  # whose the resource is
    context: dict[str, str | list[str]]
    identity: list[str] = field(default_factory=list)
    resourcePolicy: str | None = None
    boundary: str | None = None


def ask(script: str, question: Any) -> Any:
    """What a program beside this one answers."""
    done = subprocess.run(
        [NODE, Path(__file__).with_name(script), MODULES],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def allowed(policies: dict[str, Any], requests: Iterable[Request]) -> list[bool]:
    questions = {"policies": policies, "requests": [asdict(request) for request in requests]}
    return [answer == "Allowed" for answer in ask("simulate.cjs", questions)]


def unknown(actions: Iterable[str]) -> list[str]:
    """Those that no service of AWS has."""
    return ask("actions.cjs", sorted(actions))
