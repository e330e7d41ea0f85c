# SPDX-License-Identifier: Apache-2.0
"""A tz4 key that a signer serves: asked as octez-client asks, judged by py_ecc."""

import hashlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from account import Account, Signer
from py_ecc.bls import G2ProofOfPossession as pop

from support import base58
from support.keys import SecretKey
from support.octez import Reply
from support.payloads import bls_vote


@dataclass(frozen=True)
class SealedKey:
    text: str  # BLpk...
    address: str

    @property
    def raw(self) -> bytes:
        return base58.decode("BLpk", self.text)

    # What a request is signed over, beside the payload.
    @property
    def curve(self) -> Any:
        return SimpleNamespace(tag=3)

    @property
    def hash(self) -> bytes:
        return hashlib.blake2b(self.raw, digest_size=20).digest()

    def verifies(self, signature: str, message: bytes) -> bool:
        return bool(pop.Verify(self.raw, message, base58.decode("BLsig", signature)))


def sealed_keys(signer: Signer) -> list[SealedKey]:
    told = signer.command("list_keys")["keys"]
    return [SealedKey(key["public_key"], key["pkh"]) for key in told]


def sign(signer: Signer, authorized: SecretKey, key: SealedKey, level: int, **more: Any) -> Reply:
    vote = bls_vote(0x13, level, **more)
    return signer.baker(authorized).sign(key, vote)  # type: ignore[arg-type]


def fresh_environment(account: Account, signer: Signer) -> None:
    """As after some hours: what ran is gone, and the keys are opened anew."""
    function = signer.outputs["SignerFunction"]
    client = account.client("lambda")
    told = client.get_function_configuration(FunctionName=function)
    client.update_function_configuration(
        FunctionName=function, Environment=told["Environment"], Description=str(id(told))
    )
