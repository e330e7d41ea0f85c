# SPDX-License-Identifier: Apache-2.0
"""Taking over the key, table and roles of a stack that was deleted."""

from dataclasses import dataclass
from typing import Any

from redoubt_stack.advice import DENIED
from redoubt_stack.aws import Aws, unless_missing
from redoubt_stack.console import Stop
from redoubt_stack.journal import Journal
from redoubt_stack.kinds import TEZOS, Kind
from redoubt_stack.stack import Import, Stack
from redoubt_stack.template import Template
from redoubt_stack.tezos import PublicKey, public_key


@dataclass(frozen=True)
class Found:
    imports: list[Import]
    parameters: dict[str, str]  # what the key says of itself

    @property
    def roles(self) -> list[str]:
        return [i.identifier["RoleName"] for i in self.imports if "RoleName" in i.identifier]


def kept_resources(
    aws: Aws,
    stack: Stack,
    template: Template,
    own_key: bool,
    wraps: bool,
    kind: Kind = TEZOS,
) -> Found:
    """All of them, or a stop: half a set is nobody's guess to complete. `own_key`: the key is the
    stack's, not one that existed before it; `wraps`: so is one that seals keys."""
    alias, wrapping_alias = f"alias/{stack.name}", f"alias/{stack.name}-wrapping"
    table = f"{stack.name}-{kind.table}"
    key = _key(aws, alias) if own_key else None
    wrapping_key = _key(aws, wrapping_alias) if wraps else None
    roles = _roles(aws, stack)
    missing = [name for name in roles.values() if not _role(aws, name)]
    missing += [f"the key behind {alias}"] if own_key and key is None else []
    missing += [f"the key behind {wrapping_alias}"] if wraps and wrapping_key is None else []
    if missing:
        raise Stop(
            f"the table {table} exists, but not {', '.join(missing)}: "
            "choose another --stack, or bring back what is missing"
        )
    found = {"Table": {"TableName": table}}
    found |= {logical_id: {"RoleName": name} for logical_id, name in roles.items()}
    parameters = _regions(aws, table)
    if key is not None:
        found |= {"Key": {"KeyId": key["KeyId"]}, "KeyAlias": {"AliasName": alias}}
        several = str(key.get("MultiRegion", False)).lower()
        parameters |= {"KeySpec": key["KeySpec"], "MultiRegionKey": several}
    if wrapping_key is not None:
        found |= {
            "WrappingKey": {"KeyId": wrapping_key["KeyId"]},
            "WrappingKeyAlias": {"AliasName": wrapping_alias},
        }
    return Found([Import(i, template.kind(i), name) for i, name in found.items()], parameters)


def key_behind(aws: Aws, name: str) -> PublicKey | None:
    """By ARN or alias; None if there is no such key."""
    told = unless_missing(lambda: aws.client("kms").get_public_key(KeyId=name), "NotFoundException")
    return None if told is None else public_key(told["KeySpec"], told["PublicKey"])


def refuse_remains(aws: Aws, stack: Stack, journal: Journal) -> None:
    """The key and roles of a stack that was deleted, without its table: what the table remembered
    is lost, and a new one knows nothing of what the key has signed. Or no table was ever made."""
    if found := remains(aws, stack):
        raise journal.lost(f"of stack {stack.name} there are {', '.join(found)}")


def remains(aws: Aws, stack: Stack) -> list[str]:
    """The roles and aliases that a stack of this name left."""
    found = [role for role in _roles(aws, stack).values() if _role(aws, role)]
    wrapping_alias = f"alias/{stack.name}-wrapping"
    found += [f"alias/{stack.name}"] if _key(aws, f"alias/{stack.name}") else []
    # Who deploys keys of KMS alone may not look for one.
    return found + ([wrapping_alias] if _key(aws, wrapping_alias, *DENIED) else [])


def _roles(aws: Aws, stack: Stack) -> dict[str, str]:
    kinds = ("Signer", "Operator")
    return {f"{kind}Role": f"{stack.name}-{kind.lower()}-{aws.region}" for kind in kinds}


def _regions(aws: Aws, table: str) -> dict[str, str]:
    """The parameters that made it so."""
    told = aws.client("dynamodb").describe_table(TableName=table)["Table"]
    replicas = sorted({r["RegionName"] for r in told.get("Replicas", [])} - {aws.region})
    witnesses = [w["RegionName"] for w in told.get("GlobalTableWitnesses", [])]
    regions = [*replicas, *witnesses]
    if not regions:
        return {}
    if len(regions) != 2:
        raise Stop(f"{table} is in {', '.join(regions)} and here: two others were expected")
    second, third = regions
    role = "witness" if witnesses else "replica"
    return {"SecondRegion": second, "ThirdRegion": third, "ThirdRegionRole": role}


def _key(aws: Aws, alias: str, *unseen: str) -> dict[str, Any] | None:
    describe = aws.client("kms").describe_key
    found = unless_missing(lambda: describe(KeyId=alias), "NotFoundException", *unseen)
    return None if found is None else found["KeyMetadata"]


def _role(aws: Aws, name: str) -> bool:
    iam = aws.client("iam")
    return unless_missing(lambda: iam.get_role(RoleName=name), "NoSuchEntity") is not None
