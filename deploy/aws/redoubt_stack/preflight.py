# SPDX-License-Identifier: Apache-2.0
"""What depends on the account, and is refused before anything is built or written."""

from argparse import Namespace
from dataclasses import dataclass

from redoubt_stack import arguments, key_types, live, package, policies, wrapping_keys
from redoubt_stack.adoption import refuse_remains
from redoubt_stack.aws import Aws, unless_missing
from redoubt_stack.console import Stop
from redoubt_stack.journal import Journal
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template
from redoubt_stack.tezos import CURVES

# What key and table are born with: a change would make AWS replace them.
OF_KEY = ("KeySpec", "ExistingKeyArn", "MultiRegionKey")
OF_WRAPPING_KEY = ("NewWrappingKey",)
OF_TABLE = ("SecondRegion", "ThirdRegion", "ThirdRegionRole")
# What the key's policy is made of, which only root and the break-glass role may change.
IN_KEY_POLICY = ("BreakGlassRoleArn", "VpcId", "VpcSubnetIds", "KmsEndpointId")
# ARNs, by what they have in common with the stack.
OF_REGION = ("ExistingKeyArn", "AlarmTopicArn", "SigningProfileVersionArn")
OF_ACCOUNT = ("BreakGlassRoleArn", "PermissionsBoundaryArn")
MALLEABLE = (
    "a P-256 (tz3) consensus key can be slashed though its baker is honest: from one published "
    "block of it anybody computes a second valid signature (r, n-s) of the same block, which gives "
    "another block hash, and Tezos takes the two blocks as double baking. Leave KeySpec at its "
    "default (secp256k1, tz2), or take ECC_NIST_EDWARDS25519 (tz1); if you accept this, give "
    "--accept-malleable-p256"
)


def place_mistakes(aws: Aws, wanted: dict[str, str]) -> list[str]:
    """Of what exists already, and is used from here only if it is of this account or Region."""
    mistakes = []
    for name in (*OF_REGION, *OF_ACCOUNT):
        for arn in filter(None, wanted.get(name, "").split(",")):
            _, partition, _, region, account, *_ = arn.split(":")
            if partition != aws.partition:
                mistakes.append(f"{name} is not of partition {aws.partition}: {arn}")
            elif name in OF_REGION and region != aws.region:
                mistakes.append(f"{name} is not of {aws.region}: {arn}")
            elif name in OF_ACCOUNT and account != aws.account:
                mistakes.append(f"{name} is not of account {aws.account}: {arn}")
    return mistakes


