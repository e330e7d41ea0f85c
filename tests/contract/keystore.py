# SPDX-License-Identifier: Apache-2.0
"""A KMS with one key of each curve, asked as the product asks it."""

from base64 import b64decode, b64encode
from dataclasses import dataclass

from support.aws import Answer, Server
from support.keys import Curve, PublicKey


@dataclass(frozen=True)
class Keystore:
    server: Server
    arns: dict[Curve, str]

    def sign(self, curve: Curve, message: bytes, **fields: str) -> Answer:
        """As the product asks for a signature; `fields` replace parts of the request."""
        pure = curve is Curve.ED25519
        body = {
            "KeyId": self.arns[curve],
            "Message": b64encode(message).decode(),
            "MessageType": "RAW" if pure else "DIGEST",
            "SigningAlgorithm": "ED25519_SHA_512" if pure else "ECDSA_SHA_256",
        }
        return self.server.call("Sign", body | fields)

    def public_key(self, curve: Curve) -> PublicKey:
        answer = self.server.call("GetPublicKey", {"KeyId": self.arns[curve]})
        return PublicKey.from_spki(b64decode(answer.json()["PublicKey"]))
