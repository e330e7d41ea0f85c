# SPDX-License-Identifier: Apache-2.0
"""Whether the functions work at all: settings that are as they were chosen may be such that a
function does not start."""

from functools import partial

from botocore.exceptions import ClientError

from redoubt_stack import live
from redoubt_stack.aws import code_of
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each
from redoubt_stack.working import Working

WHAT = "answers"
STOPPED = "is stopped: its reserved concurrency is 0"


def check(facts: Facts) -> Rows:
    yield from each(facts.function("Signer"), {WHAT: partial(_signer, facts)})
    yield from each(facts.function("Operator"), {WHAT: partial(_operator, facts)})


def _signer(facts: Facts) -> Rows:
    """Through its URL; a stop that was chosen is none to tell."""
    name, working = facts.function("Signer"), Working(facts.aws, facts.stack, facts.kind)
    if working.is_stopped(name):
        chosen = facts.parameters.get("ReservedConcurrency") == "0"
        yield Row(name, WHAT, "" if chosen else STOPPED, STOPPED)
        return
    url = live.url(facts.aws, facts.stack.outputs())
    if working.is_guarded and working.health(url).status == 403:
        yield Row(name, WHAT, "", "not asked: its URL is guarded by IAM, and you may not call it")
        return
    problem = working.signer(url)
    yield Row(name, WHAT, problem.words if problem else "", f"GET {facts.kind.health}: 200")


def _operator(facts: Facts) -> Rows:
    """Whoever may ask for `status` may raise as well, which an auditor may not."""
    name, working = facts.function("Operator"), Working(facts.aws, facts.stack, facts.kind)
    if working.is_stopped(name):
        yield Row(name, WHAT, STOPPED)
        return
    try:
        problem = working.operator(name)
    except ClientError as error:
        if code_of(error) not in ("AccessDenied", "AccessDeniedException"):
            raise
        yield Row(name, WHAT, "", "not asked: you may not invoke it; operator-user.json lets")
        return
    yield Row(name, WHAT, problem.words if problem else "", "status: ok")
