# SPDX-License-Identifier: Apache-2.0
"""A program at a terminal, and somebody who types."""

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

# What moves the cursor or sets colours.
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """`shown` is all that the program has written, stdout and stderr, as a person reads it."""

    def __init__(self, command: Sequence[str | Path], columns: int = 100) -> None:
        self.raw = ""
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [str(word) for word in command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "50"},
            start_new_session=True,
        )
        os.close(theirs)

    @property
    def shown(self) -> str:
        return CONTROL.sub("", self.raw).replace("\r", "")

    def wait_for(self, words: str, seconds: float = 30) -> str:
        deadline = time.monotonic() + seconds
        while words not in self.shown:
            assert time.monotonic() < deadline, f"{words!r} does not come:\n{self.shown}"
            assert self._read(0.1), f"it ended without {words!r}:\n{self.shown}"
        return self.shown

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def end(self, seconds: float = 30, again: str = "") -> int:
        """Reads on until the program has ended; its exit code. A key that was struck while the
        program changed its terminal may be lost: `again` is struck every five seconds."""
        deadline, struck = time.monotonic() + seconds, time.monotonic()
        while self._read(0.1):
            assert time.monotonic() < deadline, f"it does not end:\n{self.shown}"
            if again and time.monotonic() > struck + 5:
                struck = time.monotonic()
                self.type(again)
        return self._process.wait(seconds)

    def agree(self, question: re.Pattern[str], seconds: float = 60) -> int:
        """Types what each question asks for, until the program has ended; its exit code."""
        deadline, end = time.monotonic() + seconds, 0
        while self._read(0.1):
            assert time.monotonic() < deadline, f"it does not end:\n{self.shown}"
            if asked := question.search(self.shown, end):
                end = asked.end()
                self.type(f"{asked[1]}\n")
        return self._process.wait(seconds)

    def _read(self, seconds: float) -> bool:
        """False once nobody can write any more."""
        ready, _, _ = select.select([self._ours], [], [], seconds)
        if not ready:
            return True
        try:
            found = os.read(self._ours, 65_536)
        except OSError:  # so Linux says that the other side is closed
            return False
        self.raw += found.decode(errors="replace")
        return bool(found)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
        os.close(self._ours)
