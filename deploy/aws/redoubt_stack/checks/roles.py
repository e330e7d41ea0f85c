# SPDX-License-Identifier: Apache-2.0
"""The two roles: who may become them, and what they may then do."""

from redoubt_stack import policies
from redoubt_stack.checks.facts import Facts, Row, Rows, expect


def check(facts: Facts) -> Rows:
    for kind in ("Signer", "Operator"):
        yield from _role(facts, kind)


def _role(facts: Facts, kind: str) -> Rows:
    iam = facts.aws.client("iam")
    name = facts.outputs[f"{kind}RoleArn"].rpartition("/")[2]
    role = iam.get_role(RoleName=name)["Role"]
    trust = policies.difference(facts.policy("role-trust"), role["AssumeRolePolicyDocument"])
    yield Row(name, "trust", trust)
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    yield expect(name, "attached policies", [], [policy["PolicyArn"] for policy in attached])
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    yield expect(name, "number of its policies", 1, len(inline))
    expected = facts.policy(f"{kind.lower()}-role")
    for policy in inline:
        found = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        yield Row(name, f"policy {policy}", policies.difference(expected, found))
