# SPDX-License-Identifier: Apache-2.0
"""The templates are what the fragments make, and the fragments say nothing twice."""

from pathlib import Path

import pytest
from redoubt_stack import assemble
from redoubt_stack.console import Stop
from redoubt_stack.template import load

NAMED = {
    path.relative_to(assemble.FRAGMENTS).as_posix() for path in assemble.FRAGMENTS.rglob("*.yaml")
}


def test_the_templates_are_what_the_fragments_make() -> None:
    assert assemble.stale() == [], "run deploy/aws/assemble"


def test_every_fragment_is_in_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[str] = set()
    text = Path.read_text

    def told(path: Path) -> str:
        if path.is_relative_to(assemble.FRAGMENTS):
            read.add(path.relative_to(assemble.FRAGMENTS).as_posix())
        return text(path)

    monkeypatch.setattr(Path, "read_text", told)
    for fragment in assemble.TEMPLATES.values():
        assemble.assembled(fragment)
    assert read == NAMED


def write(folder: Path, **files: str) -> None:
    for name, lines in files.items():
        (folder / name).write_text(lines)


def test_a_fragment_is_as_deep_as_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assemble, "FRAGMENTS", tmp_path)
    write(
        tmp_path,
        whole="#set who @{name}-@{Kind}\na:\n  #include part Kind=Signer name=signer\n",
        part="# SPDX\n@{Kind}:\n  is: @{who}\n\n  #include deeper\n",
        deeper="of: [@{name}]  # one\n",
    )
    made = assemble.assembled("whole")
    assert load(made) == {"a": {"Signer": {"is": "signer-Signer", "of": ["signer"]}}}
    assert "    of: [signer]  # one\n" in made and "\n\n" in made


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: @{nobody}\n", "whole, line 1: nobody has no value"),
        ("#set a @{b}\n#set b @{a}\nx: @{a}\n", "whole, line 3: a name that stands for itself"),
        ("#include whole\n", "whole includes itself"),
    ],
)
def test_what_can_t_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    monkeypatch.setattr(assemble, "FRAGMENTS", tmp_path)
    write(tmp_path, whole=text)
    with pytest.raises(Stop, match=why):
        assemble.assembled("whole")
