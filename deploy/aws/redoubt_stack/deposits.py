# SPDX-License-Identifier: Apache-2.0
"""Deposits of Ethereum validators, as the launchpad's deposit_data-*.json has them, checked by
means of their own: no part of the function that made them. Rules: consensus-specs, phase 0, and
those that the launchpad has."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from redoubt_stack import strict_json

Deposit = dict[str, Any]
GWEI = 10**9
LEAST, MOST = GWEI, 2048 * GWEI
HEX = {
    "pubkey": 48,
    "withdrawal_credentials": 32,
    "signature": 96,
    "deposit_message_root": 32,
    "deposit_data_root": 32,
    "fork_version": 4,
}
MEMBERS = frozenset({*HEX, "amount", "network_name", "deposit_cli_version"})
NESTED = re.compile(rb"\{[^}]*[\[{]|\[[^{\]]*\[")
DOMAIN_DEPOSIT = bytes([3, 0, 0, 0])


@dataclass(frozen=True)
class Network:
    name: str
    genesis_fork_version: str  # hex
    coin: str
    multiplier: int  # of the coin: what the chain counts as one ether


NETWORKS = (
    Network("mainnet", "00000000", "ETH", 1),
    Network("hoodi", "10000910", "ETH", 1),
    Network("sepolia", "90000069", "ETH", 1),
    Network("gnosis", "00000064", "GNO", 32),
    Network("chiado", "0000006f", "GNO", 32),
)


@dataclass(frozen=True)
class Problem:
    field: str
    rule: str


def network_of(name: str) -> Network | None:
    return next((network for network in NETWORKS if network.name == name), None)


def parse(text: bytes) -> list[Deposit]:
    """The file's. A ValueError if it is no such file. Nothing in a deposit has parts, and what is
    deep is not read in: other libraries here lift Python's limit, and the stack ends."""
    if NESTED.search(text):
        raise ValueError("holds something that is not a deposit")
    told = strict_json.parse(text)
    if not isinstance(told, list) or not told:
        raise ValueError("is not a list of deposits")
    if not all(isinstance(one, dict) for one in told):
        raise ValueError("holds something that is not a deposit")
    return told


def problems(
    deposit: Deposit, meant: str | None = None, *, signatures: bool = True
) -> Iterator[Problem]:
    """What is wrong with it, the form first: what has none is not looked into. `meant`: the network
    that it has to be for."""
    malformed = list(_form(deposit))
    yield from malformed
    if malformed:
        return
    yield from _terms(deposit)
    yield from _network(deposit, meant)
    message = message_root(deposit)
    if deposit["deposit_message_root"] != message.hex():
        yield Problem("deposit_message_root", "is not the root of key, credentials and amount")
    if deposit["deposit_data_root"] != data_root(deposit).hex():
        yield Problem("deposit_data_root", "is not the root of the deposit with its signature")
    if signatures:
        yield from _cryptography(deposit, message)


def _form(deposit: Deposit) -> Iterator[Problem]:
    for name in sorted(MEMBERS - set(deposit)):
        yield Problem(name, "is missing")
    for name in sorted(set(deposit) - MEMBERS):
        yield Problem(name, "is no member of a deposit")
    for name, size in HEX.items():
        if name in deposit and not re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", str(deposit[name])):
            yield Problem(name, f"is not {size} bytes in lower-case hexadecimal without 0x")
    version = deposit.get("deposit_cli_version", "0")
    if not isinstance(version, str) or not 1 <= len(version) <= 32:
        yield Problem("deposit_cli_version", "is not of 1 to 32 characters")
    if "amount" in deposit and type(deposit["amount"]) is not int:
        yield Problem("amount", "is not a whole number of gwei")


def _terms(deposit: Deposit) -> Iterator[Problem]:
    if not LEAST <= deposit["amount"] <= MOST:
        yield Problem("amount", "is not within 1 to 2,048 ETH (1/32 to 64 GNO)")
    credentials = bytes.fromhex(deposit["withdrawal_credentials"])
    if credentials[0] not in (1, 2):
        yield Problem("withdrawal_credentials", "is of a type other than 01 and 02")
    elif any(credentials[1:12]):
        yield Problem("withdrawal_credentials", "has something before the address")


def _network(deposit: Deposit, meant: str | None) -> Iterator[Problem]:
    name = deposit["network_name"]
    network = network_of(name)
    if network and network.genesis_fork_version != deposit["fork_version"]:
        yield Problem("network_name", f"is {name}, but fork_version is not that network's")
    elif not network and any(
        known.genesis_fork_version == deposit["fork_version"] for known in NETWORKS
    ):
        yield Problem("network_name", "is not the name of the network that has this fork_version")
    if meant is not None and name != meant:
        yield Problem("network_name", f"is {name}, not {meant}")


def _cryptography(deposit: Deposit, message: bytes) -> Iterator[Problem]:
    from redoubt_stack import signatures  # whose library not all need who read deposits

    key, signature = (bytes.fromhex(deposit[name]) for name in ("pubkey", "signature"))
    if not signatures.is_key(key):
        yield Problem("pubkey", "is not a public key: not a point of the group")
    elif not signatures.verifies(key, signing_root(deposit, message), signature):
        yield Problem("signature", "is not the key's, for this deposit on this network")


# --- Roots (consensus-specs, ssz/simple-serialize.md) ---------------------------------------------
def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _amount(deposit: Deposit) -> bytes:
    return int(deposit["amount"]).to_bytes(8, "little").ljust(32, b"\0")


def _key_and_credentials(deposit: Deposit) -> bytes:
    key = bytes.fromhex(deposit["pubkey"]).ljust(64, b"\0")
    return _hash(_hash(key), bytes.fromhex(deposit["withdrawal_credentials"]))


def message_root(deposit: Deposit) -> bytes:
    return _hash(_key_and_credentials(deposit), _hash(_amount(deposit), bytes(32)))


def data_root(deposit: Deposit) -> bytes:
    signature = bytes.fromhex(deposit["signature"])
    halves = _hash(_hash(signature[:64]), _hash(signature[64:].ljust(64, b"\0")))
    return _hash(_key_and_credentials(deposit), _hash(_amount(deposit), halves))


def signing_root(deposit: Deposit, message: bytes) -> bytes:
    """No genesis root is in a deposit's domain: it is good for any chain with this version."""
    version = bytes.fromhex(deposit["fork_version"]).ljust(32, b"\0")
    return _hash(message, DOMAIN_DEPOSIT, _hash(version, bytes(32))[:28])
