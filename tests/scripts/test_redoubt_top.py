# SPDX-License-Identifier: Apache-2.0
"""What `redoubt top` reckons from the lines of a log."""

import json

import pytest
from redoubt_stack.operate import follow, top
from redoubt_stack.operate.activity import Activity
from redoubt_stack.percentile import percentile

from answering import ADDRESS, Answering
from log_samples import (
    ASKED,
    COMMAND,
    FAILED,
    NOW,
    REFUSED,
    REPORT,
    SIGNED,
    STARTED,
    events,
    line,
    shown,
)


def test_percentiles_are_ranks() -> None:
    values = [float(n) for n in range(1, 201)]
    assert (percentile(values, 0.5), percentile(values, 0.99)) == (100, 198)
    assert percentile([7.0], 0.99) == percentile([7.0], 0.5) == 7
    assert percentile([], 0.5) is None


def test_the_last_minutes_are_counted() -> None:
    activity = Activity(60_000)
    activity.add([line(SIGNED, NOW - 61_000, block_level=1009, ms=500.0)])
    activity.add([line(SIGNED, NOW - i, ms=float(i), block_level=1000 + i % 5) for i in range(100)])
    activity.add([line(REFUSED), line(REFUSED), line(FAILED), line(ASKED), line(STARTED)])
    activity.add([line(SIGNED, kind="block", round=0, ms=20.0), line(COMMAND), line(REPORT)])
    found = activity.snapshot(NOW)
    assert (found["minutes"], found["requests"]) == (1, 104)
    assert found["refusals"] == {"already_signed": 2, "kms_unavailable": 1}
    assert found["failed_tries"] == {"timeout": 2, "ThrottlingException": 1}
    assert (found["retries"], found["throttles"], found["cold_starts"]) == (2, 1, 1)
    votes, blocks = found["signing"]
    assert (votes["kind"], votes["signed"], votes["p50_ms"], votes["p99_ms"]) == (
        "attestation",
        100,
        49,
        98,
    )
    # The highest, though it was signed before these minutes.
    assert (votes["level"], votes["at"]) == (1009, NOW - 61_000)
    assert (blocks["kind"], blocks["level"], blocks["round"], blocks["signed"]) == (
        "block",
        1005,
        0,
        1,
    )


def test_a_refusal_moves_no_level() -> None:
    activity = Activity(60_000)
    activity.add([line(SIGNED), line(REFUSED, block_level=2000)])
    (votes,) = activity.snapshot(NOW)["signing"]
    assert votes["level"] == 1005


def test_a_key_on_each_chain_has_its_own_lines() -> None:
    activity = Activity(60_000)
    activity.add([line(SIGNED), line(SIGNED, chain="NetXnHfVqm9iesp"), line(SIGNED, pkh="tz1x")])
    assert len(activity.snapshot(NOW)["signing"]) == 3


def test_top_shows_it_once(
    log: Answering, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (follow, top):
        monkeypatch.setattr(module, "now_ms", lambda: NOW + 2000)
    log.pages({"events": events(SIGNED, REFUSED, FAILED)})
    found = shown(log, capsys, "top", "--once", "--window", "2m")
    assert "the last 2 minutes: 3 requests for a signature, 2 refused; 2 calls repeated" in found[0]
    text = "\n".join(found)
    assert f"{ADDRESS[:7]}…{ADDRESS[-4:]}" in text and "attestation  1005" in text
    assert "already_signed" in text and "ThrottlingException" in text
    told = json.loads("\n".join(shown(log, capsys, "top", "--once", "--json")))
    assert told["requests"] == 3


def test_top_has_nothing_to_show_of_a_signer_that_nobody_asks(
    log: Answering, capsys: pytest.CaptureFixture[str]
) -> None:
    log.pages({"events": []})
    assert "nothing yet" in "\n".join(shown(log, capsys, "top", "--once"))
