# SPDX-License-Identifier: Apache-2.0
"""Mnemonics and keys against the package `mnemonic`; deposits, changes, exits and keystores against
the deposit tool, 200 each way; and that each thing that this tool does not look at is refused here.

The tool's signatures are made and checked by Milagro's library, as its own, py_ecc's, takes a
minute for a hundred; some by that one, too. Keystores share passwords and salts, as the tool's do:
so the keys, each of which takes up to a second, are derived once for some tens of files.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

import milagro_bls_binding as milagro
import mnemonic
import pytest
from eth_utils import keccak, to_checksum_address
from ethstaker_deposit import credentials
from ethstaker_deposit.credentials import Credential
from ethstaker_deposit.key_handling import keystore as tool_keystore
from ethstaker_deposit.key_handling.key_derivation.mnemonic import get_seed
from ethstaker_deposit.key_handling.key_derivation.path import mnemonic_and_path_to_key
from ethstaker_deposit.settings import ALL_CHAINS
from ethstaker_deposit.utils import exit_transaction, validation
from ethstaker_deposit.utils.validation import validate_deposit
from py_ecc.optimized_bls12_381 import curve_order

from support.validator_keys import Refused, answers, ask

NETWORKS = ("mainnet", "hoodi", "sepolia", "gnosis", "chiado")
MANY = 200
ETH = 10**9


class Milagro:
    """The tool's BLS library, by another."""

    @staticmethod
    def SkToPk(secret: int) -> bytes:
        return bytes(milagro.SkToPk(secret.to_bytes(32, "big")))

    @staticmethod
    def Sign(secret: int, message: bytes) -> bytes:
        return bytes(milagro.Sign(secret.to_bytes(32, "big"), message))

    @staticmethod
    def Verify(key: bytes, message: bytes, signature: bytes) -> bool:
        return bool(milagro.Verify(key, message, signature))


