# SPDX-License-Identifier: Apache-2.0
"""`redoubt rotate`: two keys are valid at once, and the old one goes when the new one is in use."""

import json
import re
from collections.abc import Callable

import pytest
from redoubt_stack import redoubt
from redoubt_stack.console import BadUsage, Stop
from redoubt_stack.operate import follow, rotate, stack_target
from redoubt_stack.tezos import address_of
from redoubt_stack.working import Working

from cloud import Cloud, set_variables
from support.keys import Curve, SecretKey

NOW = 1_790_000_000_000
OLD, NEW, THIRD = (
    str(SecretKey.generate(curve).public) for curve in (Curve.ED25519, Curve.P256, Curve.SECP256K1)
)
FUNCTIONS = ("redoubt-signer", "redoubt-operator")
Typed = Callable[..., None]


@pytest.fixture
def now() -> list[int]:
    return [NOW]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, now: list[int]) -> Cloud:
    """A stack with one authorized key; time passes when somebody waits."""
    made = Cloud()
    made.outputs = {"SignerFunction": FUNCTIONS[0], "OperatorFunction": FUNCTIONS[1]}
    for function in FUNCTIONS:
        set_variables(made, function, {"AUTHORIZED_KEYS": OLD, "OTHER": "x"})
    monkeypatch.setattr(stack_target, "Aws", lambda *_: made)
    monkeypatch.setattr(Working, "check", lambda _: "it works")
    for module in (follow, rotate):
        monkeypatch.setattr(module, "now_ms", lambda: now[0])
    monkeypatch.setattr(rotate.time, "monotonic", lambda: now[0] / 1000)
    return made


def sleeping(
    monkeypatch: pytest.MonkeyPatch, now: list[int], meanwhile: Callable[[], None]
) -> None:
    def sleep(seconds: float) -> None:
        now[0] += int(seconds * 1000)
        meanwhile()

    monkeypatch.setattr(rotate.time, "sleep", sleep)


def used(cloud: Cloud, key: str, at: int) -> None:
    line = {"verdict": "ok", "route": "POST /keys", "authorized_key": address_of(key)}
    assert cloud.log is not None
    event = {"eventId": str(len(cloud.log)), "timestamp": at, "message": json.dumps(line)}
    cloud.log.append(event)


def keys(cloud: Cloud) -> list[list[str]]:
    variables = [cloud.functions[function]["variables"] for function in FUNCTIONS]
    assert all(found["OTHER"] == "x" for found in variables)
    return [found["AUTHORIZED_KEYS"].split(",") for found in variables]


def at_terminal(monkeypatch: pytest.MonkeyPatch, *typed: str) -> list[str]:
    """What is still to be typed."""
    words = list(typed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: words.pop(0))
    return words


