# SPDX-License-Identifier: Apache-2.0
"""The documents of iam-policies/ with this stack's names in them, and how two documents compare."""

import json
import re
from pathlib import Path
from typing import Any

Document = dict[str, Any]


def load(path: Path, values: dict[str, str], absent: frozenset[str] = frozenset()) -> Document:
    """`absent`: the statements, by Sid, that this stack's parameters leave out."""
    text = re.sub(r"\$\{([A-Za-z]+)\}", lambda found: values[found[1]], path.read_text())
    document: Document = json.loads(text)
    document["Statement"] = [s for s in document["Statement"] if s.get("Sid") not in absent]
    return document


def canonical(value: Any) -> Any:
    """Equal for documents that mean the same: one value is a list of one, lists have no order."""
    if isinstance(value, dict):
        return {key: canonical(member) for key, member in value.items()}
    items = value if isinstance(value, list) else [value]
    members = {json.dumps(i if isinstance(i, str) else canonical(i), sort_keys=True) for i in items}
    return sorted(members)


def statements(document: Document) -> dict[str, Any]:
    """By Sid, or by place where there is none."""
    listed = document["Statement"]
    listed = listed if isinstance(listed, list) else [listed]
    return {
        s.get("Sid", f"#{i}"): canonical({k: v for k, v in s.items() if k != "Sid"})
        for i, s in enumerate(listed)
    }


def difference(expected: Document, found: Document) -> str:
    """Empty if they mean the same; else the statements that differ."""
    left, right = statements(expected), statements(found)
    words = [f"{sid} is missing" for sid in left if sid not in right]
    words += [f"{sid} was added" for sid in right if sid not in left]
    words += [f"{sid} is another" for sid in left if sid in right and left[sid] != right[sid]]
    return ", ".join(words)
