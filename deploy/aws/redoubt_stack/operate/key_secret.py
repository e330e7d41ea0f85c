# SPDX-License-Identifier: Apache-2.0
"""A tz4 key's secret, from a file or a prompt and never from the command line, where everybody on
the machine would see it: as its text (BLsk...), or as an age file that holds one, such as a backup.
No message here quotes what was read."""

import base64
import getpass
import re
import sys
from argparse import Namespace
from dataclasses import dataclass
from typing import Any

from redoubt_stack import bls
from redoubt_stack.console import BadUsage
from redoubt_stack.operate import given_files

LONGEST = 65_536  # bytes of a file
ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
HEADER = b"age-encryption.org/v1\n"


@dataclass(frozen=True)
class Secret:
    text: str  # BLsk...
    public_key: str

    @property
    def address(self) -> str:
        return bls.address_of(self.public_key)

    def __repr__(self) -> str:
        return f"Secret({self.public_key})"


def read(told: Namespace) -> Secret:
    """By --file and --identity, or from the terminal."""
    if told.file:
        raw, source = given_files.read(told.file, LONGEST, "key"), str(told.file)
    else:
        raw, source = typed("The secret key (BLsk...; not shown): "), "what was typed"
    text = opened(raw, source, told.identity)
    scalar = bls.scalar_of(text)
    if scalar is None:
        raise BadUsage(f"{source}: {_why_not(text)}")
    return Secret(text, bls.public_key_of(scalar))


def opened(raw: bytes, source: str, identity: str | None) -> str:
    """What is in it, if it is an age file; else as it is."""
    if raw.lstrip().startswith((ARMOUR, HEADER)):
        raw = opened_age(raw.strip() + b"\n" if ARMOUR in raw else raw, source, identity)
    elif identity:
        raise BadUsage(f"{source}: is not an age file, so there is nothing to open by --identity")
    return raw.decode(errors="replace").strip()


def _why_not(text: str) -> str:
    if text.startswith("BLpk"):
        return "holds a public key: give the file that has the secret one (BLsk...)"
    if re.match(r"(unencrypted:)?(edsk|spsk|p2sk)", text):
        return "holds a key of another curve, which KMS can hold: docs/configuration.md"
    if text.startswith(("encrypted:", "BLesk")):
        return "is encrypted by octez: give the key itself (BLsk...), or an age file that holds it"
    if text.startswith("unencrypted:"):
        return "begins with unencrypted: - give what stands after it"
    return "holds no tz4 secret key (BLsk... with a right checksum, and nothing else)"


def opened_age(raw: bytes, source: str, identity: str | None) -> bytes:
    """By an identity file, or by a passphrase, as the header asks for."""
    import pyrage

    try:
        if identity is not None:
            return pyrage.decrypt(raw, _identities(identity))
        if not _is_for_passphrase(raw):
            raise BadUsage(
                f"{source}: is for age recipients: give --identity FILE, with the key of one"
            )
        passphrase = typed(f"Passphrase of {source} (not shown): ").decode()
        return pyrage.passphrase.decrypt(raw, passphrase)
    except (pyrage.DecryptError, ValueError) as error:
        raise BadUsage(
            f"{source}: can't be opened ({error}): is this its identity or passphrase, and is it "
            "whole?"
        ) from None


def _is_for_passphrase(raw: bytes) -> bool:
    """The header's first line of a recipient says so; armoured, it begins 16 columns later."""
    if raw.startswith(ARMOUR):
        raw = base64.b64decode(b"".join(raw.splitlines()[1:3]) + b"====", validate=False)
    return raw.startswith(HEADER + b"-> scrypt ")


def _identities(file: str) -> list[Any]:
    import pyrage

    raw = given_files.read(file, LONGEST, "key")
    if raw.lstrip().startswith((ARMOUR, HEADER)):
        raw = opened_age(raw, file, None)
    lines = [line.strip() for line in raw.decode(errors="replace").splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in wanted]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise BadUsage(f"{file}: holds no age identities (AGE-SECRET-KEY-1..., one a line)")
    return found


def typed(question: str) -> bytes:
    """At a terminal, and not shown."""
    if not sys.stdin.isatty():
        raise BadUsage(
            "there is no terminal to ask at: give --file, and --identity for an age file"
        )
    return getpass.getpass(question).encode()
