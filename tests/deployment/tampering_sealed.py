# SPDX-License-Identifier: Apache-2.0
"""What somebody does to what seals tz4 keys, and how it is undone. Each yields what `verify`
finds."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from account import ZIP, Account, Signer

Tampering = Callable[[Account, Signer], Any]


@contextmanager
def open_policy(account: Account, signer: Signer) -> Iterator[str]:
    """Without the denial that keeps everybody else from opening."""
    client, key = account.client("kms"), signer.facts.wrapping_key_arn
    found = client.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    document = json.loads(found)
    kept = [one for one in document["Statement"] if one["Sid"] != "NobodyElseOpens"]
    assert len(kept) + 1 == len(document["Statement"])
    changed = json.dumps(document | {"Statement": kept})
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=changed)
    yield "wrapping key: policy"
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=found)


@contextmanager
def a_grant(account: Account, signer: Signer) -> Iterator[str]:
    client, key = account.client("kms"), signer.facts.wrapping_key_arn
    who = "arn:aws:iam::000000000000:root"
    grant = client.create_grant(KeyId=key, GranteePrincipal=who, Operations=["Decrypt"])["GrantId"]
    yield "wrapping key: grants"
    client.revoke_grant(KeyId=key, GrantId=grant)


@contextmanager
def disabled_key(account: Account, signer: Signer) -> Iterator[str]:
    """Whoever runs has the keys in memory: nothing is seen of it yet but by looking."""
    client, key = account.client("kms"), signer.facts.wrapping_key_arn
    client.disable_key(KeyId=key)
    yield "wrapping key: state"
    client.enable_key(KeyId=key)


@contextmanager
def another_alias(account: Account, signer: Signer) -> Iterator[str]:
    client, alias = account.client("kms"), f"alias/{signer.stack}-wrapping"
    other = client.create_key(KeySpec="SYMMETRIC_DEFAULT", KeyUsage="ENCRYPT_DECRYPT")
    client.update_alias(AliasName=alias, TargetKeyId=other["KeyMetadata"]["KeyId"])
    yield "wrapping key: alias"
    own = signer.facts.wrapping_key_arn.rpartition("/")[2]
    client.update_alias(AliasName=alias, TargetKeyId=own)


@contextmanager
def a_recovery_role(account: Account, signer: Signer) -> Iterator[str]:
    """Which the wrapping key's policy would let open, although Recovery is off."""
    iam, role = account.client("iam"), signer.facts.role("Recovery")
    trust = iam.get_role(RoleName=signer.facts.role("Signer"))["Role"]["AssumeRolePolicyDocument"]
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
    yield f"{role}: role"
    iam.delete_role(RoleName=role)


@contextmanager
def a_recovery_function(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("lambda"), signer.facts.function("Recovery")
    client.create_function(
        FunctionName=name,
        Runtime="provided.al2023",
        Handler="recovery",
        Role=signer.facts.role_arn("Operator"),
        Code={"ZipFile": ZIP.read_bytes()},
    )
    yield f"{name}: function"
    client.delete_function(FunctionName=name)


TAMPERINGS: dict[str, Tampering] = {
    "a wrapping key that others may open with": open_policy,
    "a grant on it": a_grant,
    "a wrapping key that is off": disabled_key,
    "an alias that leads elsewhere": another_alias,
    "a recovery role made by somebody": a_recovery_role,
    "a recovery function made by somebody": a_recovery_function,
}
