# SPDX-License-Identifier: Apache-2.0
"""Which network a table is for: the item `network`, written once, when the table is made. Functions
that find another network in it, or another table's name, as after a restore, do nothing."""

import json
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack.aws import Aws, code_of
from redoubt_stack.console import Stop
from redoubt_stack.ethereum.known_networks import NETWORKS

# Genesis validators roots, which no fork changes.
ROOTS = {network.name: network.genesis_validators_root for network in NETWORKS}
MEMBER = "genesis_validators_root"


def root(parameters: dict[str, str]) -> str:
    """Of the network that a stack has chosen: `0x` and hex."""
    if parameters["Network"] != "custom":
        return ROOTS[parameters["Network"]]
    try:
        return str(json.loads(parameters["NetworkJson"])[MEMBER])
    except (ValueError, KeyError, TypeError) as error:
        raise Stop(f"NetworkJson has no {MEMBER}") from error


def item(parameters: dict[str, str], table: str) -> dict[str, Any]:
    return {"id": {"S": "network"}, "root": {"S": root(parameters)}, "table": {"S": table}}


def write(aws: Aws, parameters: dict[str, str], table: str) -> bool:
    """Whether it was written; a stop if there is one that says something else."""
    wanted = item(parameters, table)
    try:
        aws.client("dynamodb").put_item(
            TableName=table,
            Item=wanted,
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
        found = error.response.get("Item", {})
        if any(found.get(name) != value for name, value in wanted.items()):
            raise Stop(
                f"the table {table} says that it is for {found}, and this stack for {wanted}: "
                "a table that was restored, or another network's, has no place here"
            ) from error
        return False
    return True
