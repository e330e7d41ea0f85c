# SPDX-License-Identifier: Apache-2.0
"""`deploy/redoubt eth`: what it asks before it changes anything, what it sends, what it keeps, and
that deposits are judged here by rules that are no part of the function."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from redoubt_stack import deposits
from redoubt_stack.operate import eth, eth_create, eth_keys

from answering import Answering, Run, refused
from support.child import ROOT

VECTORS = json.loads((ROOT / "tests/vectors/ethereum/deposits.json").read_text())
NETWORKS = json.loads((ROOT / "tests/vectors/ethereum/networks.json").read_text())["networks"]
ADDRESS = VECTORS["execution_address"]
CREATE = ("eth", "keys", "create", "--address", ADDRESS, "--batch", "b")
STATUS = {
    "ok": True,
    "version": "0.1.0",
    "network": {"name": "hoodi", "genesis_validators_root": "0x", "epoch": 7, "slot": 230},
    "table": "redoubt-ethereum-validators",
    "table_is_for": {"genesis_validators_root": "0x", "table": "t", "is_ours": True},
    "wraps": ["0" * 32],
    "wrapping_keys": ["arn:1", "arn:2", "arn:3"],
    "threshold": 2,
    "backup": True,
    "counts": {"keys": 2, "on": 1, "deleted": 0, "damaged": 0},
    "clock": {"ahead_of_us_ms": 0, "corrected_by_ms": 0},
}


def key(number: int) -> str:
    return f"0x{number:096x}"


def deposit(number: int, network: str = "hoodi") -> dict[str, Any]:
    """With roots that are right; nobody signed it."""
    known = deposits.network_of(network)
    assert known is not None
    made: dict[str, Any] = {
        "pubkey": key(number)[2:],
        "withdrawal_credentials": "01" + "00" * 11 + ADDRESS[2:].lower(),
        "amount": 32 * deposits.GWEI,
        "signature": "ab" * 96,
        "fork_version": known.genesis_fork_version,
        "network_name": network,
        "deposit_cli_version": "1.3.1",
    }
    made["deposit_message_root"] = deposits.message_root(made).hex()
    return made | {"deposit_data_root": deposits.data_root(made).hex()}


def made(first: int, count: int, **more: Any) -> dict[str, Any]:
    """What `create_keys` answers."""
    keys = [
        {
            "public_key": key(n),
            "path": "m/12381/3600/0/0/0",
            "wrap": "0" * 32,
            "deposit": deposit(n),
            "backup": f"backup of {n}\n",
        }
        for n in range(first, first + count)
    ]
    return {"ok": True, "batch": "b", "outcome": "created", "keys": keys} | more


def listed(number: int, **more: Any) -> dict[str, Any]:
    return {
        "public_key": key(number),
        "on": True,
        "source": 1,
        "target": 2,
        "slot": 64,
        "until": None,
        "tags": [],
        "fee": [],
        "wrap": "0" * 32,
        "made": 1,
        "at": 2,
    } | more


def page(*keys: dict[str, Any], after: Any = None) -> dict[str, Any]:
    return {"ok": True, "keys": list(keys), "damaged": [], "next": after}


# --- Which action -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [("keys",), ("keys", "lst"), ("deposit",), ("keys", "list", "--nothing"), ("status", "more")],
)
def test_what_is_no_action_is_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run("eth", *words) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("logz", "did you mean `eth logs`?"),
        ("key list", "did you mean `eth keys list`?"),
        ("token create --may validator", "did you mean `eth tokens create`?"),
        ("keys lst", "there are keys create, keys list, "),
        ("bake", "`deploy/redoubt eth --help` lists all"),
    ],
)
def test_an_action_that_is_misspelt_is_told(
    run: Run, capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    assert run("eth", *words.split()) == 2
    assert told in capsys.readouterr().err


def test_an_option_that_is_misspelt_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Rather than that the right one is missing."""
    assert run("eth", "keys", "create", "--count", "2", "--adress", "0x", "--output", "x") == 2
    assert "no option --adress: did you mean --address?" in capsys.readouterr().err
    assert run("eth", "status", "--quietly=yes") == 2
    assert "no option --quietly: --help lists all" in capsys.readouterr().err


