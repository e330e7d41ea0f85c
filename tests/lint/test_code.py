#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that a program is made of nothing under tests/: the stand-ins are for tests.

Usage: test_code.py BUILD_FOLDER PROGRAM TEST_PROGRAM
TEST_PROGRAM is one that is made of it, which shows that this check can fail.
"""

import re
import subprocess
import sys
from pathlib import Path


def test_code_in(build: str, program: str) -> list[str]:
    """Everything that ninja turns into `program`, directly or not, as far as it lies in tests/."""
    command = ["ninja", "-C", build, "-t", "inputs", program]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    inputs = [line.strip() for line in output.splitlines()]
    for unit in [line for line in inputs if "/Unity/" in line and line.endswith(".cxx")]:
        text = (Path(build) / unit).read_text(encoding="utf-8")
        inputs += re.findall(r'^#include "(.+)"$', text, re.MULTILINE)
    assert any(line.endswith("main.cpp") for line in inputs), f"no main.cpp in {program}?"
    return [line for line in inputs if line.startswith("tests/") or "/tests/" in line]


def main() -> int:
    build, program, test_program = sys.argv[1:]
    assert test_code_in(build, test_program), f"{test_program} is made of nothing in tests/"
    found = test_code_in(build, program)
    for line in found:
        print(f"{program} is made of {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
