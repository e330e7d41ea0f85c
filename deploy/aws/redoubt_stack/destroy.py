# SPDX-License-Identifier: Apache-2.0
"""Takes the functions, their URL and alarms away. Key, table and roles stay, in the stack, and
`deploy` puts the rest back; told twice, everything goes."""

from functools import partial
from pathlib import Path

from redoubt_stack import console
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, unless_missing, wait_until
from redoubt_stack.console import Stop, say, step
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template

ROOT = Path(__file__).resolve().parents[3]


def stop_signing(stack: Stack, template: Template) -> None:
    prepared = stack.prepare(template, {"Parts": "kept"})
    if prepared is None:
        step("nothing but key, table and roles is left")
        return
    for change in prepared[1]:
        step(f"{change.action.lower()} {change.logical_id}")
    stack.execute(prepared[0])


def remove_everything(aws: Aws, name: str) -> None:
    """After this the key's signatures and what the table remembers are lost. By name, so that a run
    that was interrupted can be repeated."""
    cloudformation = aws.client("cloudformation")
    stack = Stack(aws, Artifacts(aws), name)
    cloudformation.delete_stack(StackName=name)
    wait_until(lambda: stack.describe() is None, "the stack's deletion")
    step("stack deleted; what it retained follows")
    remove_table(aws, f"{name}-watermarks")
    for kind in ("signer", "operator"):
        role = f"{name}-{kind}-{aws.region}"
        unless_missing(partial(aws.client("iam").delete_role, RoleName=role), "NoSuchEntity")
        step(f"role {role} deleted")
    kms, alias = aws.client("kms"), f"alias/{name}"
    key = unless_missing(lambda: kms.describe_key(KeyId=alias), "NotFoundException")
    if key is not None and key["KeyMetadata"]["KeyState"] != "PendingDeletion":
        arn = key["KeyMetadata"]["Arn"]
        kms.schedule_key_deletion(KeyId=arn, PendingWindowInDays=30)
        step(f"{arn} will be deleted in 30 days; `aws kms cancel-key-deletion` until then")


def remove_table(aws: Aws, name: str) -> None:
    dynamodb = aws.client("dynamodb")
    found = unless_missing(
        lambda: dynamodb.describe_table(TableName=name), "ResourceNotFoundException"
    )
    if found is None:
        return
    if found["Table"].get("Replicas"):
        raise Stop(f"{name} has replicas in other Regions: remove them first, by hand")
    if found["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    wait_until(
        lambda: dynamodb.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE",
        f"the update of {name}",
    )
    dynamodb.delete_table(TableName=name)
    step(f"table {name} deleted")


def main(arguments: list[str]) -> int:
    parser = console.arguments("destroy", __doc__ or "")
    add = parser.add_argument
    add("--everything", action="store_true", help="key, table and roles, too")
    add("--forget", metavar="STACK", help="once more, by its name: what was signed is forgotten")
    add("--template", type=Path, default=ROOT / "deploy/aws/template.yaml", help="instead of ours")
    options = parser.parse_args(arguments)
    if options.everything != (options.forget == options.stack):
        parser.error(f"to remove key and table say it twice: --everything --forget {options.stack}")
    aws = Aws(options.region, options.profile)
    say(f"account {aws.account}, {aws.region}, as {aws.caller}; stack {options.stack}")
    stack = Stack(aws, Artifacts(aws), options.stack)
    if stack.describe() is not None:
        stack.settle()
        stop_signing(stack, Template(options.template.read_text()))
    elif not options.everything:
        raise Stop(f"there is no stack {options.stack} here")
    if options.everything:
        remove_everything(aws, options.stack)
    else:
        say("Nothing signs any more. Key, table and roles are kept: deploy/aws/deploy goes on.")
    return 0


if __name__ == "__main__":
    console.run(main)