OF_FUNCTIONS = [name for name, one in eth.ACTIONS.items() if "." not in one.module]


@pytest.mark.parametrize("action", OF_FUNCTIONS)
def test_each_action_has_a_help_with_examples(
    action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        eth.main([*action.split(), "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: deploy/redoubt eth {action} ")
    examples = re.findall(r"^  deploy/redoubt (.+)$", text.split("examples:")[1], re.M)
    options = {*re.findall(r"--[\w-]+", text.split("examples:")[0])}
    for line in examples:
        assert f"eth {action}" in line or "eth keys disable" in line or "eth" in line
        assert {word for word in line.split() if word.startswith("--")} <= options


def test_the_shared_options_may_stand_before_the_action(run: Run, function: Answering) -> None:
    function.answer(STATUS)
    assert run("eth", "--json", "status") == 0
    assert function.commands == [{"command": "status"}]


# --- Status -------------------------------------------------------------------------------------
def test_status_says_what_is_there(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(STATUS)
    assert run("eth", "status") == 0
    told = capsys.readouterr().out
    for words in ("hoodi, epoch 7, slot 230", "2 keys, 1 on", "2 of 3 KMS keys", "with a backup"):
        assert words in told


@pytest.mark.parametrize("table", [None, {"table": "another", "is_ours": False}])
def test_a_table_of_another_stack_is_no_small_thing(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str], table: Any
) -> None:
    function.answer(STATUS | {"table_is_for": table, "backup": False})
    assert run("eth", "status") == 1
    told = capsys.readouterr().out
    assert "NOT THE STACK'S" in told and "WITHOUT BACKUPS" in told


# --- Making keys --------------------------------------------------------------------------------
def test_keys_are_made_a_hundred_at_a_time_and_kept(
    run: Run, function: Answering, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(STATUS, made(0, 100), made(100, 20))
    out = tmp_path / "out"
    assert run(*CREATE, "--count", "120", "--output", str(out), "--tag", "x", "--yes") == 0
    asked = [command for command in function.commands if command["command"] == "create_keys"]
    terms = {"address": ADDRESS, "credentials": "01", "amount": 32 * 10**9, "tags": ["x"]}
    assert asked == [
        {"command": "create_keys", "batch": "b.001", "count": 100} | terms,
        {"command": "create_keys", "batch": "b.002", "count": 20} | terms,
    ]
    assert len(list(out.glob("0x*.age"))) == 120
    kept = json.loads((out / "deposit_data-b.002.json").read_text())
    assert kept == [deposit(n) for n in range(100, 120)]
    assert key(119) in capsys.readouterr().out


def test_what_was_stopped_goes_on(run: Run, function: Answering, tmp_path: Path) -> None:
    function.answer(STATUS, made(0, 100), refused("table_unavailable", "try again"))
    words = (*CREATE, "--count", "101", "--output", str(tmp_path), "--yes")
    assert run(*words) == 1
    assert len(list(tmp_path.glob("*.age"))) == 100
    function.answers.clear()
    function.answer(STATUS, made(0, 100, outcome="unchanged"), made(100, 1))
    assert run(*words) == 0
    assert len(list(tmp_path.glob("*.age"))) == 101


def test_keystores_are_kept_with_their_passwords(
    run: Run, function: Answering, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def with_keystores(first: int, count: int) -> dict[str, Any]:
        answer = made(first, count)
        for one in answer["keys"]:
            one |= {"keystore": {"pubkey": one["public_key"][2:]}, "password": "secret"}
        return answer

    function.answer(STATUS, with_keystores(0, 25), with_keystores(25, 1))
    folders = ("--output", str(tmp_path / "out"), "--keystores", str(tmp_path / "stores"))
    assert run(*CREATE, "--count", "26", *folders, "--yes") == 0
    asked = [command for command in function.commands if command["command"] == "create_keys"]
    assert [(one["count"], one["keystores"]) for one in asked] == [(25, True), (1, True)]
    stores = sorted((tmp_path / "stores").glob("keystore-0x*.json"))
    assert [json.loads(file.read_text())["pubkey"] for file in stores] == [
        key(n)[2:] for n in range(26)
    ]
    assert len(list((tmp_path / "stores").glob("password-0x*.age"))) == 26
    assert len(list((tmp_path / "out").glob("0x*.age"))) == 26
    told = capsys.readouterr()
    assert "their passwords open by" in told.out


@pytest.mark.parametrize(
    ("answered", "word"),
    [
        ({"backed_up": True}, "yes"),
        ({"backup": None, "backed_up": True}, "LOST"),
        ({"backup": None, "backed_up": False}, "NONE"),
        ({"backup": None, "backed_up": None}, "NONE"),
    ],
)
def test_a_backup_that_is_lost_is_not_one_that_nobody_wanted(
    run: Run,
    function: Answering,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    answered: dict[str, Any],
    word: str,
) -> None:
    answer = made(0, 1, outcome="unchanged")
    answer["keys"][0] |= answered
    function.answer(STATUS, answer)
    assert run(*CREATE, "--count", "1", "--output", str(tmp_path), "--yes") == 0
    assert f"{key(0)}  {word}" in capsys.readouterr().out


def test_a_wrong_deposit_is_not_kept(
    run: Run, function: Answering, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = made(0, 1)
    answer["keys"][0]["deposit"]["amount"] += 1
    function.answer(STATUS, answer)
    assert run(*CREATE, "--count", "1", "--output", str(tmp_path), "--yes") == 1
    assert list(tmp_path.iterdir()) == []
    assert "deposit_message_root" in capsys.readouterr().err


def test_a_key_that_was_deleted_since_has_no_deposit(
    run: Run, function: Answering, tmp_path: Path
) -> None:
    answer = made(0, 2, outcome="unchanged")
    answer["keys"][0] |= {"deposit": None, "wrap": None}
    function.answer(STATUS, answer)
    assert run(*CREATE, "--count", "2", "--output", str(tmp_path), "--yes") == 0
    assert json.loads((tmp_path / "deposit_data-b.json").read_text()) == [deposit(1)]
    assert len(list(tmp_path.glob("*.age"))) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"public_key": key(9)},
        {"deposit": deposit(0, "mainnet")},
    ],
)
def test_a_deposit_is_of_its_key_and_network(
    run: Run, function: Answering, tmp_path: Path, change: dict[str, Any]
) -> None:
    answer = made(0, 1)
    answer["keys"][0] |= change
    function.answer(STATUS, answer)
    assert run(*CREATE, "--count", "1", "--output", str(tmp_path), "--yes") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("network", "amount", "gwei"),
    [
        ("hoodi", None, 32_000_000_000),
        ("hoodi", "64", 64_000_000_000),
        ("hoodi", "1.000000001", 1_000_000_001),
        ("gnosis", None, 32_000_000_000),
        ("gnosis", "2", 64_000_000_000),
        ("gnosis", "0.03125", 1_000_000_000),
    ],
)
def test_amounts_are_in_coins(
    run: Run, function: Answering, tmp_path: Path, network: str, amount: str | None, gwei: int
) -> None:
    function.answer(STATUS | {"network": STATUS["network"] | {"name": network}}, refused("x", "y"))
    words = (*CREATE, "--count", "1", "--output", str(tmp_path), "--yes")
    assert run(*words, *(("--amount", amount) if amount else ())) == 1
    assert function.commands[-1]["amount"] == gwei


@pytest.mark.parametrize("amount", ["0.99", "2048.1", "1.0000000001", "x", "NaN", "Infinity", "-1"])
def test_an_amount_that_is_none(run: Run, function: Answering, tmp_path: Path, amount: str) -> None:
    function.answer(STATUS)
    words = (*CREATE, "--count", "1", "--output", str(tmp_path), "--yes")
    assert run(*words, f"--amount={amount}") == 2
    assert [command["command"] for command in function.commands] == ["status"]


def test_nothing_is_made_unasked(run: Run, function: Answering, tmp_path: Path) -> None:
    function.answer(STATUS)
    words = (*CREATE, "--count", "2", "--output", str(tmp_path))
    assert run(*words) == 2
    assert run(*words, typed="1") == 1
    assert all(command["command"] == "status" for command in function.commands)


# --- Keys that are there ------------------------------------------------------------------------
def test_all_pages_are_listed(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    after = ["a", None]
    function.answer(page(listed(2), after=after), page(listed(1, on=False, tags=["home"])))
    assert run("eth", "keys", "list") == 0
    assert function.commands == [
        {"command": "list_keys"},
        {"command": "list_keys", "after": after},
    ]
    told = capsys.readouterr().out
    assert told.index(key(1)) < told.index(key(2))
    assert "2 keys, 1 on, 1 off" in told


@pytest.mark.parametrize(
    ("words", "numbers"), [((), {1, 2, 3}), (("--tag", "t"), {1, 3}), (("--off",), {3})]
)
def test_keys_are_listed_by_tag_and_state(
    run: Run,
    function: Answering,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    numbers: set[int],
) -> None:
    keys = [listed(1, tags=["t"]), listed(2), listed(3, tags=["t", "u"], on=False)]
    function.answer(page(*keys))
    assert run("eth", "keys", "list", "--json", *words) == 0
    told = json.loads(capsys.readouterr().out)["keys"]
    assert {one["public_key"] for one in told} == {key(n) for n in numbers}


@pytest.mark.parametrize(("epochs", "numbers"), [("4", {1}), ("3", {1, 2}), ("0", {1, 2, 3})])
def test_silent_keys_are_listed(
    run: Run,
    function: Answering,
    capsys: pytest.CaptureFixture[str],
    epochs: str,
    numbers: set[int],
) -> None:
    """Of epoch 7."""
    keys = [listed(1, target=2), listed(2, target=3), listed(3, target=6), listed(4, target=7)]
    function.answer(STATUS, page(*keys))
    assert run("eth", "keys", "list", "--json", "--behind", epochs) == 0
    told = json.loads(capsys.readouterr().out)["keys"]
    assert {one["public_key"] for one in told} == {key(n) for n in numbers}


def test_before_the_chain_begins_none_is_silent(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(STATUS | {"network": STATUS["network"] | {"epoch": None}}, page(listed(1)))
    assert run("eth", "keys", "list", "--behind", "3") == 2
    assert "has not begun" in capsys.readouterr().err
    assert run("eth", "keys", "list", "--behind", "-1") == 2


@pytest.mark.parametrize(("epoch", "is_over"), [("7", True), ("8", False), ("none", False)])
def test_an_end_that_has_come_is_told_before_it_is_set(
    run: Run,
    function: Answering,
    capsys: pytest.CaptureFixture[str],
    epoch: str,
    is_over: bool,
) -> None:
    function.answer(STATUS, {"ok": True, "keys": [{"public_key": key(1), "outcome": "set"}]})
    words = ("eth", "keys", "until", "--epoch", epoch, "--key", key(1))
    assert run(*words, typed="1") == 0
    told = capsys.readouterr()
    warning = "CAREFUL: now is epoch 7: they sign no vote and no block from now on"
    assert (warning in told.out + told.err) == is_over


@pytest.mark.parametrize(
    ("words", "event"),
    [
        (("enable",), {"command": "set_keys", "on": True}),
        (("disable",), {"command": "set_keys", "on": False}),
        (("until", "--epoch", "412000"), {"command": "set_until", "until": 412000}),
        (
            ("until", "--epoch", "none", "--force"),
            {"command": "set_until", "until": None, "force": True},
        ),
        (("tag", "--set", "a", "--set", "b"), {"command": "tag_keys", "tags": ["a", "b"]}),
        (("tag",), {"command": "tag_keys", "tags": []}),
        (("fee", "--to", ADDRESS), {"command": "set_fee", "fee": [ADDRESS]}),
    ],
)
def test_keys_are_changed(
    run: Run, function: Answering, words: tuple[str, ...], event: dict[str, Any]
) -> None:
    function.answer({"ok": True, "keys": [{"public_key": key(1), "outcome": "set"}]})
    assert run("eth", "keys", *words, "--key", key(1).upper().replace("X", "x"), "--yes") == 0
    assert function.commands == [event | {"keys": [key(1)]}]


def test_many_are_changed_a_hundred_at_a_time_and_counted(
    run: Run, function: Answering, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [key(n) for n in range(150)]
    (tmp_path / "keys").write_text("# ours\n" + "\n".join(names) + "\n")
    first = [{"public_key": name, "outcome": "set"} for name in names[:99]]
    bad = {"public_key": names[99], "outcome": "bad_request", "msg": "this key was deleted"}
    function.answer({"ok": True, "keys": [*first, bad]}, refused("table_unavailable", "again"))
    assert run("eth", "keys", "enable", "--keys-from", str(tmp_path / "keys"), "--yes") == 1
    assert [len(command["keys"]) for command in function.commands] == [100, 50]
    told = capsys.readouterr().out
    assert "150 keys: 99 changed, 0 as they were, 1 refused, 50 not reached" in told
    assert names[99] in told


@pytest.mark.parametrize(
    "words", [(), ("--all", "--tag", "x"), ("--key", "0x12"), ("--key", key(1)[:-1] + "g")]
)
def test_which_keys_must_be_said(run: Run, function: Answering, words: tuple[str, ...]) -> None:
    assert run("eth", "keys", "disable", "--yes", *words) == 2
    assert function.asked == []


def test_the_number_of_keys_is_typed(run: Run, function: Answering) -> None:
    function.answer(page(listed(1, tags=["t"]), listed(2)), {"ok": True, "keys": []})
    assert run("eth", "keys", "disable", "--tag", "t", typed="2") == 1
    assert [command["command"] for command in function.commands] == ["list_keys"]


def test_what_deleted_keys_signed_is_kept(run: Run, function: Answering, tmp_path: Path) -> None:
    data = {"metadata": {"interchange_format_version": "5"}, "data": [{"pubkey": key(1)}]}
    more = {"metadata": data["metadata"], "data": [{"pubkey": key(2)}]}
    function.answer(
        {"ok": True, "keys": [{"public_key": key(1), "outcome": "deleted"}], "data": data},
        {"ok": True, "keys": [{"public_key": key(2), "outcome": "deleted"}], "data": more},
    )
    names = [word for n in range(101) for word in ("--key", key(n))]
    file = tmp_path / "kept.json"
    assert run("eth", "keys", "delete", *names, "--output", str(file), "--yes") == 0
    assert json.loads(file.read_text())["data"] == [{"pubkey": key(1)}, {"pubkey": key(2)}]
    assert run("eth", "keys", "delete", *names, "--output", str(file), "--yes") == 2


def test_no_call_is_about_more_keys_than_the_function_takes() -> None:
    text = (ROOT / "src/operator/ethereum/fields.hpp").read_text()
    found = re.search(r"most_keys = (\d+);", text)
    assert found and int(found[1]) == eth_keys.MOST
    text = (ROOT / "src/operator/ethereum/create_keys.cpp").read_text()
    found = re.search(r"most_with_keystores = (\d+);", text)
    assert found and int(found[1]) == eth_create.MOST_WITH_KEYSTORES


# --- Deposits -----------------------------------------------------------------------------------
RULES = {
    "signature": "signature",
    "amount": "amount",
    "credentials": "withdrawal_credentials",
    "data_root": "deposit_data_root",
    "message_root": "deposit_message_root",
    "pubkey": "pubkey",
}


def test_the_networks_are_those_of_the_vectors() -> None:
    known = {network["name"]: network for network in NETWORKS}
    for network in deposits.NETWORKS:
        theirs = known[network.name]
        assert theirs["forks"][0]["version"] == f"0x{network.genesis_fork_version}"
        assert theirs["deposit_multiplier"] == network.multiplier


@pytest.mark.parametrize("number", range(len(VECTORS["deposits"])))
def test_a_deposit_of_the_deposit_tool_is_right(number: int) -> None:
    row = VECTORS["deposits"][number]
    assert list(deposits.problems(row["deposit_data"], row["network"])) == []


@pytest.mark.parametrize("row", VECTORS["refuse"], ids=lambda row: row["name"])
def test_a_wrong_deposit_is_told_by_its_field(row: dict[str, Any]) -> None:
    found = list(deposits.problems(row["deposit_data"]))
    assert [problem.field for problem in found] == [RULES[row["rule"]]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"network_name": "mainnet"}, "network_name"),
        ({"network_name": "nowhere"}, "network_name"),
        ({"fork_version": "00000000"}, "network_name"),
        ({"pubkey": "AB" * 48}, "pubkey"),
        ({"pubkey": 5}, "pubkey"),
        ({"amount": "32000000000"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": 32e9}, "amount"),
        ({"more": 1}, "more"),
        ({"deposit_cli_version": ""}, "deposit_cli_version"),
        ({"deposit_cli_version": 5}, "deposit_cli_version"),
        ({"signature": "ab" * 95}, "signature"),
    ],
)
def test_each_field_is_looked_at(change: dict[str, Any], field: str) -> None:
    found = list(deposits.problems(deposit(1) | change, signatures=False))
    assert found and found[0].field == field


def test_a_missing_field_is_named() -> None:
    whole = deposit(1)
    for name in whole:
        found = list(deposits.problems({n: v for n, v in whole.items() if n != name}))
        assert [problem.field for problem in found] == [name]


def test_files_are_checked(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = VECTORS["deposits"][0]["deposit_data"]
    (tmp_path / "right.json").write_text(json.dumps([right]))
    (tmp_path / "wrong.json").write_text(json.dumps([VECTORS["refuse"][3]["deposit_data"]]))
    check = ("eth", "deposits", "check")
    assert run(*check, str(tmp_path / "right.json")) == 0
    assert run(*check, str(tmp_path / "right.json"), "--network", "hoodi") == 1
    assert "is mainnet, not hoodi" in capsys.readouterr().out
    assert run(*check, str(tmp_path / "right.json"), str(tmp_path / "right.json")) == 1
    assert "more than once" in capsys.readouterr().out
    assert run(*check, str(tmp_path / "wrong.json")) == 1
    told = capsys.readouterr().out
    assert "amount" in told and "DON'T send" in told


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "[1]", '[{"amount":1,"amount":2}]', "[" * 100_000, '[{"a":' * 100_000, "nul"],
)
def test_what_is_no_deposit_file(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text)
    assert run("eth", "deposits", "check", str(tmp_path / "file")) == 2


def beacon(node: Answering, version: str, pending: list[Any], validators: list[Any]) -> None:
    for data in ({"genesis_fork_version": version}, pending, validators):
        node.answer(json.dumps({"data": data}).encode())


@pytest.mark.parametrize(
    ("version", "pending", "validators", "words"),
    [
        ("0x00000000", False, False, ""),
        ("0x10000910", False, False, "is not the node's"),
        ("0x00000000", True, False, "a deposit under way"),
        ("0x00000000", False, True, "validator 17"),
    ],
)
def test_a_beacon_node_is_asked(
    run: Run,
    node: Answering,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    version: str,
    pending: bool,
    validators: bool,
    words: str,
) -> None:
    right = VECTORS["deposits"][0]["deposit_data"]
    (tmp_path / "file").write_text(json.dumps([right]))
    known = f"0x{right['pubkey']}"
    beacon(
        node,
        version,
        [{"pubkey": known}] if pending else [],
        [{"index": "17", "validator": {"pubkey": known}}] if validators else [],
    )
    assert run("eth", "deposits", "check", str(tmp_path / "file"), "--node", node.url) == bool(
        words
    )
    assert words in capsys.readouterr().out


def test_a_node_far_off_needs_tls(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(json.dumps([VECTORS["deposits"][0]["deposit_data"]]))
    words = ("eth", "deposits", "check", str(tmp_path / "file"), "--node")
    assert run(*words, "http://node.example:5052") == 2
    assert run(*words, "http://127.0.0.1:9") == 3
