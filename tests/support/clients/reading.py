# SPDX-License-Identifier: Apache-2.0
"""How clients read answers: ways that several of them share."""

import json

from support.clients.wire import Answer


def hex_of(text: str, size: int) -> str:
    """0x and hex of so many bytes."""
    if not text.startswith("0x") or len(bytes.fromhex(text[2:])) != size:
        raise ValueError(f"not 0x and {size} bytes: {text[:100]!r}")
    return text


def signature_in_json(answer: Answer) -> str:
    found = json.loads(answer.text)
    if not isinstance(found, dict) or not isinstance(found.get("signature"), str):
        raise ValueError(f"no signature in {answer.text[:200]!r}")
    return hex_of(found["signature"], 96)


def by_content_type(answer: Answer) -> str:
    """JSON if it says so, else bare hex."""
    if answer.content_type.startswith("application/json"):
        return signature_in_json(answer)
    return hex_of(answer.text, 96)


def key_list(answer: Answer) -> list[str]:
    found = json.loads(answer.text)
    if not isinstance(found, list):
        raise ValueError(f"no list of keys: {answer.text[:200]!r}")
    return [hex_of(key, 48) for key in found]


def expect(answer: Answer, *statuses: int) -> None:
    if answer.status not in statuses:
        raise ValueError(f"status {answer.status}: {answer.text[:200]}")


def expect_json(answer: Answer) -> None:
    """By its media type, whatever follows it."""
    if answer.content_type.split(";", 1)[0].strip().lower() != "application/json":
        raise ValueError(f"not JSON: {answer.content_type!r}")
