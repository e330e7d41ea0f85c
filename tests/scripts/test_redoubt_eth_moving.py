# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt eth`: keys that come in and go, and that no secret is seen on the way."""

import base64
import getpass
import json
import stat
from pathlib import Path
from typing import Any

import pyrage
import pytest
from redoubt_stack.operate import eth_secret

from answering import Answering, Run, refused
from support.child import ROOT
from test_redoubt_eth import STATUS, key, page

KEYS = json.loads((ROOT / "tests/vectors/ethereum/keys.json").read_text())
ARN = "arn:aws:kms:eu-central-1:000000000000:key/11111111-2222-3333-4444-555555555555"
READY = STATUS | {"wrapping_keys": [ARN]}
WORDS = "abandon " * 23 + "art"
SECRET = f"0x{7:064x}"
# Seven times the generator, compressed (py_ecc).
PUBLIC = (
    "0x"
    "b928f3beb93519eecf0145da903b40a4c97dca00b21f12ac0df3be9116ef2ef2"
    "7b2ae6bcd4c5bc2d54ef5a70627efcb7"
)
BLOB = json.dumps({"KeyId": ARN, "CiphertextBlob": base64.b64encode(b"blob").decode()}).encode()
IMPORT = ("eth", "keys", "import", "--yes")


def imported(*names: str) -> dict[str, Any]:
    marks = {"outcome": "imported", "source": 1, "target": 2, "slot": 95}
    return {"ok": True, "keys": [{"public_key": name} | marks for name in names], "note": ""}


def blobs(function: Answering) -> list[dict[str, Any]]:
    """What KMS was asked to encrypt."""
    return [asked for asked in function.asked if "Plaintext" in asked]


def events(function: Answering) -> list[dict[str, Any]]:
    return [asked["redoubt"] for asked in function.asked if "redoubt" in asked][1:]


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "age.key").write_text(f"{made}\n")
    return tmp_path / "age.key"


def backup(identity: Path, folder: Path, name: str, text: str) -> str:
    own = pyrage.x25519.Identity.from_str(identity.read_text().strip())
    file = folder / f"{name}.age"
    file.write_bytes(pyrage.encrypt(text.encode(), [own.to_public()], armored=True))
    return str(file)


def test_backups_come_back_by_their_names(
    run: Run, function: Answering, identity: Path, tmp_path: Path, capsys: Any
) -> None:
    files = [backup(identity, tmp_path, key(n), f"{WORDS}\n") for n in (1, 2)]
    function.answer(READY, BLOB, BLOB, imported(key(1), key(2)))
    words = [word for file in files for word in ("--file", file)]
    assert run(*IMPORT, *words, "--identity", str(identity), "--epoch", "2") == 0
    assert [base64.b64decode(blob["Plaintext"]).decode() for blob in blobs(function)] == [WORDS] * 2
    assert [blob["EncryptionContext"] for blob in blobs(function)] == [
        {
            "redoubt:import": key(n),
            "redoubt:purpose": "ethereum-validator",
            "redoubt:table": STATUS["table"],
        }
        for n in (1, 2)
    ]
    ciphertext = base64.b64encode(b"blob").decode()
    path = "m/12381/3600/0/0/0"
    assert events(function) == [
        {
            "command": "import_key",
            "kms_key": ARN,
            "epoch": 2,
            "keys": [
                {"public_key": key(n), "ciphertext": ciphertext, "path": path} for n in (1, 2)
            ],
        }
    ]
    told = capsys.readouterr()
    assert key(2) in told.out and "abandon" not in told.out + told.err


