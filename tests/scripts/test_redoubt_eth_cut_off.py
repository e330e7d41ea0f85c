# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt eth` that ends in the middle: how far it came is told, whatever ended it, and
what the same command needs to go on."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack import redoubt
from redoubt_stack.operate import stack_target, targets

from answering import Answering, Run, refused
from test_redoubt_eth import ADDRESS, CREATE, STATUS, key, listed, made, page
from test_redoubt_eth_moving import BLOB, READY, SECRET
from test_redoubt_key import Stack

Told = pytest.CaptureFixture[str]


class Ends:
    """In the place of `ask`: from the call of this number on, `by` is what happens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int, by: BaseException) -> None:
        self.number, self.by = number, by
        self._ask = targets._ask
        monkeypatch.setattr(targets, "_ask", self)

    def __call__(self, *given: Any) -> Any:
        self.number -= 1
        if self.number < 0:
            raise self.by
        return self._ask(*given)


ENDS = [(KeyboardInterrupt(), "you stopped this program"), (targets.Unreachable("gone"), "gone")]


@pytest.fixture(params=ENDS)
def ending(request: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What ends it, when the call of a number is sent; and what is said of that."""
    by, words = request.param
    return lambda number: (Ends(monkeypatch, number, by), words)[1]


def test_keys_that_were_being_made_are_found_by_their_batch(
    run: Run, function: Answering, tmp_path: Path, ending: Any, capsys: Told
) -> None:
    """Which a newcomer has not chosen."""
    function.answer(STATUS, made(0, 100))
    words = ending(2)
    create = ("eth", "keys", "create", "--address", ADDRESS, "--count", "101", "--yes")
    assert run(*create, "--output", str(tmp_path)) == 3
    told = capsys.readouterr().err
    batches = set(re.findall(r"--batch (\S+)", told))
    assert len(batches) == 1 and "goes on, if this is cut off" in told
    assert words in told and "100 of 101 keys were done" in told
    assert f"{batches.pop()}.001" == function.commands[1]["batch"]
    assert len(list(tmp_path.glob("*.age"))) == 100


def test_others_tell_how_far_they_came(
    run: Run, function: Answering, ending: Any, capsys: Told
) -> None:
    names = [key(n) for n in range(101)]
    function.answer(
        {"ok": True, "keys": [{"public_key": n, "outcome": "set"} for n in names[:100]]}
    )
    words = ending(1)
    given = [word for name in names for word in ("--key", name)]
    assert run("eth", "keys", "disable", *given, "--yes") == 3
    told = capsys.readouterr().err
    assert words in told and "100 of 101 keys were done" in told


def test_what_was_deleted_before_the_end_is_kept(
    run: Run, function: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told
) -> None:
    gone = [{"public_key": key(n), "outcome": "deleted"} for n in range(100)]
    function.answer({"ok": True, "keys": gone, "data": {"metadata": {}, "data": [1]}})
    Ends(monkeypatch, 1, KeyboardInterrupt())
    given = [word for n in range(101) for word in ("--key", key(n))]
    file = tmp_path / "signed.json"
    assert run("eth", "keys", "delete", *given, "--output", str(file), "--yes") == 3
    assert json.loads(file.read_text())["data"] == [1]
    assert "with another --output" in capsys.readouterr().err


def test_a_delete_of_all_tells_again_of_those_that_are_gone(
    run: Run, function: Answering, tmp_path: Path
) -> None:
    answer = {"ok": True, "keys": [{"public_key": key(1), "outcome": "unchanged"}], "data": {}}
    function.answer(page(listed(1, wrap=None, on=False)), answer)
    assert run("eth", "keys", "delete", "--all", "--output", str(tmp_path / "x"), "--yes") == 0
    assert function.commands[1]["keys"] == [key(1)]


