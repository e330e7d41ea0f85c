# SPDX-License-Identifier: Apache-2.0
"""The CloudFormation stack: what it is now, and one change of it."""

import json
import time
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, code_of, wait_until
from redoubt_stack.console import Stop, say, step
from redoubt_stack.template import Template

# What `Parts` = kept leaves, and what remembers.
KEPT = ("Key", "WrappingKey", "Table", "SignerRole", "OperatorRole")
# CloudFormation's own limit of a template that is sent with the call.
BODY_LIMIT = 51_200
# After a creation that failed and was rolled back only deletion is left.
DEAD = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"}


@dataclass(frozen=True)
class Change:
    action: str  # Add, Modify, Remove, Import, or Dynamic: CloudFormation does not know yet
    logical_id: str
    kind: str
    replacement: str  # True, False, Conditional, or empty

    @property
    def loses_what_is_kept(self) -> bool:
        stays = self.action in ("Add", "Import") or (
            self.action == "Modify" and self.replacement in ("", "False")
        )
        return not stays and self.logical_id in KEPT


@dataclass(frozen=True)
class Import:
    """A resource that exists already and that the stack takes over."""

    logical_id: str
    kind: str
    identifier: dict[str, str]


# No update may take these away, whatever a template says.
STACK_POLICY = {
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["Update:Replace", "Update:Delete"],
            "Resource": [f"LogicalResourceId/{name}" for name in KEPT],
        },
    ]
}


