# SPDX-License-Identifier: Apache-2.0
"""What the product takes for granted of KMS' symmetric keys: contexts, keys named, errors."""

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

import pytest

from support.aws import Answer, Server
from support.host import Host
from support.third_party import Ministack

CONTEXT = {"redoubt:wrap": "00ff", "redoubt:share": "1/2"}
NO_KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000"


def text(raw: bytes) -> str:
    return b64encode(raw).decode()


@dataclass(frozen=True)
class Sealer:
    server: Server
    root: Server  # may make keys
    arn: str
    other: str

    @property
    def is_ministack(self) -> bool:
        return self.server.name == "ministack"

    def encrypt(self, plaintext: bytes, **fields: Any) -> Answer:
        call = {"KeyId": self.arn, "Plaintext": text(plaintext), "EncryptionContext": CONTEXT}
        return self.server.call("Encrypt", call | fields)

    def decrypt(self, blob: bytes, **fields: Any) -> Answer:
        call = {"KeyId": self.arn, "CiphertextBlob": text(blob), "EncryptionContext": CONTEXT}
        return self.server.call("Decrypt", call | fields)

    def sealed(self, plaintext: bytes) -> bytes:
        return b64decode(self.encrypt(plaintext).json()["CiphertextBlob"])


@pytest.fixture(scope="module", params=["stand-in", "ministack"])
def sealer(request: pytest.FixtureRequest) -> Sealer:
    if request.param == "stand-in":
        host: Host = request.getfixturevalue("host")
        server = root = host.server("kms")
    else:
        small_aws: Ministack = request.getfixturevalue("small_aws")
        server, root = small_aws.server("kms"), small_aws.root("kms")
    keys = [root.client.create_key()["KeyMetadata"] for _ in range(2)]
    assert {key["KeySpec"] for key in keys} == {"SYMMETRIC_DEFAULT"}
    assert {key["KeyUsage"] for key in keys} == {"ENCRYPT_DECRYPT"}
    return Sealer(server, root, keys[0]["Arn"], keys[1]["Arn"])


def test_there_and_back(sealer: Sealer) -> None:
    share = os.urandom(32)
    told = sealer.encrypt(share).json()
    assert (told["KeyId"], told["EncryptionAlgorithm"]) == (sealer.arn, "SYMMETRIC_DEFAULT")
    blob = b64decode(told["CiphertextBlob"])
    assert share not in blob
    assert sealer.sealed(share) != blob, "each time another"
    body = sealer.decrypt(blob).json()
    assert (body["KeyId"], body["EncryptionAlgorithm"]) == (sealer.arn, "SYMMETRIC_DEFAULT")
    assert b64decode(body["Plaintext"]) == share
    # In any order, and without a key: the ciphertext names it.
    turned = dict(reversed(CONTEXT.items()))
    assert sealer.decrypt(blob, EncryptionContext=turned).json() == body


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"redoubt:wrap": "00ff"},
        CONTEXT | {"redoubt:share": "2/2"},
        CONTEXT | {"more": "1"},
        {"redoubt:wrap": "1/2", "redoubt:share": "00ff"},
        {"Redoubt:wrap": "00ff", "redoubt:share": "1/2"},
    ],
    ids=str,
)
def test_another_context_is_refused(sealer: Sealer, context: dict[str, str]) -> None:
    answer = sealer.decrypt(sealer.sealed(b"share"), EncryptionContext=context)
    assert (answer.status, answer.code) == (400, "InvalidCiphertextException")


def test_an_altered_ciphertext_is_refused(sealer: Sealer) -> None:
    blob = sealer.sealed(os.urandom(32))
    # Ministack authenticates the context that it keeps in bytes 36 to 67, and nothing else.
    places = (40,) if sealer.is_ministack else range(0, len(blob), 7)
    for place in (*places, *(() if sealer.is_ministack else (len(blob) - 1,))):
        altered = blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]
        answer = sealer.decrypt(altered)
        assert (answer.status, answer.code) == (400, "InvalidCiphertextException"), place
    assert sealer.decrypt(b"no ciphertext").code == "InvalidCiphertextException"


