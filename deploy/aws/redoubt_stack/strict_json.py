# SPDX-License-Identifier: Apache-2.0
"""JSON as the functions read it: a member that is there twice is a mistake. Python takes the last
one without a word, and what the first one says is lost."""

import json
from typing import Any


def parse(text: bytes) -> Any:
    """A ValueError if it is none, or names a member twice."""
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("has a member twice")
    return dict(pairs)
