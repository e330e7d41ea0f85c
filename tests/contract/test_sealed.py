# SPDX-License-Identifier: Apache-2.0
"""Sealed keys against others' implementations, both ways: the sharing against npm's
`shamir-secret-sharing`, HKDF, HMAC and AES-GCM against Python's `cryptography`. And the fixed case
against both."""

import json
import random
import subprocess
from itertools import combinations
from typing import Any, NamedTuple

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tool import told_by

from support.child import RELEASE, ROOT

TOOL = RELEASE / "sealed-tool"
MODULES = ROOT / "build" / "tools" / "shamir"
VECTOR: dict[str, Any] = json.loads((ROOT / "tests" / "vectors" / "sealed.json").read_text())
PURPOSES = ("tezos-consensus", "ethereum-validator")


def by_us(questions: list[list[str]]) -> list[str]:
    return [line.strip() for line in told_by(TOOL, map(" ".join, questions))]


def by_npm(questions: list[list[Any]]) -> list[Any]:
    done = subprocess.run(
        [ROOT / "build/venv/bin/node", ROOT / "tests/contract/shamir.cjs", MODULES],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers


def hkdf(key: bytes, info: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=info.encode()).derive(key)


def check(key: bytes, wrap: str) -> bytes:
    mac = HMAC(key, SHA256())
    mac.update(b"redoubt wrap check v1" + wrap.encode())
    return mac.finalize()


class Envelope(NamedTuple):
    """What a secret is sealed with, and the secret."""

    key: bytes
    wrap: str
    purpose: str
    public_key: bytes
    secret: bytes

    def words(self) -> list[str]:
        return [self.key.hex(), self.wrap, self.purpose, self.public_key.hex()]

    def cipher(self) -> AESGCM:
        return AESGCM(hkdf(self.key, f"redoubt seal v1 {self.purpose}"))

    def data(self) -> bytes:
        return f"{self.purpose}/{self.wrap}/".encode() + self.public_key

    def seal(self, nonce: bytes) -> bytes:
        return b"\x01" + nonce + self.cipher().encrypt(nonce, self.secret, self.data())

    def unseal(self, sealed: bytes) -> bytes:
        assert len(sealed) == 61
        assert sealed[0] == 1
        return self.cipher().decrypt(sealed[1:13], sealed[13:], self.data())


def drawn(seed: int) -> Envelope:
    dice = random.Random(seed)
    purpose = PURPOSES[seed % 2]
    return Envelope(
        dice.randbytes(32),
        dice.randbytes(16).hex(),
        purpose,
        dice.randbytes(48),
        dice.randbytes(32),
    )


ENVELOPES = [drawn(seed) for seed in range(100)]


def split_by_us(secrets: list[tuple[bytes, int, int]]) -> list[list[tuple[int, bytes]]]:
    lines = by_us([["split", secret.hex(), str(m), str(n)] for secret, m, n in secrets])
    pairs = [[word.split(":") for word in line.split()] for line in lines]
    return [[(int(x), bytes.fromhex(y)) for x, y in shares] for shares in pairs]


# That library shares among two or more, of whom two or more are needed.
THRESHOLDS = [(m, n) for n in range(2, 6) for m in range(2, n + 1)]


def test_shares_of_ours_are_combined_by_another() -> None:
    secrets = [(random.Random(m * 8 + n).randbytes(32), m, n) for m, n in THRESHOLDS]
    questions, expected = [], []
    for (secret, m, n), shares in zip(secrets, split_by_us(secrets), strict=True):
        assert [x for x, _ in shares] == list(range(1, n + 1))
        for some in combinations(shares, m):
            questions.append(["combine", [(y + bytes([x])).hex() for x, y in some]])
            expected.append(secret.hex())
    assert len(questions) == 42  # each choice that is enough
    assert by_npm(questions) == expected


def test_shares_of_another_are_combined_by_us() -> None:
    """Its places are any of 1 to 255."""
    secrets = [(random.Random(m * 8 + n).randbytes(32).hex(), m, n) for m, n in THRESHOLDS]
    questions, expected = [], []
    answers = by_npm([["split", secret, n, m] for secret, m, n in secrets])
    for (secret, m, _), shares in zip(secrets, answers, strict=True):
        read = [(bytes.fromhex(share)[-1], share[:-2]) for share in shares]
        for some in combinations(read, m):
            questions.append(["combine", *(f"{x}:{y}" for x, y in some)])
            expected.append(secret)
    assert max(int(word.split(":")[0]) for words in questions for word in words[1:]) > 5
    assert by_us(questions) == expected


def test_wraps_are_derived_and_checked_alike() -> None:
    dice = random.Random(1)
    inputs = [(dice.randbytes(64), dice.randbytes(16).hex()) for _ in range(50)]
    answers = by_us([["derive", given.hex(), wrap] for given, wrap in inputs])
    for (given, wrap), answer in zip(inputs, answers, strict=True):
        key = hkdf(given, "redoubt wrap v1")
        assert answer == f"{key.hex()} {check(key, wrap).hex()}"


def test_what_we_seal_another_opens() -> None:
    answers = by_us([["seal", *e.words(), e.secret.hex()] for e in ENVELOPES])
    assert len({answer[2:26] for answer in answers}) == len(ENVELOPES), "a nonce twice"
    for envelope, answer in zip(ENVELOPES, answers, strict=True):
        assert envelope.unseal(bytes.fromhex(answer)) == envelope.secret


def test_what_another_seals_we_open() -> None:
    sealed = [e.seal(random.Random(e.wrap).randbytes(12)) for e in ENVELOPES]
    questions = [["unseal", *e.words(), s.hex()] for e, s in zip(ENVELOPES, sealed, strict=True)]
    assert by_us(questions) == [e.secret.hex() for e in ENVELOPES]


def test_what_another_sealed_elsewhere_we_refuse() -> None:
    """One part of what it was sealed with is another's."""
    one, other = ENVELOPES[:2]
    assert one.purpose != other.purpose
    sealed = one.seal(bytes(12))
    for field in ("key", "wrap", "purpose", "public_key"):
        elsewhere = one._replace(**{field: getattr(other, field)})
        assert by_us([["unseal", *elsewhere.words(), sealed.hex()]]) == ["damaged_key"], field
        with pytest.raises(InvalidTag):
            elsewhere.unseal(sealed)


def test_the_fixed_case_is_what_the_others_say() -> None:
    wrap, shares, envelope = VECTOR["wrap"], VECTOR["shares"], VECTOR["envelope"]
    key = hkdf(bytes.fromhex(wrap["ikm"]), "redoubt wrap v1")
    assert key.hex() == wrap["K"]
    assert check(key, wrap["id"]).hex() == wrap["check"]
    values = [f"{y}{int(x):02x}" for x, y in shares["y"].items()]
    questions = [["combine", list(some)] for some in combinations(values, shares["threshold"])]
    assert by_npm(questions) == [wrap["K"]] * 3
    public_key, secret = (bytes.fromhex(envelope[x]) for x in ("public_key", "secret_big_endian"))
    case = Envelope(key, wrap["id"], envelope["purpose"], public_key, secret)
    assert case.seal(bytes.fromhex(envelope["nonce"])).hex() == envelope["sealed"]
