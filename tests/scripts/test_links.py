# SPDX-License-Identifier: Apache-2.0
"""What the documents point to is there: files, headings, and the paths that they name."""

import re
from pathlib import Path

import pytest

from pages import DOCUMENTS, FENCED, LINK, ROOT, anchors

# A path of this repository in backticks, with a folder; `<...>`, `*` and `{...}` stand for any.
NAMED = re.compile(r"`((?:src|include|bootstrap|tests|bench|deploy|iam-policies|docs)/[^`\s]*)`")


def broken_links(document: Path, text: str) -> list[str]:
    broken = []
    for link in LINK.findall(text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        known = anchors(target.read_text(encoding="utf-8")) if target.is_file() else set()
        if not target.exists() or (anchor and anchor not in known):
            broken.append(link)
    return broken


def missing_paths(text: str) -> list[str]:
    missing = []
    for name in NAMED.findall(text):
        pattern = re.sub(r"<[^>]*>|\{[^}]*\}", "*", name).rstrip("/")
        if not any(ROOT.glob(pattern)):
            missing.append(name)
    return missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_points_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert not broken_links(document, text)
    assert not missing_paths(text)


def test_no_statement_of_a_picture_is_cut_in_two() -> None:
    """A semicolon ends one: what follows it is an error where the picture should be."""
    texts = [path.read_text(encoding="utf-8") for path in DOCUMENTS]
    drawn = [text for all_of in texts for lang, text in FENCED.findall(all_of) if lang == "mermaid"]
    assert len(drawn) >= 2
    assert not any(";" in text for text in drawn)


def test_there_are_documents() -> None:
    found = {str(path.relative_to(ROOT)) for path in DOCUMENTS}
    assert {"README.md", "docs/architecture.md", ".github/SECURITY.md"} <= found


def test_a_comment_in_a_block_of_code_is_no_heading() -> None:
    assert anchors("# One\n```console\n# two\n```\n## Three\n") == {"one", "three"}


@pytest.mark.parametrize(
    ("text", "links", "paths"),
    [
        ("[right](README.md) and `src/tezos/sign.cpp`", [], []),
        ("[wrong](nowhere.md)", ["nowhere.md"], []),
        ("[heading](README.md#guarantees)", [], []),
        ("[no heading](README.md#nowhere)", ["README.md#nowhere"], []),
        ("[outside](https://example.com/x)", [], []),
        ("`src/tezos/nowhere.cpp`", [], ["src/tezos/nowhere.cpp"]),
        ("`src/<chain>/sign.cpp` and `bootstrap/config/{variables,aws}.cpp`", [], []),
    ],
)
def test_what_is_not_there_is_seen(text: str, links: list[str], paths: list[str]) -> None:
    assert broken_links(ROOT / "here.md", text) == links
    assert missing_paths(text) == paths