def test_a_secret_gives_its_key(run: Run, function: Answering, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    function.answer(READY, BLOB, imported(PUBLIC))
    assert run(*IMPORT, "--file", str(tmp_path / "secret"), "--epoch", "2", "--source", "1") == 0
    (event,) = events(function)
    assert event["source"] == 1 and event["keys"][0]["public_key"] == PUBLIC
    assert base64.b64decode(blobs(function)[0]["Plaintext"]).decode() == SECRET
    other = ("--key", key(1))
    assert run(*IMPORT, "--file", str(tmp_path / "secret"), "--epoch", "2", *other) == 2


def test_keystores_go_one_by_one_with_their_password(
    run: Run, function: Answering, tmp_path: Path
) -> None:
    stores = [json.dumps({"version": 4, "pubkey": key(n)[2:], "crypto": {}}) for n in (1, 2)]
    for n, store in enumerate(stores):
        (tmp_path / f"{n}.json").write_text(store)
    (tmp_path / "password").write_text("sesame\n")
    (tmp_path / "signed.json").write_text('{"metadata":{},"data":[]}')
    function.answer(READY, BLOB, imported(key(1)), BLOB, imported(key(2)))
    words = ("--file", str(tmp_path / "0.json"), "--file", str(tmp_path / "1.json"))
    more = ("--password-file", str(tmp_path / "password"))
    assert run(*IMPORT, *words, *more, "--interchange", str(tmp_path / "signed.json")) == 0
    assert [base64.b64decode(blob["Plaintext"]) for blob in blobs(function)] == [b"sesame"] * 2
    for n, event in enumerate(events(function)):
        assert event["data"] == {"metadata": {}, "data": []}
        assert event["keys"][0]["keystore"] == json.loads(stores[n])


@pytest.mark.parametrize("names", ["0x{}", "{}", "0x{}.txt", "store-{}.txt"])
def test_each_keystore_has_its_own_password(
    run: Run, function: Answering, tmp_path: Path, names: str
) -> None:
    """In a folder, by the names that Lighthouse, Prysm, Nimbus, Teku and Web3Signer know."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for n in (1, 2):
        store = json.dumps({"version": 4, "pubkey": key(n)[2:], "crypto": {}})
        (tmp_path / f"store-{n}.json").write_text(store)
        (secrets / names.format(n if "store" in names else key(n)[2:])).write_text(f"of {n}\n")
    files = ("--file", *(str(tmp_path / f"store-{n}.json") for n in (1, 2)))
    words = (*IMPORT, *files, "--password-file", str(secrets), "--epoch", "5")
    function.answer(READY, BLOB, imported(key(1)), BLOB, imported(key(2)))
    assert run(*words) == 0
    texts = [base64.b64decode(blob["Plaintext"]) for blob in blobs(function)]
    assert texts == [b"of 1", b"of 2"]


def test_a_password_that_is_not_there_or_no_text_is_told(
    run: Run, function: Answering, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store.json"
    store.write_text(json.dumps({"version": 4, "pubkey": key(1)[2:], "crypto": {}}))
    words = (*IMPORT, "--file", str(store), "--epoch", "5", "--password-file", str(tmp_path))
    assert run(*words) == 2
    assert f"has no password of {store}: no file {key(1)} or" in capsys.readouterr().err
    (tmp_path / "store.txt").write_bytes(b"\xff\xfe")
    assert run(*words) == 2
    assert "store.txt: is no text in UTF-8" in capsys.readouterr().err
    assert function.asked == []


def test_what_is_typed_is_not_shown(
    run: Run, function: Answering, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _: WORDS)
    function.answer(READY, BLOB, {"ok": True, "keys": [{"public_key": key(1), "matches": True}]})
    test = ("eth", "backup", "test", "--key", key(1))
    assert run(*test, "--path", "m/12381/3600/3/0/0", typed="") == 0
    (event,) = events(function)
    assert event["command"] == "test_backup" and event["keys"][0]["path"] == "m/12381/3600/3/0/0"
    told = capsys.readouterr()
    assert "abandon" not in told.out + told.err and "the same key" in told.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("abandon art", ("--key", key(1))),
        (WORDS, ()),
        (f"0x{0:064x}", ()),
        ("0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", ()),
        ("0x12", ()),
        ("{", ()),
        ("{}", ()),
        ('{"pubkey":"12"}', ()),
        ('{"pubkey":' * 100_000, ()),
        (SECRET, ("--key", "0x12")),
        (SECRET, ("--identity", "/nowhere")),
    ],
)
def test_what_is_no_secret_goes_nowhere(
    run: Run, function: Answering, tmp_path: Path, text: str, words: tuple[str, ...], capsys: Any
) -> None:
    (tmp_path / "file").write_text(text)
    function.answer(READY)
    assert run(*IMPORT, "--epoch", "1", "--file", str(tmp_path / "file"), *words) == 2
    assert blobs(function) == []
    told = capsys.readouterr()
    assert "abandon art" not in told.out + told.err and SECRET not in told.out + told.err


@pytest.mark.parametrize(
    "words",
    [(), ("--epoch", "1", "--interchange", "x"), ("--interchange", "/nowhere"), ("--source", "1")],
)
def test_what_they_signed_must_be_said(
    run: Run, function: Answering, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    assert run(*IMPORT, "--file", str(tmp_path / "secret"), *words) == 2
    assert function.asked == []


@pytest.mark.parametrize(
    "text",
    ["", "nul", "[" * 100_000, '{"\\"":' * 40 + "1" + "}" * 40, '{"data":[{"a":1,"a":1}]}'],
)
def test_what_they_signed_must_be_readable(
    run: Run, function: Answering, tmp_path: Path, text: str
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "signed").write_text(text)
    words = ("--file", str(tmp_path / "secret"), "--interchange", str(tmp_path / "signed"))
    assert run(*IMPORT, *words) == 2
    assert function.asked == []


def test_a_refused_import_says_why(
    run: Run, function: Answering, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    function.answer(READY, BLOB, refused("too_far_ahead", "epoch 9 is after the next one"))
    assert run(*IMPORT, "--file", str(tmp_path / "secret"), "--epoch", "9") == 1
    told = capsys.readouterr()
    assert "0 of" not in told.err and "too_far_ahead" in told.err


def test_a_secret_has_no_text_that_shows_it() -> None:
    assert WORDS not in repr(eth_secret.Secret(key(1), WORDS, {"path": "m"}))


def test_keys_leave_as_keystores(run: Run, function: Answering, tmp_path: Path) -> None:
    keys = [{"public_key": key(n), "keystore": {"version": 4, "n": n}} for n in (1, 2)]
    function.answer({"ok": True, "keys": keys, "password": "armoured age", "note": ""})
    out = tmp_path / "out"
    words = ("--key", key(1), "--key", key(2), "--recipient", "age1x", "--output", str(out))
    assert run("eth", "keys", "export", *words) == 0
    assert function.commands == [
        {"command": "export_keystore", "keys": [key(1), key(2)], "recipient": "age1x"}
    ]
    assert json.loads((out / f"keystore-{key(2)}.json").read_text()) == keys[1]["keystore"]
    assert (out / "password-1.age").read_text() == "armoured age"


def test_keys_that_are_on_do_not_leave(run: Run, function: Answering, tmp_path: Path) -> None:
    function.answer(page(), refused("bad_request", "is on"))
    words = ("--key", key(1), "--recipient", "age1x", "--output", str(tmp_path / "out"))
    function.answers.pop(0)
    assert run("eth", "keys", "export", *words) == 1
    assert list((tmp_path / "out").iterdir()) == []


# --- Exits --------------------------------------------------------------------------------------
EXITS = ("eth", "exits", "--yes")


def signed(*numbers: int) -> dict[str, Any]:
    exits = [
        {
            "public_key": key(n),
            "exit": {"message": {"epoch": "0", "validator_index": str(n)}, "signature": "0x"},
        }
        for n in numbers
    ]
    return {"ok": True, "exits": exits, "note": ""}


def test_exits_are_signed_by_the_nodes_indices(
    run: Run, function: Answering, node: Answering, tmp_path: Path
) -> None:
    known = [{"index": str(n), "validator": {"pubkey": key(n)}} for n in (2, 1)]
    node.answer(json.dumps({"data": known}).encode())
    function.answer(signed(1, 2))
    words = ("--key", key(1), "--key", key(2), "--node", node.url, "--output", str(tmp_path))
    assert run(*EXITS, *words) == 0
    assert function.commands == [
        {"command": "sign_exits", "keys": [key(1), key(2)], "validators": [1, 2], "epoch": 0}
    ]
    file = tmp_path / "exit-2.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "whoever reads it can end the validator"
    told = json.loads(file.read_text())
    assert told["message"] == {"epoch": "0", "validator_index": "2"}


def test_an_index_may_be_given(run: Run, function: Answering, tmp_path: Path) -> None:
    function.answer(signed(7))
    words = ("--key", key(7), "--validator", "7", "--epoch", "9", "--output", str(tmp_path))
    assert run(*EXITS, *words) == 0
    assert function.commands[0]["validators"] == [7] and function.commands[0]["epoch"] == 9


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--validator", "7", "--node", "http://127.0.0.1:9"),
        ("--validator", "7", "--key", key(2)),
        ("--node", "http://node.example"),
    ],
)
def test_an_exit_needs_its_validator(
    run: Run, function: Answering, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert run(*EXITS, "--key", key(1), "--output", str(tmp_path), *words) == 2
    assert function.asked == []


def test_a_key_without_a_validator_has_no_exit(
    run: Run, function: Answering, node: Answering, tmp_path: Path
) -> None:
    node.answer(b'{"data":[]}')
    words = ("--key", key(1), "--node", node.url, "--output", str(tmp_path))
    assert run(*EXITS, *words) == 2
    assert function.asked == []
