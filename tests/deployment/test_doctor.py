# SPDX-License-Identifier: Apache-2.0
"""`doctor` on a stack, by whoever may command and look, and no more; and what its function, with
the rights that the stack gives it, finds of each tampering with key, table and rows."""

import json
from typing import Any

import pytest
import tampering_functions
import tampering_rights
import tampering_state
from account import ZIP, Account, Signer

STACK = "redoubt"
WHO = ("operator-user", "auditor")
# What each of `verify`'s tamperings is to the function.
FOUND: dict[str, set[str]] = {
    "unprotected table": {"table_protection"},
    "another key of the table": {"table_encryption"},
    "no recovery": {"table_recovery"},
    "a lost row": {"rows_complete"},
    "no rows": {"key_armed"},
    "a damaged row": {"row_damaged"},
    "a grant": {"key_grants"},
    "disabled key": {"key_state"},
}
# Policies name sessions beside roles here (overlay.py), which `doctor` takes for anybody.
EMULATED = {"key_signers", "table_writers"}
TAMPERINGS = tampering_state.TAMPERINGS | tampering_rights.TAMPERINGS


def doctor(account: Account, *words: str, by: tuple[str, ...] = WHO) -> Any:
    given = {"template": account.template, "policies": account.policies, "zip": ZIP}
    ours = [str(part) for name, value in given.items() for part in (f"--{name}", value)]
    return account.redoubt(STACK, "doctor", "--json", *ours, *words, by=by)


def ids(ran: Any) -> set[str]:
    return {check["check"] for check in json.loads(ran.text)["checks"]} - EMULATED


def found_inside(signer: Signer) -> set[str]:
    told = signer.command("doctor")
    return {check["check"] for check in told["checks"] if not check["ok"]} - EMULATED


def test_stack_is_well_once_somebody_hears_it(account: Account, signer: Signer) -> None:
    topic = signer.facts.stack.resource("AlarmTopic")
    deaf = doctor(account)
    assert deaf.code == 1, deaf.text
    assert ids(deaf) == {"alarms_subscribers", "cloudtrail_trail", "parameters_alarmemail"}
    hears = "arn:aws:sqs:us-east-1:000000000000:heard"  # which need not confirm
    account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=hears)
    trails = account.client("cloudtrail")
    trails.create_trail(Name="all", S3BucketName="trail", IsMultiRegionTrail=True)
    trails.start_logging(Name="all")
    heard = doctor(account)
    assert ids(heard) == {"parameters_alarmemail"}


def test_who_may_only_command_hears_what_the_function_sees(
    account: Account, signer: Signer
) -> None:
    with tampering_state.no_recovery(account, signer):
        ran = doctor(account, by=("operator-user",))
    assert ids(ran) == {"table_recovery", "not_seen"}


def test_silent_function_is_one_finding_and_hides_no_other(
    account: Account, signer: Signer
) -> None:
    keys = "{0}x"  # which is no list of keys
    with tampering_functions.does_not_start(account, signer, "Operator", keys):
        ran = doctor(account)
    assert ran.code == 1, ran.text
    assert {"operator_answers", "operator_authorized_keys_are_keys"} <= ids(ran)


@pytest.mark.parametrize("name", FOUND)
def test_function_finds_the_tampering_alone(account: Account, signer: Signer, name: str) -> None:
    with TAMPERINGS[name](account, signer):
        assert found_inside(signer) == FOUND[name]
    assert found_inside(signer) == set()
