# SPDX-License-Identifier: Apache-2.0
"""`redoubt audit` of a stack: what it asks AWS for, by botocore's own clients, and what it makes of
the answers."""

import gzip
import io
import json
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from redoubt_stack.operate import stack_target
from redoubt_stack.operate.targets import Unreachable

from auditing import Audited, audit
from support.audit_day import START, Day
from support.audit_records import ACCOUNT, REGION, SIGNER

Json = dict[str, Any]
PERIOD = ("--from", "2025-03-04T00:00", "--to", "2025-03-04T00:30")
FROM, TO = START, START + 1_800_000
BUCKET = "trails"
PREFIX = f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}"


class Stubbed:
    """In the place of `Aws`: answers in turn, and only what it is told to."""

    account, region = ACCOUNT, REGION

    def __init__(self) -> None:
        session = botocore.session.Session()
        session.set_credentials("AKIAEXAMPLE", "secret")
        self._clients = {
            name: session.create_client(name, region_name=REGION)
            for name in ("cloudtrail", "lambda", "logs", "s3")
        }
        self.stubs = {name: Stubber(client) for name, client in self._clients.items()}
        for stub in self.stubs.values():
            stub.activate()

    def place(self, _: str) -> str:
        return self.region

    def client(self, service: str) -> Any:
        return self._clients[service]

    def done(self) -> None:
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Stubbed:
    made = Stubbed()
    monkeypatch.setattr(stack_target, "Aws", lambda *_: made)
    monkeypatch.setattr(stack_target, "LOOKUP_PAUSE_SECONDS", 0)
    return made


@pytest.fixture
def day() -> Day:
    made = Day(seed=4, hours=0.4)
    for number in range(made.levels):
        made.request(made.at(number), made.keys[0], "attestation", made.level(number))
    return made


def give_function(aws: Stubbed, day: Day) -> None:
    role = SIGNER["sessionContext"]["sessionIssuer"]["arn"]
    variables = {"KMS_KEY_ID": day.arn(day.keys[0])}
    aws.stubs["lambda"].add_response(
        "get_function_configuration",
        {"Role": role, "Environment": {"Variables": variables}},
        {"FunctionName": "redoubt-signer"},
    )


def give_log(aws: Stubbed, day: Day) -> None:
    """In two pages."""
    half = len(day.lines) // 2
    asked = {
        "logGroupName": "/aws/lambda/redoubt-signer",
        "startTime": FROM - 60_000,
        "endTime": TO + 60_000,
    }
    for lines, token in ((day.lines[:half], "more"), (day.lines[half:], None)):
        events = [
            {"eventId": str(i), "timestamp": at, "message": json.dumps(line) + "\n"}
            for i, (at, line) in enumerate(lines)
        ]
        page: Json = {"events": events} | ({"nextToken": token} if token else {})
        aws.stubs["logs"].add_response("filter_log_events", page, dict(asked))
        asked["nextToken"] = "more"


def give_events(aws: Stubbed, day: Day) -> None:
    asked: Json = {
        "LookupAttributes": [
            {"AttributeKey": "ResourceName", "AttributeValue": day.arn(day.keys[0])}
        ],
        "StartTime": FROM / 1000 - 60,
        "EndTime": TO / 1000 + 60,
    }
    half = len(day.events) // 2
    for events, token in ((day.events[half:], "more"), (day.events[:half], None)):
        told = [
            {
                "EventId": event["eventID"],
                "EventTime": datetime.fromtimestamp(at / 1000, UTC),
                "CloudTrailEvent": json.dumps(event),
            }
            for at, event in reversed(events)
        ]
        page: Json = {"Events": told} | ({"NextToken": token} if token else {})
        aws.stubs["cloudtrail"].add_response("lookup_events", page, dict(asked))
        asked["NextToken"] = "more"


def give_bucket(aws: Stubbed, day: Day) -> None:
    """One day; the files of a day that has none are asked for, too."""
    files = {f"{PREFIX}/2025/03/04/{name}": text for name, text in day.trail_files()}
    s3 = aws.stubs["s3"]
    listed = [{"Key": key, "Size": len(text)} for key, text in files.items()]
    s3.add_response(
        "list_objects_v2",
        {"Contents": listed, "IsTruncated": False},
        {"Bucket": BUCKET, "Prefix": f"{PREFIX}/2025/03/04/"},
    )
    for key, text in files.items():
        packed = gzip.compress(text)
        body = StreamingBody(io.BytesIO(packed), len(packed))
        s3.add_response("get_object", {"Body": body}, {"Bucket": BUCKET, "Key": key})


def run(aws: Stubbed, capsys: pytest.CaptureFixture[str], *words: str) -> Audited:
    said = audit(capsys, *PERIOD, *words)
    aws.done()
    return said


def test_without_files_the_log_group_and_lookup_events_are_asked(
    aws: Stubbed, day: Day, capsys: pytest.CaptureFixture[str]
) -> None:
    give_function(aws, day)
    give_log(aws, day)
    give_events(aws, day)
    said = run(aws, capsys)
    assert (said.found, said.verdict) == ({}, "all well")
    assert said.told["signatures"] == len(day.events)
    assert said.told["where"] == f"stack redoubt, {REGION}"


def test_a_bucket_is_read_day_by_day(
    aws: Stubbed, day: Day, capsys: pytest.CaptureFixture[str]
) -> None:
    give_function(aws, day)
    give_log(aws, day)
    give_bucket(aws, day)
    said = run(aws, capsys, "--trail", f"s3://{BUCKET}")
    assert (said.found, said.verdict) == ({}, "all well")
    assert said.told["signatures"] == len(day.events)


def test_an_empty_bucket_is_no_trail(
    aws: Stubbed, day: Day, capsys: pytest.CaptureFixture[str]
) -> None:
    give_function(aws, day)
    give_log(aws, day)
    aws.stubs["s3"].add_response("list_objects_v2", {"IsTruncated": False}, ANY_LISTING)
    said = run(aws, capsys, "--trail", f"s3://{BUCKET}/{PREFIX}/")
    assert said.verdict == "incomplete" or said.found.get("trail_gap")
    assert said.of("unreadable")[0]["why"] == "it has no files of these days"


ANY_LISTING = {"Bucket": BUCKET, "Prefix": ANY}


def test_the_role_is_known_where_the_log_is_empty(
    aws: Stubbed, day: Day, capsys: pytest.CaptureFixture[str]
) -> None:
    day.events = day.events[1:4]
    day.lines = []
    give_function(aws, day)
    give_log(aws, day)
    give_events(aws, day)
    assert run(aws, capsys).found == {"unasked_signature": 3}


@pytest.mark.parametrize("service", ["logs", "cloudtrail"])
def test_what_is_busy_is_not_reached(
    aws: Stubbed, day: Day, capsys: pytest.CaptureFixture[str], service: str
) -> None:
    operation = {"logs": "filter_log_events", "cloudtrail": "lookup_events"}[service]
    give_function(aws, day)
    if service == "cloudtrail":
        give_log(aws, day)
    aws.stubs[service].add_client_error(operation, "ThrottlingException")
    with pytest.raises(Unreachable, match="Run the same command again"):
        run(aws, capsys)


def test_what_may_not_be_read_is_no_irregularity(
    aws: Stubbed, day: Day, capsys: pytest.CaptureFixture[str]
) -> None:
    give_function(aws, day)
    aws.stubs["logs"].add_client_error("filter_log_events", "AccessDeniedException")
    with pytest.raises(Unreachable, match="lacks this right") as ended:
        run(aws, capsys)
    assert ended.value.code == 3
