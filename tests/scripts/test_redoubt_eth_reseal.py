# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt eth rewrap` and `reseal`: all of it is tried, then asked for, then done."""

import json
from typing import Any

import pytest

from answering import Answering, Run, refused
from test_redoubt_eth import key, listed, page

WRAPS = ["0" * 32, "1" * 32]
ARNS = [f"arn:aws:kms:eu-west-1:000000000000:key/{n}" for n in (1, 2, 3)]
UNDER = [word for arn in ARNS for word in ("--under", arn)]
DIVIDED = {"kms_keys": ARNS, "threshold": 2}


def rewrapped(wrap: str, **more: Any) -> dict[str, Any]:
    told = {"wrap": wrap, "outcome": "rewrapped", "wrong_shares": [], "note": "n"}
    return {"ok": True, **DIVIDED, **told, **more}


def resealed(*numbers: int, **more: Any) -> dict[str, Any]:
    keys = [{"public_key": key(n), "outcome": "resealed"} for n in numbers]
    return {"ok": True, "keys": keys, "wrap": "f" * 32, "wrong_shares": [], "note": "n", **more}


def test_all_wraps_that_have_keys_are_divided_anew(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [listed(1, wrap=WRAPS[1]), listed(2), listed(3), listed(4, wrap=None)]
    tried = [rewrapped(wrap, dry_run=True) for wrap in WRAPS]
    done = [rewrapped(WRAPS[0]), rewrapped(WRAPS[1], wrong_shares=[ARNS[2]])]
    function.answer(page(*keys), *tried, *done)
    assert run("eth", "rewrap", "--all", *UNDER, "--threshold", "2", typed="2") == 0
    asked = [{"command": "rewrap", "wrap": wrap, **DIVIDED} for wrap in WRAPS]
    assert function.commands[1:] == [one | {"dry_run": True} for one in asked] + asked
    told = capsys.readouterr().out
    assert "2 wraps" in told and "2 of arn" in told and "until you disable those" in told
    assert f"a share under {ARNS[2]} was wrong" in told
    assert all(f"{wrap}  rewrapped  2 " in told for wrap in WRAPS)


def test_keys_are_sealed_anew_a_hundred_at_a_time(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [listed(n, tags=["t"]) for n in range(101)]
    calls = [resealed(*range(100)), resealed(100)]
    function.answer(page(*keys, listed(200, tags=["t"], wrap=None)), *calls, *calls)
    assert run("eth", "reseal", "--tag", "t", "--yes") == 0
    sizes = [(len(one["keys"]), one.get("dry_run")) for one in function.commands[1:]]
    assert sizes == [(100, True), (1, True), (100, None), (1, None)]
    assert "101 keys: 101 changed, 0 as they were, 0 refused" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("--dry-run",), ("--dry-run", "--json")])
@pytest.mark.parametrize("what", [("rewrap", "--wrap", WRAPS[0]), ("reseal", "--key", key(1))])
def test_a_dry_run_is_all_that_is_asked_for(
    run: Run,
    function: Answering,
    capsys: pytest.CaptureFixture[str],
    what: tuple[str, ...],
    words: tuple[str, ...],
) -> None:
    of = {"rewrap": rewrapped(WRAPS[0]), "reseal": resealed(1, wrap=None)}
    function.answer(of[what[0]] | {"dry_run": True})
    assert run("eth", *what, *words) == 0
    assert [one["dry_run"] for one in function.commands] == [True]
    told = capsys.readouterr().out
    if "--json" in words:
        assert json.loads(told)["dry_run"] is True and json.loads(told)["ok"] is True
    else:
        assert "nothing was changed" in told


def test_what_is_refused_in_a_try_is_not_begun(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    no = refused("bad_request", "`threshold` must be a whole number from 1 to 1")
    function.answer(rewrapped(WRAPS[0], dry_run=True), no)
    wraps = [word for wrap in WRAPS for word in ("--wrap", wrap)]
    assert run("eth", "rewrap", *wraps, "--threshold", "2", "--yes") == 1
    assert [one["dry_run"] for one in function.commands] == [True, True]
    assert "`--threshold` must be" in capsys.readouterr().err
    assert run("eth", "reseal", "--key", key(1), "--yes", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False and told["error"]["id"] == "bad_request"


def test_a_key_that_changed_meanwhile_is_told(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {"public_key": key(2), "outcome": "table_refused", "msg": "was changed meanwhile"}
    partly = resealed(1) | refused("table_refused", "was changed meanwhile")
    function.answer(resealed(1, 2), partly | {"keys": [*resealed(1)["keys"], changed]})
    assert run("eth", "reseal", "--key", key(1), "--key", key(2), "--yes") == 1
    told = capsys.readouterr()
    assert "2 keys: 1 changed, 0 as they were, 1 refused" in told.out and key(2) in told.out
    assert "table_refused" in told.err


@pytest.mark.parametrize(
    "words",
    [
        "rewrap --yes",
        f"rewrap --all --wrap {WRAPS[0]} --yes",
        "rewrap --wrap abc --yes",
        f"rewrap --wrap {WRAPS[0]}",
        f"rewrap --wrap {WRAPS[0]} --under alias/x --yes",
        f"rewrap --wrap {WRAPS[0]} --under {ARNS[0]} --under {ARNS[0]} --yes",
        f"rewrap --wrap {WRAPS[0]} --threshold 0 --yes",
        "reseal --yes",
        "reseal --all --json",
        f"reseal --wrap {WRAPS[0]} --yes",
    ],
)
def test_wrong_usage_asks_nothing(run: Run, function: Answering, words: str) -> None:
    assert run("eth", *words.split()) == 2
    assert function.asked == []


def test_they_are_not_begun_without_the_number(run: Run, function: Answering) -> None:
    function.answer(resealed(1, 2))
    words = [word for n in (1, 2) for word in ("--key", key(n))]
    assert run("eth", "reseal", *words, typed="1") == 1
    assert [one["dry_run"] for one in function.commands] == [True]
