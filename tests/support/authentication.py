# SPDX-License-Identifier: Apache-2.0
"""What an authorized key signs so that the signer believes a request."""

from typing import Protocol

from support.keys import SecretKey


class Asked(Protocol):
    """A key that is asked to sign."""

    @property
    def address(self) -> str: ...
    @property
    def tag(self) -> int: ...
    @property
    def hash(self) -> bytes: ...


def message(signer: Asked, payload: bytes) -> bytes:
    """0x04 0x01, the key asked to sign (tag and hash), the payload. octez: signer_messages.ml."""
    return b"\x04\x01" + bytes([signer.tag]) + signer.hash + payload


def authenticate(
    authorized: SecretKey,
    signer: Asked,
    payload: bytes,
    *,
    generic: bool = False,
    high_s: bool = False,
) -> str:
    return authorized.sign(message(signer, payload), generic=generic, high_s=high_s)