def test_another_key_is_refused(sealer: Sealer) -> None:
    blob = sealer.sealed(b"share")
    answer = sealer.decrypt(blob, KeyId=sealer.other)
    if sealer.is_ministack:  # it decrypts to something else, and says so
        assert b64decode(answer.json()["Plaintext"]) != b"share"
        assert answer.json()["KeyId"] == sealer.other
    else:
        assert (answer.status, answer.code) == (400, "IncorrectKeyException")
        assert sealer.decrypt(blob, KeyId=NO_KEY).code == "NotFoundException"
    assert sealer.encrypt(b"share", KeyId=NO_KEY).code == "NotFoundException"


def test_a_key_to_sign_with_is_refused(sealer: Sealer) -> None:
    made = sealer.root.client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    answer = sealer.encrypt(b"share", KeyId=made["KeyMetadata"]["Arn"])
    right = "UnsupportedOperationException" if sealer.is_ministack else "InvalidKeyUsageException"
    assert (answer.status, answer.code) == (400, right)
    sign = {"KeyId": sealer.arn, "Message": text(bytes(32)), "SigningAlgorithm": "ECDSA_SHA_256"}
    assert sealer.root.call("Sign", sign).code == right


def test_a_disabled_key_is_refused_until_it_is_enabled(sealer: Sealer) -> None:
    blob = sealer.sealed(b"share")
    sealer.root.client.disable_key(KeyId=sealer.arn)
    try:
        for answer in (sealer.decrypt(blob), sealer.encrypt(b"share")):
            assert (answer.status, answer.code) == (400, "DisabledException")
        told = sealer.root.client.describe_key(KeyId=sealer.arn)["KeyMetadata"]
        assert told["KeyState"] == "Disabled"
    finally:
        sealer.root.client.enable_key(KeyId=sealer.arn)
    assert sealer.decrypt(blob).status == 200


@pytest.mark.parametrize("size", [1, 32, 1024])
def test_random_bytes_are_as_many_as_were_asked(sealer: Sealer, size: int) -> None:
    drawn = [
        b64decode(sealer.server.call("GenerateRandom", {"NumberOfBytes": size}).json()["Plaintext"])
        for _ in range(2)
    ]
    assert [len(one) for one in drawn] == [size, size]
    assert size == 1 or drawn[0] != drawn[1]


@pytest.mark.parametrize("size", [0, 1025])
def test_as_many_random_bytes_are_refused(sealer: Sealer, size: int) -> None:
    answer = sealer.server.call("GenerateRandom", {"NumberOfBytes": size})
    assert (answer.status, answer.code) == (400, "ValidationException")


def test_a_plaintext_has_one_to_4096_bytes(sealer: Sealer) -> None:
    assert sealer.encrypt(bytes(4096)).status == 200
    if not sealer.is_ministack:  # it takes any
        assert sealer.encrypt(bytes(4097)).code == "ValidationException"


def test_regions_know_nothing_of_each_other(host: Host) -> None:
    """Ministack has each key in every Region."""
    here, there = host.server("kms"), host.server("kms", region="eu-west-1")
    arn = there.client.create_key()["KeyMetadata"]["Arn"]
    assert arn.startswith("arn:aws:kms:eu-west-1:")
    call = {"KeyId": arn, "Plaintext": text(b"share")}
    assert there.call("Encrypt", call).json()["KeyId"] == arn
    answer = here.call("Encrypt", call)
    assert (answer.code, answer.json()["message"]) == ("NotFoundException", "Invalid arn eu-west-1")
    assert here.call("Encrypt", call | {"KeyId": arn.split("/")[1]}).code == "NotFoundException"
