# SPDX-License-Identifier: Apache-2.0
"""Which network a table is for: the item `network`, written once, when the table is made. Functions
that find another network in it, or another table's name, as after a restore, do nothing."""

import json
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack.aws import Aws, code_of
from redoubt_stack.console import Stop

# Genesis validators roots, which no fork changes.
ROOTS = {
    "mainnet": "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95",
    "hoodi": "0x212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f",
    "sepolia": "0xd8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078",
    "gnosis": "0xf5dcb5564e829aab27264b9becd5dfaa017085611224cb3036f573368dbb9d47",
    "chiado": "0x9d642dac73058fbf39c0ae41ab1e34e4d889043cb199851ded7095bc99eb4c1e",
}
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
