# SPDX-License-Identifier: Apache-2.0
"""What a bug is, and what can see it."""

from typing import NamedTuple


class Check(NamedTuple):
    """Programs of the build, and the command that fails when it sees something."""

    name: str
    targets: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    seconds: int  # seeing nothing until then is seeing nothing


def pytest(*files: str, targets: tuple[str, ...] = ()) -> Check:
    """Files of `tests/`; what they need of the build (release/bootstrap and so on)."""
    paths = tuple(f"tests/{file}" for file in files)
    command = ("build/venv/bin/pytest", "-x", "-q", "-c", "tests/pytest.ini", *paths)
    return Check(files[0].split(" ")[0], targets, (command,), 600)


def system(*files: str) -> Check:
    return pytest(*files, targets=("bootstrap", "redoubt-local"))


def corpus(target: str) -> Check:
    """What tests/fuzz has found for a target, once more."""
    program, folder = "../build/redoubt-fuzz", f"tests/fuzz/corpus/{target}"
    command = ("env", f"FUZZ={target}", program, folder)
    return Check(f"corpus of {target}", ("redoubt-fuzz",), (command,), 60)


BRIEF = ("--gtest_fail_fast", "--gtest_brief=1")
EXHAUSTION = Check("exhaustion", ("redoubt-exhaust",), (("./redoubt-exhaust",),), 300)
EXHAUSTION_OF_ETHEREUM = Check(
    "exhaustion of Ethereum",
    ("redoubt-exhaust-ethereum",),
    (("./redoubt-exhaust-ethereum",),),
    300,
)


def simulation(chain: str, steps: int) -> tuple[tuple[str, ...], ...]:
    return (("./redoubt-simulate", "--chain", chain, "--steps", str(steps)),)


SIMULATION = Check("simulation", ("redoubt-simulate",), simulation("tezos", 600_000), 120)
SIMULATION_OF_ETHEREUM = Check(
    "simulation of Ethereum", ("redoubt-simulate",), simulation("ethereum", 300_000), 120
)
UNIT = Check(
    "unit tests",
    ("core_tests", "cloud_tests"),
    (("./core_tests", *BRIEF), ("./cloud_tests", *BRIEF)),
    240,
)


class Mutant(NamedTuple):
    """`old`, which is in `file` once, becomes `new`. `by` is expected to see it, and asked first;
    of a bug in C++ that it does not see, the other checks of C++ are asked."""

    name: str
    file: str
    old: str
    new: str
    by: Check