def test_keys_are_shown_with_their_last_use(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    used(cloud, OLD, NOW - 7000)
    set_variables(cloud, FUNCTIONS[0], {"AUTHORIZED_KEYS": f"{OLD},{NEW}", "OTHER": "x"})
    assert redoubt.main(["rotate"]) == 0
    shown = capsys.readouterr().out
    assert re.search(rf"{address_of(OLD)} +7 s ago +{OLD}", shown)
    assert re.search(rf"{address_of(NEW)} +not lately +{NEW}", shown)
    assert [name in shown for name in FUNCTIONS] == [True, True]
    assert cloud.asked.count("update_function_configuration") == 0


def test_the_walk_waits_for_the_baker(
    cloud: Cloud,
    now: list[int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    used(cloud, OLD, NOW - 1000)
    seen: list[list[list[str]]] = []

    def meanwhile() -> None:
        """The baker goes on with the old key, then changes over."""
        seen.append(keys(cloud))
        used(cloud, NEW if len(seen) == 2 or len(seen) > 4 else OLD, now[0])

    sleeping(monkeypatch, now, meanwhile)
    left = at_terminal(monkeypatch, "add", "remove")
    assert redoubt.main(["rotate", "--to", NEW]) == 0
    # 30 s after the last use of the old one.
    assert left == [] and len(seen) == 4 + 16
    assert all(found == [[OLD, NEW]] * 2 for found in seen)
    assert keys(cloud) == [[NEW]] * 2
    shown = capsys.readouterr().out
    assert f"deploy/redoubt deploy --authorized-keys {NEW}" in shown
    assert f"{address_of(NEW)} is in use" in shown


def test_a_baker_that_does_not_change_over_loses_nothing(
    cloud: Cloud, now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeping(monkeypatch, now, lambda: used(cloud, OLD, now[0]))
    with pytest.raises(
        Stop, match="is not in use yet, or the old key still is. Both are"
    ) as stopped:
        redoubt.main(["rotate", "--to", NEW, "--yes", "--wait", "60s"])
    assert stopped.value.code == 1
    assert keys(cloud) == [[OLD, NEW]] * 2
    # The same command again goes on from there.
    sleeping(monkeypatch, now, lambda: used(cloud, NEW, now[0]))
    assert redoubt.main(["rotate", "--to", NEW, "--yes"]) == 0
    assert keys(cloud) == [[NEW]] * 2
    asked = len(cloud.asked)
    assert redoubt.main(["rotate", "--to", NEW, "--yes"]) == 0
    assert "update_function_configuration" not in cloud.asked[asked:]


def test_a_run_that_was_cut_off_between_the_functions_is_taken_up(
    cloud: Cloud, now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_variables(cloud, FUNCTIONS[0], {"AUTHORIZED_KEYS": f"{OLD},{NEW}", "OTHER": "x"})
    used(cloud, NEW, NOW)
    assert redoubt.main(["rotate", "--to", NEW, "--yes"]) == 0
    assert keys(cloud) == [[NEW]] * 2


def test_without_the_log_the_old_key_stays(
    cloud: Cloud, now: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log = None
    with pytest.raises(Stop, match="auditor.json"):
        redoubt.main(["rotate", "--to", NEW, "--yes"])
    assert keys(cloud) == [[OLD, NEW]] * 2
    with pytest.raises(Stop, match="--force"):
        redoubt.main(["rotate", "--remove", OLD, "--yes"])
    assert keys(cloud) == [[OLD, NEW]] * 2
    assert redoubt.main(["rotate", "--remove", OLD, "--yes", "--force"]) == 0
    assert keys(cloud) == [[NEW]] * 2


def test_a_key_in_use_is_removed_by_force_only(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redoubt.main(["rotate", "--add", NEW, "--yes"]) == 0
    assert f"deploy/redoubt deploy --authorized-keys {OLD},{NEW}" in capsys.readouterr().out
    used(cloud, OLD, NOW - 60_000)
    with pytest.raises(Stop, match="is in use, 60 s ago"):
        redoubt.main(["rotate", "--remove", OLD, "--yes"])
    assert keys(cloud) == [[OLD, NEW]] * 2
    assert redoubt.main(["rotate", "--remove", OLD, "--yes", "--force"]) == 0
    assert keys(cloud) == [[NEW]] * 2


def test_a_key_that_was_used_long_ago_goes(cloud: Cloud) -> None:
    assert redoubt.main(["rotate", "--add", NEW, "--yes"]) == 0
    used(cloud, OLD, NOW - rotate.IN_USE_MS - 1)
    assert redoubt.main(["rotate", "--remove", OLD, "--yes"]) == 0
    assert keys(cloud) == [[NEW]] * 2


@pytest.mark.parametrize("words", [["--add", NEW], ["--to", NEW], ["--remove", OLD]])
def test_nothing_is_changed_unasked(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    set_variables(cloud, FUNCTIONS[0], {"AUTHORIZED_KEYS": f"{OLD},{THIRD}", "OTHER": "x"})
    before = keys(cloud)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(BadUsage, match="nothing was changed"):
        redoubt.main(["rotate", *words])
    at_terminal(monkeypatch, "no")
    with pytest.raises(Stop, match="nothing was changed"):
        redoubt.main(["rotate", *words])
    assert keys(cloud) == before


@pytest.mark.parametrize("slip", ["tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb", "edpk", "", OLD[:-1]])
@pytest.mark.parametrize("option", ["--to", "--add"])
def test_what_is_no_key_is_not_added(cloud: Cloud, option: str, slip: str) -> None:
    with pytest.raises(Stop, match="the key is"):
        redoubt.main(["rotate", option, slip, "--yes"])
    assert keys(cloud) == [[OLD]] * 2


def test_the_last_key_stays(cloud: Cloud) -> None:
    with pytest.raises(Stop, match="last key"):
        redoubt.main(["rotate", "--remove", OLD, "--yes"])
    with pytest.raises(Stop, match="is not authorized"):
        redoubt.main(["rotate", "--remove", NEW, "--yes"])
    assert keys(cloud) == [[OLD]] * 2


def test_the_local_host_has_nothing_to_rotate() -> None:
    with pytest.raises(BadUsage, match="deploy/local is given its keys"):
        redoubt.main(["--local", "http://127.0.0.1:8080", "rotate"])


@pytest.mark.parametrize("curve", list(Curve))
def test_an_address_is_that_of_its_key(curve: Curve) -> None:
    public = SecretKey.generate(curve).public
    assert address_of(str(public)) == public.address