@dataclass(frozen=True)
class Preflight:
    aws: Aws
    options: Namespace
    stack: Stack
    journal: Journal
    template: Template

    def refuse(self, wanted: dict[str, str]) -> None:
        self.refuse_what_is_fixed(wanted)
        self.refuse_what_does_not_go_together(wanted)
        self.refuse_what_cannot_be(wanted)

    def refuse_what_does_not_go_together(self, wanted: dict[str, str]) -> None:
        """The parameters, as they will be, with each other and with what is there."""
        values = self.template.defaults | self.stack.parameters() | wanted
        mistakes = arguments.rule_mistakes(self.template, values)
        mistakes += self.existing_key_mistakes(values)
        mistakes += wrapping_keys.mistakes(self.aws, values)
        now = self.stack.parameters()
        mistakes += key_types.backup_mistakes(values, now)
        mistakes += key_types.threshold_mistakes(self.options.threshold, values, now)
        mistakes += self.region_mistakes(values)
        mistakes += place_mistakes(self.aws, wanted)
        is_new = self.stack.parameters().get("KeySpec") != "ECC_NIST_P256"
        signs = policies.has_kms_key(values)
        if is_new and signs and values["KeySpec"] == "ECC_NIST_P256":
            mistakes += [] if self.options.accept_malleable_p256 else [MALLEABLE]
        if self.options.zip:
            architecture = values["Architecture"]
            mistakes += filter(None, [package.problem(self.options.zip, architecture)])
        arguments.refuse(mistakes)

    def region_mistakes(self, values: dict[str, str]) -> list[str]:
        """Of the table's other Regions."""
        mistakes = []
        for name in ("SecondRegion", "ThirdRegion"):
            if values[name] == self.aws.region:
                mistakes.append(f"{name}={values[name]}: the signer itself is there; give another")
            elif values[name]:
                mistakes += [f"{name}: {m}" for m in arguments.region_mistakes(values[name])]
        return mistakes

    def existing_key_mistakes(self, values: dict[str, str]) -> list[str]:
        """It says itself what it is."""
        arn = values["ExistingKeyArn"]
        if f":{self.aws.region}:" not in arn:  # none, or told elsewhere
            return []
        describe = self.aws.client("kms").describe_key
        told = unless_missing(lambda: describe(KeyId=arn), "NotFoundException")
        if told is None:
            return [f"ExistingKeyArn: there is no key {arn}"]
        key = told["KeyMetadata"]
        if key["KeySpec"] not in CURVES or key["KeyUsage"] != "SIGN_VERIFY":
            return [f"{arn} is {key['KeySpec']} for {key['KeyUsage']}: Tezos can't use it"]
        if key["KeyState"] != "Enabled":
            return [f"{arn} is {key['KeyState']}: enable it first"]
        if key["KeySpec"] != values["KeySpec"]:
            spec = f"--parameter KeySpec={key['KeySpec']}"
            return [f"KeySpec is {values['KeySpec']}, which {arn} is not: give {spec}"]
        return []

    def refuse_what_is_fixed(self, wanted: dict[str, str]) -> None:
        now = self.stack.parameters()
        has_key, has_table = self.what_was_made() if now else (False, False)
        fixed = list(OF_KEY if has_key and policies.has_kms_key(now) else ())
        fixed += OF_WRAPPING_KEY if has_key and policies.has_sealed_keys(now) else ()
        fixed += OF_TABLE if has_table else ()
        if has_key and wanted.get("KeyType") != "both":
            now = {"KeyType": "kms"} | now  # of a stack of before there was a choice
            fixed.append("KeyType")
        for name in fixed:
            if name in wanted and wanted[name] != now.get(name, wanted[name]):
                more = ", or --parameter KeyType=both" if name == "KeyType" else ""
                raise Stop(
                    f"{name} is fixed when a stack is made ({now[name]!r}): make another "
                    f"stack{more}"
                )

    def refuse_what_cannot_be(self, wanted: dict[str, str]) -> None:
        if self.stack.describe() is None:
            if not wanted.get("AuthorizedKeys"):
                raise Stop("give --authorized-keys: whose requests are to be signed")
            if self.journal.table_id() is None:
                refuse_remains(self.aws, self.stack, self.journal)
            return
        now = self.stack.parameters()
        changed = [n for n in IN_KEY_POLICY if n in wanted and wanted[n] != now.get(n, wanted[n])]
        if policies.has_sealed_keys(wanted) and not policies.has_sealed_keys(now):
            changed.append("KeyType")  # the table's, which then names the recovery role
        is_ours = self.aws.is_root_or(now.get("BreakGlassRoleArn", ""))
        if changed and not is_ours and self.what_was_made()[0]:
            whose = "the table's" if changed == ["KeyType"] else "the key's"
            raise Stop(
                f"{', '.join(changed)} would change {whose} policy, which only the account's "
                "root user and the break-glass role may: run this as one of them"
            )
        live.refuse_lost_changes(self.aws, self.stack.outputs(), wanted)

    def what_was_made(self) -> tuple[bool, bool]:
        """Whether there is a key, and a table. A stack has both, unless its creation failed before
        it came to them: then what made it fail can still be corrected."""
        note = self.journal.read()
        if self.journal.table_id() is not None or note is None or note.state != "creating":
            return True, True
        made = [self.stack.resource(name) for name in ("Key", "WrappingKey")]
        return any(made), False
