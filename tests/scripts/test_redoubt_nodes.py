# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt and a Tezos node: what is taken from it, and what is not."""

import re
import socket
import threading

import pytest

from answering import MAINNET, Answering, Run, header, row, status, written

ARMED = written("armed", None, row(), note="signs only above level 1000")
REHEARSED = {**ARMED, "dry_run": True}


@pytest.mark.parametrize(
    ("level", "sent"), [("head", 16_000_000), ("head+20", 16_000_020), ("15999999", 15_999_999)]
)
def test_a_nodes_head_is_shown_and_used(
    run: Run,
    function: Answering,
    node: Answering,
    capsys: pytest.CaptureFixture[str],
    level: str,
    sent: int,
) -> None:
    function.answer(REHEARSED, ARMED)
    node.answer(header(16_000_000))
    assert run("arm", "--level", level, "--node", node.url, "--yes") == 0
    assert function.commands[-1] == {"command": "arm", "chain": MAINNET, "level": sent}
    assert f"the node's head: level 16000000 of mainnet ({MAINNET})" in capsys.readouterr().err
    assert len(node.asked) == 1


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        (header(16_000_000, "NetXnHfVqm9iesp"), 200, 2),  # another chain
        (header(16_000_000, time="2026-01-01T00:00:00Z"), 200, 2),  # it is behind
        (header(100), 200, 2),  # so the level is a month above
        (b"{}", 200, 3),
        (header(1).replace(b"1,", b"Infinity,"), 200, 3),
        (b"gone", 302, 3),  # elsewhere may be anything
        (b"", 500, 3),
    ],
)
def test_a_node_that_does_not_fit_is_not_gone_by(
    run: Run, function: Answering, node: Answering, told: bytes, status: int, code: int
) -> None:
    node.answer(told, status=status)
    given = ("arm", "--chain", "mainnet", "--level", "16000000", "--node", node.url, "--yes")
    assert run(*given) == code
    assert function.asked == [] and len(node.asked) == 1


def test_a_node_that_speaks_no_http_is_not_reached(
    run: Run, function: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = threading.Thread(target=lambda: server.accept()[0].sendall(b"220 mail\r\n"))
        answer.start()
        node = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert run("arm", "--level", "head", "--node", node, "--yes") == 3
        answer.join()
    assert "did not tell its head" in capsys.readouterr().err and function.asked == []


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy", "HTTP_PROXY"])
def test_a_node_on_this_machine_is_asked_past_any_proxy(
    run: Run, function: Answering, node: Answering, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, function.url)  # which would answer something else
    function.answer(REHEARSED)
    node.answer(header(16_000_000))
    assert run("arm", "--level", "head", "--node", node.url, "--dry-run") == 0
    assert [asked is None for asked in node.asked] == [True]
    assert len(function.asked) == 1


def test_a_node_elsewhere_is_asked_over_tls(run: Run, function: Answering) -> None:
    assert run("arm", "--level", "head", "--node", "http://rpc.example.org", "--yes") == 2
    assert function.asked == []


def test_a_level_far_off_is_asked_back(
    run: Run, function: Answering, node: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    function.answer(REHEARSED, ARMED)
    node.answer(header(16_000_000))
    far = ("arm", "--level", "16050000", "--node", node.url)
    assert run(*far, "--yes") == 2
    assert "50,000 levels above the head" in capsys.readouterr().err and not function.asked
    assert run(*far, typed="16050000") == 0
    assert "CAREFUL: level 16,050,000" in capsys.readouterr().out
    assert run(*far, "--yes", "--accept-level") == 0


def test_rows_are_held_against_the_head(
    run: Run, function: Answering, node: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    other = row("block", 7, chain="NetXnHfVqm9iesp")
    function.answer(status(row("block", 990), other))
    node.answer(header(1000))
    assert run("status", "--node", node.url) == 0
    shown = capsys.readouterr().out
    assert shown.count("below head") == 1 and re.search(r"990 +closed .* 10 +2026", shown)
