# SPDX-License-Identifier: Apache-2.0
"""What deploy/local's validator client says that it wants signed, against the vectors."""

import json
from typing import Any

import pytest
from redoubt_stack.ethereum import roots
from redoubt_stack.ethereum.known_networks import NETWORKS, find

from support.child import ROOT

VECTORS = json.loads((ROOT / "tests/vectors/ethereum/signing.json").read_text())
KNOWN = {network.name for network in NETWORKS}
V2 = "AGGREGATE_AND_PROOF_V2"


def is_of_today(case: dict[str, Any]) -> bool:
    """Attestations had another layout before Electra."""
    request = case["request"]
    if request["type"] not in roots.KINDS or case["network"] not in KNOWN:
        return False
    wrapped = request.get("aggregate_and_proof")
    return wrapped is None or wrapped.get("version") in ("ELECTRA", "FULU")


CASES = [case for case in VECTORS["cases"] if is_of_today(case)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_request_has_the_root_of_the_vectors(case: dict[str, Any]) -> None:
    found = roots.signing_root(find(case["network"]), case["request"])
    assert "0x" + found.hex() == case["signing_root"]


def test_both_forms_of_an_aggregate_have_one_root() -> None:
    case = next(case for case in CASES if case["request"]["type"] == V2)
    request = case["request"]
    bare = request["aggregate_and_proof"]["data"]
    found = roots.signing_root(
        find(case["network"]),
        request | {"type": "AGGREGATE_AND_PROOF", "aggregate_and_proof": bare},
    )
    assert "0x" + found.hex() == case["signing_root"]


def test_the_vectors_have_each_type() -> None:
    types = {case["request"]["type"] for case in CASES}
    assert types | {"AGGREGATE_AND_PROOF"} == set(roots.KINDS)
