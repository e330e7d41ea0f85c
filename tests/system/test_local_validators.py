# SPDX-License-Identifier: Apache-2.0
"""`deploy/local --chain ethereum`, once it is built: keys from birth to backup and back, by the
operator's own commands and the shipped file."""

import json
import os
import re
import signal
import subprocess
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

PLAY = (ROOT / "deploy/tools/stack", "local_validators", PROGRAM, "--port", "0")


def test_keys_are_made_listed_disabled_backed_up_and_restored(tmp_path: Path) -> None:
    words = [*PLAY, "--chain", "ethereum", "--validators", "4", "--once"]
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [part.split("\n", 1) for part in done.stdout.split("\n$ ")[1:]]
    typed = [re.split(r" --| /", line.split(" eth ")[1])[0] for line, _ in steps]
    assert typed == [
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


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_stays_up_until_it_is_ended(by: signal.Signals, code: int) -> None:
    words = [*PLAY, "--validators", "1", "--network", "gnosis"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            shown = ""
            for line in child.stdout:
                shown += line
                if "It stays up" in line:
                    break
            url = re.findall(r"--local (http://\S+)", shown)[0]
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
