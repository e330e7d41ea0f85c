# SPDX-License-Identifier: Apache-2.0
"""Which level may be meant: by what a chain can have reached, and by a node's head."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from redoubt_stack import chains, levels, node, options, tezos
from redoubt_stack.console import BadUsage, Stop

NOW = datetime(2026, 11, 29, tzinfo=UTC)
MAINNET = chains.find("mainnet")
GIVEN = ["--region", "eu-west-1"]


def judged(level: int, chain: str = "mainnet", head: node.Head | None = None) -> str:
    judgement = levels.judge(chains.find(chain), level, head, NOW)
    assert not (judgement.impossible and judgement.doubt)
    return "impossible" if judgement.impossible else "doubt" if judgement.doubt else "likely"


def test_a_level_is_held_against_what_the_chain_can_have_reached() -> None:
    likely, possible = MAINNET.likely_head(NOW), MAINNET.possible_head(NOW)
    assert likely is not None and 15_900_000 < likely < 16_100_000
    assert 44_000_000 < possible < 44_500_000
    for level, verdict in {
        0: "impossible",
        1: "doubt",
        likely // 2: "doubt",
        likely: "likely",
        likely * 10 // 11 + likely // 100: "likely",
        likely + 50_000: "likely",
        likely + 80_000: "doubt",
        likely + 1_000_000: "doubt",
        likely * 10: "impossible",
        possible: "doubt",
        possible + 1: "impossible",
        2**31 - 1: "impossible",
        2**31: "impossible",
    }.items():
        assert judged(level) == verdict, level


def test_a_level_of_an_unknown_chain_is_asked_back() -> None:
    """Nothing tells whether it is meant, and nothing lowers a row. Ghostnet ended some day."""
    unknown = tezos.base58check(tezos.CHAIN_ID + b"abcd")
    for chain in (chains.find(unknown), chains.find("ghostnet")):
        possible = chain.possible_head(NOW)
        for level in (1, 1_000_000, possible):
            assert judged(level, chain.id) == "doubt", level
        assert judged(possible + 1, chain.id) == "impossible"
        head = node.Head(chain.id, 1_000_000, NOW)
        assert judged(1_000_000, chain.id, head) == "likely"


def test_the_nodes_head_decides() -> None:
    """Also where it is beyond what was thought to be possible."""
    head = node.Head(MAINNET.id, 60_000_000, NOW - timedelta(seconds=6))
    for level, verdict in {
        60_000_000: "likely",
        60_010_001: "doubt",
        59_989_999: "doubt",
        60_000_000 + 30 * 86_400 + 1: "impossible",
    }.items():
        assert judged(level, head=head) == verdict, level
    late = node.Head(MAINNET.id, 60_000_000, NOW - timedelta(seconds=61))
    assert judged(60_000_001, head=late) == "doubt"
    stale = node.Head(MAINNET.id, 60_000_000, NOW - timedelta(minutes=6))
    assert judged(60_000_000, head=stale) == "impossible"
    assert judged(60_000_000, "shadownet", head) == "impossible"


def test_chains_are_known_by_the_hash_of_their_genesis() -> None:
    genesis = {
        "mainnet": "BLockGenesisGenesisGenesisGenesisGenesisf79b5d1CoW2",
        "ghostnet": "BLockGenesisGenesisGenesisGenesisGenesis1db77eJNeJ9",
        "shadownet": "BMJTFWBgqGUzsvW4JLS1XuCYnpH18pBsLb5UvPCv2eiNC5vUeps",
    }
    assert {chain.name for chain in chains.CHAINS} == genesis.keys()
    for name, block in genesis.items():
        hashed = tezos.from_base58check(block)
        assert hashed is not None
        found = chains.find(name)
        assert found.id == tezos.base58check(tezos.CHAIN_ID + tezos.blake2b(hashed[2:], 32)[:4])
        assert chains.find(found.id) is found


# --- The node -------------------------------------------------------------------------------------
@pytest.fixture
def served() -> Iterator[Callable[[bytes], str]]:
    """A node that answers this to any request."""
    answer = b""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == node.HEADER else 404)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def serve(text: bytes) -> str:
        nonlocal answer
        answer = text
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    server.shutdown()
    thread.join()
    server.server_close()


def header(level: int, chain: str = MAINNET.id) -> bytes:
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"chain_id": chain, "level": level, "timestamp": time}).encode()


def test_a_nodes_head_is_read_and_shown(
    served: Callable[[bytes], str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = served(header(77_000_000)) + "/"
    given = [*GIVEN, "--chain", "mainnet", "--level", "77000000", "--node", url]
    start = options.read_start(options.read_options(given))
    assert start is not None and (start.chain, start.level) == (MAINNET.id, 77_000_000)
    assert "level 77,000,000" in capsys.readouterr().out
    with pytest.raises(BadUsage, match="the node is on NetXnHfVqm9iesp"):
        served(header(77_000_000, "NetXnHfVqm9iesp"))
        options.read_start(options.read_options(given))


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"chain_id":"N","level":"x"}', b"\xff"])
def test_a_node_that_tells_nothing_is_a_stop(served: Callable[[bytes], str], answer: bytes) -> None:
    with pytest.raises(Stop, match="did not tell its head"):
        node.read_head(served(answer))
    with pytest.raises(Stop, match="did not tell its head"):
        node.read_head("http://127.0.0.1:9")
