# SPDX-License-Identifier: Apache-2.0
"""What a deployment should be, by what an update of the stack can't change: the release, the
template and the policies of this checkout; and by the stack's parameters, which a person reads in
the table. Names follow from the stack's name: its outputs could say anything."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from redoubt_stack import kinds, live, policies
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.journal import Journal, Note
from redoubt_stack.stack import Stack
from redoubt_stack.template import load
from redoubt_stack.tezos import CURVES

TEMPLATE = kinds.TEZOS.template


@dataclass(frozen=True)
class Facts:
    aws: Aws
    stack: Stack
    folder: Path  # iam-policies
    package: Path  # the release's zip
    template_file: Path = TEMPLATE
    kind: kinds.Kind = kinds.TEZOS

    @cached_property
    def template(self) -> dict[str, Any]:
        return load(self.template_file.read_text())

    @cached_property
    def parameters(self) -> dict[str, str]:
        return {**self.kind.implied, **self.stack.parameters()}

    @cached_property
    def note(self) -> Note | None:
        """What `deploy` wrote down when it armed the table."""
        return Journal(self.aws, Artifacts(self.aws), self.stack.name).read()

    @property
    def has_kms_key(self) -> bool:
        return policies.has_kms_key(self.parameters)

    @property
    def has_sealed_keys(self) -> bool:
        return policies.has_sealed_keys(self.parameters)

    @property
    def is_recovering(self) -> bool:
        return self.has_sealed_keys and self.parameters.get("Recovery") == "on"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of the functions that should be there."""
        return self.kind.functions + ((live.RECOVERY,) if self.is_recovering else ())

    @cached_property
    def key_arn(self) -> str:
        """Of the KMS key that signs; empty if all keys are sealed."""
        if not self.has_kms_key:
            return ""
        given = self.parameters.get("ExistingKeyArn")
        return given or self._arn("kms", f"key/{self.stack.resource('Key')}")

    @cached_property
    def wrapping_key_arn(self) -> str:
        """Of the stack's own; empty if it has none."""
        chosen = self.has_sealed_keys and self.parameters.get("NewWrappingKey", "true") == "true"
        return self._arn("kms", f"key/{self.stack.resource('WrappingKey')}") if chosen else ""

    @cached_property
    def wrapping_keys(self) -> list[str]:
        """All, in the order of the shares."""
        if not self.has_sealed_keys:
            return []
        given = self.parameters.get("WrappingKeyArns", "").split(",")
        return [arn for arn in (self.wrapping_key_arn, *given) if arn]

    @cached_property
    def addresses(self) -> list[str]:
        """Of all keys, each a partition of the table; none until they are known."""
        named = self.parameters.get("KeyHashes", "unknown").split(",")
        return [address for address in named if address.startswith("tz")]

    @cached_property
    def key(self) -> dict[str, Any]:
        return dict(self.aws.client("kms").describe_key(KeyId=self.key_arn)["KeyMetadata"])

    @property
    def table(self) -> str:
        return f"{self.stack.name}-{self.kind.table}"

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
        declared = self._setting(kind, "Environment")["Variables"]
        # Those that conditions choose.
        chosen = {
            "KMS_KEY_ID": self.key_arn,
            "WRAPPING_KEYS": ",".join(self.wrapping_keys),
            "PRINCIPALS": "on" if self.parameters.get("UrlAuthType") == "AWS_IAM" else "",
        }
        return {
            name: chosen[name] if name in chosen else self._value(node)
            for name, node in declared.items()
        }

    def number(self, kind: str, name: str) -> int:
        """A setting of a function, as the template makes it of the parameters."""
        node = self._setting(kind, name)
        return node if isinstance(node, int) else int(self._value(node))

    def _setting(self, kind: str, name: str) -> Any:
        return self.template["Resources"][f"{kind}Function"]["Properties"][name]

    def _value(self, node: Any) -> str:
        if isinstance(node, str):
            return node
        return self.table if node["Ref"] == "Table" else self.parameters[node["Ref"]]

    def policy(
        self, name: str, region: str | None = None, owner: str | None = None
    ) -> policies.Document:
        """The document that should be there; in another Region with that Region's names, and of a
        wrapping key with its owner's account."""
        values = self.values | ({"WrappingKeyAccount": owner} if owner else {})
        if region:
            own = {name: self.in_region(values[name], region) for name in ("KeyArn", "TableArn")}
            values = values | own
        path = self.kind.document(self.folder, name)
        return policies.load(path, values, policies.absent(self.parameters))

    def in_any_region(self, arn: str) -> str:
        return arn.replace(f":{self.aws.region}:", ":*:")

    def _arn(self, service: str, rest: str) -> str:
        return f"arn:{self.aws.partition}:{service}:{self.aws.region}:{self.aws.account}:{rest}"

    @cached_property
    def values(self) -> dict[str, Any]:
        named = policies.names(
            self.aws.partition,
            self.aws.account,
            self.aws.region,
            self.stack.name,
            sealed=self.has_sealed_keys,
            kind=self.kind,
        )
        return named | {
            "BoundaryArn": self.boundary or named["BoundaryArn"],
            "KeyArn": self.key_arn,
            "KeyArnInAnyRegion": self.in_any_region(self.key_arn),
            "WrappingKeyArns": self.wrapping_keys,
            "KeyHashes": self.addresses or ["unknown"],
            "BreakGlassRoleArn": self.parameters.get("BreakGlassRoleArn") or policies.root(named),
            "VpcEndpoint": self.parameters.get("KmsEndpointId")
            or self.stack.resource("KmsEndpoint"),
            **self._signing,
        }

    @property
    def _signing(self) -> dict[str, str]:
        """How KMS signs, if a key of its could."""
        if "KeySpec" not in self.parameters:
            return {}
        curve = CURVES[self.parameters["KeySpec"]]
        return {
            "SigningAlgorithm": curve.signing_algorithm,
            "MessageType": curve.message_type,
        }
