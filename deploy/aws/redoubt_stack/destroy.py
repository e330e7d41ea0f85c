# SPDX-License-Identifier: Apache-2.0
"""Takes the functions, their URL and alarms away. Key, table and roles stay, in the stack, and
`deploy` puts the rest back; told twice, everything goes."""

from pathlib import Path

from redoubt_stack import console
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, code_of, unless_missing, wait_until
from redoubt_stack.console import Stop, say, step
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[3]


def stop_signing(stack: Stack, template: Template) -> None:
    prepared = stack.prepare(template, {"Parts": "kept"})
    if prepared is None:
        step("nothing but key, table and roles is left")
        return
    for change in prepared[1]:
        step(f"{change.action.lower()} {change.logical_id}")
    stack.execute(prepared[0])


def remove_everything(aws: Aws, stack: Stack) -> None:
    """After this the key's signatures and what the table remembers are lost."""
    outputs = stack.outputs()
    cloudformation = aws.client("cloudformation")
    cloudformation.delete_stack(StackName=stack.name)
    wait_until(lambda: stack.describe() is None, "the stack's deletion")
    step("stack deleted; what it retained follows")
    dynamodb = aws.client("dynamodb")
    name = outputs["TableName"]
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=name)
    step(f"table {name} deleted")
    for kind in ("Signer", "Operator"):
        role = outputs[f"{kind}RoleArn"].rpartition("/")[2]
        unless_missing(
            lambda role=role: aws.client("iam").delete_role(RoleName=role), "NoSuchEntity"
        )
        step(f"role {role} deleted")
    key = outputs["KeyArn"]
    try:
        aws.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
        step(f"{key} will be deleted in 30 days; `aws kms cancel-key-deletion` until then")
    except ClientError as error:
        step(f"{key} stays ({code_of(error)}): only the break-glass role and root may delete it")


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
    if stack.describe() is None:
        raise Stop(f"there is no stack {options.stack} here")
    stack.settle()
    stop_signing(stack, Template(options.template.read_text()))
    if options.everything:
        remove_everything(aws, stack)
    else:
        say("Nothing signs any more. Key, table and roles are kept: deploy/aws/deploy goes on.")
    return 0


if __name__ == "__main__":
    console.run(main)
