# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt against a stack: by its name, and with no more rights than each command needs."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import overlay
from account import MAINNET, Account, Signer

from support.keys import Curve, SecretKey
from support.payloads import attestation
from support.runbooks.node import node
from support.runbooks.reading import sections
from support.runbooks.shell import HEAD as LEVEL

STACK = "operated"
SHADOWNET = "NetXsqzbfFenSTS"
USER, READER, ROTATOR = ("operator-user",), ("auditor",), ("deployer", "auditor")


@pytest.fixture(scope="module")
def operated(
    account: Account, authorized: SecretKey, tmp_path_factory: pytest.TempPathFactory
) -> Signer:
    """Deployed as the runbook says."""
    deploying, looking = sections()["keys.md#a-new-consensus-key"].blocks
    values = {"AUTHORIZED": str(authorized.public)}
    with node(MAINNET, LEVEL) as url:
        folder = tmp_path_factory.mktemp("deploying")
        shell = account.shell(folder, STACK, account.deployer(STACK), node=url, values=values)
        # What it has to say is that this CloudFormation has ignored the table's recovery.
        assert "armed on" in shell.run(deploying, ends=1)
        signer = account.signer(STACK)
        overlay.settle(account, signer)
        shell.run(looking)
    return signer


def test_rows_are_shown_made_and_raised(account: Account, operated: Signer) -> None:
    told = account.redoubt(STACK, "status", "--json", by=USER)
    assert told.code == 0, told.text
    assert json.loads(told.text)["addresses"] == [operated.key.address]
    arm = ("arm", "--chain", "shadownet", "--level", "1000", "--yes")
    unsure = account.redoubt(STACK, *arm, by=USER)
    assert unsure.code == 2 and "below the head of shadownet" in unsure.text, unsure.text
    armed = account.redoubt(STACK, *arm, "--accept-level", by=USER)
    assert armed.code == 0 and "signs only above level 1000" in armed.text, armed.text
    lift = ("raise", "--chain", SHADOWNET, "--level", "1010", "--yes", "--accept-level")
    raised = account.redoubt(STACK, *lift, by=USER)
    assert raised.code == 0 and f"shadownet ({SHADOWNET})" in raised.text, raised.text
    assert positions(operated) == {(1010, None)}


def test_rows_are_handed_over_and_carried_away(
    account: Account, operated: Signer, tmp_path: Path
) -> None:
    """After the rows were made."""
    where = ("--chain", SHADOWNET)
    ended = account.redoubt(
        STACK, "handover", *where, "--until", "1020", "--yes", "--accept-level", by=USER
    )
    assert ended.code == 0 and "signs up to level 1020" in ended.text, ended.text
    rows = tmp_path / "rows.json"
    told = account.redoubt(STACK, "export", "--to", "redoubt", "--output", str(rows), by=USER)
    assert told.code == 0 and SHADOWNET in rows.read_text(), told.text
    words = ("import", "--from", "redoubt", *where, "--level", "1020", str(rows))
    moved = account.redoubt(STACK, *words, "--yes", "--accept-level", by=USER)
    assert moved.code == 0 and "1020, closed" in moved.text, moved.text
    assert positions(operated) == {(1022, 1020)}


def positions(signer: Signer) -> set[tuple[int, int | None]]:
    return {(row["level"], row["until"]) for row in signer.rows() if row["chain"] == SHADOWNET}


def test_who_may_only_read_arms_nothing(account: Account, operated: Signer) -> None:
    before = operated.rows()
    arm = ("arm", "--chain", "ghostnet", "--level", "1000", "--yes", "--accept-level")
    ran = account.redoubt(STACK, *arm, by=READER)
    assert ran.code == 1 and "lacks this right" in ran.text, ran.text
    assert operated.rows() == before


def test_another_name_is_not_reached(account: Account) -> None:
    ran = account.redoubt("nobodys", "status")
    assert ran.code == 3 and "there is no nobodys-operator" in ran.text, ran.text


class Changing:
    """A baker that asks with its new key until it is taken, and then goes on."""

    def __init__(self, signer: Signer, new: SecretKey, level: int) -> None:
        self.accepted = 0
        self.refused: list[str] = []
        self._signer, self._baker, self._level = signer, signer.baker(new), level
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._bake)

    def _bake(self) -> None:
        while not self._end.wait(0.5):
            reply = self._baker.post(self._signer.key, attestation(self._level))
            if reply.status == 200:
                self.accepted += 1
                self._level += 1
            elif self.accepted:
                self.refused.append(f"{reply.status} {reply.text}")

    def __enter__(self) -> "Changing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


@pytest.fixture(scope="module")
def new() -> Iterator[SecretKey]:
    yield SecretKey.generate(Curve.P256)


def test_the_authorized_key_is_replaced_once_the_new_one_is_in_use(
    account: Account, operated: Signer, authorized: SecretKey, new: SecretKey, tmp_path: Path
) -> None:
    making, rotating, telling = sections()["keys.md#another-authorized-key"].blocks
    values = {"NEW": str(new.public)}
    shell = account.shell(tmp_path, STACK, account.person(STACK, *ROTATOR), values=values)
    shell.run(making)
    with Changing(operated, new, LEVEL + 20) as baking:
        told = shell.run(rotating)
    assert baking.accepted >= 1 and baking.refused == []
    assert f"deploy/redoubt deploy --authorized-keys {new.public}" in told
    shell.run(telling)
    old = operated.baker(authorized).post(operated.key, attestation(LEVEL + 90))
    assert old.code == "authentication_invalid"
    shown = account.redoubt(STACK, "rotate", by=ROTATOR)
    assert str(new.public) in shown.text and str(authorized.public) not in shown.text


def test_the_log_is_read(account: Account, operated: Signer, new: SecretKey) -> None:
    baker = operated.baker(new)
    for level in (LEVEL + 101, LEVEL + 102):
        assert baker.sign(operated.key, attestation(level)).status == 200
    assert baker.sign(operated.key, attestation(LEVEL + 102, salt=1)).code == "already_signed"
    shown = account.redoubt(STACK, "logs", by=READER)
    assert shown.code == 0, shown.text
    assert f"attestation {LEVEL + 101}, round 0" in shown.text
    assert "409 already_signed" in shown.text and "RequestId" not in shown.text
    top = account.redoubt(STACK, "top", "--once", "--json", by=READER)
    assert top.code == 0, top.text
    (votes,) = json.loads(top.text)["signing"]
    assert votes["level"] == LEVEL + 102 and votes["signed"] >= 2
    denied = account.redoubt(STACK, "logs", by=USER)
    assert denied.code == 1 and "lacks this right" in denied.text, denied.text
