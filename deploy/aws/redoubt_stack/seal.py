# SPDX-License-Identifier: Apache-2.0
"""The last statement of the table's policy, after which only the account's root and the break-glass
role replace that policy. The template can't have it: DynamoDB refuses a policy that whoever sets it
could not change again, unless the call confirms just that, and CloudFormation's does not."""

import json
from functools import partial

from botocore.exceptions import ClientError

from redoubt_stack import policies
from redoubt_stack.aws import code_of, wait_until
from redoubt_stack.checks.facts import Facts
from redoubt_stack.checks.table import found_policy
from redoubt_stack.console import Stop

SEAL = "NobodyElseReplaces"
# One policy follows another only after some seconds.
BUSY = ("ResourceInUseException", "LimitExceededException", "ThrottlingException")


def seal(facts: Facts) -> list[str]:
    """In each Region of the table; those where it was missing. What else was in a policy that is
    not sealed goes: it is put as iam-policies has it."""
    regions = [facts.aws.region, *facts.regions]
    open_in = [region for region in regions if not is_sealed(facts, region)]
    for region in open_in:
        wait_until(partial(_put, facts, region), f"the table's policy in {region}", 300)
        # What was put is told some seconds later, and `verify` would find the old one.
        wait_until(partial(is_sealed, facts, region), f"the table's policy in {region}", 300)
    return open_in


def is_sealed(facts: Facts, region: str) -> bool:
    """By what the statement says, whatever else is in the policy: only root and the break-glass
    role can have put that there since, and `verify` shows it."""
    expected, found = facts.policy("table-policy", region), found_policy(facts, region)
    return policies.statements(found).get(SEAL) == policies.statements(expected)[SEAL]


def _put(facts: Facts, region: str) -> bool:
    try:
        facts.aws.client("dynamodb", region).put_resource_policy(
            ResourceArn=facts.in_region(facts.table_arn, region),
            Policy=json.dumps(facts.policy("table-policy", region)),
            ConfirmRemoveSelfResourceAccess=True,
        )
    except ClientError as error:
        if code_of(error) in BUSY:
            return False
        if code_of(error) == "AccessDeniedException":
            raise Stop(
                f"the policy of {facts.table} in {region} lacks {SEAL}, or it says something else, "
                "and you may not put it: "
                "run this with the deployer's rights, or as the account's root user or the "
                "break-glass role"
            ) from error
        raise
    return True
