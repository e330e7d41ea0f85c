# SPDX-License-Identifier: Apache-2.0
"""What a deployment should be, by what an update of the stack can't change: the release, the
template and the policies of this checkout; and by the stack's parameters, which a person reads in
the table. Names follow from the stack's name: its outputs could say anything."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from redoubt_stack import policies
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.journal import Journal, Note
from redoubt_stack.stack import Stack
from redoubt_stack.template import load
from redoubt_stack.tezos import CURVES

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"


@dataclass(frozen=True)
class Facts:
    aws: Aws
    stack: Stack
    folder: Path  # iam-policies
    package: Path  # the release's zip
    template_file: Path = TEMPLATE

    @cached_property
    def template(self) -> dict[str, Any]:
        return load(self.template_file.read_text())

    @cached_property
    def parameters(self) -> dict[str, str]:
        return self.stack.parameters()

    @cached_property
    def note(self) -> Note | None:
        """What `deploy` wrote down when it armed the table."""
        return Journal(self.aws, Artifacts(self.aws), self.stack.name).read()

    @cached_property
    def key_arn(self) -> str:
        given = self.parameters.get("ExistingKeyArn")
        return given or self._arn("kms", f"key/{self.stack.resource('Key')}")

    @cached_property
    def key(self) -> dict[str, Any]:
        return dict(self.aws.client("kms").describe_key(KeyId=self.key_arn)["KeyMetadata"])

    @property
    def table(self) -> str:
        return f"{self.stack.name}-watermarks"

    @property
    def table_arn(self) -> str:
        return self._arn("dynamodb", f"table/{self.table}")

    @cached_property
    def regions(self) -> list[str]:
        """The other Regions in which the table lives."""
        more = [self.parameters.get("SecondRegion", "")]
        if self.parameters.get("ThirdRegionRole") != "witness":
            more.append(self.parameters.get("ThirdRegion", ""))
        return [region for region in more if region]

    @property
    def witnesses(self) -> list[str]:
        """The Region that only witnesses, if the third one does."""
        third = self.parameters.get("ThirdRegion", "")
        return [third] if third and self.parameters.get("ThirdRegionRole") == "witness" else []

    def in_region(self, arn: str, region: str) -> str:
        return arn.replace(f":{self.aws.region}:", f":{region}:")

    def role(self, kind: str) -> str:
        return f"{self.stack.name}-{kind.lower()}-{self.aws.region}"

    def role_arn(self, kind: str) -> str:
        return f"arn:{self.aws.partition}:iam::{self.aws.account}:role/{self.role(kind)}"

    @property
    def boundary(self) -> str:
        """Of all roles; empty if none was chosen."""
        return self.parameters.get("PermissionsBoundaryArn", "")

    def managed_policy_arn(self, name: str) -> str:
        policy = f"{self.stack.name}-{name}-{self.aws.region}"
        return f"arn:{self.aws.partition}:iam::{self.aws.account}:policy/{policy}"

    def function(self, kind: str) -> str:
        return f"{self.stack.name}-{kind.lower()}"

    def function_arn(self, kind: str) -> str:
        return self._arn("lambda", f"function:{self.function(kind)}")

    def log_group(self, kind: str) -> str:
        return f"/aws/lambda/{self.function(kind)}"

    def variables(self, kind: str) -> dict[str, str]:
        """As the template makes them of the parameters."""
        properties = self.template["Resources"][f"{kind}Function"]["Properties"]
        declared = properties["Environment"]["Variables"]
        return {name: self._value(node) for name, node in declared.items()}

    def _value(self, node: Any) -> str:
        if isinstance(node, str):
            return node
        referred = node.get("Ref")
        if referred is None:  # the key's ARN is the only one that is chosen by a condition
            return self.key_arn
        return self.table if referred == "Table" else self.parameters[referred]

    def policy(self, name: str, region: str | None = None) -> policies.Document:
        """The document that should be there; in another Region with that Region's names."""
        values = self.values
        if region:
            own = {name: self.in_region(values[name], region) for name in ("KeyArn", "TableArn")}
            values = values | own
        return policies.load(self.folder / f"{name}.json", values, policies.absent(self.parameters))

    def _arn(self, service: str, rest: str) -> str:
        return f"arn:{self.aws.partition}:{service}:{self.aws.region}:{self.aws.account}:{rest}"

    @cached_property
    def values(self) -> dict[str, str]:
        curve = CURVES[self.parameters["KeySpec"]]
        named = policies.names(
            self.aws.partition, self.aws.account, self.aws.region, self.stack.name
        )
        return named | {
            "BoundaryArn": self.boundary or named["BoundaryArn"],
            "KeyArn": self.key_arn,
            "KeyId": self.key_arn.rpartition("/")[2],
            "KeyAccount": self.key_arn.split(":")[4],
            "KeyHash": self.parameters["KeyHashes"],
            "SigningAlgorithm": curve.signing_algorithm,
            "MessageType": curve.message_type,
            "BreakGlassRoleArn": self.parameters.get("BreakGlassRoleArn") or policies.root(named),
            "VpcEndpoint": self.parameters.get("KmsEndpointId")
            or self.stack.resource("KmsEndpoint"),
        }
