# SPDX-License-Identifier: Apache-2.0
"""A validator key's secret, from a file or a prompt and never from the command line, where all on
the machine would see it: a backup or another age file, a mnemonic, a keystore (EIP-2335) with its
password, or the secret itself. No message here quotes what was read."""

import re
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redoubt_stack import bls
from redoubt_stack.console import BadUsage
from redoubt_stack.operate import eth_keys, given_files, key_secret

PATH = "m/12381/3600/0/0/0"  # of keys that are made here
LONGEST = 65_536  # bytes of a file
IN_NAME = re.compile(r"0x[0-9a-f]{96}")


@dataclass(frozen=True)
class Secret:
    public_key: str
    text: str = field(repr=False)  # what KMS encrypts
    more: dict[str, Any] = field(default_factory=dict, repr=False)  # what says how it is read


def add_secret(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("the secrets").add_argument
    add(
        "--file",
        action="extend",
        nargs="+",
        metavar="FILE",
        help="backups, mnemonics, keystores (-: standard input; without: it is asked for)",
    )
    add("--identity", metavar="FILE", help="opens age files (else their passphrase is asked for)")
    add(
        "--password-file",
        metavar="FILE",
        help="of keystores; of a folder, the file called as the key, or as the keystore with .txt "
        "(without: it is asked for)",
    )
    add("--path", metavar="m/...", help=f"of a mnemonic's key ({PATH})")
    add("--key", metavar="0x...", help="the key that it has to be (as a backup's file is called)")
    add("--kms-key", metavar="ARN", help="the wrapping key that carries it (the function's first)")


def read_all(told: Namespace) -> list[Secret]:
    files = told.file or [None]
    if told.key and len(files) > 1:
        raise BadUsage("--key is of one file: give one --file, or none of --key")
    found = [_read(told, file) for file in files]
    if len({one.public_key for one in found}) < len(found):
        raise BadUsage("the same key is given twice")
    return found


def _read(told: Namespace, file: str | None) -> Secret:
    if file is None:
        raw = key_secret.typed("The mnemonic or secret (not shown): ")
        source = "what was typed"
    else:
        raw, source = given_files.read(file, LONGEST, "secret"), file
    is_keystore = raw.lstrip().startswith(b"{")
    text = key_secret.opened(raw, source, None if is_keystore else told.identity)
    meant = eth_keys.read_key(told.key) if told.key else None
    if text.startswith("{"):
        found = _keystore(told, text, source)
    elif text.startswith("0x"):
        found = _scalar(text, source)
    else:
        found = _mnemonic(told, text, source, meant or _name_in(file))
    if meant and found.public_key != meant:
        raise BadUsage(f"{source}: this is the key {found.public_key}, not {meant}")
    return found


def _name_in(file: str | None) -> str | None:
    found = IN_NAME.search(Path(file).name) if file else None
    return found[0] if found else None


def _scalar(text: str, source: str) -> Secret:
    digits = text[2:]
    if not re.fullmatch(r"[0-9a-fA-F]{64}", digits) or not 0 < int(digits, 16) < bls.R:
        raise BadUsage(f"{source}: is not a secret key: 0x and 64 hexadecimal digits, in range")
    return Secret(f"0x{bls.compressed(int(digits, 16)).hex()}", text)


def _mnemonic(told: Namespace, text: str, source: str, key: str | None) -> Secret:
    words = text.split()
    if len(words) not in (12, 15, 18, 21, 24) or not all(word.isalpha() for word in words):
        raise BadUsage(
            f"{source}: holds no mnemonic (12 to 24 words), keystore, or secret (0x and 64 digits)"
        )
    if key is None:
        raise BadUsage(f"{source}: give --key 0x..., the key that these words have to give")
    return Secret(key, " ".join(words), {"path": told.path or PATH})


def _keystore(told: Namespace, text: str, source: str) -> Secret:
    try:
        keystore = given_files.parse_json(text.encode())
        key = eth_keys.read_key(str(keystore["pubkey"]))
    except (ValueError, KeyError, TypeError):
        raise BadUsage(f"{source}: is no keystore (EIP-2335) that names its pubkey") from None
    if told.password_file:
        file = _password_file(Path(told.password_file), key, source)
        password = given_files.read(file, LONGEST, "password")
    else:
        file, password = "", key_secret.typed(f"Password of {source} (not shown): ")
    try:
        text = password.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise BadUsage(f"{file or 'what was typed'}: is no text in UTF-8") from None
    return Secret(key, text, {"keystore": keystore})


def _password_file(given: Path, key: str, source: str) -> str:
    """In a folder, as validator clients and Web3Signer call them."""
    if not given.is_dir():
        return str(given)
    names = (key, key[2:], f"{key}.txt", f"{Path(source).stem}.txt")
    found = next((given / name for name in names if (given / name).is_file()), None)
    if found is None:
        raise BadUsage(f"{given}: has no password of {source}: no file {' or '.join(names)}")
    return str(found)
