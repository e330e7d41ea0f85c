# SPDX-License-Identifier: Apache-2.0
"""Prints a policy of iam-policies ready to paste: its placeholders filled in, and without the
statements that the stack's parameters leave out. Who gets it, and how, goes to stderr."""

import json
import re
import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from redoubt_stack import console, kinds, policies
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.checks.facts import Facts
from redoubt_stack.console import Stop, say, table
from redoubt_stack.stack import Stack

FOLDER = Path(__file__).resolve().parents[3] / "iam-policies"
# Who gets each, in one line, with the placeholders that documents have.
WHO = {
    "boundary": "an administrator makes it, once, before the first deploy: aws iam create-policy "
    "--policy-name ${StackName}-boundary-${Region} --policy-document file://boundary.json",
    "deployer": "whoever deploys, inline, after the boundary was made: aws iam put-role-policy "
    "--role-name <role> --policy-name ${StackName}-deployer --policy-document file://deployer.json",
    "operator-user": "whoever arms and raises; the stack makes it: aws iam attach-role-policy "
    "--role-name <role> --policy-arn "
    "arn:${Partition}:iam::${Account}:policy/${StackName}-operator-user-${Region}",
    "auditor": "whoever runs verify; the stack makes it: aws iam attach-role-policy "
    "--role-name <role> --policy-arn "
    "arn:${Partition}:iam::${Account}:policy/${StackName}-auditor-${Region}",
    "signer-role": "the signer's role, by the stack",
    "operator-role": "the operator's role, by the stack",
    "recovery-role": "the recovery function's role, by the stack while Recovery is on",
    "recovery-user": "whoever imports, tests and seals keys anew; the stack makes it: aws iam "
    "attach-role-policy --role-name <role> --policy-arn "
    "arn:${Partition}:iam::${Account}:policy/${StackName}-recovery-user-${Region}",
    "role-trust": "the functions' roles, by the stack",
    "warm-role": "the schedule's role, by the stack",
    "warm-trust": "the schedule's role, by the stack",
    "key-policy": "the key, by the stack; an existing key by its owner: aws kms put-key-policy "
    "--key-id ${KeyArn} --policy-name default --policy file://key-policy.json",
    "table-policy": "the table, by the stack and deploy; by hand: aws dynamodb put-resource-policy "
    "--resource-arn ${TableArn} --policy file://table-policy.json "
    "--confirm-remove-self-resource-access",
    "author": "whoever writes and signs code, and releases none: aws iam put-role-policy "
    "--role-name <role> --policy-name ${StackName}-author --policy-document file://author.json",
    "url-policy": "the signer function, by the stack, as two permissions",
    "wrapping-key-policy": "the wrapping key, by the stack; one of another account by its owner: "
    "aws kms put-key-policy --key-id <key> --policy-name default --policy "
    "file://wrapping-key-policy.json",
}


@dataclass(frozen=True)
class Ready:
    """Policies of one stack, whether or not there is one yet."""

    values: policies.Values
    parameters: dict[str, str]  # of the template; what is not known is as its default
    folder: Path = FOLDER
    kind: kinds.Kind = kinds.TEZOS

    def document(self, name: str) -> policies.Document:
        if name in policies.OF_SEALED and not policies.has_sealed_keys(self.parameters):
            raise Stop(f"{name}: is for a stack with sealed keys; give --sealed")
        path, absent = self.kind.document(self.folder, name), policies.absent(self.parameters)
        kept = policies.load(path, None, absent)
        missing = sorted(policies.placeholders(kept) - self.values.keys())
        if missing:
            raise Stop(
                f"{name}: {', '.join(missing)} can't be known before there is a stack that has it; "
                "run this without --account, with credentials that may describe the stack"
            )
        return policies.load(path, self.values, absent)

    def who(self, name: str) -> str:
        return re.sub(
            r"\$\{([A-Za-z]+)\}", lambda found: str(self.values.get(found[1], found[0])), WHO[name]
        )


def asked(options: Namespace) -> dict[str, str]:
    """The parameters that the options stand for. Of the first two only whether they are given
    matters."""
    given = {
        "VpcId": "chosen" if options.vpc else "",
        "WarmSchedule": "chosen" if options.schedule else "",
        "BreakGlassRoleArn": options.break_glass or "",
        "PermissionsBoundaryArn": options.boundary or "",
    }
    return {name: value for name, value in given.items() if value}


def ready(options: Namespace, values: policies.Values, parameters: dict[str, str]) -> Ready:
    """With what is asked for in the place of what there is."""
    wanted = asked(options)
    if options.sealed and not policies.has_sealed_keys(parameters):
        wanted["KeyType"] = "both"
        values = with_recovery(values)
    if options.wrapping_account:
        values, parameters = for_owner(options.wrapping_account, values, parameters)
    named = {"BreakGlassRoleArn": "BreakGlassRoleArn", "PermissionsBoundaryArn": "BoundaryArn"}
    values = values | {named[name]: wanted[name] for name in named if name in wanted}
    return Ready(values, parameters | wanted, options.policies, kinds.KINDS[options.chain])