@pytest.mark.parametrize(
    "words",
    [
        ("keys", "enable", "--all", "--yes"),
        ("keys", "export", "--all", "--recipient", "age1x", "--output", "x"),
        ("exits", "--tag", "t", "--node", "https://node.example", "--output", "x", "--yes"),
        ("reseal", "--all", "--yes"),
        ("rewrap", "--all", "--yes"),
    ],
)
def test_others_are_of_keys_that_have_a_secret(
    run: Run, function: Answering, capsys: Told, words: tuple[str, ...]
) -> None:
    function.answer(page(listed(1, wrap=None, on=False, tags=["t"])))
    assert run("eth", *words) == 2
    assert [one["command"] for one in function.commands] == ["list_keys"]
    assert "`deploy/redoubt eth keys" in capsys.readouterr().err


# --- What can't be kept -------------------------------------------------------------------------
def test_nothing_is_made_that_there_is_no_place_for(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    (tmp_path / "file").write_text("")
    function.answer(STATUS, page(listed(1)))
    output = ("--output", str(tmp_path / "file" / "folder"))
    assert run(*CREATE, "--count", "1", *output, "--yes") == 2
    for words in (("exits", "--validator", "1", "--yes"), ("keys", "export", "--recipient", "a")):
        assert run("eth", *words, "--key", key(1), *output) == 2
    assert [one["command"] for one in function.commands] == ["status"]
    assert "can't be written to" in capsys.readouterr().err


def test_what_was_made_and_not_written_is_no_wrong_usage(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    """As nothing would have been changed then."""
    (tmp_path / f"{key(0)}.age").write_text("another")
    function.answer(STATUS, made(0, 1))
    assert run(*CREATE, "--count", "1", "--output", str(tmp_path), "--yes") == 1
    told = capsys.readouterr().err
    assert "not written over" in told and "0 of 1 keys were done" in told and "--batch b" in told


# --- For scripts --------------------------------------------------------------------------------
NO = refused("table_unavailable", "ask again")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([NO], "status"),
        ([NO], "keys list"),
        ([NO], "keys enable --all --yes"),
        ([NO], f"keys enable --key {key(1)} --yes"),
        ([NO], f"keys delete --key {key(1)} --output OUT/file --yes"),
        ([NO], f"keys create --address {ADDRESS} --count 1 --output OUT --yes"),
        ([STATUS, NO], f"keys create --address {ADDRESS} --count 1 --output OUT --yes"),
        ([READY, BLOB, NO], "keys import --file OUT/secret --epoch 2 --yes"),
        ([READY, BLOB, NO], "backup test --file OUT/secret"),
        ([NO], f"keys export --key {key(1)} --recipient age1x --output OUT"),
        ([NO], f"exits --key {key(1)} --validator 7 --output OUT --yes"),
        ([NO], "rewrap --all --yes"),
        ([NO], f"reseal --key {key(1)} --yes"),
    ],
)
def test_scripts_read_what_was_refused(
    run: Run, function: Answering, tmp_path: Path, capsys: Told, answers: list[Any], words: str
) -> None:
    (tmp_path / "secret").write_text(SECRET)
    function.answer(*answers)
    given = [word.replace("OUT", str(tmp_path)) for word in words.split()]
    assert run("eth", *given, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False and told["error"]["id"] == "table_unavailable"


def test_scripts_read_what_was_done_before(
    run: Run, function: Answering, tmp_path: Path, capsys: Told
) -> None:
    given = [word for n in range(101) for word in ("--key", key(n))]
    function.answer({"ok": True, "keys": exported(100), "password": "armoured"}, NO)
    words = ("keys", "export", *given, "--recipient", "age1x", "--output", str(tmp_path), "--json")
    assert run("eth", *words) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["done"] == [key(n) for n in range(100)] and told["ok"] is False


def exported(count: int) -> list[dict[str, Any]]:
    return [{"public_key": key(n), "keystore": {}} for n in range(count)]


def test_a_function_that_is_not_there_is_made_by_the_stacks_own_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stack = Stack()
    monkeypatch.setattr(stack_target, "Aws", lambda *_: stack)
    stack.stubs["lambda"].add_client_error("invoke", "ResourceNotFoundException", "no", 404)
    words = ["eth", "exits", "--key", key(1), "--validator", "1", "--output", str(tmp_path)]
    with pytest.raises(targets.Unreachable, match="eth deploy --parameter Recovery=on") as told:
        redoubt.main([*words, "--yes"])
    assert "redoubt-ethereum-recovery" in str(told.value)
