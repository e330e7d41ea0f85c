# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt key`: what it reads, what it asks before it changes anything, what it sends, and
that the secret is nowhere in it."""

import base64
import getpass
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
import pyrage
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from redoubt_stack import bls, console, redoubt
from redoubt_stack.operate import key_make, key_secret, stack_target
from redoubt_stack.points import BLS12_381

from answering import MAINNET, Answering, Run, header, refused, row, status, written
from support.child import ROOT

VECTORS = json.loads((ROOT / "tests" / "vectors" / "tezos.json").read_text())
KEYS = [key for key in VECTORS["keys"] if key["key_type"] == "tz4"]
SECRET, PUBLIC, ADDRESS = (KEYS[0][name] for name in ("secret_key", "public_key", "pkh"))
OTHER = KEYS[1]["pkh"]
ARN = "arn:aws:kms:eu-central-1:000000000000:key/11111111-2222-3333-4444-555555555555"
WRAP, UNUSED = "0123456789abcdef" * 2, "f" * 32
PROOF = str(VECTORS["bls"][0]["signature"])
# `SECRET` and a newline, by a passphrase (Python's hashlib.scrypt with N = 1024).
BY_PASSPHRASE = """-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBJQ0VpSXlRbEppY29LU29y
TEMwdUx3IDEwClprRkdoRjNKUzJOemlpMFV0ZW01UWtaYlZUVzV6ak1KNU5lR3lT
VGpXTnMKLS0tIFJnZ1dUK2JweEV4b3NNYWRhd1hIblBRVXF3cFJJM1c3Vjd4cnR5
NThqc1kKEBESExQVFhcYGRobHB0eH8f1TLUDu1KY9cZLdz/RRxr1ZCQ0VwEOfRLK
jDQmaw8Fe8zag7XholKpnIPDuc75WNjPaSrCf2LQRaRFRTp/C5rk77YRx7mo
-----END AGE ENCRYPTED FILE-----
"""
# The identity of the specification's example, by the same.
LOCKED_IDENTITY = """-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBJQ0VpSXlRbEppY29LU29y
TEMwdUx3IDEwClprRkdoRjNKUzJOemlpMFV0ZW01UWtaYlZUVzV6ak1KNU5lR3lT
VGpXTnMKLS0tIFJnZ1dUK2JweEV4b3NNYWRhd1hIblBRVXF3cFJJM1c3Vjd4cnR5
NThqc1kKEBESExQVFhcYGRobHB0eH8T+evNhm1ai2cI3ZDH8HF3ZYBE1dD8wcQPG
r1s0aC0aer6/vp7030WisLzZpP7gbMvOTArxYCJR34F4QhE3jgVu+mM+W5pSwZzm
8IkpbosxTfKbwEjcQD6ypRY=
-----END AGE ENCRYPTED FILE-----
"""
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"  # its recipient
PASSPHRASE = "correct horse"


# --- Keys -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key["pkh"])
def test_the_public_key_is_derived_as_octez_derives_it(key: dict[str, str]) -> None:
    scalar = bls.scalar_of(key["secret_key"])
    assert scalar is not None
    assert bls.public_key_of(scalar) == key["public_key"]
    assert bls.is_public_key(key["public_key"])
    assert bls.address_of(key["public_key"]) == key["pkh"]


def test_the_curve_is_the_curve() -> None:
    """Both signs of y, and the order of the group."""
    assert BLS12_381.times(bls.R, bls.G) is None
    x, y = bls.G
    assert (y * y - x**3 - 4) % bls.P == 0
    one, minus_one = bls.public_key_of(1), bls.public_key_of(bls.R - 1)
    assert one != minus_one and bls.address_of(one) != bls.address_of(minus_one)


@pytest.mark.parametrize("scalar", [0, bls.R, bls.R + 1, 2**256 - 1])
def test_a_secret_out_of_range_is_none(scalar: int) -> None:
    text = bls.base58check(bls.SECRET + scalar.to_bytes(32, "little"))
    assert text.startswith("BLsk") and bls.scalar_of(text) is None


# --- What is read ---------------------------------------------------------------------------------
@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def set_to(text: str) -> None:
        monkeypatch.setattr(getpass, "getpass", lambda _: text)

    return set_to


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """As age-keygen writes it."""
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "age.key").write_text(
        f"# created: today\n# public key: {made.to_public()}\n{made}\n"
    )
    return tmp_path / "age.key"


def encrypted(identity: Path, text: str, armored: bool = True) -> bytes:
    key = pyrage.x25519.Identity.from_str(identity.read_text().split("\n")[2])
    return pyrage.encrypt(text.encode(), [key.to_public()], armored=armored)


ENCRYPTED = json.dumps(
    {"KeyId": ARN, "CiphertextBlob": base64.b64encode(b"blob").decode()}
).encode()
TESTED = {"ok": True, "public_key": PUBLIC, "pkh": ADDRESS, "matches": True}
TEST = ("key", "test-backup", "--kms-key", ARN)


def sent(function: Answering) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What KMS was asked to encrypt, and the recovery function."""
    (blob,) = [asked for asked in function.asked if "Plaintext" in asked]
    return blob, [a["redoubt"] for a in function.asked if "redoubt" in a and "ciphertext" in str(a)]


