# SPDX-License-Identifier: Apache-2.0
"""The key, in each Region that has it."""

import json
from functools import partial

from redoubt_stack import policies
from redoubt_stack.checks import kms
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect
from redoubt_stack.tezos import public_key


P256 = "ECC_NIST_P256"
# A choice, and no mistake in the deployment: so it is told, and no difference.
MALLEABLE = (
    "YES: of one published block of this tz3 key anybody can make another signature, and so "
    "another block, and protocols 022 to 025 (and alpha) take the two as double baking: an honest "
    "baker is slashed. docs/security.md, P-256"
)


def check(facts: Facts) -> Rows:
    if not facts.has_kms_key:
        return
    looks = {"settings": _settings, "public key": _public_key, "alias": _alias, "Regions": _regions}
    yield from each("key", {what: partial(look, facts) for what, look in looks.items()})


def _settings(facts: Facts) -> Rows:
    key, parameters = facts.key, facts.parameters
    yield expect("key", "spec", parameters["KeySpec"], key["KeySpec"])
    yield expect("key", "usage", "SIGN_VERIFY", key["KeyUsage"])
    yield Row("key", "malleable signatures", "", MALLEABLE if key["KeySpec"] == P256 else "no")
    if not parameters.get("ExistingKeyArn"):
        wanted = parameters.get("MultiRegionKey", "false") == "true"
        yield expect("key", "multi-Region", wanted, key.get("MultiRegion", False))
        if wanted:
            role = key.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType")
            yield expect("key", "here it is the", "PRIMARY", role)


def _public_key(facts: Facts) -> Rows:
    told = facts.aws.client("kms").get_public_key(KeyId=facts.key_arn)
    found = public_key(told["KeySpec"], told["PublicKey"])
    parameters = facts.parameters
    yield expect("key", "public key", parameters.get("PublicKeys"), found.text, found.text)
    # That of KMS is the first; sealed ones follow.
    known = [address for address in facts.addresses if not address.startswith("tz4")]
    yield expect("key", "address", known, [found.address], found.address)


def _alias(facts: Facts) -> Rows:
    if not facts.parameters.get("ExistingKeyArn"):
        yield kms.alias(facts, "key", f"alias/{facts.stack.name}", facts.key_arn)


def _regions(facts: Facts) -> Rows:
    """Home first, which is looked at even if AWS does not tell where else the key is."""
    home = facts.aws.region
    yield from _in(facts, home)
    config = facts.key.get("MultiRegionConfiguration", {})
    known = [*config.get("ReplicaKeys", []), config.get("PrimaryKey", {"Region": home})]
    for region in sorted({key["Region"] for key in known} - {home}):
        yield from _in(facts, region)


def _in(facts: Facts, region: str) -> Rows:
    looks = {"state": _state, "policy": _policy, "grants": _grants}
    yield from each(
        f"key in {region}", {what: partial(look, facts, region) for what, look in looks.items()}
    )


def _state(facts: Facts, region: str) -> Rows:
    arn = facts.in_region(facts.key_arn, region)
    told = facts.aws.client("kms", region).describe_key(KeyId=arn)["KeyMetadata"]
    yield expect(f"key in {region}", "state", "Enabled", told["KeyState"])


def _policy(facts: Facts, region: str) -> Rows:
    if facts.parameters.get("ExistingKeyArn"):
        yield Row(f"key in {region}", "policy", "", "its owner's, not compared")
        return
    arn = facts.in_region(facts.key_arn, region)
    told = facts.aws.client("kms", region).get_key_policy(KeyId=arn, PolicyName="default")
    expected = facts.policy("key-policy", region)
    problem = policies.difference(expected, json.loads(told["Policy"]))
    yield Row(f"key in {region}", "policy", problem)


def _grants(facts: Facts, region: str) -> Rows:
    yield kms.grants(facts, f"key in {region}", region, facts.in_region(facts.key_arn, region))
