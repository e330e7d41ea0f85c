# SPDX-License-Identifier: Apache-2.0
"""What somebody does to the key and the roles, and how it is undone. Each yields what `verify`
finds."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from account import Account, Signer

Tampering = Callable[[Account, Signer], Any]


@contextmanager
def key_policy(account: Account, signer: Signer) -> Iterator[str]:
    client, key = account.client("kms"), signer.outputs["KeyArn"]
    found = client.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    weaker = json.loads(found)
    weaker["Statement"] = [s for s in weaker["Statement"] if s["Sid"] != "NobodyGrants"]
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(weaker))
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
    account: Account, signer: Signer, change: Callable[[Any], dict[str, Any]]
) -> Iterator[str]:
    client, role = account.client("iam"), signer.outputs["OperatorRoleArn"].rpartition("/")[2]
    name = client.list_role_policies(RoleName=role)["PolicyNames"][0]
    found = client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    wider = json.loads(json.dumps(found))
    wider |= change(found)
    client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(wider))
    yield f"{role}: policy {name}"
    client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(found))


@contextmanager
def another_policy(account: Account, signer: Signer) -> Iterator[str]:
    client, role = account.client("iam"), signer.outputs["SignerRoleArn"].rpartition("/")[2]
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    client.attach_role_policy(RoleName=role, PolicyArn=arn)
    yield f"{role}: attached policies"
    client.detach_role_policy(RoleName=role, PolicyArn=arn)


@contextmanager
def trust(account: Account, signer: Signer) -> Iterator[str]:
    client, role = account.client("iam"), signer.outputs["SignerRoleArn"].rpartition("/")[2]
    found = client.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    wider = json.loads(json.dumps(found))
    wider["Statement"][0]["Principal"] = {"AWS": "*"}
    client.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(wider))
    yield f"{role}: trust"
    client.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(found))


@contextmanager
def boundary(account: Account, signer: Signer) -> Iterator[str]:
    client, role = account.client("iam"), signer.outputs["SignerRoleArn"].rpartition("/")[2]
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    client.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=arn)
    yield f"{role}: boundary"
    client.delete_role_permissions_boundary(RoleName=role)


def wider(found: Any) -> dict[str, Any]:
    first, *rest = found["Statement"]
    return {"Statement": [first | {"Action": ["dynamodb:*"]}, *rest]}


TAMPERINGS: dict[str, Tampering] = {
    "key policy": key_policy,
    "a grant": a_grant,
    "disabled key": disabled_key,
    "another key's alias": another_alias,
    "a right more": lambda a, s: other_rights(a, s, wider),
    "an older language": lambda a, s: other_rights(a, s, lambda _: {"Version": "2008-10-17"}),
    "another policy": another_policy,
    "trust": trust,
    "a boundary": boundary,
}
