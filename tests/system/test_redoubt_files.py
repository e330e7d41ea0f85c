# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt takes over what other signers have signed, and gives it away: import and export,
against the local host."""

import json
import re
from pathlib import Path

from support.host import Chain, Host
from support.terminal import Terminal
from test_redoubt_local import PROGRAM, START, redoubt, rows_of


def test_what_is_exported_is_imported_again(host: Host, chain: Chain, tmp_path: Path) -> None:
    for to, path in (("redoubt", tmp_path / "rows.json"), ("octez", tmp_path / "octez-signer")):
        ran = redoubt(host, "export", "--to", to, "--chain", chain.id, "--output", str(path))
        assert ran.code == 0, ran.err
        assert redoubt(host, "export", "--to", to, "--output", str(path)).code == 2
        files = [path] if path.is_file() else sorted(path.iterdir())
        assert files and all(file.read_text() for file in files)
        words = ("import", "--from", to, "--level", str(START), *map(str, files))
        before = rows_of(host, chain)
        tried = redoubt(host, *words, "--dry-run")
        assert tried.code == 0, tried.err
        assert rows_of(host, chain) == before
        assert redoubt(host, *words).code == 2
        done = redoubt(host, *words, "--yes", "--json")
        assert done.code == 0, done.err
        (before_it,) = {row["before"]["level"] for row in done.told["rows"]}
        (after_it,) = {row["level"] for row in done.told["rows"]}
        assert after_it == before_it + done.told["margin"] > before_it
        again = redoubt(host, *words, "--yes")
        assert again.code == 0 and "nothing is to be done" in again.out


def test_an_import_asks_a_person_first(host: Host, chain: Chain, tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    assert (
        redoubt(host, "export", "--to", "redoubt", "--chain", chain.id, "--output", str(path)).code
        == 0
    )
    before = rows_of(host, chain)
    words = ["import", "--from", "redoubt", "--level", str(START), str(path)]
    with Terminal([PROGRAM, "--local", host.url, *words], columns=160) as terminal:
        question = terminal.wait_for("to go on: ")
        assert re.search(r"in the data +before +after +outcome", question)
        assert all(key.address in question for key in host.keys) and chain.id in question
        terminal.type("no\n")
        assert terminal.end() == 1
    assert rows_of(host, chain) == before


def test_half_a_file_changes_nothing(host: Host, chain: Chain, tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    redoubt(host, "export", "--to", "redoubt", "--chain", chain.id, "--output", str(path))
    path.write_text(path.read_text()[: len(path.read_text()) // 2])
    before = rows_of(host, chain)
    ran = redoubt(host, "import", "--from", "redoubt", "--level", str(START), "--yes", str(path))
    assert ran.code == 1 and "refused: bad_request" in ran.err
    assert rows_of(host, chain) == before


def test_an_export_is_printed_for_scripts(host: Host, chain: Chain) -> None:
    words = ("export", "--to", "octez", "--chain", chain.id)
    assert json.loads(redoubt(host, *words).out) == redoubt(host, *words, "--json").told["data"]
