# SPDX-License-Identifier: Apache-2.0
"""A stack's functions, by their names: whoever may invoke the one need not be allowed to describe
the stack."""

import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from redoubt_stack import arguments, live
from redoubt_stack.advice import DENIED, told_by_aws
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, code_of
from redoubt_stack.operate.targets import OPERATOR, RECOVERY, Event, Unreachable, read_event
from redoubt_stack.stack import Stack

RECOVERY_ON = (
    "\n  This function is there only while it is needed: `{program} deploy --parameter "
    "Recovery=on` makes it"
)
NOT_THERE = "ResourceNotFoundException"
LOOKUP_PAUSE_SECONDS = 0.5  # CloudTrail answers two requests a second
BUSY = ("TooManyRequestsException", "ThrottlingException", "ServiceException")


class StackTarget:
    is_local = False

    def __init__(
        self, name: str, region: str | None, profile: str | None, program: str = "deploy/redoubt"
    ) -> None:
        self.aws = Aws(region, profile)
        arguments.refuse(arguments.stack_mistakes(name, self.aws.region))
        self.name, self.program = name, program
        self.where = f"stack {name}, {self.aws.place('lambda')}"

    @cached_property
    def url(self) -> str:
        return live.url(self.aws, Stack(self.aws, Artifacts(self.aws), self.name).outputs())

    def invoke(self, event: bytes, function: str = OPERATOR) -> bytes:
        function = f"{self.name}-{function}"
        told = self._reach(
            lambda: self.aws.client("lambda").invoke(FunctionName=function, Payload=event), function
        )
        return bytes(told["Payload"].read())

    def log(self, function: str, since_ms: int, until_ms: int | None = None) -> Iterator[Event]:
        group = f"/aws/lambda/{self.name}-{function}"
        pages = self.aws.client("logs").get_paginator("filter_log_events")
        until = {} if until_ms is None else {"endTime": until_ms}
        found = iter(pages.paginate(logGroupName=group, startTime=since_ms, **until))
        while page := self._reach(lambda: next(found, None), group):
            for event in page["events"]:
                yield read_event(event)

    @property
    def table(self) -> str:
        return f"{self.name}-watermarks"

    @cached_property
    def wrapping_keys(self) -> list[str]:
        try:
            found = self._configuration(RECOVERY).get("Environment", {}).get("Variables", {})
        except ClientError as error:  # whoever may import need not see the variables
            if code_of(error) not in DENIED:
                raise
            return []
        return [key for key in found.get("WRAPPING_KEYS", "").split(",") if key]

    def encrypt(self, kms_key: str, plaintext: bytes, context: dict[str, str]) -> bytes:
        kms = self.aws.client("kms", kms_key.split(":")[3])
        asked = {"KeyId": kms_key, "Plaintext": plaintext, "EncryptionContext": context}
        return bytes(self._reach(lambda: kms.encrypt(**asked), kms_key)["CiphertextBlob"])

    @cached_property
    def signer(self) -> tuple[set[str], str]:
        told = self._configuration("signer")
        keys = told.get("Environment", {}).get("Variables", {}).get("KMS_KEY_ID", "")
        return {key for key in keys.split(",") if key}, str(told.get("Role", ""))

    def key_events(self, key: str, since_ms: int, until_ms: int) -> Iterator[str]:
        pages = self.aws.client("cloudtrail").get_paginator("lookup_events")
        found = iter(
            pages.paginate(
                LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": key}],
                StartTime=since_ms / 1000,
                EndTime=until_ms / 1000,
            )
        )
        while page := self._reach(lambda: next(found, None), "CloudTrail"):
            for event in page["Events"]:
                yield event["CloudTrailEvent"]
            time.sleep(LOOKUP_PAUSE_SECONDS)

    def _configuration(self, kind: str) -> dict[str, Any]:
        function = f"{self.name}-{kind}"
        told: dict[str, Any] = self._reach(lambda: live.configuration(self.aws, function), function)
        return told

    def _reach(self, call: Callable[[], Any], what: str) -> Any:
        try:
            return call()
        except (ConnectionError, HTTPClientError) as error:
            raise Unreachable(told_by_aws(error)) from error
        except ClientError as error:
            if code_of(error) == NOT_THERE:
                raise Unreachable(
                    f"there is no {what} in {self.aws.region}, account {self.aws.account}: give "
                    "--stack, --region and --profile of the signer that you mean"
                    + (
                        RECOVERY_ON.format(program=self.program)
                        if what == f"{self.name}-{RECOVERY}"
                        else ""
                    )
                ) from error
            if code_of(error) in BUSY:
                raise Unreachable(
                    f"{told_by_aws(error)}\n  Run the same command again. If that does not help, "
                    f"`aws lambda get-function-concurrency --function-name {what}` tells whether "
                    "the function is stopped (0)"
                ) from error
            raise
