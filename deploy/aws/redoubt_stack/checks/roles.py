# SPDX-License-Identifier: Apache-2.0
"""The roles: who may become them, and what they may then do; and the policies for people."""

from functools import partial

from redoubt_stack import live, policies
from redoubt_stack.aws import unless_missing
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.rows import Row, Rows, each, expect

# The two documents of each role; the last one is there if there is a schedule.
TRUST = {
    "Signer": "role-trust",
    "Operator": "role-trust",
    "Recovery": "role-trust",
    "Warm": "warm-trust",
}
RIGHTS = {
    "Signer": "signer-role",
    "Operator": "operator-role",
    "Recovery": "recovery-role",
    "Warm": "warm-role",
}


def check(facts: Facts) -> Rows:
    scheduled = bool(facts.parameters.get("WarmSchedule"))
    for kind in (*facts.kinds, *(["Warm"] if scheduled else [])):
        yield from each(
            facts.role(kind),
            {
                "role": partial(_role, facts, kind),
                "attached policies": partial(_attached, facts, kind),
                "policy": partial(_inline, facts, kind),
            },
        )
    for kind in _not_there(facts, scheduled):
        yield from each(facts.role(kind), {"role": partial(_no_role, facts, kind)})
    people = ["operator-user", "auditor"] + ["recovery-user"] * facts.has_sealed_keys
    for name in (*people, *(["boundary"] if facts.boundary else [])):
        yield from each(f"policy {name}", {"policy": partial(_managed, facts, name)})


def _not_there(facts: Facts, scheduled: bool) -> list[str]:
    """Of what is not chosen, and could be."""
    recovers = facts.is_recovering or not facts.has_sealed_keys
    warms = scheduled or "WarmSchedule" not in facts.parameters
    return ([] if warms else ["Warm"]) + ([] if recovers else [live.RECOVERY])


def _role(facts: Facts, kind: str) -> Rows:
    name = facts.role(kind)
    role = facts.aws.client("iam").get_role(RoleName=name)["Role"]
    trust = policies.difference(facts.policy(TRUST[kind]), role["AssumeRolePolicyDocument"])
    yield Row(name, "trust", trust)
    # It gives no right. Another one can take those away without which nothing is signed; and
    # without the one that was chosen, whoever deploys may give the role any right.
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
    yield expect(name, "boundary", facts.boundary, boundary)


def _no_role(facts: Facts, kind: str) -> Rows:
    """Without a schedule nothing uses it, and whoever made one meant something else."""
    name, iam = facts.role(kind), facts.aws.client("iam")
    told = unless_missing(lambda: iam.get_role(RoleName=name), "NoSuchEntity")
    yield expect(name, "role", "not there", "there" if told else "not there")


def _attached(facts: Facts, kind: str) -> Rows:
    name = facts.role(kind)
    told = facts.aws.client("iam").list_attached_role_policies(RoleName=name)
    found = [policy["PolicyArn"] for policy in told["AttachedPolicies"]]
    yield expect(name, "attached policies", [], found)


def _inline(facts: Facts, kind: str) -> Rows:
    name, iam = facts.role(kind), facts.aws.client("iam")
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    yield expect(name, "number of its policies", 1, len(inline))
    expected = facts.policy(RIGHTS[kind])
    for policy in inline:
        found = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        yield Row(name, f"policy {policy}", policies.difference(expected, found))


def _managed(facts: Facts, name: str) -> Rows:
    """In the version that is in force; another's boundary is its owner's work."""
    own, iam = facts.managed_policy_arn(name), facts.aws.client("iam")
    if name == "boundary" and facts.boundary != own:
        yield Row(f"policy {name}", "policy", "", "its owner's, not compared")
        return
    version = iam.get_policy(PolicyArn=own)["Policy"]["DefaultVersionId"]
    told = iam.get_policy_version(PolicyArn=own, VersionId=version)["PolicyVersion"]
    problem = policies.difference(facts.policy(name), told["Document"])
    yield Row(f"policy {name}", "policy", problem)
