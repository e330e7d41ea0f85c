# SPDX-License-Identifier: Apache-2.0
"""`deploy/local --chain ethereum`, once it is built: keys from birth to backup and back, by the
operator's own commands and the shipped file."""

import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_stays_up_until_it_is_ended(by: signal.Signals, code: int) -> None:
    words = [*PLAY, "--validators", "1", "--network", "gnosis"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            url = ""
            for line in child.stdout:
                url = url or "".join(re.findall(r"--local (http://\S+)", line))
                if "It stays up" in line:
                    break
            child.send_signal(by)
            assert child.wait(30) == code
        finally:
            child.kill()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)
