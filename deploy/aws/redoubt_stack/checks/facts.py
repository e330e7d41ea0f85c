# SPDX-License-Identifier: Apache-2.0
"""What a deployment should be: the release, the stack's parameters, and the policies' files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack import policies
from redoubt_stack.aws import Aws, code_of
from redoubt_stack.console import say, table
from redoubt_stack.stack import Stack
from redoubt_stack.tezos import CURVES


@dataclass(frozen=True)
class Row:
    subject: str
    what: str
    problem: str  # empty if all is as it should be

    @property
    def ok(self) -> bool:
        return not self.problem

    @property
    def shown(self) -> tuple[str, ...]:
        return ("ok" if self.ok else "DIFFERS", self.subject, self.what, self.problem)


Rows = Iterator[Row]


def gather(checks: dict[str, Callable[[], Rows]]) -> list[Row]:
    """What can't be looked at is a difference, too."""
    found: list[Row] = []
    for subject, check in checks.items():
        try:
            found.extend(check())
        except ClientError as error:
            found.append(Row(subject, error.operation_name, f"can't be seen: {code_of(error)}"))
        except OSError as error:
            found.append(Row(subject, "connection", f"can't be made: {error}"))
    return found


def report(rows: list[Row]) -> int:
    """Prints them; the number of differences."""
    wrong = [row for row in rows if not row.ok]
    table([("", "of", "what", ""), *(row.shown for row in rows)])
    count = f"{len(wrong)} of {len(rows)} differ" if wrong else f"all {len(rows)} as they should be"
    say(f"\n{count}")
    return len(wrong)


def expect(subject: str, what: str, expected: Any, found: Any) -> Row:
    problem = "" if expected == found else f"is {found!r}, should be {expected!r}"
    return Row(subject, what, problem)


@dataclass(frozen=True)
class Facts:
    aws: Aws
    stack: Stack
    folder: Path  # iam-policies
    package: Path  # the release's zip

    @cached_property
    def parameters(self) -> dict[str, str]:
        return self.stack.parameters()

    @cached_property
    def outputs(self) -> dict[str, str]:
        return self.stack.outputs()

    @cached_property
    def key(self) -> dict[str, Any]:
        arn = self.outputs["KeyArn"]
        return dict(self.aws.client("kms").describe_key(KeyId=arn)["KeyMetadata"])

    @cached_property
    def regions(self) -> list[str]:
        """The other Regions in which the key and the table live."""
        more = [self.parameters.get("SecondRegion", "")]
        if self.parameters.get("ThirdRegionRole") != "witness":
            more.append(self.parameters.get("ThirdRegion", ""))
        return [region for region in more if region]

    def function_arn(self, kind: str) -> str:
        name = self.outputs[f"{kind}Function"]
        return (
            f"arn:{self.aws.partition}:lambda:{self.aws.region}:{self.aws.account}:function:{name}"
        )

    def log_group_arn(self, kind: str) -> str:
        name = f"/aws/lambda/{self.outputs[f'{kind}Function']}"
        return (
            f"arn:{self.aws.partition}:logs:{self.aws.region}:{self.aws.account}:log-group:{name}"
        )

    def policy(self, name: str, region: str | None = None) -> policies.Document:
        """The document that should be there; in another Region with that Region's names."""
        values = self._values
        if region:
            values = values | {
                name: values[name].replace(f":{self.aws.region}:", f":{region}:")
                for name in ("KeyArn", "TableArn")
            }
        return policies.load(self.folder / f"{name}.json", values, self._absent)

    @cached_property
    def _values(self) -> dict[str, str]:
        curve = CURVES[self.parameters["KeySpec"]]
        root = f"arn:{self.aws.partition}:iam::{self.aws.account}:root"
        return {
            "Partition": self.aws.partition,
            "Account": self.aws.account,
            "Region": self.aws.region,
            "StackName": self.stack.name,
            "KeyArn": self.outputs["KeyArn"],
            "TableArn": self.outputs["TableArn"],
            "SignerRoleArn": self.outputs["SignerRoleArn"],
            "OperatorRoleArn": self.outputs["OperatorRoleArn"],
            "SignerFunctionArn": self.function_arn("Signer"),
            "OperatorFunctionArn": self.function_arn("Operator"),
            "SignerLogGroupArn": self.log_group_arn("Signer"),
            "OperatorLogGroupArn": self.log_group_arn("Operator"),
            "KeyHash": self.parameters["KeyHashes"],
            "SigningAlgorithm": curve.signing_algorithm,
            "MessageType": curve.message_type,
            "BreakGlassRoleArn": self.parameters.get("BreakGlassRoleArn") or root,
            "VpcEndpoint": self.stack.resource("KmsEndpoint"),
        }

    @cached_property
    def _absent(self) -> frozenset[str]:
        """The statements that this stack's parameters leave out (iam-policies/README.md)."""
        absent = set()
        if not self.parameters.get("VpcId"):
            absent |= {"SignsThroughEndpoint", "VpcInterfaces", "VpcInterfacesNotByCode"}
        if not self.parameters.get("BreakGlassRoleArn"):
            absent |= {"BreakGlassChanges"}
        return frozenset(absent)
