# SPDX-License-Identifier: Apache-2.0
"""What a deleted stack left, on its way into a new one."""

from types import SimpleNamespace
from typing import Any

import pytest
from redoubt_stack.deploy import Deployment
from redoubt_stack.template import Template

from support.cloudformation import TEMPLATE

ROLES = ("redoubt-signer-us-east-1", "redoubt-operator-us-east-1")
BOUNDARY = "arn:aws:iam::000000000000:policy/redoubt-boundary-us-east-1"
ANOTHER = "arn:aws:iam::000000000000:policy/ours"


class Left:
    """The roles, by the boundary of each, and a table; in the place of `Aws`, of clients and of the
    stack."""

    region, name = "us-east-1", "redoubt"

    def __init__(self, boundaries: dict[str, str]) -> None:
        self.boundaries = boundaries
        self.imported: dict[str, str] | None = None  # the boundaries at that moment

    def client(self, _: str) -> "Left":
        return self

    def get_role(self, RoleName: str) -> dict[str, Any]:
        arn = self.boundaries[RoleName]
        return {"Role": {"PermissionsBoundary": {"PermissionsBoundaryArn": arn}} if arn else {}}

    def put_role_permissions_boundary(self, RoleName: str, PermissionsBoundary: str) -> None:
        self.boundaries[RoleName] = PermissionsBoundary

    def describe_table(self, TableName: str) -> dict[str, Any]:
        return {"Table": {"TableName": TableName}}

    def prepare(self, *_: Any) -> tuple[str, list[Any]]:
        return "change", []

    def execute(self, *_: Any) -> None:
        self.imported = dict(self.boundaries)


def adopted(left: Left, **wanted: str) -> dict[str, str] | None:
    nothing: Any = SimpleNamespace()
    aws: Any = left
    template = Template(TEMPLATE.read_text())
    deployment = Deployment(aws, nothing, nothing, aws, nothing, template, None)
    deployment.adopt(wanted, own_key=False)
    return left.imported


@pytest.mark.parametrize("signer_s", ["", BOUNDARY, ANOTHER])
def test_roles_of_before_there_was_a_boundary_get_it_before_they_are_imported(
    signer_s: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once they are in, CloudFormation sees nothing to change. Another boundary is somebody's
    choice, which `verify` shows."""
    found = adopted(
        Left(dict(zip(ROLES, (signer_s, ""), strict=True))), PermissionsBoundaryArn=BOUNDARY
    )
    assert found == dict(zip(ROLES, (signer_s or BOUNDARY, BOUNDARY), strict=True))
    assert f"{ROLES[1]} had no boundary, and got it" in capsys.readouterr().out


def test_without_a_boundary_no_role_gets_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert adopted(Left(dict.fromkeys(ROLES, ""))) == dict.fromkeys(ROLES, "")
    assert "boundary" not in capsys.readouterr().out