def test_a_backup_is_tested(
    run: Run, function: Answering, identity: Path, tmp_path: Path, capsys: Any
) -> None:
    function.answer(status(), ENCRYPTED, TESTED)
    (tmp_path / "backup").write_bytes(encrypted(identity, SECRET + "\n"))
    words = (*TEST, "--file", str(tmp_path / "backup"), "--identity", str(identity))
    assert run(*words, "--key", ADDRESS) == 0
    blob, (event,) = sent(function)
    assert base64.b64decode(blob["Plaintext"]).decode() == SECRET
    assert blob["KeyId"] == ARN
    assert blob["EncryptionContext"] == {
        "redoubt:import": PUBLIC,
        "redoubt:purpose": "tezos-consensus",
        "redoubt:table": "redoubt-watermarks",
    }
    assert event == {
        "command": "test_backup",
        "public_key": PUBLIC,
        "kms_key": ARN,
        "ciphertext": base64.b64encode(b"blob").decode(),
    }
    told = capsys.readouterr()
    assert ADDRESS in told.out and "Nothing was changed" in told.out
    assert SECRET not in told.out + told.err


@pytest.mark.parametrize(
    "form", ["text", "typed", "piped", "binary", "passphrase", "locked identity"]
)
def test_a_secret_comes_in_each_of_its_forms(
    run: Run,
    function: Answering,
    identity: Path,
    tmp_path: Path,
    typed: Any,
    form: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    function.answer(status(), ENCRYPTED, TESTED)
    file = tmp_path / "secret"
    words = [*TEST, "--file", str(file)]
    typed(SECRET if form == "typed" else PASSPHRASE)
    if form == "typed":
        words = [*TEST]
    elif form == "piped":
        words = [*TEST, "--file", "-"]
        piped = io.TextIOWrapper(io.BytesIO(f"{SECRET}\n".encode()))
        monkeypatch.setattr(key_secret.given_files.sys, "stdin", piped)
    elif form == "text":
        file.write_text(f" {SECRET}\r\n")
    elif form == "binary":
        file.write_bytes(encrypted(identity, SECRET, armored=False))
        words += ["--identity", str(identity)]
    elif form == "passphrase":
        file.write_text("\n" + BY_PASSPHRASE + "\n")
    else:
        recipient = pyrage.x25519.Recipient.from_str(RECIPIENT)
        file.write_bytes(pyrage.encrypt(SECRET.encode(), [recipient]))
        (tmp_path / "locked").write_text(LOCKED_IDENTITY)
        words += ["--identity", str(tmp_path / "locked")]
    assert run(*words, typed="") == 0
    assert base64.b64decode(sent(function)[0]["Plaintext"]).decode() == SECRET


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ("", "holds no tz4 secret key"),
        (PUBLIC, "public key"),
        (SECRET[:-1] + "1", "holds no tz4 secret key"),
        (f"{SECRET} {SECRET}", "holds no tz4 secret key"),
        (KEYS[0]["pkh"], "holds no tz4 secret key"),
        ("unencrypted:" + SECRET, "unencrypted:"),
        ("encrypted:BLesk1abc", "encrypted by octez"),
        (VECTORS["keys"][0]["secret_key"], "another curve"),
        ("age-encryption.org/v1\n-> X25519 abc\n", "age recipients"),
        ("-----BEGIN AGE ENCRYPTED FILE-----\n!!\n", "age recipients"),
        ("x" * 65_537, "longer than"),
    ],
)
def test_what_holds_no_secret_is_refused_and_not_quoted(
    run: Run, function: Answering, tmp_path: Path, capsys: Any, held: str, words: str
) -> None:
    function.answer(refused("internal", "must not be asked"))
    (tmp_path / "secret").write_text(held)
    assert run(*TEST, "--file", str(tmp_path / "secret")) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert not held or held[:40] not in told.err.replace("unencrypted:", "")
    assert function.asked == []


