# SPDX-License-Identifier: Apache-2.0
"""`verify` finds each tampering, alone and by name, and nothing once it is undone."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from account import ZIP, Account, Signer

Tampering = Callable[[Account, Signer], Any]


def function(signer: Signer) -> str:
    return signer.outputs["SignerFunction"]


@contextmanager
def other_code(account: Account, signer: Signer) -> Iterator[str]:
    changed = io.BytesIO()
    with zipfile.ZipFile(ZIP) as release, zipfile.ZipFile(changed, "w") as opened:
        opened.writestr("bootstrap", release.read("bootstrap") + b"\0")
    client = account.client("lambda")
    client.update_function_code(FunctionName=function(signer), ZipFile=changed.getvalue())
    yield "redoubt-signer: code"
    client.update_function_code(FunctionName=function(signer), ZipFile=ZIP.read_bytes())


@contextmanager
def configured(account: Account, signer: Signer, what: str, **change: Any) -> Iterator[str]:
    client = account.client("lambda")
    found = client.get_function_configuration(FunctionName=function(signer))
    client.update_function_configuration(FunctionName=function(signer), **change)
    yield f"redoubt-signer: {what}"
    back = {name: found[name] for name in change}
    client.update_function_configuration(FunctionName=function(signer), **back)


def variable(name: str, value: str, what: str) -> Tampering:
    def tampering(account: Account, signer: Signer) -> Any:
        found = account.client("lambda").get_function_configuration(FunctionName=function(signer))
        variables = found["Environment"]["Variables"] | {name: value}
        return configured(account, signer, what, Environment={"Variables": variables})

    return tampering


@contextmanager
def open_invocation(account: Account, signer: Signer) -> Iterator[str]:
    client = account.client("lambda")
    client.add_permission(
        FunctionName=function(signer),
        StatementId="x",
        Action="lambda:InvokeFunction",
        Principal="*",
    )
    yield "redoubt-signer: direct invocation"
    client.remove_permission(FunctionName=function(signer), StatementId="x")


@contextmanager
def a_way_into_the_operator(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("lambda"), signer.outputs["OperatorFunction"]
    client.create_function_url_config(FunctionName=name, AuthType="NONE")
    yield "redoubt-operator: URLs"
    client.delete_function_url_config(FunctionName=name)


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
def a_right_more(account: Account, signer: Signer) -> Iterator[str]:
    client, role = account.client("iam"), signer.outputs["OperatorRoleArn"].rpartition("/")[2]
    name = client.list_role_policies(RoleName=role)["PolicyNames"][0]
    found = client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    wider = json.loads(json.dumps(found))
    wider["Statement"][0]["Action"] = ["dynamodb:*"]
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
def unprotected_table(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("dynamodb"), signer.outputs["TableName"]
    client.update_table(TableName=name, DeletionProtectionEnabled=False)
    yield "table in us-east-1: deletion protection"
    client.update_table(TableName=name, DeletionProtectionEnabled=True)


@contextmanager
def no_recovery(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("dynamodb"), signer.outputs["TableName"]
    for wanted in (False, True):
        client.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": wanted},
        )
        if not wanted:
            yield "table in us-east-1: point-in-time recovery"


@contextmanager
def open_table(account: Account, signer: Signer) -> Iterator[str]:
    client, arn = account.client("dynamodb"), signer.outputs["TableArn"]
    found = client.get_resource_policy(ResourceArn=arn)["Policy"]
    client.delete_resource_policy(ResourceArn=arn)
    yield "table in us-east-1: policy"
    client.put_resource_policy(ResourceArn=arn, Policy=found)


@contextmanager
def disabled_key(account: Account, signer: Signer) -> Iterator[str]:
    client, key = account.client("kms"), signer.outputs["KeyArn"]
    client.disable_key(KeyId=key)
    yield "key in us-east-1: state"
    client.enable_key(KeyId=key)


TAMPERINGS: dict[str, Tampering] = {
    "other code": other_code,
    "other runtime": lambda a, s: configured(a, s, "runtime", Runtime="provided.al2"),
    "other role": lambda a, s: configured(a, s, "role", Role=s.outputs["OperatorRoleArn"]),
    "text logs": lambda a, s: configured(a, s, "log", LoggingConfig={"LogFormat": "Text"}),
    "an authorized key": variable(
        "AUTHORIZED_KEYS",
        "edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav",
        "authorized keys",
    ),
    "another table": variable("WATERMARK_TABLE", "empty", "variables"),
    "a variable more": variable("AWS_CA_BUNDLE", "/tmp/ca.pem", "variables"),
    "open invocation": open_invocation,
    "a URL of the operator": a_way_into_the_operator,
    "key policy": key_policy,
    "a grant": a_grant,
    "disabled key": disabled_key,
    "a right more": a_right_more,
    "another policy": another_policy,
    "trust": trust,
    "unprotected table": unprotected_table,
    "no recovery": no_recovery,
    "open table": open_table,
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(account: Account, signer: Signer, name: str) -> None:
    assert signer.differences() == []
    with TAMPERINGS[name](account, signer) as expected:
        found = signer.differences()
        assert expected in found
        # An open door is also a policy that is not the one written down.
        assert set(found) <= {expected, "redoubt-signer: policy"}
    assert signer.differences() == []
