# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt eth tokens` and `interchange`: who is shown a token, what is asked of the
function, and what is told of it."""

import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack.operate import eth_interchange, eth_tokens, targets

from answering import Answering, Run, refused
from test_redoubt_eth import key, listed, page

Told = pytest.CaptureFixture[str]
ID = "0123456789abcdef"
TOKEN = f"rdt_{ID}_" + "s" * 43
CREATE = ("eth", "tokens", "create", "--may", "validator")
ROLE = "arn:aws:iam::111122223333:role/validators"


def made(**more: Any) -> dict[str, Any]:
    told = {"id": ID, "token": TOKEN, "path": False, "ops": ["validator"], "all": True}
    return {
        "ok": True,
        **told,
        "not_after": None,
        "expired": False,
        "label": "",
        "note": "",
        **more,
    }


# --- Tokens -------------------------------------------------------------------------------------
def test_a_token_goes_to_a_file_that_nobody_else_can_read(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    function.answer(made())
    file = tmp_path / "token"
    assert run(*CREATE, "--all", "--label", "first", "--to", str(file)) == 0
    assert function.commands == [
        {"command": "create_token", "ops": ["validator"], "all": True, "label": "first"}
    ]
    assert file.read_text() == f"{TOKEN}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = capsys.readouterr()
    assert TOKEN not in told.out + told.err and f"revoke --id {ID}" in told.out
    assert run(*CREATE, "--all", "--to", str(file)) == 2
    assert file.read_text() == f"{TOKEN}\n" and len(function.asked) == 1
    assert run(*CREATE, "--all", "--json", "--to", str(tmp_path / "other")) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == ID and "token" not in shown


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_token_is_shown_at_a_terminal_alone(
    run: Run, function: Answering, monkeypatch: Any, capsys: Told, more: tuple[str, ...]
) -> None:
    function.answer(made())
    assert run(*CREATE, "--all", *more) == 2
    assert function.asked == [] and "give --to FILE" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(*CREATE, "--all", *more) == 0
    assert capsys.readouterr().out.count(TOKEN) == 1


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        (("--tag", "a", "--tag", "b"), {"tags": ["a", "b"]}),
        (("--key", key(1).upper().replace("X", "x")), {"keys": [key(1)]}),
        (("--all", "--may", "read"), {"all": True, "ops": ["validator", "read"]}),
        (("--all", "--path"), {"all": True, "path": True}),
    ],
)
def test_which_keys_are_not_looked_up(
    run: Run, function: Answering, tmp_path: Path, words: tuple[str, ...], fields: dict[str, Any]
) -> None:
    """Tags may get more keys."""
    function.answer(made())
    assert run(*CREATE, *words, "--to", str(tmp_path / "token")) == 0
    assert function.commands == [{"command": "create_token", "ops": ["validator"]} | fields]


@pytest.mark.parametrize(("span", "seconds"), [("90m", 5400), ("12h", 43_200), ("30d", 2_592_000)])
def test_a_token_ends_when_it_is_said(
    run: Run, function: Answering, tmp_path: Path, capsys: Told, span: str, seconds: int
) -> None:
    now = int(time.time())
    function.answer(made(not_after=now + seconds))
    assert run(*CREATE, "--all", "--valid-for", span, "--to", str(tmp_path / "token")) == 0
    assert 0 <= function.commands[0]["not_after"] - now - seconds <= 5
    year = time.strftime("%Y-%m-%d", time.gmtime(now + seconds))
    assert f"until {year}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        "create --all",
        "create --may validator",
        "create --may validator --all --tag x",
        "create --may validator --key 0x12",
        "create --may validator --all --valid-for 1",
        "create --may validator --all --valid-for 0h",
        "create --may validator --all --valid-for 1w",
        f"create --may validator --all --principal {ROLE} --to FILE",
        f"create --may validator --all --principal {ROLE} --path",
        "create --may validator --all --to /nowhere/at/all",
        "revoke --yes",
        f"revoke --id {ID}",
        f"revoke --id {ID} --principal {ROLE} --yes",
        f"revoke --id {TOKEN} --yes",
        "list --all",
    ],
)
def test_wrong_usage_of_tokens_asks_nothing(
    run: Run, function: Answering, tmp_path: Path, capsys: Told, words: str
) -> None:
    given = words.replace("FILE", str(tmp_path / "token")).split()
    to = ("--to", str(tmp_path / "t")) if "create" in words and "--principal" not in words else ()
    assert run("eth", "tokens", *given, *(() if "--to" in given else to)) == 2
    assert function.asked == [] and list(tmp_path.iterdir()) == []
    assert TOKEN[-43:] not in capsys.readouterr().err


def test_a_file_stays_only_with_a_token_in_it(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    function.answer(refused("bad_request", "`ops` must be a list of rights"))
    assert run(*CREATE, "--all", "--to", str(tmp_path / "token")) == 1
    assert list(tmp_path.iterdir()) == [] and "`--may` must be" in capsys.readouterr().err


@pytest.mark.parametrize("by", [KeyboardInterrupt(), targets.Unreachable("gone")])
def test_one_that_nobody_was_told_is_to_be_looked_for(
    run: Run,
    function: Answering,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Told,
    by: BaseException,
) -> None:
    def ends(*_: Any) -> None:
        raise by

    monkeypatch.setattr(targets, "_ask", ends)
    assert run(*CREATE, "--all", "--to", str(tmp_path / "token")) == 3
    assert list(tmp_path.iterdir()) == [] and "eth tokens list" in capsys.readouterr().err


def test_one_that_can_t_be_written_is_to_be_revoked(
    run: Run, function: Answering, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    function.answer(made())
    real = eth_tokens.os.open
    monkeypatch.setattr(eth_tokens.os, "open", lambda *_: real("/dev/full", 1))
    monkeypatch.setattr(Path, "unlink", lambda _: None)
    assert run(*CREATE, "--all", "--to", "/dev/full") == 1
    told = capsys.readouterr()
    assert f"revoke --id {ID}" in told.err and TOKEN not in told.out + told.err


def test_a_role_gets_rights(run: Run, function: Answering, capsys: Told) -> None:
    answer = {n: v for n, v in made(principal=ROLE).items() if n not in ("id", "token", "path")}
    function.answer(answer)
    assert run(*CREATE, "--all", "--principal", ROLE) == 0
    assert function.commands[0]["principal"] == ROLE
    assert f"{ROLE} may validator, with all keys; no end" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("outcome", "words"), [("revoked", "forgets it within a minute"), ("unchanged", "there is no")]
)
def test_a_token_is_revoked(
    run: Run, function: Answering, capsys: Told, outcome: str, words: str
) -> None:
    function.answer({"ok": True, "outcome": outcome, "note": ""})
    assert run("eth", "tokens", "revoke", "--id", ID, typed="no") == 1
    assert function.asked == []
    assert run("eth", "tokens", "revoke", "--id", ID, typed="revoke") == 0
    assert function.commands == [{"command": "revoke_token", "id": ID}]
    assert words in capsys.readouterr().out


def test_all_tokens_are_listed(run: Run, function: Answering, capsys: Told) -> None:
    first = made(keys=[key(1), key(2)], label="one", path=True, not_after=1_800_000_000)
    over = made(id="f" * 16, tags=["a", "b"], not_after=1_600_000_000, expired=True)
    role = {n: v for n, v in made(principal=ROLE).items() if n not in ("id", "token", "path")}
    pages = [
        {"ok": True, "tokens": [first, over], "damaged": ["token/x"], "next": ["n"]},
        {"ok": True, "tokens": [role], "damaged": [], "next": None},
    ]
    function.answer(*pages)
    assert run("eth", "tokens", "list") == 0
    assert function.commands == [
        {"command": "list_tokens"},
        {"command": "list_tokens", "after": ["n"]},
    ]
    told = capsys.readouterr().out
    for words in (
        f"{ID}  ",
        "2 keys",
        "2027-01-15 08:00:00",
        "keys tagged a or b",
        "OVER since 2020-09-13",
        f"{ROLE}  ",
        "token/x: DAMAGED",
    ):
        assert words in told
    function.answers.clear()
    function.answer(*pages)
    assert run("eth", "tokens", "list", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["tokens"]) == 3
    function.answers.clear()
    function.answer({"ok": True, "tokens": [], "damaged": [], "next": None})
    assert run("eth", "tokens", "list") == 0
    assert "tokens create" in capsys.readouterr().out


# --- Interchange --------------------------------------------------------------------------------
def signed(*numbers: int, history: int = 1) -> dict[str, Any]:
    entry = {"source_epoch": "1", "target_epoch": "2"}
    data = [{"pubkey": key(n), "signed_attestations": [entry] * history} for n in numbers]
    return {"metadata": {"interchange_format_version": "5"}, "data": data}


def raised(*numbers: int, outcome: str = "raised") -> list[dict[str, Any]]:
    marks = {"outcome": outcome, "source": 1, "target": 2, "slot": 3}
    return [{"public_key": key(n), **marks} for n in numbers]


def test_what_others_signed_is_taken_over(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    (tmp_path / "signed").write_text(json.dumps(signed(1, 2, 3)))
    keys = [*raised(1), *raised(2, outcome="unchanged")]
    function.answer({"ok": True, "keys": keys, "unknown": [key(3)], "note": ""})
    words = ("eth", "interchange", "import", "--file", str(tmp_path / "signed"))
    assert run(*words, typed="2") == 1
    assert function.asked == []
    assert run(*words, "--force", typed="3") == 0
    event = {"command": "import_interchange", "data": signed(1, 2, 3), "force": True}
    assert function.commands == [event]
    told = capsys.readouterr().out
    assert "1 raised, 1 as high already, 0 refused, 1 unknown" in told and key(3) in told


def test_a_large_one_goes_in_parts(
    run: Run, function: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    monkeypatch.setattr(eth_interchange, "PART", 1000)
    (tmp_path / "signed").write_text(json.dumps(signed(1, 2, 3, history=10)))
    function.answer(
        {"ok": True, "keys": raised(1), "unknown": [], "note": ""},
        refused("unknown_key", "none of them"),
        {"ok": True, "keys": raised(3), "unknown": [], "note": ""},
    )
    words = ("eth", "interchange", "import", "--file", str(tmp_path / "signed"), "--yes")
    assert run(*words, "--json") == 0
    assert [event["data"] for event in function.commands] == [
        signed(n, history=10) for n in (1, 2, 3)
    ]
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "keys": raised(1, 3),
        "unknown": [key(2)],
    }
    (tmp_path / "signed").write_text(json.dumps(signed(1, history=100)))
    assert run(*words) == 2 and len(function.asked) == 3


def test_of_many_parts_one_has_to_have_a_key_that_is_here(
    run: Run, function: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    """Another stack's data is not imported because it is long."""
    monkeypatch.setattr(eth_interchange, "PART", 1000)
    (tmp_path / "signed").write_text(json.dumps(signed(1, 2, history=10)))
    none = refused("unknown_key", "none of them")
    words = ("eth", "interchange", "import", "--file", str(tmp_path / "signed"), "--yes", "--json")
    function.answer(none, none)
    assert run(*words) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    function.answers.clear()
    function.answer({"ok": True, "keys": raised(1), "unknown": [], "note": ""}, none)
    assert run(*words) == 0
    assert json.loads(capsys.readouterr().out)["unknown"] == [key(2)]


