#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That includes.py misses an include that another file would lend, and no other."""

import tempfile
import unittest
from pathlib import Path

from includes import mistakes

OURS = {
    "include/redoubt/base/bytes.hpp": "#include <vector>\nusing Bytes = std::vector<char>;\n",
    "include/redoubt/base/text.hpp": "#include <redoubt/base/bytes.hpp>\n\n"
    "class Text final : public Bytes {\n    int length();\n};\nText parse(const Bytes& bytes);\n"
    "[[nodiscard]] std::vector<Text> lines_of(const Text& text);\n"
    "enum class Case { Upper, Lower };\n",
}

RIGHT = [
    "#include <redoubt/base/text.hpp>\nBytes b = parse(Bytes{});\nstd::vector<Case> c;",
    "#include <string>\nconst std::string text = std::move(other);",
    "#include <algorithm>\nauto at = std::ranges::find(list, 3);",
    "// Text, Bytes and std::string\nauto a = \"std::string Text parse(\"; auto b = 'T';",
    'auto a = R"(Text "std::string)";',
    "int parse(int number);\nint three = parse(3) + other.lines_of(3) + other->lines_of(3);",
    "struct Text;\nText* text = nullptr;",
    "enum class Kind { Text, Bytes };\nauto kind = Kind::Text;",
    "#include <openssl/evp.h>\nauto a = EVP_sha256();",
]

WRONG = [
    ("Bytes b;", "Bytes"),
    ("#include <redoubt/base/bytes.hpp>\nauto text = parse(bytes);", "parse"),
    (
        "#include <redoubt/base/bytes.hpp>\nauto text = redoubt::lines_of(bytes);",
        "redoubt::lines_of",
    ),
    ("#include <redoubt/base/bytes.hpp>\nauto upper = Case::Upper;", "Case"),
    ("std::string text;", "std::string"),
    ("#include <string>\nauto at = std::ranges::find(list, 3);", "std::find"),
    ("#include <string>\nstd::strange a;", "std::strange"),
    ("auto a = EVP_sha256();", "EVP_sha256"),
    ("auto a = ::poll(nullptr, 0, 0);", "::poll"),
    ('#include "other.cpp"', "other.cpp"),
]


def check(text: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (*OURS.items(), ("src/tezos/sign.cpp", text + "\n")):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return mistakes(Path(folder))


class Includes(unittest.TestCase):
    def test_what_is_included_may_be_named(self) -> None:
        for text in RIGHT:
            self.assertEqual([], check(text), text)

    def test_what_is_not_included_is_told_by_its_name(self) -> None:
        for text, name in WRONG:
            found = check(text)
            self.assertEqual(1, len(found), f"{text}: {found}")
            self.assertTrue(found[0].startswith(f"src/tezos/sign.cpp: {name}"), found[0])

    def test_no_sources_are_no_success(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(1, len(mistakes(Path(folder))))


if __name__ == "__main__":
    unittest.main()
