# SPDX-License-Identifier: Apache-2.0
"""What the documents point to is there: files, headings, and the paths that they name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {"build", ".git", ".pytest_cache"} & set(path.relative_to(ROOT).parts)
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path of this repository in backticks, with a folder; `<...>`, `*` and `{...}` stand for any.
NAMED = re.compile(r"`((?:src|include|bootstrap|tests|bench|deploy|iam-policies|docs)/[^`\s]*)`")


def slug(heading: str) -> str:
    """As the anchor of a heading is made: https://docs.github.com, "Section links"."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_of(text: str) -> set[str]:
    return {slug(line.lstrip("#")) for line in text.splitlines() if re.match(r"#+ ", line)}


def broken_links(document: Path, text: str) -> list[str]:
    broken = []
    for link in LINK.findall(text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        anchors = anchors_of(target.read_text(encoding="utf-8")) if target.is_file() else set()
        if not target.exists() or (anchor and anchor not in anchors):
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


def test_there_are_documents() -> None:
    assert {"README.md", "docs/architecture.md"} <= {
        str(path.relative_to(ROOT)) for path in DOCUMENTS
    }


@pytest.mark.parametrize(
    ("text", "links", "paths"),
    [
        ("[right](README.md) and `src/tezos/sign.cpp`", [], []),
        ("[wrong](nowhere.md)", ["nowhere.md"], []),
        ("[heading](README.md#licence)", [], []),
        ("[no heading](README.md#nowhere)", ["README.md#nowhere"], []),
        ("[outside](https://example.com/x)", [], []),
        ("`src/tezos/nowhere.cpp`", [], ["src/tezos/nowhere.cpp"]),
        ("`src/<chain>/sign.cpp` and `bootstrap/config/{variables,aws}.cpp`", [], []),
    ],
)
def test_what_is_not_there_is_seen(text: str, links: list[str], paths: list[str]) -> None:
    assert broken_links(ROOT / "here.md", text) == links
    assert missing_paths(text) == paths