def test_the_wrong_identity_or_passphrase_opens_nothing(
    run: Run, function: Answering, identity: Path, tmp_path: Path, typed: Any, capsys: Any
) -> None:
    function.answer(refused("internal", "must not be asked"))
    file = tmp_path / "secret"
    file.write_bytes(encrypted(identity, SECRET))
    identity.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    assert run(*TEST, "--file", str(file), "--identity", str(identity)) == 2
    assert "can't be opened" in capsys.readouterr().err
    identity.write_text("AGE-SECRET-KEY-1GFPYYSJZ\n")
    assert run(*TEST, "--file", str(file), "--identity", str(identity)) == 2
    assert "holds no age identities" in capsys.readouterr().err
    file.write_text(BY_PASSPHRASE)
    typed("wrong horse")
    assert run(*TEST, "--file", str(file), typed="") == 2
    assert "can't be opened" in capsys.readouterr().err
    file.write_text(SECRET)
    assert run(*TEST, "--file", str(file), "--identity", str(identity)) == 2
    assert run(*TEST, "--file", str(tmp_path / "absent")) == 2
    assert run(*TEST) == 2  # no terminal to ask at
    assert function.asked == []


def test_another_key_than_was_meant_is_sent_nowhere(
    run: Run, function: Answering, tmp_path: Path, capsys: Any
) -> None:
    function.answer(refused("internal", "must not be asked"))
    (tmp_path / "secret").write_text(SECRET)
    for meant in (OTHER, KEYS[1]["public_key"]):
        assert run(*TEST, "--file", str(tmp_path / "secret"), "--key", meant) == 2
        assert f"this is the key {ADDRESS}" in capsys.readouterr().err
    assert run(*TEST, "--file", str(tmp_path / "secret"), "--key", "tz2abc") == 2
    assert function.asked == []


# --- import ---------------------------------------------------------------------------------------
SEALED = {"public_key": PUBLIC, "pkh": ADDRESS, "proof": None, "wrap": WRAP, "backup": None}


def imported(outcome: str, *rows: Any) -> dict[str, Any]:
    return {**written(*rows, keys=[SEALED]), "outcome": outcome}


IMPORTED = imported("imported", "armed", None, row()) | {"note": "signs only above level 1000"}
REHEARSED = {**IMPORTED, "keys": [], "dry_run": True}
IMPORT = ("key", "import", "--kms-key", ARN, "--chain", "mainnet", "--level", "1000")


@pytest.fixture
def secret(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "secret").write_text(SECRET)
    return "--file", str(tmp_path / "secret")


