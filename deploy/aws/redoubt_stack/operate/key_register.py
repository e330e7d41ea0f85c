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
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import Target
from redoubt_stack.tezos import from_base58check

SIGNATURE = bytes([40, 171, 64, 207])  # BLsig
CLOSED = ("wrap_unavailable", "wrap_refused", "damaged_key")


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
    target = choose(told)
    opened = {role: _opened(target, address) for role, address in wanted.items()}
    say(lines(target.url, opened, told.delegate or "<delegate>"))
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


def _opened(target: Target, address: str) -> Opened:
    public_key = _asked(target, f"/keys/{address}", "public_key")
    if not bls.is_public_key(public_key) or bls.address_of(public_key) != address:
        raise Stop(f"{address}: the signer answers with a public key that is not of this address")
    proof = _asked(target, f"/bls_prove_possession/{address}", "bls_prove_possession")
    payload = from_base58check(proof)
    if payload is None or len(payload) != 100 or not payload.startswith(SIGNATURE):
        raise Stop(f"{address}: the signer answers something that is not a proof of possession")
    return Opened(address, proof)


def _asked(target: Target, path: str, member: str) -> str:
    reply = function_url.request(target.url + path)
    try:
        told = json.loads(reply.text)
        if reply.status == 200:
            return str(told[member])
        words = str(told[0]["msg"])  # octez' own form of an error
    except (ValueError, KeyError, IndexError, TypeError):
        words = f"{reply.status} {reply.text[:300]}"
    code = reply.headers.get("x-redoubt-error", "")
    advice = _advice(code, path, target.is_local)
    raise Stop(f"GET {path} is answered with {printable(words)}\n  {advice}")


def _advice(code: str, path: str, is_local: bool) -> str:
    if code == "unknown_key":
        name = "variable SEALED_KEYS" if is_local else "parameter SealedKeys"
        return f"The key has to be in the {name}, beside all others: {_setting(is_local)}"
    if code == "unknown_route" and path.startswith("/bls"):
        name = "PROVE_POSSESSION=on" if is_local else "ProvePossession=on"
        return f"Switch it on for this: {_setting(is_local, name)}"
    if code in CLOSED:
        return (
            "Was it brought in just now? Then a request to sign with it, or a new process, opens "
            "it. Else `deploy/redoubt doctor` says what keeps the signer from opening it"
        )
    return "`deploy/redoubt doctor` says what keeps the signer from opening it"


def _setting(is_local: bool, value: str = "") -> str:
    if is_local:
        return f"start deploy/local with `--env {value or 'NAME=VALUE'}`"
    return f"`deploy/redoubt deploy --parameter {value or 'SealedKeys=BLpk...,BLpk...'}`"