def test_a_key_that_is_not_raised_is_told(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    (tmp_path / "signed").write_text(json.dumps(signed(1, 2)))
    bad = {"public_key": key(2), "outcome": "damaged_row", "msg": "lacks an attribute"}
    no = refused("damaged_row", "lacks an attribute", unknown=[], keys=[*raised(1), bad])
    function.answer(no)
    words = ("eth", "interchange", "import", "--file", str(tmp_path / "signed"), "--yes")
    assert run(*words) == 1
    told = capsys.readouterr()
    assert "1 raised, 0 as high already, 1 refused" in told.out and "damaged_row" in told.err
    function.answers.clear()
    function.answer(refused("too_far_ahead", "epoch 9"))
    assert run(*words) == 1 and "too_far_ahead" in capsys.readouterr().err


# As Python reads it, the first of two says nothing: what was signed would be forgotten.
TWICE = '{"metadata":{},"data":[{"pubkey":"0x","signed_blocks":[{"slot":"9"}],"signed_blocks":[]}]}'


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"data":[]}', '{"data":[1]}', "[" * 100_000, TWICE]
)
def test_what_is_no_interchange_goes_nowhere(
    run: Run, function: Answering, tmp_path: Path, text: str
) -> None:
    (tmp_path / "signed").write_text(text)
    words = ("eth", "interchange", "import", "--file", str(tmp_path / "signed"))
    assert run(*words, "--yes") == 2 and function.asked == []


