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


def bind(aws: Aws, roles: list[str], boundary: str) -> list[str]:
    """Gives it to those roles that have none, and names them. For roles that a stack takes over:
    CloudFormation takes them for what the template says, and never looks what they have."""
    if not boundary:
        return []
    iam = aws.client("iam")
    free = [r for r in roles if "PermissionsBoundary" not in iam.get_role(RoleName=r)["Role"]]
    for role in free:
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    return free


def _exists(aws: Aws, arn: str) -> bool:
    try:
        look = unless_missing(lambda: aws.client("iam").get_policy(PolicyArn=arn), "NoSuchEntity")
    except ClientError as error:
        # A deployer's policy of before there were boundaries does not let it look.
        if code_of(error) in ("AccessDenied", "AccessDeniedException"):
            return False
        raise
    return look is not None
