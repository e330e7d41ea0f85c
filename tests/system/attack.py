# SPDX-License-Identifier: Apache-2.0
"""Hostile requests are good ones with one part exchanged: here is how a part is exchanged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asking import Asking
from support import base58
from support.events import Event, HttpRequest, version_2
from support.keys import Curve, SecretKey
from support.payloads import block

STRANGER = SecretKey(Curve.SECP256K1, bytes(31) + b"\x07")
TZ4 = "tz4HVR6aty9KwsQFHh81C1G7gBdhxT8kuytm"  # a published test address
BLS_SIGNATURE = base58.encode("BLsig", bytes([0xC0]) + bytes(95))


@dataclass(frozen=True)
class Attack:
    name: str
    status: int
    code: str
    make: Callable[[Asking], HttpRequest | Event]

    def event(self, asking: Asking) -> Event:
        made = self.make(asking)
        return version_2(made) if isinstance(made, HttpRequest) else made


def post(**changes: Any) -> Callable[[Asking], HttpRequest]:
    """A good POST, but for these parts."""
    return lambda asking: asking.post(**changes)


def at(path: str, method: str = "POST") -> Callable[[Asking], HttpRequest]:
    """A good POST to another path; `{key}` is the signer's address."""
    return lambda asking: asking.post(path=path.format(key=asking.key.address), method=method)


def query(template: str) -> Callable[[Asking], HttpRequest]:
    """Another query; `{proof}` is a valid authentication."""

    def make(asking: Asking) -> HttpRequest:
        payload = asking.vote()
        return asking.post(payload, query=template.format(proof=asking.proof(payload)))

    return make


def proof(make: Callable[[Asking, bytes], str]) -> Callable[[Asking], HttpRequest]:
    """Another authentication of a good vote."""

    def request(asking: Asking) -> HttpRequest:
        payload = asking.vote()
        return asking.post(payload, query=f"authentication={make(asking, payload)}&version=3")

    return request


def authenticated(make: Callable[[Asking], bytes]) -> Callable[[Asking], HttpRequest]:
    """Other bytes to sign, well authenticated."""
    return lambda asking: asking.post(make(asking))


def text(make: Callable[[str], str]) -> Callable[[Asking], HttpRequest]:
    """Another body, made of the good one's hex."""

    def request(asking: Asking) -> HttpRequest:
        payload = asking.vote()
        return asking.post(payload, body=make(payload.hex()))

    return request


def event(change: Callable[[Event], object]) -> Callable[[Asking], Event]:
    """A good event with a member changed in place."""

    def make(asking: Asking) -> Event:
        made = version_2(asking.post())
        change(made)
        return made

    return make


def flipped(proof_text: str) -> str:
    """The same signature with one bit of it turned, its checksum mended."""
    raw = bytearray(base58.decode("spsig1", proof_text))
    raw[40] ^= 1
    return base58.encode("spsig1", bytes(raw))


def wrong_checksum(encoded: str) -> str:
    return encoded[:-1] + ("1" if encoded[-1] != "1" else "2")


def edited(payload: bytes, offset: int, new: bytes) -> bytes:
    return payload[:offset] + new + payload[offset + len(new) :]


def vote_with(offset: int, new: bytes) -> Callable[[Asking], HttpRequest]:
    return authenticated(lambda asking: edited(asking.vote(), offset, new))


def fresh_block(asking: Asking, **changes: Any) -> bytes:
    level, round = asking.chain.slot()
    return block(level, round, chain=asking.chain.raw, **changes)


def block_with(offset: int, new: bytes) -> Callable[[Asking], HttpRequest]:
    return authenticated(lambda asking: edited(fresh_block(asking), offset, new))


def dal(field: bytes) -> Callable[[Asking], HttpRequest]:
    return authenticated(lambda asking: asking.vote(dal=field))
