# SPDX-License-Identifier: Apache-2.0
"""What somebody does to stack, table and rows, and how it is undone. Each yields what
`verify` finds."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from account import Account, Signer
from redoubt_stack.artifacts import Artifacts

Tampering = Callable[[Account, Signer], Any]


@contextmanager
def table(account: Account, signer: Signer, what: str, change: Any, back: Any) -> Iterator[str]:
    client, name = account.client("dynamodb"), signer.outputs["TableName"]
    client.update_table(TableName=name, **change)
    yield f"table in us-east-1: {what}"
    client.update_table(TableName=name, **back)


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
def a_lost_row(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("dynamodb"), signer.outputs["TableName"]
    row = client.scan(TableName=name)["Items"][0]
    client.delete_item(TableName=name, Key={n: row[n] for n in ("pkh", "scope")})
    yield "watermarks: rows"
    client.put_item(TableName=name, Item=row)


@contextmanager
def no_rows(account: Account, signer: Signer) -> Iterator[str]:
    """That there ever were any only the note knows."""
    client, name = account.client("dynamodb"), signer.outputs["TableName"]
    rows = client.scan(TableName=name)["Items"]
    for row in rows:
        client.delete_item(TableName=name, Key={n: row[n] for n in ("pkh", "scope")})
    yield "watermarks: rows"
    for row in rows:
        client.put_item(TableName=name, Item=row)


@contextmanager
def remembered(account: Account, signer: Signer, what: str, **change: Any) -> Iterator[str]:
    client = account.client("s3")
    where = {"Bucket": "redoubt-artifacts-000000000000-us-east-1", "Key": "redoubt/arming.json"}
    found = client.get_object(**where)["Body"].read()
    client.put_object(**where, Body=json.dumps(json.loads(found) | change))
    yield f"watermarks: {what}"
    client.put_object(**where, Body=found)


@contextmanager
def a_damaged_row(account: Account, signer: Signer) -> Iterator[str]:
    client, name = account.client("dynamodb"), signer.outputs["TableName"]
    row = client.scan(TableName=name)["Items"][0]
    client.put_item(TableName=name, Item=row | {"lvl": {"S": row["lvl"]["N"]}})
    yield "watermarks: rows"
    client.put_item(TableName=name, Item=row)


@contextmanager
def another_template(account: Account, signer: Signer) -> Iterator[str]:
    """As who may update the stack can have it: all that CloudFormation says then fits."""
    client = account.client("cloudformation")
    ours = account.template.read_text()
    artifacts = Artifacts(signer.facts.aws)  # CloudFormation takes no longer one with the call
    other = json.loads(ours)
    other["Resources"]["AlarmConflict"]["Properties"]["ActionsEnabled"] = False
    kept = client.describe_stacks(StackName=signer.stack)["Stacks"][0]["Parameters"]
    for template in (json.dumps(other), ours):
        client.update_stack(
            StackName=signer.stack,
            TemplateURL=artifacts.url(*artifacts.keep("template", template.encode())),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": p["ParameterKey"], "UsePreviousValue": True} for p in kept
            ],
        )
        client.get_waiter("stack_update_complete").wait(
            StackName=signer.stack, WaiterConfig={"Delay": 1}
        )
        if template != ours:
            yield "stack: template"


PROTECTED = "DeletionProtectionEnabled"
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}

TAMPERINGS: dict[str, Tampering] = {
    "another template": another_template,
    "unprotected table": lambda a, s: table(
        a, s, "deletion protection", {PROTECTED: False}, {PROTECTED: True}
    ),
    "a stream": lambda a, s: table(
        a,
        s,
        "stream",
        {"StreamSpecification": STREAM},
        {"StreamSpecification": {"StreamEnabled": False}},
    ),
    "another key of the table": lambda a, s: table(
        a,
        s,
        "encryption",
        {"SSESpecification": {"Enabled": True, "SSEType": "KMS"}},
        {"SSESpecification": {"Enabled": False}},
    ),
    "no recovery": no_recovery,
    "open table": open_table,
    "a lost row": a_lost_row,
    "no rows": no_rows,
    "a damaged row": a_damaged_row,
    "another table remembered": lambda a, s: remembered(
        a, s, "the table remembered", table="another"
    ),
    "a table that was never armed": lambda a, s: remembered(
        a, s, "the table remembered", state="created"
    ),
    "a chain that vanished whole": lambda a, s: remembered(
        a, s, "rows", chains=["NetXdQprcVkpaWU", "NetXnHfVqm9iesp"]
    ),
}
