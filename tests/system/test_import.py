# SPDX-License-Identifier: Apache-2.0
"""Moving in from another signer and out again: what `import` and `export` let the signer sign."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from asking import is_error
from support import base58
from support.host import Chain, Host
from support.payloads import KINDS

HEAD = 700_000
LAST_ROUND = 2**31 - 1
Json = Any


@pytest.fixture
def moving(host: Host) -> Chain:
    """A chain that no row is of."""
    return Chain(host, os.urandom(4), HEAD)


def rows(chain: Chain) -> dict[tuple[str, str], Json]:
    mine = [row for row in chain.host.rows() if row["scope"].startswith(chain.id + "/")]
    return {(row["pkh"], row["scope"].split("/")[1]): row for row in mine}


def positions(chain: Chain) -> dict[tuple[str, str], tuple[int, int]]:
    return {id: (row["lvl"], row["rnd"]) for id, row in rows(chain).items()}


def forget(chain: Chain) -> None:
    """As if it were another table."""
    for key in chain.host.keys:
        for kind in KINDS:
            chain.host.delete_row(key, chain.scope(kind))


Level = Callable[[str], int]


def octez(chain: Chain, level: Level) -> Json:
    """Its files, if it signed in round 0 at a level of each kind."""
    marks = {
        kind: {
            key.address: {"level": level(kind), "round": 0, "hash": os.urandom(32).hex()}
            for key in chain.host.keys
        }
        for kind in KINDS
    }
    return {f"{kind}_high_watermarks": json.dumps({chain.id: marks[kind]}) for kind in KINDS}


def signatory(chain: Chain, level: Level) -> Json:
    return {
        f"{chain.id}.json": json.dumps(
            {
                key.address: {
                    kind: {"level": level(kind), "round": 0, "hash": None} for kind in KINDS
                }
                for key in chain.host.keys
            }
        )
    }


def signatory_rows(chain: Chain, level: Level) -> Json:
    items = [
        {
            "idx": {"S": f"{chain.id}/{key.address}"},
            "request": {"S": request},
            "lvl": {"N": str(level(request.removesuffix("_with_dal")) - lag)},
            "round": {"N": "0"},
            "digest": {"S": base58.encode("vh", os.urandom(32))},
        }
        for key in chain.host.keys
        for request, lag in [*((kind, 0) for kind in KINDS), ("attestation_with_dal", 5)]
    ]
    return json.dumps({"Items": items, "Count": len(items), "ScannedCount": len(items)})


def midl(chain: Chain, level: Level) -> Json:
    items = [
        {
            "publicKeyHash": {"S": key.address},
            "opType": {"S": kind.capitalize()},
            "blockLevel": {"N": str(level(kind))},
            "blockRound": {"N": "0"},
        }
        for key in chain.host.keys
        for kind in KINDS
    ]
    return json.dumps({"Items": items, "Count": len(items), "ScannedCount": len(items)})


SIGNERS: dict[str, tuple[str, Callable[[Chain, Level], Json]]] = {
    "octez": ("octez", octez),
    "signatory": ("signatory", signatory),
    "signatory's table": ("signatory", signatory_rows),
    "midl": ("midl", midl),
}
# The block's mark is behind the head, the others are ahead of it.
LEVELS = {"block": HEAD - 50, "preattestation": HEAD + 1, "attestation": HEAD + 1}


def move_in(chain: Chain, source: str, data: Json, **more: Json) -> Json:
    fields = {"from": source, "data": data, "level": HEAD, "chain": chain.id, **more}
    return chain.host.operate("import", **fields)


@pytest.mark.parametrize("signer", list(SIGNERS))
class TestMovingIn:
    def test_signs_above_what_the_other_signed_and_nothing_below(
        self, moving: Chain, signer: str
    ) -> None:
        source, make = SIGNERS[signer]
        told = move_in(moving, source, make(moving, LEVELS.__getitem__))
        assert told["ok"] is True, told
        assert {row["outcome"] for row in told["rows"]} == {"armed"}
        assert (told["level"], told["margin"], told["left_out"]) == (HEAD, 2, [])
        top = {"block": HEAD + 2, "preattestation": HEAD + 3, "attestation": HEAD + 3}
        assert positions(moving) == {
            (key.address, kind): (top[kind], LAST_ROUND)
            for key in moving.host.keys
            for kind in KINDS
        }
        for kind, make_payload in KINDS.items():
            for key in moving.host.keys:
                low = make_payload(top[kind], 7, chain=moving.raw)
                is_error(moving.host.baker.sign(key, low), 409, "below_watermark")
                high = make_payload(top[kind] + 1, 0, chain=moving.raw)
                assert key.verifies(moving.host.baker.sign(key, high).signature, high)

    def test_the_same_again_changes_nothing(self, moving: Chain, signer: str) -> None:
        source, make = SIGNERS[signer]
        data = make(moving, LEVELS.__getitem__)
        dry = move_in(moving, source, data, dry_run=True)
        assert dry["ok"] is True and dry["dry_run"] is True and rows(moving) == {}
        assert move_in(moving, source, data)["ok"] is True
        before = rows(moving)
        again = move_in(moving, source, data)
        assert again["ok"] is True
        assert {row["outcome"] for row in again["rows"]} == {"unchanged"}
        assert rows(moving) == before

    def test_what_is_cut_short_changes_nothing(self, moving: Chain, signer: str) -> None:
        source, make = SIGNERS[signer]
        data = make(moving, LEVELS.__getitem__)
        if isinstance(data, str):
            cut: Json = data[: len(data) // 2]
        else:
            name, text = list(data.items())[-1]
            cut = data | {name: text[: len(text) // 2]}
        told = move_in(moving, source, cut)
        assert told["ok"] is False and told["error"]["id"] == "bad_request"
        assert "cut short" in told["error"]["msg"]
        assert rows(moving) == {}


class TestALiveSigner:
    def test_is_raised_and_never_lowered(self, moving: Chain) -> None:
        assert moving.host.operate("arm", chain=moving.id, level=HEAD)["ok"] is True
        key = moving.host.keys[0]
        payload = KINDS["block"](HEAD + 9, 0, chain=moving.raw)
        signature = moving.host.baker.sign(key, payload).signature
        assert key.verifies(signature, payload)
        told = move_in(moving, "octez", octez(moving, lambda _: HEAD + 1))
        assert told["ok"] is True
        outcomes = {(row["pkh"], row["kind"]): row["outcome"] for row in told["rows"]}
        assert outcomes.pop((key.address, "block")) == "unchanged"
        assert set(outcomes.values()) == {"raised"}
        assert moving.host.baker.sign(key, payload).signature == signature


class TestMovingOut:
    @pytest.mark.parametrize("format", ["redoubt", "octez"])
    def test_what_is_exported_comes_in_again_as_it_was(self, moving: Chain, format: str) -> None:
        host = moving.host
        assert host.operate("arm", chain=moving.id, level=HEAD)["ok"] is True
        payloads = {kind: make(HEAD + 1, 2, chain=moving.raw) for kind, make in KINDS.items()}
        for payload in payloads.values():
            assert host.baker.sign(host.keys[0], payload).status == 200
        before, stood = rows(moving), positions(moving)
        told = host.operate("export", to=format, chain=moving.id)
        assert told["ok"] is True, told
        assert rows(moving) == before

        same = move_in(moving, format, told["data"], margin=0)
        assert {row["outcome"] for row in same["rows"]} == {"unchanged"}
        assert rows(moving) == before

        forget(moving)
        there = move_in(moving, format, told["data"], margin=0)
        assert {row["outcome"] for row in there["rows"]} == {"armed"}
        assert positions(moving) == stood
        for payload in payloads.values():
            is_error(host.baker.sign(host.keys[0], payload), 409, "already_signed")

    def test_octez_gets_a_mark_for_each_key_and_no_signature(self, moving: Chain) -> None:
        host = moving.host
        assert host.operate("arm", chain=moving.id, level=HEAD)["ok"] is True
        block = KINDS["block"](HEAD + 1, 0, chain=moving.raw)
        signature = host.baker.sign(host.keys[0], block).signature
        told = host.operate("export", to="octez", chain=moving.id)
        assert set(told["data"]) == {f"{kind}_high_watermarks" for kind in KINDS}
        for kind, text in ((name.split("_")[0], text) for name, text in told["data"].items()):
            marks = json.loads(text)[moving.id]
            assert set(marks) == {key.address for key in host.keys}
            for address, mark in marks.items():
                signed = kind == "block" and address == host.keys[0].address
                at = (HEAD + 1, 0) if signed else (HEAD, LAST_ROUND)
                assert (mark["level"], mark["round"]) == at
                assert set(mark) == {"level", "round", "hash"}
        assert signature not in json.dumps(told)
