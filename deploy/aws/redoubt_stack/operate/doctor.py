# SPDX-License-Identifier: Apache-2.0
"""Says what would keep you from sleeping well, and what to do about it: keys, table, rows and
variables by the operator function; of a stack also functions, URL, code, roles, alarms, CloudTrail.
Changes nothing. Errors end it with 1; warnings alone with 0."""

import json
from argparse import Namespace
from pathlib import Path

from redoubt_stack.commands import Answer
from redoubt_stack.console import say
from redoubt_stack.operate import answers, findings, options, tables
from redoubt_stack.operate.findings import ERROR, OPERATOR, WARNING, Finding
from redoubt_stack.operate.head import read_head
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import Target, Unreachable, ask

EXAMPLES = """
doctor
doctor --node https://rpc.example.org
doctor --json    # for monitoring: ends with 1 if anything is wrong
--local http://127.0.0.1:8080 doctor
"""
EXITS = """ends with:
  0  done: nothing is wrong, or what is are warnings alone
  1  errors: each is named, with what to do; or AWS or the function refused to tell
  2  wrong usage: nothing was asked
  3  not reached: there is no such stack, or no local host"""
ROOT = Path(__file__).resolve().parents[4]
SHOWN = ("", "check", "of", "found", "do")


def main(given: list[str]) -> int:
    parser = options.parser("doctor", __doc__ or "", EXAMPLES, EXITS)
    add = parser.add_argument
    add("--zip", type=Path, help="the release to compare with (else what deploy/build made)")
    add("--template", type=Path, default=ROOT / "deploy/aws/template.yaml", help="instead of ours")
    add("--policies", type=Path, default=ROOT / "iam-policies", help="instead of ours")
    options.add_node(parser, "whose head the rows are held against")
    options.add_json(parser)
    told = parser.parse_args(given)
    target = choose(told)
    head = read_head(told.node)
    fields = {"chain": head.chain_id, "level": head.level} if head else {}
    answer = _inside(target, fields)
    if isinstance(answer, Answer) and not answer.ok:
        return answers.refused(answer)
    found = _all(target, answer, told)
    if told.json:
        say(json.dumps(findings.to_json(found), indent=2))
    else:
        _show(target, found)
    return int(findings.count(found, ERROR) > 0)


def _inside(target: Target, fields: dict[str, object]) -> Answer | Finding:
    """Of a stack, what is seen from outside may tell why the function does not answer."""
    try:
        return ask(target, "doctor", **fields)
    except Unreachable as reason:
        if target.is_local:
            raise
        words = str(reason).splitlines()[0]
        return Finding(OPERATOR, target.where, ERROR, words, findings.TO_DO[OPERATOR])


def _all(target: Target, answer: Answer | Finding, told: Namespace) -> list[Finding]:
    silent = isinstance(answer, Finding)
    inside = [answer] if silent else findings.from_function(answer.members)
    if target.is_local:
        return inside
    from redoubt_stack.operate import outside
    from redoubt_stack.operate.stack_target import StackTarget

    assert isinstance(target, StackTarget)
    seen = outside.look(target, told)
    # Not the same twice.
    if silent and any(one.check == OPERATOR for one in seen):
        inside = []
    return inside + seen


def _show(target: Target, found: list[Finding]) -> None:
    errors, warnings = findings.count(found, ERROR), findings.count(found, WARNING)
    if not found:
        say(f"{target.where}: all is well")
        return
    ordered = sorted(found, key=lambda one: (one.severity != ERROR, one.check, one.of))
    tables.show(
        f"{target.where}: {errors} errors, {warnings} warnings",
        SHOWN,
        [one.shown for one in ordered],
    )
