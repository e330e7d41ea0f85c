# SPDX-License-Identifier: Apache-2.0
"""What somebody does to the key and the roles, and how it is undone. Each yields what `verify`
finds."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from account import Account, Signer

Tampering = Callable[[Account, Signer], Any]


@contextmanager
def key_policy(account: Account, signer: Signer, change: Callable[[Any], Any]) -> Iterator[str]:
    client, key = account.client("kms"), signer.outputs["KeyArn"]
    found = client.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    changed = json.dumps(change(json.loads(found)))
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=changed)
    yield "key in us-east-1: policy"
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=found)


@contextmanager
def a_grant(account: Account, signer: Signer) -> Iterator[str]:
    client, key = account.client("kms"), signer.outputs["KeyArn"]
    grant = client.create_grant(
        KeyId=key, GranteePrincipal="arn:aws:iam::000000000000:root", Operations=["Sign"]
    )["GrantId"]
    yield "key in us-east-1: grants"
    client.revoke_grant(KeyId=key, GrantId=grant)


@contextmanager
def disabled_key(account: Account, signer: Signer) -> Iterator[str]:
    client, key = account.client("kms"), signer.outputs["KeyArn"]
    client.disable_key(KeyId=key)
    yield "key in us-east-1: state"
    client.enable_key(KeyId=key)


@contextmanager
def another_alias(account: Account, signer: Signer) -> Iterator[str]:
    client = account.client("kms")
    other = client.create_key(KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    client.update_alias(AliasName="alias/redoubt", TargetKeyId=other["KeyId"])
    yield "key: alias"
    own = signer.outputs["KeyArn"].rpartition("/")[2]
    client.update_alias(AliasName="alias/redoubt", TargetKeyId=own)


@contextmanager
def other_rights(
    account: Account, signer: Signer, kind: str, change: Callable[[Any], Any]
) -> Iterator[str]:
    client, role = account.client("iam"), signer.facts.role(kind)
    name = client.list_role_policies(RoleName=role)["PolicyNames"][0]
    found = client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    changed = json.dumps(change(copy.deepcopy(found)))
    client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=changed)
    yield f"{role}: policy {name}"
    client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(found))


@contextmanager
def a_policy_more(account: Account, signer: Signer, kind: str) -> Iterator[str]:
    """Of the right name and content, which is why it is counted."""
    client, role = account.client("iam"), signer.facts.role(kind)
    name = client.list_role_policies(RoleName=role)["PolicyNames"][0]
    found = client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    client.put_role_policy(RoleName=role, PolicyName="more", PolicyDocument=json.dumps(found))
    yield f"{role}: number of its policies"
    client.delete_role_policy(RoleName=role, PolicyName="more")


@contextmanager
def attached(account: Account, signer: Signer, kind: str) -> Iterator[str]:
    client, role = account.client("iam"), signer.facts.role(kind)
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    client.attach_role_policy(RoleName=role, PolicyArn=arn)
    yield f"{role}: attached policies"
    client.detach_role_policy(RoleName=role, PolicyArn=arn)


@contextmanager
def trust(
    account: Account, signer: Signer, kind: str, change: Callable[[Any], Any]
) -> Iterator[str]:
    client, role = account.client("iam"), signer.facts.role(kind)
    found = client.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    changed = json.dumps(change(copy.deepcopy(found)))
    client.update_assume_role_policy(RoleName=role, PolicyDocument=changed)
    yield f"{role}: trust"
    client.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(found))


@contextmanager
def boundary(account: Account, signer: Signer, kind: str, other: str | None) -> Iterator[str]:
    client, role = account.client("iam"), signer.facts.role(kind)
    if other is None:
        client.delete_role_permissions_boundary(RoleName=role)
    else:
        client.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=other)
    yield f"{role}: boundary"
    own = signer.facts.boundary
    client.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=own)


@contextmanager
def another_version(
    account: Account, signer: Signer, name: str, change: Callable[[Any], Any]
) -> Iterator[str]:
    """Of a managed policy: whoever has it attached has what is in the version in force."""
    client, arn = account.client("iam"), signer.facts.managed_policy_arn(name)
    before = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    found = client.get_policy_version(PolicyArn=arn, VersionId=before)["PolicyVersion"]["Document"]

    def put(document: Any) -> str:
        text = json.dumps(document)
        made = client.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
        return str(made["PolicyVersion"]["VersionId"])

    made = put(change(copy.deepcopy(found)))
    yield f"policy {name}: policy"
    put(found)
    for version in (before, made):
        client.delete_policy_version(PolicyArn=arn, VersionId=version)


ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
Change = Callable[[Any], Any]


def statements(change: Callable[[list[Any]], list[Any]]) -> Change:
    return lambda document: document | {"Statement": change(document["Statement"])}


def wider(found: list[Any]) -> list[Any]:
    first, *rest = found
    return [first | {"Action": ["dynamodb:*"]}, *rest]


# What a comparison by name, by number or by a set of names would not see.
CHANGES: dict[str, Change] = {
    "a statement wider": statements(wider),
    "a statement without a name": statements(lambda found: [*found, ANYTHING]),
    "a statement of another's name": statements(
        lambda found: [*found, ANYTHING | {"Sid": found[0].get("Sid", "x")}]
    ),
    "a statement of another's name, first": statements(
        lambda found: [ANYTHING | {"Sid": found[0].get("Sid", "x")}, *found]
    ),
    "a statement doubled": statements(lambda found: [*found, found[0] | {"Sid": "Twice"}]),
    "a statement gone": statements(lambda found: found[:-1]),
    "an older language": lambda document: document | {"Version": "2008-10-17"},
}
STRANGER = statements(lambda found: [found[0] | {"Principal": {"AWS": "*"}}, *found[1:]])
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
KINDS = ("Signer", "Operator", "Warm")
POLICIES = ("operator-user", "auditor", "boundary")


def by(tampering: Callable[..., Any], *more: Any) -> Tampering:
    return lambda account, signer: tampering(account, signer, *more)


TAMPERINGS: dict[str, Tampering] = {
    "a grant": a_grant,
    "disabled key": disabled_key,
    "another key's alias": another_alias,
    **{f"key policy: {what}": by(key_policy, change) for what, change in CHANGES.items()},
    **{f"role: {what}": by(other_rights, "Operator", change) for what, change in CHANGES.items()},
    **{
        f"policy {name}: {what}": by(another_version, name, change)
        for name in POLICIES
        for what, change in CHANGES.items()
        if name == "auditor" or what == "a statement without a name"
    },
    **{
        f"{kind}: {what}": by(tampering, kind, *more)
        for kind in KINDS
        for what, tampering, *more in (
            ("rights", other_rights, CHANGES["a statement without a name"]),
            ("a policy more", a_policy_more),
            ("attached", attached),
            ("trusts anybody", trust, STRANGER),
            ("trusts one more", trust, CHANGES["a statement without a name"]),
            ("no boundary", boundary, None),
            ("another boundary", boundary, ADMINISTRATOR),
        )
    },
}