def with_recovery(values: policies.Values) -> policies.Values:
    """With the names that a stack with sealed keys has, whose keys are not known yet."""
    place = [str(values[name]) for name in ("Partition", "Account", "Region", "StackName")]
    whole = policies.names(*place, sealed=True)
    kept = {name: value for name, value in values.items() if name != "WrappingKeyArns"}
    return kept | {name: value for name, value in whole.items() if name.startswith("Recovery")}


def for_owner(
    account: str, values: policies.Values, parameters: dict[str, str]
) -> tuple[policies.Values, dict[str, str]]:
    """Of a wrapping key in another account, where the stack's break-glass role is nobody."""
    root = policies.root({**values, "Account": account})
    owned = values | {"WrappingKeyAccount": account, "BreakGlassRoleArn": root}
    return owned, parameters | {"BreakGlassRoleArn": ""}


def of_stack(aws: Aws, stack: Stack, options: Namespace) -> Ready:
    """As the stack is, and as it is to be."""
    kind = kinds.KINDS[options.chain]
    facts = Facts(aws, stack, options.policies, Path(), kind.template, kind)
    known = {name: value for name, value in facts.values.items() if value or name != "VpcEndpoint"}
    return ready(options, known, facts.parameters)


def planned(options: Namespace, aws: Aws | None) -> Ready:
    """Before there is a stack: by name, and by what is asked for."""
    account = options.account or (aws and aws.account)
    region = options.region or (aws and aws.region)
    if not region:
        raise Stop("no Region: give --region")
    kind = kinds.KINDS[options.chain]
    values = policies.names(partition(region), str(account), region, options.stack, kind=kind)
    values["BreakGlassRoleArn"] = policies.root(values)
    return ready(options, values, {**kind.implied})


def partition(region: str) -> str:
    for begins, name in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
        if region.startswith(begins):
            return name
    return "aws"


def read_options(arguments: list[str]) -> Namespace:
    parser = console.arguments("deploy/aws/policies", __doc__ or "")
    add = parser.add_argument
    add(
        "--chain",
        choices=sorted(kinds.KINDS),
        default="tezos",
        help="what the stack is for (tezos)",
    )
    add("policy", nargs="?", choices=sorted(WHO), metavar="POLICY", help="one that --list names")
    add("--list", action="store_true", help="name all, with who gets each")
    add("--account", help="12 digits; asks AWS nothing, for use before there is a stack")
    add("--vpc", action="store_true", help="for a stack that will have VpcId")
    add("--schedule", action="store_true", help="for a stack that will have WarmSchedule")
    add("--sealed", action="store_true", help="for a stack that will have KeyType tz4 or both")
    add("--wrapping-account", metavar="ACCOUNT", help="whose the wrapping key is, if another's")
    add("--break-glass", metavar="ARN", help="for a stack that will have BreakGlassRoleArn")
    add("--boundary", metavar="ARN", help="a boundary of your own, instead of boundary.json")
    add("--policies", type=Path, default=FOLDER, help="a folder instead of ours")
    options = parser.parse_args(arguments)
    if options.policy in kinds.KINDS[options.chain].lacks:
        parser.error(f"{options.policy} is not for a stack of --chain {options.chain}")
    if options.list == bool(options.policy):
        parser.error("give a policy's name, or --list")
    if options.wrapping_account and not re.fullmatch(r"[0-9]{12}", options.wrapping_account):
        parser.error("--wrapping-account is 12 digits")
    if options.wrapping_account and options.policy != "wrapping-key-policy":
        parser.error("--wrapping-account is for wrapping-key-policy")
    if options.account and not re.fullmatch(r"[0-9]{12}", options.account):
        parser.error("--account is 12 digits")
    return options


def main(arguments: list[str]) -> int:
    options = read_options(arguments)
    names = sorted(WHO.keys() - set(kinds.KINDS[options.chain].lacks))
    if options.list and not options.account:
        table([(name, WHO[name]) for name in names])
        return 0
    aws = None if options.account else Aws(options.region, options.profile)
    stack = aws and Stack(aws, Artifacts(aws), options.stack)
    found = (
        of_stack(aws, stack, options)
        if aws and stack and stack.describe()
        else planned(options, aws)
    )
    if options.list:
        table([(name, found.who(name)) for name in names])
        return 0
    document = found.document(options.policy)
    print(f"{options.policy}: for {found.who(options.policy)}", file=sys.stderr)
    say(json.dumps(document, indent=2))
    return 0


if __name__ == "__main__":
    console.run(main)