def test_an_import_is_rehearsed_shown_and_agreed_to(
    run: Run, function: Answering, secret: tuple[str, str], capsys: Any
) -> None:
    function.answer(status(), ENCRYPTED, REHEARSED, IMPORTED)
    assert run(*IMPORT, *secret, typed="1000") == 0
    _, events = sent(function)
    fields = {"command": "import_key", "chain": MAINNET, "level": 1000, "public_key": PUBLIC}
    assert fields.items() <= events[1].items() and "dry_run" not in events[1]
    assert events[0] == {**events[1], "dry_run": True}
    shown = capsys.readouterr().out
    for named in (ADDRESS, PUBLIC, "level 1000", function.url, "SealedKeys", "Recovery off"):
        assert named in shown
    assert shown.count("attestation") == 4  # its rows, as rehearsed and as done
    assert SECRET not in shown


@pytest.mark.parametrize("typed_word", ["", "yes", "1001"])
def test_another_word_imports_nothing(
    run: Run, function: Answering, secret: tuple[str, str], typed_word: str
) -> None:
    function.answer(status(), ENCRYPTED, REHEARSED)
    assert run(*IMPORT, *secret, typed=typed_word) == 1
    assert [event.get("dry_run") for event in sent(function)[1]] == [True]


def test_a_dry_run_of_an_import_is_the_function_s(
    run: Run, function: Answering, secret: tuple[str, str], capsys: Any
) -> None:
    function.answer(status(), ENCRYPTED, REHEARSED)
    assert run(*IMPORT, *secret, "--dry-run") == 0
    assert [event.get("dry_run") for event in sent(function)[1]] == [True]
    assert "dry run: nothing was changed" in capsys.readouterr().out


def test_what_the_rehearsal_of_an_import_refuses_is_not_tried(
    run: Run, function: Answering, secret: tuple[str, str], capsys: Any
) -> None:
    function.answer(status(), ENCRYPTED, refused("damaged_key", "another public key"))
    assert run(*IMPORT, *secret, typed="1000") == 1
    assert "refused: damaged_key: another public key" in capsys.readouterr().err
    assert len(sent(function)[1]) == 1


def test_what_is_there_already_is_not_asked_about(
    run: Run, function: Answering, secret: tuple[str, str], capsys: Any
) -> None:
    there = imported("unchanged", "unchanged", row(), row())
    function.answer(status(), ENCRYPTED, there)
    assert run(*IMPORT, *secret, "--force", "--under", ARN, "--threshold", "1", typed="no") == 0
    _, events = sent(function)
    more = {"force": True, "kms_keys": [ARN], "threshold": 1}
    assert len(events) == 2 and more.items() <= events[1].items()
    assert f"{ADDRESS}: unchanged" in capsys.readouterr().out
    # A row that would be lifted is something to ask about.
    lifted = imported("unchanged", "raised", row(), row(level=1001))
    function.answers.clear()
    function.asked.clear()
    function.answer(status(), ENCRYPTED, lifted)
    assert run(*IMPORT, *secret, typed="no") == 1
    assert len(sent(function)[1]) == 1


def test_a_script_says_which_key_and_yes(
    run: Run, function: Answering, node: Answering, secret: tuple[str, str]
) -> None:
    function.answer(status(), ENCRYPTED, REHEARSED, IMPORTED)
    node.answer(header(16_000_000))
    words = ("key", "import", "--kms-key", ARN, "--node", node.url, *secret, "--yes", "--json")
    assert run(*words) == 2 and function.asked == []
    assert run(*words, "--key", ADDRESS) == 0
    _, events = sent(function)
    assert (events[1]["chain"], events[1]["level"]) == (MAINNET, 16_000_000)


def test_a_level_far_off_the_head_is_asked_about(
    run: Run, function: Answering, node: Answering, secret: tuple[str, str], capsys: Any
) -> None:
    function.answer(status(), ENCRYPTED, REHEARSED)
    node.answer(header(16_000_000))
    words = ("key", "import", "--kms-key", ARN, "--node", node.url, "--level", "15000000", *secret)
    assert run(*words, "--yes", "--key", ADDRESS) == 2
    assert "--accept-level" in capsys.readouterr().err and function.asked == []
    assert run(*words, typed="no") == 1
    assert "CAREFUL" in capsys.readouterr().out


