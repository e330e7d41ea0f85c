# SPDX-License-Identifier: Apache-2.0
"""The zip that Lambda is given: built, and looked at before anything is made of it."""

import re
import subprocess
import zipfile
from pathlib import Path

from redoubt_stack.console import Progress, Stop, step
from redoubt_stack.verify import ROOT, built_zip

# ELF's e_machine.
MACHINES = {62: "x86_64", 183: "arm64"}
OF_NINJA = re.compile(r"\[(\d+/\d+)\]")


def build(architecture: str) -> Path:
    """Minutes, the first time; what it is at is shown meanwhile."""
    step(f"building for {architecture} (minutes, the first time)")
    command = [ROOT / "deploy/build", "--arch", architecture]
    with (
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as program,
        Progress("building") as progress,
    ):
        assert program.stdout is not None
        lines: list[str] = []
        for line in program.stdout:
            lines = [*lines[-40:], line]
            count = OF_NINJA.match(line)
            progress.show(f"{count[1]} files" if count else line.strip()[:60])
    if program.returncode != 0:
        raise Stop(
            "deploy/build failed, and nothing was changed. Its last words:\n"
            + "".join(lines)
            + "  Mend the reason, or take a checked release with --zip"
        )
    return built_zip(architecture)


def problem(package: Path, architecture: str) -> str:
    """Why Lambda could not run it; empty if it could, as far as can be seen from here."""
    try:
        with zipfile.ZipFile(package) as opened:
            member = opened.getinfo("bootstrap")
            head = opened.open(member).read(20)
    except (zipfile.BadZipFile, KeyError):
        return f"{package} is not a zip with a file `bootstrap`: take redoubt.zip"
    machine = MACHINES.get(int.from_bytes(head[18:20], "little"))
    if head[:4] != b"\x7fELF" or machine is None:
        return f"`bootstrap` in {package} is not a program for x86_64 or arm64"
    if machine != architecture:
        return (
            f"{package} is for {machine}, and Architecture is {architecture}: take the other zip, "
            f"or give --parameter Architecture={machine}"
        )
    if not member.external_attr >> 16 & 0o111:
        return f"`bootstrap` in {package} is not executable: Lambda would not start it"
    return ""
