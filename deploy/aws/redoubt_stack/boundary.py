# SPDX-License-Identifier: Apache-2.0
"""The boundary of the stack's roles (iam-policies/boundary.json). An administrator makes it once;
from then on `deploy` gives it to the roles, whether or not it is named."""

from botocore.exceptions import ClientError

from redoubt_stack import policies
from redoubt_stack.aws import Aws, code_of, unless_missing
from redoubt_stack.stack import Stack

PARAMETER = "PermissionsBoundaryArn"


def with_boundary(aws: Aws, stack: Stack, wanted: dict[str, str]) -> dict[str, str]:
    """The parameters that are asked for, and the boundary if there is one that nobody named."""
    if PARAMETER in wanted or stack.parameters().get(PARAMETER):
        return wanted
    arn = policies.names(aws.partition, aws.account, aws.region, stack.name)["BoundaryArn"]
    return wanted | {PARAMETER: arn} if _exists(aws, arn) else wanted


def _exists(aws: Aws, arn: str) -> bool:
    try:
        look = unless_missing(lambda: aws.client("iam").get_policy(PolicyArn=arn), "NoSuchEntity")
    except ClientError as error:
        # A deployer's policy of before there were boundaries does not let it look.
        if code_of(error) in ("AccessDenied", "AccessDeniedException"):
            return False
        raise
    return look is not None
