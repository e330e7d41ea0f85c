# SPDX-License-Identifier: Apache-2.0
"""A folder in which a runbook's commands are typed as they are written: `deploy/redoubt` leads to
the signers of a test, and what can't be had here is checked for its form."""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from support.child import ROOT
from support.runbooks.reading import Block
from support.terminal import Terminal

NODE = "http://localhost:8732"  # octez-node's own port, as the runbooks write it
HEAD = 16_000_000  # and its head
ASSIGNMENT = re.compile(r"^ *([A-Z_]+)=(\S+).*$", re.M)
QUESTION = re.compile(r"Type (\S+) to go on: ")
ELSEWHERE = ("octez-client", "aws", "git")
WRAPPER = f"""#!/bin/sh
exec {sys.executable} {Path(__file__).with_name("typed.py")} "$0" "$@"
"""


@dataclass
class Shell:
    folder: Path
    stacks: dict[str, list[str]]  # the options that name each stack here
    node: str = NODE
    values: dict[str, str] = field(default_factory=dict)  # of the variables that a block sets
    more: dict[str, list[str]] = field(default_factory=dict)  # options, by command
    environment: dict[str, str] = field(default_factory=dict)
    ahead: int = 0  # of the levels that the runbooks name, which are near HEAD
    _set: str = ""

    def __post_init__(self) -> None:
        for name in ("deploy/redoubt", *(f"bin/{name}" for name in ELSEWHERE)):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(WRAPPER)
            path.chmod(0o755)
        (self.folder / "here.json").write_text(
            json.dumps(
                {
                    "program": str(ROOT / "deploy/redoubt"),
                    "stacks": self.stacks,
                    "node": {NODE: self.node},
                    "more": self.more,
                }
            )
        )

    def answer(self, command: str, text: str) -> None:
        """What `aws SERVICE OPERATION` or the like is told."""
        path = self.folder / "answers" / command
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def run(self, block: Block, ends: int = 0) -> str:
        """Types it, and agrees to whatever is asked; what was shown. It ends well, and shows what
        the runbook says."""
        commands = ASSIGNMENT.sub(self._value, block.commands)
        path = f"export HOME={self.folder} PATH={self.folder}/bin:$PATH; cd {self.folder}"
        script = f"set -euo pipefail; {path}\n{self._set}\n{commands}"
        who = [f"{name}={value}" for name, value in self.environment.items()]
        with Terminal(["env", *who, "bash", "-c", script], columns=160) as terminal:
            code = terminal.agree(QUESTION)
        assert code == ends, f"{block.commands}ended with {code}:\n{terminal.shown}"
        missing = block.missing(terminal.shown)
        assert missing == [], f"{block.commands}does not show {missing}:\n{terminal.shown}"
        return terminal.shown

    def _value(self, found: re.Match[str]) -> str:
        value = self.values.get(found[1], found[2])
        if value.startswith(str(HEAD)[:4]) and value.isdigit():
            value = str(int(value) + self.ahead)
        line = f"{found[1]}={value}"
        self._set += line + "\n"
        return line
