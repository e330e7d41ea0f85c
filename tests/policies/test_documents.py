# SPDX-License-Identifier: Apache-2.0
"""The files themselves: what AWS takes, and that the README explains all of them."""

import json
import re
from dataclasses import replace

import pytest

import simulator
from cast import BLS_KEYS, COMMITTED, STACK, WRAPS_ELSEWHERE
from documents import FILES, FOLDER, PLACEHOLDER, SHARED, SWITCHES, document, source
from mutants import listed
from table_of_ethereum import COMMITTED as OF_VALIDATORS

README = (FOLDER / "README.md").read_text()
# The largest that must fit: long names, and every statement.
LARGE = replace(
    STACK,
    StackName="redoubt-mainnet-1",
    Region="ap-southeast-4",
    VpcEndpoint="vpce-0a1b2c3d4e5f6",
    WarmSchedule="rate(4 minutes)",
    WrappingKeyArns=(WRAPS_ELSEWHERE,) * 5,
    KeyHashes=(*STACK.KeyHashes, *BLS_KEYS * 4),
)
# Characters, blanks not counted: KMS, DynamoDB, Lambda, a role's trust, all inline policies of a
# role (which the deployer's must be); and a managed policy.
LIMITS = {
    "key-policy": 32_768,
    "wrapping-key-policy": 32_768,
    "table-policy": 20_480,
    "url-policy": 20_480,
    "role-trust": 2_048,
    "warm-trust": 2_048,
    "deployer": 10_240,
    "ethereum/deployer": 10_240,
}
MANAGED = 6_144


def section(file: str) -> str:
    """The part about the file of the README beside it."""
    path = FOLDER / f"{file}.json"
    text = path.with_name("README.md").read_text()
    (found,) = re.findall(rf"^## `{path.name}`.*?(?=^## |\Z)", text, re.M | re.S)
    return found


def test_all_files_are_here() -> None:
    own = {"auditor", "author", "boundary", "deployer"}
    own |= {"operator-role", "recovery-role", "signer-role", "table-policy-new"}
    assert set(FILES) - set(SHARED) == {f"ethereum/{name}" for name in own}
    assert set(SHARED) == {
        "auditor",
        "boundary",
        "deployer",
        "key-policy",
        "operator-role",
        "operator-user",
        "recovery-role",
        "recovery-user",
        "role-trust",
        "signer-role",
        "table-policy",
        "url-policy",
        "warm-role",
        "warm-trust",
        "wrapping-key-policy",
    }


@pytest.mark.parametrize("file", FILES)
def test_fits(file: str) -> None:
    text = json.dumps(document(file, LARGE), separators=(",", ":"))
    assert len(text) <= LIMITS.get(file, MANAGED)


@pytest.mark.parametrize("file", FILES)
def test_readme_gives_a_reason_for_each_statement(file: str) -> None:
    sids = [statement["Sid"] for statement in source(file)["Statement"]]
    assert re.findall(r"^\| `(\w+)` \| .{20,} \|$", section(file), re.M) == sids


def test_readme_lists_the_switched_statements() -> None:
    named = re.findall(r"^\| `([\w-]+)\.json` `(\w+)` \| `(\w+)` \|", README, re.M)
    assert {(file, sid): switch for file, sid, switch in named} == SWITCHES


def test_every_placeholder_is_explained() -> None:
    used = {name for file in FILES for name in PLACEHOLDER.findall(json.dumps(source(file)))}
    assert set(re.findall(r"^\| `\$\{(\w+)\}` \|", README, re.M)) == used


def test_every_action_exists() -> None:
    actions = {
        action
        for file in FILES
        for statement in source(file)["Statement"]
        for action in listed(statement["Action"])
        if "*" not in action
    }
    assert simulator.unknown(actions | {"kms:Forget"}) == ["kms:Forget"]


def test_the_commit_may_name_what_it_names_and_no_more() -> None:
    """`sealed` is not among it: ALL_NEW brings it, and nothing of the signer writes it."""
    code = (FOLDER.parent / "src/adapters/tezos/watermark_table.cpp").read_text()
    commit = code.partition("commit_update(")[2].partition("\n}\n")[0]
    (named,) = re.findall(r"update\.names = aliases\(\{([^}]*)\}\);", commit)
    (statement,) = (s for s in source("signer-role")["Statement"] if s["Sid"] == "Commit")
    allowed = statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    assert allowed == ["pkh", "scope", *re.findall(r'"(\w+)"', named)] == COMMITTED


def test_validators_commits_may_name_what_they_name_and_no_more() -> None:
    code = (FOLDER.parent / "src/adapters/ethereum/validator_commit.cpp").read_text()
    named = set(re.findall(r'names\.add\("#(\w+)"', code))
    for names in re.findall(r"name_all\(update, \{([^}]*)\}\);", code):
        named |= set(re.findall(r'"(\w+)"', names))
    (statement,) = (s for s in source("ethereum/signer-role")["Statement"] if s["Sid"] == "Commit")
    allowed = statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    assert sorted(allowed) == sorted({"id", *named}) == sorted(OF_VALIDATORS)
