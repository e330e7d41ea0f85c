# SPDX-License-Identifier: Apache-2.0
"""What octez-client is to be told of tz4 keys. A key that no signer can open would be registered
for nothing, and cost a baker days: so the lines come only with the proof of possession, which the
signer makes with the opened key."""

import json
import re
from argparse import Namespace
from dataclasses import dataclass

from redoubt_stack import bls, function_url, octez
from redoubt_stack.console import BadUsage, Stop, say
from redoubt_stack.operate.tables import printable
from redoubt_stack.operate.targets import choose
from redoubt_stack.tezos import from_base58check

SIGNATURE = bytes([40, 171, 64, 207])  # BLsig


@dataclass(frozen=True)
class Opened:
    address: str
    proof: str


def main(told: Namespace) -> int:
    asked = {"consensus": told.consensus, "companion": told.companion}
    wanted = {role: address for role, address in asked.items() if address}
    if not wanted:
        raise BadUsage(
            "give --consensus ADDRESS, --companion ADDRESS, or both: `key list` has them"
        )
    for role, address in wanted.items():
        if not re.fullmatch(r"tz4\w{33}", address) or from_base58check(address) is None:
            raise BadUsage(f"--{role} {address}: is not the address of a tz4 key")
    if len(set(wanted.values())) < len(wanted):
        raise BadUsage("the companion key has to be another one than the consensus key")
    url = choose(told).url
    opened = {role: _opened(url, address) for role, address in wanted.items()}
    say(lines(url, opened, told.delegate or "<delegate>"))
    return 0


def lines(url: str, opened: dict[str, Opened], delegate: str) -> str:
    said = ["On the baker's machine (the signer has opened each of these keys):"]
    for role, key in opened.items():
        name = f"redoubt-{role}"
        said += [
            f"    {octez.import_key(name, url, key.address)}",
            f"    {octez.set_key(role, name, key.proof, delegate)}",
        ]
    said += [
        f"    {octez.run(*(f'redoubt-{role}' for role in opened))}",
        "The last line is for after the keys are active (two cycles and some). The proofs are "
        "made: switch the parameter ProvePossession off again.",
    ]
    return "\n".join(said)


def _opened(url: str, address: str) -> Opened:
    public_key = _asked(url, f"/keys/{address}", "public_key")
    if not bls.is_public_key(public_key) or bls.address_of(public_key) != address:
        raise Stop(f"{address}: the signer answers with a public key that is not of this address")
    proof = _asked(url, f"/bls_prove_possession/{address}", "bls_prove_possession")
    payload = from_base58check(proof)
    if payload is None or len(payload) != 100 or not payload.startswith(SIGNATURE):
        raise Stop(f"{address}: the signer answers something that is not a proof of possession")
    return Opened(address, proof)


def _asked(url: str, path: str, member: str) -> str:
    reply = function_url.request(url + path)
    try:
        told = json.loads(reply.text)
        if reply.status == 200:
            return str(told[member])
        words = str(told[0]["msg"])  # octez' own form of an error
    except (ValueError, KeyError, IndexError, TypeError):
        words = f"{reply.status} {reply.text[:300]}"
    code = reply.headers.get("x-redoubt-error", "")
    raise Stop(f"GET {path} is answered with {printable(words)}\n  {_advice(code, path)}")


def _advice(code: str, path: str) -> str:
    if code == "unknown_key":
        return "The key has to be in the parameter SealedKeys: `deploy/redoubt deploy --parameter`"
    if code == "unknown_route" and path.startswith("/bls"):
        return "Switch it on for this: `deploy/redoubt deploy --parameter ProvePossession=on`"
    return "`deploy/redoubt doctor` says what keeps the signer from opening it"
