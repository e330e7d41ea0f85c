# SPDX-License-Identifier: Apache-2.0
"""How deploy/local's validator client asks where the signer's side fails, and what it counts."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from redoubt_stack.ethereum import tally
from redoubt_stack.ethereum.asking import Client, Outcome, Refused, Signer
from redoubt_stack.ethereum.duties import Duties
from redoubt_stack.ethereum.known_networks import find

KEY = "0x" + "ab" * 48
NETWORK = find("gnosis")
DUTIES = Duties(NETWORK, [KEY], NETWORK.first_slot(1_900_000), 1, "0x" + "11" * 20)
SIGNED = b'{"signature":"0x1234"}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(SIGNED), SIGNED)
REFUSED = b"HTTP/1.1 412 No\r\nX-Redoubt-Error: key_disabled\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def server(*answers: bytes) -> Iterator[Signer]:
    """Of one answer a connection, which it closes without a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for answer in answers:
                connection, _ = listener.accept()
                with connection, connection.makefile("rb") as reader:
                    length = 0
                    while (line := reader.readline()) != b"\r\n":
                        if line.lower().startswith(b"content-length:"):
                            length = int(line.split(b":")[1])
                    reader.read(length)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Signer(f"http://127.0.0.1:{listener.getsockname()[1]}", "rdt_1_a")
        thread.join(30)


def test_a_connection_that_was_closed_meanwhile_is_made_again() -> None:
    with server(OK, OK) as signer:
        assert signer.sign(KEY, {}) == signer.sign(KEY, {}) == "0x1234"


def test_no_answer_is_no_signature() -> None:
    with server(b"", OK) as signer:
        with pytest.raises(Refused, match="no answer"):
            signer.sign(KEY, {})
        assert signer.sign(KEY, {}) == "0x1234"


def test_a_refusal_is_told_by_its_code() -> None:
    with server(REFUSED) as signer, pytest.raises(Refused, match="^412 key_disabled$"):
        signer.sign(KEY, {})


def outcomes() -> list[Outcome]:
    """Of a slot in which all went well, a millisecond apart."""
    slot = DUTIES.first + NETWORK.slots_per_epoch - 1
    return [Outcome(duty, float(i), "0x12") for i, duty in enumerate(DUTIES.of(slot), 1)]


def test_a_line_tells_each_group_and_its_slowest() -> None:
    slot = DUTIES.first + NETWORK.slots_per_epoch - 1
    told = tally.line(NETWORK, slot, outcomes())
    assert re.split("  +", told.strip()) == [
        str(slot),
        "1900000",
        "2 in 2.0 ms",
        "-",
        "-",
        "2 in 4.0 ms",
        "-",
    ]
    assert len(told) == len(tally.heading())


def test_what_came_late_or_not_is_missed_and_told() -> None:
    randao, block, message, contribution = outcomes()
    came = [
        randao,
        replace(block, is_late=True),
        replace(message, signature="", refusal="500 table_unavailable"),
        replace(contribution, signature="", refusal="no answer (timed out)"),
    ]
    assert tally.missed(came) == 3
    assert tally.line(NETWORK, DUTIES.first, came).splitlines()[1:] == [
        "    MISSED 1: BLOCK_V2: signed after its slot",
        "    MISSED 1: SYNC_COMMITTEE_MESSAGE: 500 table_unavailable",
        "    MISSED 1: SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF: no answer (timed out)",
    ]
    assert "1 of 2 in 1.0 ms" in tally.line(NETWORK, DUTIES.first, came)
    assert " 0 of 2 " in tally.line(NETWORK, DUTIES.first, came)


def test_of_many_reasons_some_are_told() -> None:
    (one, *_) = outcomes()
    came = [replace(one, signature="", refusal=f"because {i}") for i in range(5)]
    told = tally.line(NETWORK, DUTIES.first, came).splitlines()
    assert told[-1] == "    MISSED, for 2 other reasons, more"
    assert len(told) == 5


def test_the_table_has_percentiles_of_what_was_signed(capsys: pytest.CaptureFixture[str]) -> None:
    (one, *_) = outcomes()
    came = [replace(one, ms=float(i)) for i in range(1, 101)]
    came.append(replace(one, ms=1000.0, signature="", refusal="500 deadline"))
    tally.show(came)
    _, _, row, *rest = capsys.readouterr().out.splitlines()
    assert row.split() == ["RANDAO_REVEAL", "101", "1", "50.0", "90.0", "99.0", "100.0"]
    assert rest == ["    MISSED 1: RANDAO_REVEAL: 500 deadline"]


def test_what_holds_a_signature_that_was_not_given_is_not_asked_for() -> None:
    """The first connection is the RANDAO reveal's, and there is none for the block."""
    with server(REFUSED) as signer:
        client = Client(DUTIES, signer, 3.0)
        randao, block = DUTIES.of(DUTIES.first)[:2]
        asked = [client._ask(duty, None, None).result() for duty in (randao, block)]
    assert [outcome.refusal for outcome in asked] == [
        "412 key_disabled",
        "RANDAO_REVEAL, which it holds, was not signed",
    ]
