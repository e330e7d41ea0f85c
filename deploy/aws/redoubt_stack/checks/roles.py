# SPDX-License-Identifier: Apache-2.0
"""The two roles: who may become them, and what they may then do."""

from functools import partial

from redoubt_stack import live, policies
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect


def check(facts: Facts) -> Rows:
    for kind in live.FUNCTIONS:
        yield from each(
            facts.role(kind),
            {
                "role": partial(_role, facts, kind),
                "attached policies": partial(_attached, facts, kind),
                "policy": partial(_inline, facts, kind),
            },
        )


def _role(facts: Facts, kind: str) -> Rows:
    name = facts.role(kind)
    role = facts.aws.client("iam").get_role(RoleName=name)["Role"]
    trust = policies.difference(facts.policy("role-trust"), role["AssumeRolePolicyDocument"])
    yield Row(name, "trust", trust)
    # It gives no right, and can take those away without which nothing is signed.
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
    yield expect(name, "boundary", "", boundary)


def _attached(facts: Facts, kind: str) -> Rows:
    name = facts.role(kind)
    told = facts.aws.client("iam").list_attached_role_policies(RoleName=name)
    found = [policy["PolicyArn"] for policy in told["AttachedPolicies"]]
    yield expect(name, "attached policies", [], found)


def _inline(facts: Facts, kind: str) -> Rows:
    name, iam = facts.role(kind), facts.aws.client("iam")
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    yield expect(name, "number of its policies", 1, len(inline))
    expected = facts.policy(f"{kind.lower()}-role")
    for policy in inline:
        found = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        yield Row(name, f"policy {policy}", policies.difference(expected, found))
