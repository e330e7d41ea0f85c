# SPDX-License-Identifier: Apache-2.0
"""A release and its parameters, put into a stack of any kind by one change set."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from redoubt_stack import arguments, package
from redoubt_stack.adoption import Found
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.boundary import PARAMETER, bind
from redoubt_stack.console import Stop, step
from redoubt_stack.stack import Change, Stack
from redoubt_stack.template import Template

POLICIES = Path(__file__).resolve().parents[3] / "iam-policies"


class Rollout:
    aws: Aws
    options: Namespace
    artifacts: Artifacts
    stack: Stack
    template: Template

    def architecture(self, wanted: dict[str, str]) -> str:
        now = self.stack.parameters().get("Architecture", self.template.default("Architecture"))
        return wanted.get("Architecture", now)

    def zip(self, wanted: dict[str, str]) -> Path:
        if self.options.zip:
            return Path(self.options.zip)
        architecture = self.architecture(wanted)
        built = package.build(architecture)
        arguments.refuse(filter(None, [package.problem(built, architecture)]))
        return built

    def upload(self, zipped: Path) -> dict[str, str]:
        """The parameters that name it."""
        step("uploading the zip")
        name, version = self.artifacts.keep(f"{self.stack.name}/redoubt", zipped.read_bytes())
        return {"CodeBucket": self.artifacts.bucket, "CodeKey": name, "CodeVersion": version}

    def plan_update(self, wanted: dict[str, str]) -> None:
        prepared = self.stack.prepare(self.template, wanted)
        if prepared is None:
            step("no change of the stack")
            return
        self.stack.discard(prepared[0])
        self.show(prepared[1])

    def show(self, changes: list[Change]) -> None:
        for change in changes:
            replaced = " (replaced)" if change.replacement == "True" else ""
            step(f"{change.action.lower()} {change.logical_id} ({change.kind}){replaced}")

    def apply(self, wanted: dict[str, str], why: str) -> None:
        prepared = self.stack.prepare(self.template, wanted)
        if prepared is None:
            step(f"{why}: nothing to change")
            return
        change_set, changes = prepared
        step(f"{why}:")
        self.show(changes)
        try:
            self.refuse_lost_changes(wanted)
        except Stop:
            self.stack.discard(change_set)
            raise
        self.stack.execute(change_set, len(changes))

    def take_over(self, found: Found, wanted: dict[str, str]) -> None:
        names = [i.logical_id for i in found.imports]
        step("adopting what was kept: " + ", ".join(names))
        if bound := bind(self.aws, found.roles, wanted.get(PARAMETER, "")):
            step(f"{', '.join(bound)} had no boundary, and got it")
        parameters = wanted | found.parameters | {"Parts": "kept"}
        prepared = self.stack.prepare(self.template.only(names), parameters, found.imports)
        assert prepared is not None, "an import is always a change"
        self.stack.execute(prepared[0], len(prepared[1]))

    def refuse_lost_changes(self, wanted: dict[str, str]) -> None:
        """A stop if somebody changed what this would change back."""


def add_sealing(parser: ArgumentParser, keys: str) -> None:
    """`keys`: those that are sealed, in words."""
    add = parser.add_argument
    add(
        "--backup-recipient",
        action="append",
        default=[],
        metavar="AGE1",
        help=f"an age recipient, to whom new {keys} are kept encrypted; may be given again",
    )
    add("--no-backup", action="store_true", help=f"{keys} have no backup, and may be lost")
    add(
        "--threshold",
        type=int,
        metavar="M",
        help=f"of several wrapping keys, how many have to answer to open the {keys} that are made",
    )


def add_release(parser: ArgumentParser) -> None:
    """What is rolled out, and how much of it is told."""
    add = parser.add_argument
    add(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="any other parameter of the template; what is not given stays as it is",
    )
    add("--plan", action="store_true", help="show what would be done, and change nothing")
    add("--policies", type=Path, default=POLICIES, help="instead of ours, to verify by")
    add("--zip", type=Path, help="instead of building it")
    add("--verbose", action="store_true", help="show all that was verified, not only differences")


def shown(name: str, value: str) -> str:
    """A path is a secret of sorts."""
    return "(not shown)" if name == "BasePath" and value else repr(value)
