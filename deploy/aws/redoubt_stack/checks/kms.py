# SPDX-License-Identifier: Apache-2.0
"""What is the same of each KMS key, whatever it is for."""

from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, expect


def grants(facts: Facts, subject: str, region: str, arn: str) -> Row:
    """Nobody is let in past the policy."""
    pages = facts.aws.client("kms", region).get_paginator("list_grants").paginate(KeyId=arn)
    found = [grant["GranteePrincipal"] for page in pages for grant in page["Grants"]]
    return expect(subject, "grants", [], found)


def alias(facts: Facts, subject: str, name: str, arn: str) -> Row:
    """For people only; but the drills stop the key by it."""
    pages = facts.aws.client("kms").get_paginator("list_aliases").paginate()
    found = [
        alias.get("TargetKeyId")
        for page in pages
        for alias in page["Aliases"]
        if alias["AliasName"] == name
    ]
    return expect(subject, "alias", [arn.rpartition("/")[2]], found)