# --- create, list ---------------------------------------------------------------------------------
def made(**more: Any) -> dict[str, Any]:
    keys = [
        {
            "public_key": key["public_key"],
            "pkh": key["pkh"],
            "proof": PROOF,
            "wrap": WRAP,
            "backup": f"-----BEGIN AGE ENCRYPTED FILE-----\n{key['pkh']}\n",
            **more,
        }
        for key in KEYS[:2]
    ]
    return {"ok": True, "keys": keys}


TRIED = {"ok": True, "outcome": "created", "dry_run": True, "keys": [], "note": "nothing written"}


def test_two_keys_are_made_and_their_backups_kept(
    run: Run, function: Answering, tmp_path: Path, capsys: Any
) -> None:
    served = [KEYS[2]["public_key"], PUBLIC]  # one of before, and one of these, as asked again
    function.answer(TRIED, made() | {"served": served})
    words = ("--batch", "first", "--threshold", "1", "--output", str(tmp_path / "backups"))
    assert run("key", "create", *words, typed="create") == 0
    asked = {"command": "create_key", "count": 2, "batch": "first", "threshold": 1}
    assert function.commands == [{**asked, "dry_run": True}, asked]
    kept = {file.name for file in (tmp_path / "backups").iterdir()}
    assert kept == {f"{ADDRESS}.age", f"{OTHER}.age"}
    shown = capsys.readouterr().out
    listed = f"SealedKeys={KEYS[2]['public_key']},{PUBLIC},{KEYS[1]['public_key']}\n"
    for named in (ADDRESS, OTHER, WRAP, listed, f"--key {OTHER}", "key register"):
        assert named in shown
    assert "SealedKeys=<all that it has now>," not in shown
    # Nothing to register with before a signer has opened them.
    assert "octez-client set" not in shown and PROOF not in shown


def test_backups_that_are_there_are_kept_and_other_files_too(
    run: Run, function: Answering, tmp_path: Path, capsys: Any
) -> None:
    words = ("key", "create", "--batch", "first", "--output", str(tmp_path), "--yes")
    function.answer(TRIED, made())
    assert run(*words) == 0
    (tmp_path / f"{OTHER}.age").unlink()  # as a run that was cut off leaves it
    assert run(*words) == 0
    shown = capsys.readouterr().out
    assert f"{ADDRESS}.age is there already" in shown and (tmp_path / f"{OTHER}.age").exists()
    assert "SealedKeys=<all that it has now>," in shown, "an older function does not tell"
    (tmp_path / f"{OTHER}.age").write_text("another")
    assert run(*words) == 2
    assert "is not written over" in capsys.readouterr().err
    assert (tmp_path / f"{OTHER}.age").read_text() == "another"


def test_no_key_is_made_unasked(run: Run, function: Answering, capsys: Any) -> None:
    function.answer(TRIED)
    assert run("key", "create", "--count", "1", typed="yes") == 1
    assert run("key", "create", "--dry-run") == 0
    assert "dry run: nothing was changed" in capsys.readouterr().out
    assert [asked.get("dry_run") for asked in function.commands] == [True, True]
    function.answers.clear()
    function.answer(refused("bad_request", "`threshold` is needed"))
    assert run("key", "create", "--yes") == 1
    assert "`--threshold` is needed" in capsys.readouterr().err


def test_without_a_folder_the_backups_are_printed_and_no_backup_is_said(
    run: Run, function: Answering, capsys: Any
) -> None:
    function.answer(TRIED, made(), TRIED, made(backup=None))
    assert run("key", "create", "--yes") == 0
    batch = function.commands[1]["batch"]
    assert re.fullmatch(r"\d{8}-[0-9a-f]{8}", batch)
    shown = capsys.readouterr().out
    assert shown.count("BEGIN AGE ENCRYPTED FILE") == 2 and "NO BACKUP" not in shown
    assert run("key", "create", "--yes", "--count", "2") == 0
    assert "NO BACKUP" in capsys.readouterr().out
    assert function.commands[3]["batch"] != batch