@pytest.fixture
def fast_bls(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (credentials, validation, tool_keystore, exit_transaction):
        monkeypatch.setattr(module, "bls", Milagro)


@pytest.fixture
def dice() -> random.Random:
    return random.Random(2335)


def secrets(dice: random.Random, count: int) -> list[int]:
    return [dice.randrange(1, curve_order) for _ in range(count)]


def terms(dice: random.Random) -> dict[str, Any]:
    compounding = dice.random() < 0.5
    return {
        "network": dice.choice(NETWORKS),
        "type": "02" if compounding else "01",
        "address": to_checksum_address(dice.randbytes(20)),
        "amount": dice.randrange(ETH, (2048 if compounding else 32) * ETH + 1),
    }


def credential(secret: int, told: dict[str, Any]) -> Credential:
    """The tool's, of a key that it need not derive."""
    made = Credential.__new__(Credential)
    made.signing_sk = made.withdrawal_sk = secret
    made.signing_key_path = "m/12381/3600/0/0/0"
    made.amount = told["amount"]
    made.chain_setting = ALL_CHAINS[told["network"]]
    made.hex_withdrawal_address = told["address"]
    made.compounding = told["type"] == "02"
    made.use_pbkdf2, made.is_builder = True, False
    return made


def entry(made: Credential) -> dict[str, Any]:
    """As the tool writes it into its file."""
    told = made.deposit_datum_dict
    return {
        name: value.hex() if isinstance(value, bytes) else value for name, value in told.items()
    }


def ours(asked: list[dict[str, Any]]) -> list[Any]:
    found = answers(asked)
    assert not [answer for answer in found if "refused" in answer]
    return [answer["ok"] for answer in found]


# --- Mnemonics and keys ---------------------------------------------------------------------------


def test_mnemonics_are_those_of_another_implementation(dice: random.Random) -> None:
    english = mnemonic.Mnemonic("english")
    entropies = [dice.randbytes(size) for size in (16, 20, 24, 28, 32) for _ in range(40)]
    words = ours([{"do": "words", "entropy": entropy.hex()} for entropy in entropies])
    assert words == [english.to_mnemonic(entropy) for entropy in entropies]
    phrases = ["", "TREZOR", "Zürich ① é", "\u3042\u3099"] * 50
    asked = [
        {"do": "seed", "words": text, "passphrase": phrase}
        for text, phrase in zip(words, phrases, strict=True)
    ]
    expected = [
        english.to_seed(text, phrase).hex() for text, phrase in zip(words, phrases, strict=True)
    ]
    assert ours(asked) == expected
    assert expected[1] == get_seed(mnemonic=words[1], password=phrases[1]).hex()


def test_a_changed_word_is_taken_exactly_where_another_implementation_takes_it(
    dice: random.Random,
) -> None:
    english = mnemonic.Mnemonic("english")
    texts = []
    for _ in range(300):
        words = english.to_mnemonic(dice.randbytes(dice.choice((16, 32)))).split()
        words[dice.randrange(len(words))] = dice.choice(english.wordlist)
        texts.append(" ".join(words))
    asked = [{"do": "seed", "words": text, "passphrase": ""} for text in texts]
    taken = ["ok" in answer for answer in answers(asked)]
    assert taken == [english.check(text) for text in texts]
    assert 0 < taken.count(True) < 60


def test_each_other_language_is_refused_by_its_name(dice: random.Random) -> None:
    names = {
        "chinese_simplified": "Chinese (simplified)",
        "chinese_traditional": "Chinese (traditional)",
    }
    languages = [name for name in mnemonic.Mnemonic.list_languages() if name != "english"]
    assert len(languages) == 11
    for language in languages:
        for _ in range(5):
            text = mnemonic.Mnemonic(language).to_mnemonic(dice.randbytes(32))
            with pytest.raises(Refused) as said:
                ask("seed", words=text, passphrase="")
            assert f"list for {names.get(language, language.capitalize())}:" in str(said.value)


def test_keys_are_those_that_the_deposit_tool_derives(dice: random.Random) -> None:
    for _ in range(8):
        text = mnemonic.Mnemonic("english").to_mnemonic(dice.randbytes(32))
        path = f"m/12381/3600/{dice.randrange(2**32)}/0" + dice.choice(("", "/0"))
        expected = mnemonic_and_path_to_key(mnemonic=text, path=path, password="é")
        seed = ask("seed", words=text, passphrase="é")
        assert int(ask("key", seed=seed, path=path), 16) == expected


# --- Addresses ------------------------------------------------------------------------------------


def test_addresses_have_the_checksum_of_another_implementation(dice: random.Random) -> None:
    right = [to_checksum_address(dice.randbytes(20)) for _ in range(300)]
    assert ours([{"do": "address", "address": text} for text in right]) == right
    wrong = [text[:9] + text[9:].swapcase() for text in right]
    refused = answers([{"do": "address", "address": text} for text in wrong])
    assert all("EIP-55" in answer["refused"] for answer in refused)
    assert keccak(b"") != b""  # by PyCryptodome's


# --- Deposits -------------------------------------------------------------------------------------


def test_the_deposit_tool_accepts_our_deposits(dice: random.Random, fast_bls: None) -> None:
    asked = [
        {"do": "deposit", "secret": f"{secret:064x}", **terms(dice)}
        for secret in secrets(dice, MANY)
    ]
    for question, made in zip(asked, ours(asked), strict=True):
        known = credential(int(question["secret"], 16), question)
        assert validate_deposit(made, known.chain_setting, known), made
        assert entry(known) == made


def test_we_accept_the_deposit_tool_s_deposits(dice: random.Random, fast_bls: None) -> None:
    files: dict[str, list[Any]] = {name: [] for name in NETWORKS}
    for secret in secrets(dice, MANY):
        told = terms(dice)
        files[told["network"]].append(entry(credential(secret, told)))
    for network, file in files.items():
        assert ask("check", network=network, file=file)


def test_its_own_library_signs_and_verifies_the_same(dice: random.Random) -> None:
    told = terms(dice)
    (secret,) = secrets(dice, 1)
    made = ask("deposit", secret=f"{secret:064x}", **told)
    known = credential(secret, told)
    assert validate_deposit(made, known.chain_setting, known) and entry(known) == made


def changed(entry: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {**entry, **members}


def test_what_the_deposit_tool_does_not_look_at_is_refused(
    dice: random.Random, fast_bls: None
) -> None:
    """Its known gaps: it takes each of these."""
    told = {**terms(dice), "network": "mainnet"}
    one, two = secrets(dice, 2)
    right, other = entry(credential(one, told)), entry(credential(two, told))
    nobodys = entry(credential(two, {**told, "address": "0x" + "00" * 20}))
    hoodi = entry(credential(two, {**told, "network": "hoodi"}))
    root = "deposit_message_root"
    for wrong, why in (
        ([changed(right, **{root: other[root]})], f"deposit 1, {root}: is not the root of"),
        ([changed(right, network_name="hoodi")], "deposit 1, network_name: is not mainnet"),
        ([changed(hoodi, network_name="mainnet")], "deposit 1, fork_version: is not that of"),
        ([nobodys], "deposit 1, withdrawal_credentials: name the address zero"),
        ([right, other, right], "deposit 3, pubkey: is in the file twice"),
    ):
        assert all(validate_deposit(entry, ALL_CHAINS["mainnet"]) for entry in wrong), why
        with pytest.raises(Refused) as said:
            ask("check", network="mainnet", file=wrong)
        assert str(said.value).startswith(why)


def test_changes_and_exits_are_those_of_the_deposit_tool(
    dice: random.Random, fast_bls: None
) -> None:
    for secret in secrets(dice, 20):
        told, index, epoch = terms(dice), dice.randrange(2**40), dice.randrange(2**40)
        known = credential(secret, told)
        members = {"secret": f"{secret:064x}", "network": told["network"], "index": index}
        change = ask("change", address=told["address"], **members)
        assert change == known.get_bls_to_execution_change_dict(index)
        signed = exit_transaction.exit_transaction_generation(
            chain_setting=known.chain_setting,
            signing_key=secret,
            validator_index=index,
            epoch=epoch,
        )
        assert ask("exit", epoch=epoch, **members) == {
            "message": {"epoch": str(epoch), "validator_index": str(index)},
            "signature": "0x" + bytes(signed.signature).hex(),
        }


# --- Keystores ------------------------------------------------------------------------------------

PASSWORDS = (
    "correct horse battery",
    "𝔱𝔢𝔰𝔱𝔭𝔞𝔰𝔰𝔴𝔬𝔯𝔡🔑",
    "Zürich\x07 été ①②③",
    "パスワードパスワードが",
)
PATH = "m/12381/3600/0/0/0"


def shares(dice: random.Random) -> Iterator[tuple[str, str, list[int]]]:
    """200 secrets: kdf, password and those that share them."""
    for number, password in enumerate(PASSWORDS):
        kdf = "scrypt" if number == 0 else "pbkdf2"
        yield kdf, password, secrets(dice, MANY // len(PASSWORDS))


def test_the_deposit_tool_opens_our_keystores(dice: random.Random, fast_bls: None) -> None:
    for kdf, password, group in shares(dice):
        asked = [f"{secret:064x}" for secret in group]
        files = ask("make", secrets=asked, password=password, path=PATH, kdf=kdf)
        read = [tool_keystore.Keystore.from_json(json.loads(file)) for file in files]
        salt = read[0].crypto.kdf.params["salt"]
        key = read[0]._get_decryption_key(password)
        for secret, file in zip(group, read, strict=True):
            assert file.crypto.kdf.function == kdf and file.path == PATH
            assert int.from_bytes(file.decrypt(password, salt, key), "big") == secret
            assert file.pubkey == Milagro.SkToPk(secret).hex()


def test_we_open_the_deposit_tool_s_keystores(dice: random.Random, fast_bls: None) -> None:
    kinds = {"scrypt": tool_keystore.ScryptKeystore, "pbkdf2": tool_keystore.Pbkdf2Keystore}
    for kdf, password, group in shares(dice):
        salt = dice.randbytes(32)
        key = kinds[kdf]()._get_decryption_key(password, kdf_salt=salt)
        files = [
            kinds[kdf]
            .encrypt(
                secret=secret.to_bytes(32, "big"), password=password, path=PATH,
                kdf_salt=salt, decryption_key=key,
            )
            .as_json()
            for secret in group
        ]  # fmt: skip
        assert ask("open", keystore=files[0], password=password) == f"{group[0]:064x}"
        opened = ask("open all", keystores=files, password=password)
        assert opened == [f"{secret:064x}" for secret in group]


def test_a_keystore_that_names_another_key_is_refused(dice: random.Random, fast_bls: None) -> None:
    """The deposit tool opens it."""
    one, two = secrets(dice, 2)
    file = tool_keystore.Pbkdf2Keystore.encrypt(secret=one.to_bytes(32, "big"), password="x" * 12)
    file.path, file.pubkey = PATH, Milagro.SkToPk(two).hex()
    text = file.as_json()
    read = tool_keystore.Keystore.from_json(json.loads(text))
    assert int.from_bytes(read.decrypt("x" * 12), "big") == one
    with pytest.raises(Refused, match="pubkey: it is not the public key of the secret"):
        ask("open", keystore=text, password="x" * 12)
