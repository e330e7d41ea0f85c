# SPDX-License-Identifier: Apache-2.0
"""How the runbooks are read and typed: what is wrong in one is seen."""

from pathlib import Path

import pytest

from support.runbooks.reading import Block, pattern, sections
from support.runbooks.shell import Shell

PAGE = """# Moving

```console
A=1
one
```
```text
level 5 of tz2EVm…gugE

...
done
```

## In a list

1. First:

   ```console
   two \\
       --more
   ```

### without_any
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.md").write_text(PAGE)
    return tmp_path


def test_blocks_are_found_by_their_headings(folder: Path) -> None:
    found = sections(folder)
    assert list(found) == ["page.md#moving", "page.md#in-a-list"]
    (first,) = found["page.md#moving"].blocks
    assert first.commands == "A=1\none\n" and first.shown == ["level 5 of tz2EVm…gugE", "done"]
    (second,) = found["page.md#in-a-list"].blocks
    assert second.commands.split() == ["two", "\\", "--more"] and second.shown == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("```text", "```"),  # a block that nobody would type
        ("```console\nA", "```sh\nA"),
        ("```\n\n### without", "### without"),
        ("## In a list", "```text\n```"),
    ],
)
def test_a_block_of_another_form_is_seen(folder: Path, old: str, new: str) -> None:
    assert PAGE.count(old) == 1
    (folder / "page.md").write_text(PAGE.replace(old, new))
    with pytest.raises(AssertionError, match="page.md"):
        sections(folder)


SHOWN = Block("", ["kind  level", "block  1,000, closed  tz2EVmDJ3x", "wrote … rows"])
OUTPUT = "first\nkind      level  until\n  block   16, closed   tz1abc\nwrote many rows\n"


def test_the_form_of_the_output_is_compared() -> None:
    assert SHOWN.missing(OUTPUT) == []
    assert SHOWN.missing(OUTPUT.replace("closed", "open")) == SHOWN.shown[1:]
    assert SHOWN.missing(OUTPUT.replace("wrote", "Wrote")) == SHOWN.shown[2:]
    backwards = "\n".join(reversed(OUTPUT.splitlines()))
    assert SHOWN.missing(backwards) == SHOWN.shown[1:]
    assert pattern("a.b (1)") == r"a\.b\s+\(\d[\d,.]*\)"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Whose signer nobody reaches."""
    return Shell(tmp_path, {"redoubt": ["--local", "http://127.0.0.1:1"]}, values={"KEY": "mine"})


def run(shell: Shell, commands: str) -> str:
    return shell.run(Block(commands + "\n"))


@pytest.mark.parametrize(
    "commands",
    [
        "deploy/redoubt stats",
        "deploy/redoubt export --to octez --levels 5",
        "deploy/redoubt --stack other completion bash",
        "deploy/redoubt status",  # not reached
        "octez-client gen key redoubt-auth",
        "git fetsh",
        "aws kms disable-keys --key-id x",
        "aws kms disable-key --key x",
        "aws kms disable-key",
        "aws kms disable-key --key-id x",  # nobody answers it
        "echo $NOT_SET",
        "false; true",
        "false | cat",
    ],
)
def test_what_can_not_be_typed_is_seen(shell: Shell, commands: str) -> None:
    with pytest.raises(AssertionError, match="ended with"):
        run(shell, commands)


def test_what_is_set_is_known_later(shell: Shell) -> None:
    assert run(shell, "KEY=yours    # your own\necho $KEY").strip() == "mine"
    assert run(shell, "echo is $KEY").strip() == "is mine"
    assert "--until LEVEL" in run(shell, "deploy/redoubt handover --help")
    assert run(shell, "octez-client gen keys redoubt-auth") == ""


def test_output_that_a_page_does_not_show_is_seen(shell: Shell) -> None:
    with pytest.raises(AssertionError, match="does not show"):
        shell.run(Block("echo one\n", ["two"]))


def test_what_is_asked_is_agreed_to(shell: Shell) -> None:
    asks = "read -p 'Type 16000001 to go on: ' it && echo got $it"
    assert "got 16000001" in run(shell, asks)