def test_an_answer_that_was_lost_can_be_had_again(
    run: Run, function: Answering, capsys: Any
) -> None:
    there = made() | {"outcome": "unchanged"}
    function.answer(TRIED, b"", there)
    assert run("key", "create", "--yes") == 3
    found = re.search(r"--batch (\S+)", capsys.readouterr().err)
    # Nothing is left to agree to.
    assert found and run("key", "create", "--batch", found[1], typed="no") == 0
    assert function.commands[1] == function.commands[3]


def test_who_stops_it_is_told_that_it_is_not_known(
    run: Run, function: Answering, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    function.answer(TRIED)
    asked = key_make.ask

    def stopped(target: Any, command: str, **fields: Any) -> Any:
        if not fields.get("dry_run"):
            raise KeyboardInterrupt
        return asked(target, command, **fields)

    monkeypatch.setattr(key_make, "ask", stopped)
    assert run("key", "create", "--yes", "--batch", "one") == 3
    told = capsys.readouterr().err
    assert "had left" in told and "--batch one" in told


def test_keys_are_listed(run: Run, function: Answering, capsys: Any) -> None:
    times = (1_790_000_000_000, 1_790_000_060_000)
    listed = [
        {
            "pkh": key["pkh"],
            "public_key": key["public_key"],
            "wrap": WRAP,
            "made": time,
            "backup": has_all,
            "served": has_all,
        }
        for key, time, has_all in zip(KEYS[:2], times, (True, False), strict=True)
    ]
    wraps = [
        {"wrap": wrap, "threshold": 1, "kms_keys": arns, "made": times[0]}
        for wrap, arns in ((WRAP, [ARN, ARN]), (UNUSED, [ARN]))
    ]
    more = {"wraps": wraps, "missing": [KEYS[2]["pkh"]], "damaged": [{"pkh": "x", "scope": "wrap"}]}
    function.answer({"ok": True, "keys": listed, **more}, {"ok": True, "keys": []})
    assert run("key", "list") == 0
    shown = capsys.readouterr().out
    assert re.search(rf"{ADDRESS}  {PUBLIC}  {WRAP}  2026-09-21 14:13:20  yes +yes", shown)
    assert re.search(rf"{OTHER} .* 2026-09-21 14:14:20  none +no", shown)
    assert re.search(rf"{WRAP} +2 +1 +{ARN}, {ARN}", shown)
    assert re.search(rf"{UNUSED} +none +1 +{ARN}", shown)
    assert f"{KEYS[2]['pkh']}: SERVED, BUT NOT" in shown and "DAMAGED" in shown
    assert run("key", "list") == 0
    assert "no sealed keys" in capsys.readouterr().out
    assert run("key", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "keys": []}


# --- register -------------------------------------------------------------------------------------
def body(**members: str) -> bytes:
    return json.dumps(members).encode()


REGISTER = ("key", "register", "--consensus", ADDRESS)


def test_octez_lines_come_with_the_proof_of_the_opened_key(
    run: Run, function: Answering, capsys: Any
) -> None:
    for key in KEYS[:2]:
        function.answer(body(public_key=key["public_key"]), body(bls_prove_possession=PROOF))
    assert run(*REGISTER, "--companion", OTHER, "--delegate", "bob") == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for wanted in (
        f"octez-client import secret key redoubt-consensus {function.url}/{ADDRESS}",
        f"octez-client set consensus key for bob to redoubt-consensus --consensus-key-pop {PROOF}",
        f"octez-client import secret key redoubt-companion {function.url}/{OTHER}",
        f"octez-client set companion key for bob to redoubt-companion --companion-key-pop {PROOF}",
        "octez-baker-<protocol> run ... redoubt-consensus redoubt-companion",
    ):
        assert wanted in lines


@pytest.mark.parametrize(
    ("answers", "http", "words"),
    [
        ([b'[{"kind":"temporary","id":"failure","msg":"unknown_key: not here"}]'], 404, "not here"),
        ([b"<html>"], 502, "doctor"),
        ([body(public_key=KEYS[1]["public_key"])], 200, "not of this address"),
        ([body(public_key="BLpk")], 200, "not of this address"),
        ([body(public_key=PUBLIC), body(bls_prove_possession="BLsig1")], 200, "not a proof"),
        ([body(public_key=PUBLIC), b"{}"], 200, "doctor"),
    ],
)
def test_there_is_no_line_for_a_key_that_no_signer_has_opened(
    run: Run, function: Answering, capsys: Any, answers: list[bytes], http: int, words: str
) -> None:
    function.answer(*answers, status=http)
    assert run(*REGISTER) == 1
    told = capsys.readouterr()
    assert words in told.err and "octez-client" not in told.out


# --- rewrap, reseal -------------------------------------------------------------------------------
def test_a_wrap_is_sealed_again(run: Run, function: Answering, capsys: Any) -> None:
    others = [ARN, ARN.replace("1111-", "9999-")]
    done = {"ok": True, "wrap": WRAP, "threshold": 2, "kms_keys": others, "outcome": "rewrapped"}
    function.answer({**done, "dry_run": True}, {**done, "wrong_shares": [ARN]})
    words = [word for arn in others for word in ("--under", arn)]
    assert run("key", "rewrap", "--wrap", WRAP, *words, "--threshold", "2", typed="rewrap") == 0
    asked = {"command": "rewrap", "wrap": WRAP, "kms_keys": others, "threshold": 2}
    assert function.commands == [{**asked, "dry_run": True}, asked]
    shown = capsys.readouterr().out
    assert (
        "until you disable" in shown and f"rewrapped, opened by 2 of {', '.join(others)}" in shown
    )
    assert f"the share under {ARN} was wrong" in shown


def test_keys_are_sealed_anew(run: Run, function: Answering, capsys: Any) -> None:
    keys = [
        {"pkh": ADDRESS, "outcome": "resealed", "before": WRAP, "after": "f" * 32},
        {"pkh": OTHER, "outcome": "damaged_key", "before": WRAP, "after": None, "msg": "altered"},
    ]
    function.answer({"ok": True, "keys": keys[:1]}, refused("damaged_key", "altered", keys=keys))
    assert run("key", "reseal", "--yes", "--key", ADDRESS, "--key", OTHER) == 1
    assert function.commands[1] == {"command": "reseal", "keys": [ADDRESS, OTHER]}
    told = capsys.readouterr()
    assert re.search(rf"{ADDRESS} +{WRAP} +f{{32}} +resealed", told.out)
    assert re.search(rf"{OTHER} +{WRAP} +refused, damaged_key: altered", told.out)
    assert "refused: damaged_key" in told.err
    function.answers.clear()
    function.answer({"ok": True, "keys": keys[:1], "dry_run": True})
    assert run("key", "reseal", "--dry-run") == 0
    assert run("key", "reseal", typed="yes") == 1
    assert [asked.get("dry_run") for asked in function.commands[2:]] == [True, True]


@pytest.mark.parametrize(
    "words",
    [
        "key",
        "key make",
        "key create --count 0 --yes",
        "key create --count 9 --yes",
        "key create --batch a/b --yes",
        "key create",
        "key create --json",
        "key create --wrap x --yes",
        "key list --count 2",
        "key register",
        "key register --consensus tz4",
        "key register --consensus tz2EVmDJ3xUPkkuGkdm3mSaW9JtPkmWfgugE",
        f"key register --consensus {ADDRESS} --companion {ADDRESS}",
        "key import --kms-key x --chain mainnet --level 5 --yes --key tz4",
        f"key import --kms-key {ARN} --chain mainnet --yes --key {ADDRESS}",
        f"key import --kms-key {ARN} --level 5 --yes --key {ADDRESS}",
        "key import --kms-key alias/x --chain mainnet --level 5 --dry-run",
        f"key import --kms-key {ARN} --chain mainnet --level 5 --dry-run --key {ADDRESS} --key x",
        "key import --chain mainnet --level 5 --dry-run",
        "key test-backup --yes",
        "key rewrap --yes",
        "key rewrap --wrap abc --yes",
        f"key rewrap --wrap {WRAP} --under {ARN} --under {ARN} --yes",
        f"key rewrap --wrap {WRAP} --under alias/x --yes",
        f"key rewrap --wrap {WRAP} --threshold 0 --yes",
        f"key reseal --wrap {WRAP} --yes",
        "key reseal --key tz2abc --yes",
    ],
)
def test_wrong_usage_of_key_asks_nothing(run: Run, function: Answering, words: str) -> None:
    function.answer(refused("internal", "must not be asked"))
    assert run(*words.split()) == 2
    assert function.asked == []


# --- A stack --------------------------------------------------------------------------------------
class Stack:
    """In the place of `Aws`: KMS of any Region, and functions as IAM lets them be seen."""

    account, region = "000000000000", "eu-west-1"

    def __init__(self) -> None:
        session = botocore.session.Session()
        session.set_credentials("AKIAEXAMPLE", "secret")
        self.regions: dict[str, list[str | None]] = {"kms": [], "lambda": []}
        self._clients = {
            name: session.create_client(name, region_name=self.region) for name in self.regions
        }
        self.stubs = {name: Stubber(client) for name, client in self._clients.items()}
        for stub in self.stubs.values():
            stub.activate()

    def client(self, service: str, region: str | None = None) -> Any:
        self.regions[service].append(region)
        return self._clients[service]

    def place(self, _service: str) -> str:
        return self.region

    def answers(self, *members: dict[str, Any]) -> None:
        for answer in members:
            text = json.dumps({"redoubt": answer}).encode()
            told = {"Payload": StreamingBody(io.BytesIO(text), len(text))}
            asked = {"FunctionName": "redoubt-recovery", "Payload": ANY}
            self.stubs["lambda"].add_response("invoke", told, asked)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    made = Stack()
    monkeypatch.setattr(stack_target, "Aws", lambda *_: made)
    return made


def recovered(*words: str) -> int:
    try:
        return redoubt.main(["key", "test-backup", *words])
    except console.Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code


def test_a_stack_s_own_wrapping_key_carries_the_secret(
    stack: Stack, secret: tuple[str, str]
) -> None:
    """In that key's Region, for that stack's table."""
    variables = {"Variables": {"WRAPPING_KEYS": f"{ARN},{ARN.replace('1111-', '9999-')}"}}
    stack.stubs["lambda"].add_response(
        "get_function_configuration",
        {"Environment": variables},
        {"FunctionName": "redoubt-recovery"},
    )
    context = {
        "redoubt:import": PUBLIC,
        "redoubt:purpose": "tezos-consensus",
        "redoubt:table": "redoubt-watermarks",
    }
    asked = {"KeyId": ARN, "Plaintext": SECRET.encode(), "EncryptionContext": context}
    stack.stubs["kms"].add_response("encrypt", {"KeyId": ARN, "CiphertextBlob": b"blob"}, asked)
    stack.answers(TESTED)
    assert recovered(*secret) == 0
    assert stack.regions["kms"] == ["eu-central-1"]


def test_without_a_look_at_the_variables_the_key_has_to_be_named(
    stack: Stack, secret: tuple[str, str], capsys: Any
) -> None:
    look = "get_function_configuration"
    stack.stubs["lambda"].add_client_error(look, "AccessDeniedException", "no", 403)
    assert recovered(*secret) == 2
    assert "give --kms-key" in capsys.readouterr().err
    stack.stubs["lambda"].add_client_error(look, "ResourceNotFoundException", "no", 404)
    assert recovered(*secret) == 3
    assert "Recovery=on" in capsys.readouterr().err
