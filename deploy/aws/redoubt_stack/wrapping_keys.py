# SPDX-License-Identifier: Apache-2.0
"""KMS keys that wrap sealed keys, beside the stack's own: whether they can."""

from botocore.exceptions import ClientError

from redoubt_stack import policies
from redoubt_stack.aws import Aws, code_of
from redoubt_stack.tezos import CURVES

MOST = 5  # shares of a wrap
# Whoever deploys need not see what the functions may use.
UNSEEN = ("AccessDenied", "AccessDeniedException")


def mistakes(aws: Aws, values: dict[str, str]) -> list[str]:
    """Of the parameters, as they will be."""
    arns = [arn for arn in values.get("WrappingKeyArns", "").split(",") if arn]
    if not policies.has_sealed_keys(values) or not arns:
        return []
    own = values.get("NewWrappingKey", "true") == "true"
    found = []
    if len(arns) + own > MOST:
        found.append(f"WrappingKeyArns: {len(arns) + own} wrapping keys in all; {MOST} at most")
    if len(set(arns)) < len(arns):
        found.append("WrappingKeyArns: a key is given twice: each share needs a key of its own")
    for arn in dict.fromkeys(arns):
        found += [f"WrappingKeyArns: {problem}" for problem in problems(aws, values, arn)]
    return found


def problems(aws: Aws, values: dict[str, str], arn: str) -> list[str]:
    _, partition, _, region, *_ = arn.split(":")
    if partition != aws.partition:
        return [f"{arn} is not of partition {aws.partition}"]
    if values.get("VpcId") and region != aws.region:
        return [f"{arn} is not of {aws.region}, and from a VPC no KMS elsewhere is reached"]
    try:
        key = aws.client("kms", region).describe_key(KeyId=arn)["KeyMetadata"]
    except ClientError as error:
        if code_of(error) == "NotFoundException":
            return [f"there is no key {arn}"]
        if code_of(error) in UNSEEN:
            return []
        raise
    if key["KeyUsage"] != "ENCRYPT_DECRYPT" or key["KeySpec"] != "SYMMETRIC_DEFAULT":
        held = " (is it the key that signs?)" if key["KeySpec"] in CURVES else ""
        return [f"{arn} is {key['KeySpec']} for {key['KeyUsage']}: it can't wrap{held}"]
    return [] if key["KeyState"] == "Enabled" else [f"{arn} is {key['KeyState']}: enable it first"]
