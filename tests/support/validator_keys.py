# SPDX-License-Identifier: Apache-2.0
"""Asks validator-keys-tool, which does with validators' keys what the product does."""

import json
import subprocess
from collections.abc import Iterable
from typing import Any

from support.child import RELEASE

TOOL = RELEASE / "validator-keys-tool"


class Refused(Exception):
    """What the product said."""


def answers(questions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """`{"ok": ...}` or `{"refused": "..."}`, one each."""
    assert TOOL.exists(), f"{TOOL} is missing: the release preset builds it"
    asked = [json.dumps(question) for question in questions]
    done = subprocess.run(
        [TOOL], input="\n".join(asked) + "\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(asked)
    return found


def ask(do: str, **members: Any) -> Any:
    (answer,) = answers([{"do": do, **members}])
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer["ok"]
