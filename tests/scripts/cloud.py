# SPDX-License-Identifier: Apache-2.0
"""A small AWS in memory, for what depends on the order of calls: before any call somebody else may
act. Arguments are held against botocore's models; what is answered is as AWS documents it."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from redoubt_stack.aws import Aws

ACCOUNT = "000000000000"
STACK = "redoubt"
TABLE = f"{STACK}-watermarks"
KINDS = ("block", "preattestation", "attestation")
HIGHEST_ROUND = str(2**31 - 1)


@cache
def model(service: str) -> dict[str, Any]:
    """The shapes of what each call takes, by its Python name."""
    found = botocore.session.get_session().get_service_model(service)
    return {xform_name(n): found.operation_model(n).input_shape for n in found.operation_names}


def refusal(code: str, operation: str, words: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": words or code}}, operation)


@dataclass
class Table:
    """Of watermarks; `rows` by scope."""

    id: str
    made: datetime
    restored: bool = False
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


def armed_row(address: str, scope: str, level: int) -> dict[str, Any]:
    numbers = {"lvl": level, "rnd": HIGHEST_ROUND, "at": 0, "pace": 0}
    row = {name: {"N": str(value)} for name, value in numbers.items()}
    return {"pkh": {"S": address}, "scope": {"S": scope}, **row}


class Cloud:
    """In the place of `Aws`."""

    account, region, partition = ACCOUNT, "us-east-1", "aws"
    caller = f"arn:aws:iam::{ACCOUNT}:user/deployer"
    is_root_or = Aws.is_root_or

    def __init__(
        self, address: str = "tz2", meanwhile: dict[int, Callable[[], None]] | None = None
    ):
        self.address = address
        self.table: Table | None = None
        self.objects: dict[str, list[bytes]] = {}  # all versions
        self.owner = ACCOUNT  # of the bucket
        self.functions: dict[str, dict[str, Any]] = {}
        self.armings: list[tuple[str, int]] = []
        self.executed: list[str] = []
        self.discarded: list[str] = []
        self.template_url = ""  # of the last change set
        self.change_set: list[list[dict[str, Any]]] = [[]]  # pages
        self.outputs: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.resources: dict[str, str] = {}  # of the stack, as AWS calls them
        self.status = "UPDATE_COMPLETE"  # of the stack; empty if there is none
        self.roles: dict[str, dict[str, Any]] = {}
        self.doomed: list[str] = []  # keys that wait for their deletion
        self.stays: list[str] = []  # what of the stack can't be deleted
        self.subscriptions: list[str] = []  # to the topic: ARNs, or what stands for one
        self.alarms: dict[str, dict[str, Any]] = {}  # those that call somebody
        self.trails: dict[str, dict[str, Any]] = {}  # with `logging` and `selectors`
        self.refused: set[str] = set()  # calls that IAM refuses
        self.log: list[dict[str, Any]] | None = []  # events; None: who asks may not read it
        self.asked: list[str] = []
        self.meanwhile = meanwhile or {}  # before the call of this number

    def place(self, _: str) -> str:
        return self.region

    def client(self, service: str, _region: str | None = None) -> "Client":
        return Client(self, service)

    def step(self, name: str) -> None:
        number = len(self.asked)
        self.asked.append(name)
        act = self.meanwhile.pop(number, None)
        if act is not None:
            act()

    def another(self) -> "Cloud":
        """What somebody else sees of it, who is disturbed by nobody."""
        other = Cloud(self.address)
        vars(other).update(vars(self) | {"asked": [], "meanwhile": {}})
        return other


@dataclass
class Client:
    cloud: Cloud
    service: str

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**given: Any) -> Any:
            report = ParamValidator().validate(given, model(self.service)[name])
            assert not report.has_errors(), f"{name}: {report.generate_report()}"
            self.cloud.step(name)
            if name in self.cloud.refused:
                raise refusal("AccessDeniedException", name)
            return getattr(SERVICES[self.service], name)(self.cloud, **given)

        return call

    def get_paginator(self, name: str) -> "Pages":
        return Pages(self, name)


@dataclass
class Pages:
    client: Client
    name: str

    def paginate(self, **given: Any) -> Iterator[dict[str, Any]]:
        found = getattr(self.client, self.name)(**given)
        yield from found if isinstance(found, list) else [found]


class S3:
    @staticmethod
    def _mine(cloud: Cloud, given: dict[str, Any], operation: str) -> None:
        if given.get("ExpectedBucketOwner", cloud.owner) != cloud.owner:
            raise refusal("AccessDenied", operation)

    @staticmethod
    def get_object(cloud: Cloud, Key: str, **given: Any) -> dict[str, Any]:
        S3._mine(cloud, given, "GetObject")
        if Key not in cloud.objects:
            raise refusal("NoSuchKey", "GetObject")
        body = cloud.objects[Key][-1]
        version = str(len(cloud.objects[Key]))
        return {"Body": io.BytesIO(body), "ETag": etag(body), "VersionId": version}

    @staticmethod
    def put_object(cloud: Cloud, Key: str, Body: bytes, **given: Any) -> dict[str, Any]:
        S3._mine(cloud, given, "PutObject")
        versions = cloud.objects.get(Key, [])
        now = etag(versions[-1]) if versions else None
        if "IfMatch" in given and now is None:
            raise refusal("NoSuchKey", "PutObject")
        if ("IfNoneMatch" in given and now is not None) or given.get("IfMatch", now) != now:
            raise refusal("PreconditionFailed", "PutObject")
        cloud.objects.setdefault(Key, []).append(Body)
        return {"ETag": etag(Body), "VersionId": str(len(cloud.objects[Key]))}


def etag(body: bytes) -> str:
    return f'"{hash(body)}"'


class DynamoDb:
    @staticmethod
    def describe_table(cloud: Cloud, **_: Any) -> dict[str, Any]:
        table = cloud.table
        if table is None:
            raise refusal("ResourceNotFoundException", "DescribeTable")
        restored = {"RestoreSummary": {"RestoreDateTime": table.made}} if table.restored else {}
        told = {"TableId": table.id, "CreationDateTime": table.made, "TableStatus": "ACTIVE"}
        return {"Table": told | restored}

    @staticmethod
    def delete_table(cloud: Cloud, **_: Any) -> None:
        cloud.table = None

    @staticmethod
    def query(cloud: Cloud, **given: Any) -> list[dict[str, Any]]:
        """A row a page."""
        assert given["ConsistentRead"]
        wanted = given["ExpressionAttributeValues"][":pkh"]
        rows = cloud.table.rows.values() if cloud.table else []
        return [{"Items": [row]} for row in rows if row["pkh"] == wanted] or [{"Items": []}]


class Lambda:
    @staticmethod
    def invoke(cloud: Cloud, Payload: bytes, **_: Any) -> dict[str, Any]:
        command = json.loads(Payload)["redoubt"]
        answer = {"arm": Lambda._arm, "status": lambda *_: {"ok": True}}[command["command"]](
            cloud, command
        )
        return {"Payload": io.BytesIO(json.dumps({"redoubt": answer}).encode())}

    @staticmethod
    def _arm(cloud: Cloud, command: dict[str, Any]) -> dict[str, Any]:
        """Row by row, others between them; a row that is there is left."""
        chain, level = command["chain"], command["level"]
        cloud.armings.append((chain, level))
        refused = False
        for kind in KINDS:
            cloud.step("UpdateItem")
            assert cloud.table is not None
            scope = f"{chain}/{kind}"
            mine = armed_row(cloud.address, scope, level)
            refused |= cloud.table.rows.setdefault(scope, mine) != mine
        error = {"error": {"id": "already_signed", "msg": "this row exists"}} if refused else {}
        return {"ok": not refused, **error}

    @staticmethod
    def get_function_configuration(cloud: Cloud, FunctionName: str) -> dict[str, Any]:
        found = cloud.functions[FunctionName]
        return {
            "Environment": {"Variables": dict(found["variables"])},
            "RevisionId": str(found["revision"]),
            "LastUpdateStatus": "Successful",
        }

    @staticmethod
    def update_function_configuration(
        cloud: Cloud, FunctionName: str, Environment: dict[str, Any], RevisionId: str = ""
    ) -> None:
        if RevisionId and RevisionId != str(cloud.functions[FunctionName]["revision"]):
            raise refusal("PreconditionFailedException", "UpdateFunctionConfiguration")
        set_variables(cloud, FunctionName, Environment["Variables"])


def set_variables(cloud: Cloud, function: str, variables: dict[str, str]) -> None:
    before = cloud.functions.get(function, {"revision": 0})
    cloud.functions[function] = {"variables": variables, "revision": before["revision"] + 1}


class CloudFormation:
    @staticmethod
    def describe_stacks(cloud: Cloud, **_: Any) -> dict[str, Any]:
        if not cloud.status:
            raise refusal("ValidationError", "DescribeStacks", "Stack redoubt does not exist")
        outputs = [{"OutputKey": k, "OutputValue": v} for k, v in cloud.outputs.items()]
        given = [{"ParameterKey": k, "ParameterValue": v} for k, v in cloud.parameters.items()]
        stack = {"StackStatus": cloud.status, "Outputs": outputs, "Parameters": given}
        return {"Stacks": [stack]}

    @staticmethod
    def describe_stack_resources(cloud: Cloud, **_: Any) -> dict[str, Any]:
        found = cloud.resources.items()
        return {
            "StackResources": [
                {"LogicalResourceId": name, "PhysicalResourceId": id} for name, id in found
            ]
        }

    @staticmethod
    def create_change_set(cloud: Cloud, TemplateURL: str = "", **_: Any) -> None:
        cloud.template_url = TemplateURL

    @staticmethod
    def describe_change_set(cloud: Cloud, **_: Any) -> Any:
        if cloud.asked[-2:] == ["create_change_set", "describe_change_set"]:
            return {"Status": "CREATE_COMPLETE"}
        return [
            {"Changes": [{"ResourceChange": change} for change in page]}
            for page in cloud.change_set
        ]

    @staticmethod
    def delete_change_set(cloud: Cloud, ChangeSetName: str, **_: Any) -> None:
        cloud.discarded.append(ChangeSetName)

    @staticmethod
    def execute_change_set(cloud: Cloud, ChangeSetName: str, **_: Any) -> None:
        cloud.executed.append(ChangeSetName)

    @staticmethod
    def delete_stack(cloud: Cloud, **_: Any) -> None:
        cloud.executed.append("deletion")
        cloud.status = "DELETE_FAILED" if cloud.stays else ""

    @staticmethod
    def describe_stack_events(cloud: Cloud, **_: Any) -> dict[str, Any]:
        if not cloud.status:
            raise refusal("ValidationError", "DescribeStackEvents")
        number = str(len(cloud.executed))
        event = {"EventId": number, "LogicalResourceId": STACK, "ResourceStatus": cloud.status}
        failed = {"ResourceStatus": "DELETE_FAILED", "ResourceStatusReason": "is in use"}
        of_parts = [
            {"EventId": f"{number}-{name}", "LogicalResourceId": name, **failed}
            for name in cloud.stays
            if cloud.status == "DELETE_FAILED"
        ]
        return {"StackEvents": [event, *of_parts]}

    @staticmethod
    def set_stack_policy(cloud: Cloud, **_: Any) -> None:
        pass


class Iam:
    @staticmethod
    def get_role(cloud: Cloud, RoleName: str) -> dict[str, Any]:
        if RoleName not in cloud.roles:
            raise refusal("NoSuchEntity", "GetRole")
        return {"Role": {"RoleName": RoleName, **cloud.roles[RoleName]}}

    @staticmethod
    def delete_role(cloud: Cloud, RoleName: str) -> None:
        if cloud.roles.pop(RoleName, None) is None:
            raise refusal("NoSuchEntity", "DeleteRole")


class Kms:
    @staticmethod
    def describe_key(cloud: Cloud, KeyId: str) -> dict[str, Any]:
        name = "WrappingKey" if KeyId.endswith("-wrapping") else "Key"
        if name not in cloud.resources:
            raise refusal("NotFoundException", "DescribeKey")
        state = "PendingDeletion" if name in cloud.doomed else "Enabled"
        told = {"KeyId": cloud.resources[name], "Arn": KeyId, "KeyState": state}
        return {"KeyMetadata": told}

    @staticmethod
    def schedule_key_deletion(cloud: Cloud, KeyId: str, PendingWindowInDays: int) -> None:
        assert PendingWindowInDays == 30
        cloud.doomed.append("WrappingKey" if KeyId.endswith("-wrapping") else "Key")

    @staticmethod
    def delete_alias(cloud: Cloud, AliasName: str) -> None:
        """By which alone a key is found here."""
        del cloud.resources["WrappingKey" if AliasName.endswith("-wrapping") else "Key"]

    @staticmethod
    def get_public_key(cloud: Cloud, **_: Any) -> None:
        raise refusal("NotFoundException", "GetPublicKey")


class Logs:
    @staticmethod
    def filter_log_events(cloud: Cloud, startTime: int, **_: Any) -> list[dict[str, Any]]:
        """An event a page."""
        if cloud.log is None:
            raise refusal("AccessDeniedException", "FilterLogEvents")
        found = [event for event in cloud.log if event["timestamp"] >= startTime]
        return [{"events": [event]} for event in found] or [{"events": []}]


class Sns:
    @staticmethod
    def list_subscriptions_by_topic(cloud: Cloud, **_: Any) -> list[dict[str, Any]]:
        """A subscription a page."""
        pages = [{"Subscriptions": [{"SubscriptionArn": arn}]} for arn in cloud.subscriptions]
        return pages or [{"Subscriptions": []}]


class CloudWatch:
    @staticmethod
    def describe_alarms(cloud: Cloud, AlarmNamePrefix: str, **_: Any) -> dict[str, Any]:
        found = [
            {"AlarmName": name, **alarm}
            for name, alarm in cloud.alarms.items()
            if name.startswith(AlarmNamePrefix)
        ]
        composite = [alarm for alarm in found if "AlarmRule" in alarm]
        metric = [alarm for alarm in found if "AlarmRule" not in alarm]
        return {"MetricAlarms": metric, "CompositeAlarms": composite}


class CloudTrail:
    @staticmethod
    def describe_trails(cloud: Cloud, **_: Any) -> dict[str, Any]:
        shown = ("HomeRegion", "IsMultiRegionTrail")
        return {
            "trailList": [
                {"Name": name, "TrailARN": name} | {key: trail[key] for key in shown}
                for name, trail in cloud.trails.items()
            ]
        }

    @staticmethod
    def get_trail_status(cloud: Cloud, Name: str) -> dict[str, Any]:
        return {"IsLogging": cloud.trails[Name]["logging"]}

    @staticmethod
    def get_event_selectors(cloud: Cloud, TrailName: str) -> dict[str, Any]:
        return {"TrailARN": TrailName, **cloud.trails[TrailName]["selectors"]}


SERVICES: dict[str, Any] = {
    "sns": Sns,
    "cloudwatch": CloudWatch,
    "cloudtrail": CloudTrail,
    "logs": Logs,
    "s3": S3,
    "dynamodb": DynamoDb,
    "lambda": Lambda,
    "cloudformation": CloudFormation,
    "iam": Iam,
    "kms": Kms,
}


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class Answers:
    """In the place of `Aws`, of a stack and of clients: gives what it was made with."""

    account, region, partition = ACCOUNT, "us-east-1", "aws"
    place = Cloud.place

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def client(self, _: str) -> "Answers":
        return self

    def __getattr__(self, name: str) -> Any:
        found = self.answers[name]
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]

        def call(**_: Any) -> Any:
            if isinstance(found, Exception):
                raise found
            return found

        return call


@dataclass
class Clock:
    """In the place of `time`, which passes when somebody sleeps."""

    now: float = 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
