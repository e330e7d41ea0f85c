# SPDX-License-Identifier: Apache-2.0
"""A release and its parameters, put into a stack of any kind by one change set."""

from argparse import Namespace
from pathlib import Path

from redoubt_stack import arguments, package
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws
from redoubt_stack.console import Stop, step
from redoubt_stack.stack import Change, Stack
from redoubt_stack.template import Template


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

    def refuse_lost_changes(self, wanted: dict[str, str]) -> None:
        """A stop if somebody changed what this would change back."""


def shown(name: str, value: str) -> str:
    """A path is a secret of sorts."""
    return "(not shown)" if name == "BasePath" and value else repr(value)