def exported(*numbers: int, **more: Any) -> dict[str, Any]:
    return {"ok": True, "data": signed(*numbers), "count": len(numbers), "note": None, **more}


def test_all_that_was_signed_is_written_down(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    function.answer(
        exported(1, 2, damaged=[key(9)], next=["n"], note="1 of these keys are on"),
        exported(3, damaged=[], next=None),
    )
    words = ("eth", "interchange", "export", "--all", "--output", str(tmp_path / "signed"))
    assert run(*words) == 1
    assert json.loads((tmp_path / "signed").read_text()) == signed(1, 2, 3)
    told = capsys.readouterr().err
    assert "CAREFUL: 1 of these keys are on" in told and f"{key(9)}: DAMAGED" in told
    assert run(*words) == 2 and len(function.asked) == 2


def test_some_are_written_down_by_their_names_or_tags(
    run: Run, function: Answering, capsys: Told
) -> None:
    """Also those that were deleted: what they signed counts."""
    function.answer(page(listed(1, tags=["t"], wrap=None, on=False), listed(2)), exported(1))
    assert run("eth", "interchange", "export", "--tag", "t", "--json") == 0
    assert function.commands[1] == {"command": "export_interchange", "keys": [key(1)]}
    assert json.loads(capsys.readouterr().out)["data"] == signed(1)
    for words in ((), ("--output", "x", "--json")):
        assert run("eth", "interchange", "export", "--all", *words) == 2
