# SPDX-License-Identifier: Apache-2.0
"""deploy/redoubt hands a key over, against the local host."""

from support.host import Chain, Host
from support.keys import Curve
from support.payloads import attestation
from support.terminal import Terminal
from test_redoubt_local import PROGRAM, START, redoubt, rows_of


def test_a_signer_ends_where_it_is_told_to(host: Host, chain: Chain) -> None:
    key = host.key(Curve.SECP256K1)
    last = START + 2
    words = ("handover", "--chain", chain.id, "--key", key.address, "--until", str(last))
    assert redoubt(host, *words).code == 2
    tried = redoubt(host, *words, "--dry-run")
    assert tried.code == 0 and f"until {last}" in tried.out
    assert not any("until" in item for item in rows_of(host, chain))
    with Terminal([PROGRAM, "--local", host.url, *words]) as terminal:
        question = terminal.wait_for("to go on: ")
        for named in (f"signs nothing above level {last} any more", key.address, chain.id):
            assert named in question
        terminal.type(f"{last}\n")
        assert terminal.end() == 0
    assert host.baker.sign(key, attestation(last, 0, chain=chain.raw)).status == 200
    ended = host.baker.sign(key, attestation(last + 1, 0, chain=chain.raw))
    assert (ended.status, ended.code) == (409, "handed_over")
    shown = redoubt(host, "status").out
    part = shown[shown.index(f"{key.address} on {chain.id}") :].splitlines()
    assert "until" in part[1] and str(last) in part[4]
    assert "409 handed_over" in redoubt(host, "logs", "--code", "handed_over").out
    again = redoubt(host, *words, "--yes")
    assert again.code == 0 and "nothing is to be done" in again.out


def test_a_signer_begins_above_where_the_other_ended(host: Host, chain: Chain) -> None:
    key = host.key(Curve.ED25519)
    words = ("handover", "--chain", chain.id, "--key", key.address, "--yes")
    assert redoubt(host, *words, "--until", str(START + 2)).code == 0
    too_low = redoubt(host, *words, "--from", str(START + 2))
    assert too_low.code == 1, too_low.out
    assert redoubt(host, *words, "--from", str(START + 3)).code == 0
    below = host.baker.sign(key, attestation(START + 2, 0, chain=chain.raw))
    assert below.code == "below_watermark"
    assert host.baker.sign(key, attestation(START + 3, 0, chain=chain.raw)).status == 200
