# SPDX-License-Identifier: Apache-2.0
"""Opens keystores (EIP-2335) by other libraries than the product's."""

import hashlib
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR


def secret_of(keystore: dict[str, Any], password: bytes) -> int:
    crypto = keystore["crypto"]
    kdf = crypto["kdf"]["params"]
    derived = hashlib.scrypt(
        password,
        salt=bytes.fromhex(kdf["salt"]),
        n=kdf["n"],
        r=kdf["r"],
        p=kdf["p"],
        dklen=kdf["dklen"],
        maxmem=2**29,
    )
    sealed = bytes.fromhex(crypto["cipher"]["message"])
    checksum = hashlib.sha256(derived[16:32] + sealed).hexdigest()
    assert checksum == crypto["checksum"]["message"]
    iv = bytes.fromhex(crypto["cipher"]["params"]["iv"])
    return int.from_bytes(Cipher(AES(derived[:16]), CTR(iv)).decryptor().update(sealed), "big")