class Stack:
    def __init__(self, aws: Aws, artifacts: Artifacts, name: str) -> None:
        self._cloudformation = aws.client("cloudformation")
        self._artifacts = artifacts
        self.name = name

    def describe(self) -> dict[str, Any] | None:
        """None if there is none, or none with resources."""
        try:
            found = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if code_of(error) == "ValidationError" and "does not exist" in str(error):
                return None
            raise
        return None if found["StackStatus"] in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE") else found

    def status(self) -> str:
        found = self.describe()
        return "" if found is None else str(found["StackStatus"])

    def settle(self) -> str:
        """Waits for what somebody else, or an interrupted run, has begun; the status then."""
        if self.status().endswith("_IN_PROGRESS"):
            step(f"waiting for stack {self.name}: {self.status()}")
            wait_until(lambda: not self.status().endswith("_IN_PROGRESS"), "the stack")
        status = self.status()
        if status == "UPDATE_ROLLBACK_FAILED":
            raise Stop(
                f"stack {self.name} is in {status}: `aws cloudformation continue-update-rollback "
                f"--stack-name {self.name}` first, then run this again"
            )
        if status in DEAD:
            raise Stop(
                f"stack {self.name} is in {status}. Delete it (key, table and roles stay), and run "
                f"this again: they will be adopted"
            )
        return status

    def parameters(self) -> dict[str, str]:
        found = self.describe() or {}
        return {p["ParameterKey"]: p["ParameterValue"] for p in found.get("Parameters", [])}

    def resource(self, logical_id: str) -> str:
        """What it is called in AWS; empty if the stack does not have it."""
        told = self._cloudformation.describe_stack_resources(StackName=self.name)
        found = {r["LogicalResourceId"]: r for r in told["StackResources"]}
        return str(found.get(logical_id, {}).get("PhysicalResourceId", ""))

    def outputs(self) -> dict[str, str]:
        found = self.describe() or {}
        return {o["OutputKey"]: o["OutputValue"] for o in found.get("Outputs", [])}

    def prepare(
        self, template: Template, parameters: dict[str, str], imports: list[Import] | None = None
    ) -> tuple[str, list[Change]] | None:
        """A change set and what it would do; None if there is nothing to do. Parameters that are
        not given stay as they are. One that would lose what is kept is a stop."""
        existing = self.describe()
        kept = (self.parameters().keys() & set(template.parameters)) - parameters.keys()
        values = [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()]
        values += [{"ParameterKey": k, "UsePreviousValue": True} for k in sorted(kept)]
        kind = "IMPORT" if imports else "UPDATE" if existing else "CREATE"
        options: dict[str, Any] = {}
        if imports:
            options["ResourcesToImport"] = [
                {
                    "LogicalResourceId": i.logical_id,
                    "ResourceType": i.kind,
                    "ResourceIdentifier": i.identifier,
                }
                for i in imports
            ]
        else:
            # Of a creation what was made stays when a part fails, and the next run goes on from
            # there; an update that fails goes back to what ran before.
            unfinished = existing is None or existing["StackStatus"].endswith("_FAILED")
            options["OnStackFailure"] = "DO_NOTHING" if unfinished else "ROLLBACK"
        made = f"redoubt-{time.time_ns()}"
        self._cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=made,
            ChangeSetType=kind,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=values,
            **options,
            **self._body(template.text),
        )
        told = wait_until(lambda: self._examined(made), "the change set", 600)
        if told["Status"] == "FAILED":
            self.discard(made)
            reason = str(told.get("StatusReason", ""))
            if "didn't contain changes" in reason or "No updates" in reason:
                return None
            raise Stop(f"CloudFormation refuses the change: {reason}")
        changes = [
            Change(
                change["Action"],
                change["LogicalResourceId"],
                change["ResourceType"],
                str(change.get("Replacement", "")),
            )
            for change in self._changes(made)
        ]
        lost = [c.logical_id for c in changes if c.loses_what_is_kept]
        if lost:
            self.discard(made)
            raise Stop(f"this would remove or replace {', '.join(lost)}, which never may happen")
        return made, changes

    def _examined(self, change_set: str) -> dict[str, Any] | None:
        told = self._cloudformation.describe_change_set(
            StackName=self.name, ChangeSetName=change_set
        )
        return told if told["Status"] in ("CREATE_COMPLETE", "FAILED") else None

    def _changes(self, change_set: str) -> list[dict[str, Any]]:
        pages = self._cloudformation.get_paginator("describe_change_set")
        return [
            change["ResourceChange"]
            for page in pages.paginate(StackName=self.name, ChangeSetName=change_set)
            for change in page.get("Changes", [])
        ]

    def protect(self) -> None:
        policy = json.dumps(STACK_POLICY)
        self._cloudformation.set_stack_policy(StackName=self.name, StackPolicyBody=policy)

    def discard(self, change_set: str) -> None:
        self._cloudformation.delete_change_set(StackName=self.name, ChangeSetName=change_set)

    def execute(self, change_set: str, total: int) -> None:
        """Returns when the stack has become what it was to be; else stops with the reasons. Of
        `total` resources it is shown how many are done."""
        seen = {event["EventId"] for event in self._events()}
        self._cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set)
        wait_until(lambda: self._moved(seen), "the stack's start")
        wait_until(self._has_settled, "the stack", detail=lambda: self._progress(seen, total))
        self.protect()
        status = self.status()
        if not status.endswith("_COMPLETE") or "ROLLBACK" in status:
            self._tell_failures(seen)
            raise Stop(f"stack {self.name} is in {status}; mend the reason and run this again")

    def delete(self) -> None:
        """Returns when it is gone; a stop, with the reasons, if a part of it does not go."""
        if self.describe() is None:
            return
        seen, before = {event["EventId"] for event in self._events()}, self.status()
        self._cloudformation.delete_stack(StackName=self.name)
        # One that could not be deleted before is in DELETE_FAILED until this has begun.
        wait_until(lambda: self.status() != before or self._moved(seen), "the stack's deletion")
        wait_until(lambda: not self.status().endswith("_IN_PROGRESS"), "the stack's deletion")
        if status := self.status():
            self._tell_failures(seen)
            raise Stop(f"stack {self.name} is in {status}; mend the reason and run this again")

    def _tell_failures(self, seen: set[str]) -> None:
        for event in self._events():
            if event["EventId"] not in seen and event["ResourceStatus"].endswith("_FAILED"):
                reason = event.get("ResourceStatusReason", "")
                say(f"    {event['LogicalResourceId']}: {reason}")

    def _has_settled(self) -> bool:
        status = self.status()
        return bool(status) and not status.endswith("_IN_PROGRESS")

    def _progress(self, seen: set[str], total: int) -> str:
        done = {
            event["LogicalResourceId"]
            for event in self._events()
            if event["EventId"] not in seen
            and event["ResourceStatus"].endswith("_COMPLETE")
            and event["LogicalResourceId"] != self.name
        }
        return f"{len(done)} of {total} resources"

    def _moved(self, seen: set[str]) -> bool:
        return any(event["EventId"] not in seen for event in self._events())

    def _events(self) -> list[dict[str, Any]]:
        try:
            told = self._cloudformation.describe_stack_events(StackName=self.name)
        except ClientError as error:
            if code_of(error) == "ValidationError":
                return []
            raise
        return told["StackEvents"]

    def _body(self, text: str) -> dict[str, str]:
        content = text.encode()
        if len(content) <= BODY_LIMIT:
            return {"TemplateBody": text}
        kept = self._artifacts.keep(f"{self.name}/template", content)
        return {"TemplateURL": self._artifacts.url(*kept)}
