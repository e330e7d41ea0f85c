# SPDX-License-Identifier: Apache-2.0
"""Whether a signer works after an update: the answers of its operator and of its URL."""

import json
from typing import Any

import botocore.credentials
import pytest
from redoubt_stack import commands, console, function_url, working
from redoubt_stack.console import Stop
from redoubt_stack.working import Working

from cloud import Answers, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(console, "time", made)
    monkeypatch.setattr(working, "time", made)
    return made


CRASH = "a 502 of Lambda's own"


class Body:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self) -> bytes:
        return self.text.encode()


def answer(**members: Any) -> dict[str, Any]:
    return {"Payload": Body(json.dumps({"redoubt": members}))}


REFUSED = answer(ok=False, error={"id": "table_refused", "msg": "no right"})
CONFIGURATION = {"Environment": {"Variables": {"BASE_PATH": "/p"}}}


def works(
    monkeypatch: pytest.MonkeyPatch,
    invoke: Any,
    replies: list[Any],
    concurrency: Any = None,
    guarded: bool = False,
) -> str:
    def request(url: str, **_: Any) -> function_url.Reply:
        assert url == "https://x.on.aws/p/healthz"
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, Exception):
            raise reply
        if reply == CRASH:
            return function_url.Reply(502, {}, "text")
        return function_url.Reply(reply, {"x-redoubt-error": "code"}, "text")

    monkeypatch.setattr(function_url, "request", request)
    aws = Answers(
        invoke=invoke,
        get_function_concurrency={"ReservedConcurrentExecutions": concurrency},
        get_function_configuration=CONFIGURATION,
    )
    aws.credentials = botocore.credentials.Credentials("a", "b")
    outputs = {
        "OperatorFunction": "operator",
        "SignerFunction": "signer",
        "SignerUrl": "https://x.on.aws/",
    }
    parameters = {"UrlAuthType": "AWS_IAM"} if guarded else {}
    return Working(aws, Answers(outputs=outputs, parameters=parameters)).check()


OK = answer(ok=True)
MISTAKEN = {"Payload": Body('{"errorType":"Runtime.InvalidConfiguration","errorMessage":"WHY"}')}
CRASHED = {"Payload": Body('{"errorType":"Runtime.ExitError","errorMessage":"WHY"}')}


@pytest.mark.usefixtures("clock")
def test_a_signer_works_if_both_functions_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "the signer answers" in works(monkeypatch, OK, [200])


def test_what_settles_is_waited_for(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """New rights, a new URL: each within a minute."""
    found = works(monkeypatch, [REFUSED, CRASHED, OK], [403, Stop("no name yet"), 502, 200])
    assert "the signer answers" in found and 20 <= clock.now <= 60
    falling = [CRASH, CRASH, CRASH, 403, CRASH, CRASH, CRASH, 200]
    assert "the signer answers" in works(monkeypatch, OK, falling)


@pytest.mark.parametrize(
    ("invoke", "reply", "words", "least"),
    [
        (REFUSED, 200, "table_refused: no right", 60),
        (CRASHED, 200, "WHY", 60),
        (MISTAKEN, 200, "WHY", 0),
        ({"Payload": Body("null")}, 200, "did not answer", 60),
        (OK, 502, "GET /healthz answers 502 code", 60),
        (OK, CRASH, "GET /healthz answers 502 text", 15),
        (OK, 204, "GET /healthz answers 204", 60),
        (OK, Stop("no such name"), "no such name", 60),
    ],
)
def test_a_signer_that_does_not_work_is_a_stop(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, invoke: Any, reply: Any, words: str, least: float
) -> None:
    with pytest.raises(Stop, match="THE SIGNER DOES NOT WORK") as stopped:
        works(monkeypatch, invoke, [reply])
    assert words in str(stopped.value)
    assert least <= clock.now <= least + 10


def test_a_guarded_url_is_waited_for_like_any(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """Its name takes a while, too; that IAM turns us away is an answer."""
    new = [Stop("no name yet"), Stop("no name yet")]
    assert "can't be seen" in works(monkeypatch, OK, [*new, 403], guarded=True)
    assert 10 <= clock.now < 20
    assert "the signer answers" in works(monkeypatch, OK, [*new, 502, 200], guarded=True)
    with pytest.raises(Stop, match="THE SIGNER DOES NOT WORK .*no such name"):
        works(monkeypatch, OK, [Stop("no such name")], guarded=True)


@pytest.mark.usefixtures("clock")
def test_a_signer_that_was_stopped_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is stopped" in works(monkeypatch, OK, [429], concurrency=0)
    with pytest.raises(Stop, match="answers 429"):
        works(monkeypatch, OK, [429], concurrency=1)


# --- Commands -------------------------------------------------------------------------------------
def test_a_refusal_names_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"chain": "Net", "kind": "block", "outcome": "already_signed", "msg": "exists"}
    told = answer(ok=False, error={"id": "already_signed", "msg": "no"}, rows=[row, {"level": 5}])
    aws = Answers(invoke=told)
    with pytest.raises(Stop, match=r"`arm` was refused: already_signed: no") as stopped:
        commands.checked(aws, "operator", "arm", level=5)
    assert str(stopped.value).endswith("Net/block: already_signed (exists)")
    assert commands.checked(Answers(invoke=OK), "operator", "status").ok


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"redoubt":{}}', '{"redoubt":{"ok":"yes"}}'])
def test_what_is_no_answer_is_a_stop(text: str) -> None:
    with pytest.raises(commands.NoAnswer, match="operator did not answer `status`"):
        commands.ask(Answers(invoke={"Payload": Body(text)}), "operator", "status")
