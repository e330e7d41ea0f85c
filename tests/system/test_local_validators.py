# SPDX-License-Identifier: Apache-2.0
"""`deploy/local --chain ethereum`, once it is built: keys from birth to backup and back, by the
operator's own commands and the shipped file."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from ethstaker_deposit.credentials import Credential
from ethstaker_deposit.settings import ALL_CHAINS
from ethstaker_deposit.utils.validation import validate_deposit
from redoubt_stack import deposits
from redoubt_stack.local_validators import ADDRESS

from support.child import ROOT
from support.host import PROGRAM

# What verifies deposits is the operator's, and not in the tests' own environment.
sys.path += map(str, (ROOT / "build/deploy-venv").glob("lib/python3*/site-packages"))
PLAY = (ROOT / "deploy/tools/stack", "local_validators", PROGRAM, "--port", "0")


def played(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`folder`: for what it writes."""
    return subprocess.run(
        [*PLAY, *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TMPDIR": str(folder)},
    )


def typed(line: str) -> str:
    """The action of a command that was shown."""
    return re.split(r" --| /", line.split(" eth ")[1])[0]


def test_keys_are_made_listed_disabled_backed_up_and_restored(tmp_path: Path) -> None:
    done = played(tmp_path, "--chain", "ethereum", "--validators", "4", "--epochs", "0", "--once")
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [part.split("\n", 1) for part in done.stdout.split("\n$ ")[1:]]
    assert [typed(line) for line, _ in steps] == [
        "status",
        "keys create",
        "deposits check",
        "keys disable",
        "keys list",
        "keys delete",
        "backup test",
        "keys import",
        "keys list",
    ]
    told = [text for _, text in steps]
    keys = set(re.findall(r"0x[0-9a-f]{96}", told[1]))
    assert len(keys) == 4
    assert "4 deposits: 4 are right" in told[2]
    assert "4 keys, 3 on, 1 off" in told[4]
    (restored,) = set(re.findall(r"0x[0-9a-f]{96}", told[7]))
    assert restored in keys and "imported" in told[7]
    assert set(re.findall(r"0x[0-9a-f]{96}", told[8])) == keys
    assert list(tmp_path.iterdir()) == []  # nothing is left of it


def test_a_client_has_all_duties_of_an_epoch_signed(tmp_path: Path) -> None:
    words = ("--validators", "4", "--network", "gnosis", "--slot-ms", "250", "--once")
    done = played(tmp_path, *words)
    said = done.stdout
    asked = {line.split()[0]: line.split()[1] for line in said.splitlines() if LIKE_A_TYPE(line)}
    slots, members = 16, 4
    assert asked == {
        "VALIDATOR_REGISTRATION": "4",
        "AGGREGATION_SLOT": "4",
        "SYNC_COMMITTEE_SELECTION_PROOF": f"{members * slots}",
        "RANDAO_REVEAL": f"{slots}",
        "BLOCK_V2": f"{slots}",
        "ATTESTATION": "4",
        "SYNC_COMMITTEE_MESSAGE": f"{members * slots}",
        "AGGREGATE_AND_PROOF_V2": "4",
        "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF": f"{slots}",
    }
    assert len(re.findall(r"^ +\d{8} +\d{7}  ", said, re.M)) == slots
    assert "a vote for another block  412 already_signed\n" in said
    assert re.search(r"the same vote again +0x[0-9a-f]{32}\.\.\.\n", said)
    total = re.search(
        r"(\d+) duties, (\w+) missed; of each type one verified here: 9 are right", said
    )
    assert total and int(total[1]) == sum(map(int, asked.values()))
    # How many is up to the machine; that this decides how it ends is not.
    assert done.returncode == (0 if total[2] == "none" else 1), said
    reasons = set(re.findall(r"MISSED \d+: \w+: (.*)", said))
    assert [why for why in reasons - LATE if not why.endswith("was not signed")] == []
    assert list(tmp_path.iterdir()) == []


LIKE_A_TYPE = re.compile(r"  [A-Z]+_\w+ +\d|  ATTESTATION +\d").match
LATE = {
    "signed after its slot",
    "no answer in its slot",
    "its slot was over before it could be asked for",
}


def check_by_the_deposit_tool(folder: Path, network: str) -> dict[str, Any]:
    """As if it had made the file itself, of the words that are in the key's backup. The deposit."""
    (backup,) = folder.glob("validators/0x*.age")
    opened = ("age", "-d", "-i", folder / "age.key", backup)
    words = subprocess.run(opened, capture_output=True, text=True, check=True).stdout.strip()
    chain = ALL_CHAINS[network]
    known = Credential(
        mnemonic=words,
        mnemonic_password="",
        index=0,
        amount=32 * deposits.GWEI,
        chain_setting=chain,
        hex_withdrawal_address=ADDRESS,
    )
    (deposit,) = json.loads((folder / "validators/deposit_data-local.json").read_text())
    assert validate_deposit(deposit, chain, known)
    return dict(deposit)


def edited(value: Any) -> Any:
    """Of the same form."""
    if isinstance(value, int):
        return value + 1
    return value[:-1] + ("0" if value[-1] != "0" else "1")


def check_that_no_edit_passes(deposit: dict[str, Any]) -> None:
    """Nor one that puts the root right that it breaks, which the deposit tool goes by."""
    for name, value in deposit.items():
        wrong = deposit | {name: edited(value)}
        if name == "deposit_cli_version":  # one version or another, which is in no root
            assert not list(deposits.problems(wrong))
            continue
        assert next(deposits.problems(wrong, signatures=False)), name
    (other,) = deposits.problems(deposit, "mainnet", signatures=False)
    assert other == deposits.Problem("network_name", "is gnosis, not mainnet")
    for name in ("pubkey", "signature"):
        wrong = deposit | {name: edited(deposit[name])}
        wrong["deposit_message_root"] = deposits.message_root(wrong).hex()
        wrong["deposit_data_root"] = deposits.data_root(wrong).hex()
        found = [problem.field for problem in deposits.problems(wrong)]
        assert found in (["signature"], ["pubkey"]), (name, found)


def check_what_clients_are_told(shown: str) -> None:
    """By what is in the lines, its keys can be had."""
    (key,) = set(re.findall(r'voting_public_key: "(0x\w+)"', shown))
    (basic,) = set(re.findall(r"--web3-signer-url=(\S+)", shown))
    (by_path,) = set(re.findall(r"--externalSigner\.url=(\S+)", shown))
    user, where = basic.removeprefix("http://").split("@")
    header = {"Authorization": f"Basic {base64.b64encode(user.encode()).decode()}"}
    for url, headers in ((f"http://{where}", header), (by_path, {})):
        request = urllib.request.Request(f"{url}/api/v1/eth2/publicKeys", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.load(answer) == [key]


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_stays_up_until_it_is_ended(by: signal.Signals, code: int) -> None:
    words = [*PLAY, "--validators", "1", "--network", "gnosis", "--epochs", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            shown = ""
            for line in child.stdout:
                shown += line
                if "It stays up" in line:
                    break
            url = re.findall(r"--local (http://\S+)", shown)[0]
            check_what_clients_are_told(shown)
            if by is signal.SIGINT:  # once is enough
                folder = Path(re.findall(r"--output (\S+)/validators", shown)[0])
                deposit = check_by_the_deposit_tool(folder, "gnosis")
                check_that_no_edit_passes(deposit)
            child.send_signal(by)
            assert child.wait(30) == code
        finally:
            child.kill()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)
