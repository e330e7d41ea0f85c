# SPDX-License-Identifier: Apache-2.0
"""tz4 keys that a signer serves: asked as octez-client asks."""

from typing import Any

from account import Account, Signer

from support.bls import BlsKey
from support.keys import SecretKey
from support.octez import Reply
from support.payloads import bls_vote


def sealed_keys(signer: Signer) -> list[BlsKey]:
    return [BlsKey(key["public_key"]) for key in signer.command("list_keys")["keys"]]


def sign(signer: Signer, authorized: SecretKey, key: BlsKey, level: int, **more: Any) -> Reply:
    return signer.baker(authorized).sign(key, bls_vote(0x13, level, **more))


def fresh_environment(account: Account, signer: Signer) -> None:
    """As after some hours: what ran is gone, and the keys are opened anew."""
    function = signer.outputs["SignerFunction"]
    client = account.client("lambda")
    told = client.get_function_configuration(FunctionName=function)
    client.update_function_configuration(
        FunctionName=function, Environment=told["Environment"], Description=str(id(told))
    )
