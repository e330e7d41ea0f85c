# SPDX-License-Identifier: Apache-2.0
"""NFKD against Python's: each character that it changes, and strings of those that combine; and
that the tables in the sources are the ones that their program makes."""

import random
import subprocess
import sys
import unicodedata

from support.child import ROOT
from support.validator_keys import answers

SURROGATES = range(0xD800, 0xE000)


def normal(texts: list[str]) -> list[str]:
    asked = [{"do": "nfkd", "utf8": text.encode().hex()} for text in texts]
    return [bytes.fromhex(answer["ok"]).decode() for answer in answers(asked)]


def is_changed(point: int) -> bool:
    """Of Hangul's eleven thousand syllables, which are made by arithmetic, some hundreds."""
    character = chr(point)
    if point in SURROGATES or (0xAC00 < point < 0xD7A3 and point % 31 != 0):
        return False
    if unicodedata.combining(character):
        return True
    return unicodedata.normalize("NFKD", character) != character


def told_apart() -> list[str]:
    """Characters that become others or combine, their neighbours, and each hundredth or so."""
    points = set(range(0, 0x110000, 97))
    for point in filter(is_changed, range(0x110000)):
        points |= {point - 1, point, point + 1}
    return [chr(point) for point in sorted(points - set(SURROGATES))]


def test_characters_are_taken_apart_as_python_does() -> None:
    """With a letter between them, so that nothing combines with its neighbour; few an input, as
    some become eighteen."""
    characters = told_apart()
    assert len(characters) > 15_000
    texts = ["x".join(characters[at : at + 300]) for at in range(0, len(characters), 300)]
    for text, made in zip(texts, normal(texts), strict=True):
        assert made == unicodedata.normalize("NFKD", text), f"from {ord(text[0]):x} on"


def test_what_combines_is_ordered_as_python_does() -> None:
    dice = random.Random(15)
    marks = [chr(point) for point in range(0x110000) if unicodedata.combining(chr(point))]
    bases = [chr(point) for point in (0x61, 0xE9, 0x1E69, 0xAC00, 0xD7A3, 0x212B, 0xFDFA, 0x1D15E)]
    texts = [
        "".join(dice.choices(marks + bases * 60, k=dice.randrange(1, 24))) for _ in range(1000)
    ]
    for text, made in zip(texts, normal(texts), strict=True):
        assert made == unicodedata.normalize("NFKD", text), [hex(ord(c)) for c in text]


def test_no_table_was_edited() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tests/tools/tables", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
