# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt changes rows, of the local host: not before somebody has agreed, and as shown."""

import os
import re

import pytest

from support.host import Chain, Host
from support.keys import Curve, PublicKey
from support.terminal import Terminal
from test_redoubt_local import PROGRAM, START, redoubt, rows_of


@pytest.fixture
def fresh() -> Chain:
    """A chain of which there is no row; arming it is for the test."""
    return Chain(None, os.urandom(4), START)  # type: ignore[arg-type]


def test_arming_asks_a_person_first(host: Host, fresh: Chain) -> None:
    words = ["arm", "--chain", fresh.id, "--level", str(START)]
    with Terminal([PROGRAM, "--local", host.url, *words]) as terminal:
        question = terminal.wait_for("to go on: ")
        for named in (fresh.id, str(START), *(key.address for key in host.keys)):
            assert named in question
        assert rows_of(host, fresh) == []
        terminal.type(f"{START}\n")
        assert terminal.end() == 0
    assert f"signs only above level {START}" in terminal.shown
    assert len(rows_of(host, fresh)) == 3 * len(host.keys)


@pytest.mark.parametrize("typed", ["\n", "y\n", "yes\n", "\x04", "\x03"])
def test_anything_else_arms_nothing(host: Host, fresh: Chain, typed: str) -> None:
    words = ["arm", "--chain", fresh.id, "--level", str(START)]
    with Terminal([PROGRAM, "--local", host.url, *words]) as terminal:
        terminal.wait_for("to go on: ")
        terminal.type(typed)
        assert terminal.end(again=typed) == 1
    assert rows_of(host, fresh) == []


def test_a_script_arms_one_key_and_sees_what_came_of_it(host: Host, fresh: Chain) -> None:
    key = host.key(Curve.SECP256K1).address
    words = ("arm", "--chain", fresh.id, "--level", str(START), "--key", key)
    assert redoubt(host, *words).code == 2
    tried = redoubt(host, *words, "--dry-run", "--json")
    assert tried.code == 0 and tried.told["dry_run"] is True
    assert rows_of(host, fresh) == []
    done = redoubt(host, *words, "--yes", "--json")
    assert [row["outcome"] for row in done.told["rows"]] == ["armed"] * 3
    assert {item["pkh"]["S"] for item in rows_of(host, fresh)} == {key}
    again = redoubt(host, *words, "--yes")
    assert again.code == 0 and "nothing is to be done" in again.out


def test_what_is_armed_elsewhere_is_left(host: Host, chain: Chain) -> None:
    before = rows_of(host, chain)
    ran = redoubt(host, "arm", "--chain", chain.id, "--level", str(START + 1), "--yes")
    assert ran.code == 1 and "already_signed" in ran.err and "refused, already_signed" in ran.out
    assert rows_of(host, chain) == before


def test_a_level_that_no_chain_has_changes_nothing(host: Host, fresh: Chain) -> None:
    ran = redoubt(host, "arm", "--chain", fresh.id, "--level", "2000000000", "--yes")
    assert ran.code == 1 and "too_far_ahead" in ran.err
    assert rows_of(host, fresh) == []


def test_raising_lifts_and_never_lowers(host: Host, chain: Chain, key: PublicKey) -> None:
    words = ("raise", "--chain", chain.id, "--key", key.address, "--yes", "--level")
    ran = redoubt(host, *words, str(START + 5), "--round", "3")
    assert ran.code == 0, ran.err
    shown = re.findall(r"^ +(\w+) +1000000, closed +1000005, round 3 +raised$", ran.out, re.M)
    assert shown == ["block", "preattestation", "attestation"]
    lower = redoubt(host, *words, str(START + 4))
    assert lower.code == 0 and "nothing is to be done" in lower.out
    assert host.row(key, chain.scope("block"))["lvl"] == START + 5


def test_the_fence_is_passed_by_force_only(host: Host, fresh: Chain, key: PublicKey) -> None:
    host.arm(START, fresh.raw)
    words = ("raise", "--chain", fresh.id, "--key", key.address, "--yes", "--level", "1100000")
    refused = redoubt(host, *words)
    assert refused.code == 1 and "too_far_ahead" in refused.err
    assert redoubt(host, *words, "--force").code == 0
    assert host.row(key, fresh.scope("block"))["lvl"] == 1_100_000


def test_what_is_missing_is_armed_and_what_is_damaged_mended(
    host: Host, chain: Chain, key: PublicKey
) -> None:
    """Beside rows that sign already."""
    host.delete_row(key, chain.scope("attestation"))
    about = ("--chain", chain.id, "--key", key.address, "--yes", "--level")
    held_up = redoubt(host, "arm", *about, str(START + 1))
    assert held_up.code == 1 and "--partly" in held_up.err
    assert "nothing was changed" in held_up.out
    assert len(rows_of(host, chain)) == 3 * len(host.keys) - 1
    assert redoubt(host, "arm", *about, str(START + 1), "--partly").code == 1  # two were refused
    assert host.row(key, chain.scope("attestation"))["lvl"] == START + 1
    assert host.row(key, chain.scope("block"))["lvl"] == START

    scope = chain.scope("block")
    [block] = [
        item
        for item in rows_of(host, chain)
        if item["pkh"]["S"] == key.address and item["scope"]["S"] == scope
    ]
    host.put_row(block | {"digest": {"S": "no digest"}})
    mended = redoubt(host, "raise", *about, str(START + 2), "--force")
    assert mended.code == 0, mended.err
    assert host.row(key, scope)["lvl"] == START + 2
