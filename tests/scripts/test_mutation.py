# SPDX-License-Identifier: Apache-2.0
"""The bugs of tests/mutation can be put in. Whether they are seen, tests/mutants shows."""

import importlib
import pkgutil
from pathlib import Path

import mutation
import pytest
from mutation.bug import Mutant

ROOT = Path(__file__).resolve().parents[2]
AREAS = [name for _, name, _ in pkgutil.iter_modules(mutation.__path__) if name != "bug"]
MUTANTS: list[Mutant] = [
    mutant for area in AREAS for mutant in importlib.import_module(f"mutation.{area}").MUTANTS
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_place_is_there_once(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1
    assert mutant.new != mutant.old


def test_each_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
