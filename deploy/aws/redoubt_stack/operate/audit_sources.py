# SPDX-License-Identifier: Apache-2.0
"""Where an audit reads from: files, a trail's bucket, CloudTrail's LookupEvents, log groups."""

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from redoubt_stack.console import BadUsage, Progress
from redoubt_stack.operate import audit_files
from redoubt_stack.operate.audit_files import Unreadable
from redoubt_stack.operate.audit_findings import Findings
from redoubt_stack.operate.audit_log import AROUND_MS, LogReader
from redoubt_stack.operate.audit_match import Matcher
from redoubt_stack.operate.audit_trail import BadRecords, records
from redoubt_stack.operate.targets import Target

if TYPE_CHECKING:
    from redoubt_stack.aws import Aws

# CloudTrail delivers within some 15 minutes as a rule; a file has its delivery's time in its name.
DELIVERY = timedelta(hours=1)
LARGEST_OBJECT = 256 << 20
EVENTS_A_RUN = 1000
LINES_A_SHOW = 20_000


class Named(NamedTuple):
    name: str
    stream: IO[bytes]


def read_log_files(paths: list[str], log: LogReader, findings: Findings) -> None:
    with Progress("reading the log") as progress:
        for path, file in _each_file(paths, findings):
            read, damaged = log.read, log.damaged
            try:
                with file.open("rb") as raw, audit_files.opened(raw) as stream:
                    for number, line in enumerate(audit_files.lines(stream)):
                        log.add(line)
                        if number % LINES_A_SHOW == 0:
                            progress.show(f"{len(log.book)} requests")
                if log.read == read:
                    raise Unreadable("it has no line of the signer")
                if log.damaged > damaged:
                    raise Unreadable(f"{log.damaged - damaged} of its lines are damaged")
            except (Unreadable, OSError) as error:
                findings.add("unreadable", file=path, why=str(error))


def read_log_of(target: Target, log: LogReader, findings: Findings) -> None:
    with Progress("reading the log") as progress:
        since, until = log.from_ms - AROUND_MS, log.to_ms + AROUND_MS
        for number, event in enumerate(target.log("signer", max(since, 0), until)):
            log.add(event.text.encode(errors="replace"))
            if number % LINES_A_SHOW == 0:
                progress.show(f"{len(log.book)} requests")
    if log.damaged:
        why = f"{log.damaged} of its lines are damaged"
        findings.add("unreadable", file=f"the log of {target.where}", why=why)


def read_trail_files(paths: list[str], matcher: Matcher) -> None:
    files = (
        Named(path, stream)
        for path, file in _each_file(paths, matcher.findings)
        for stream in _open(path, file, matcher.findings)
    )
    _read_trail(files, matcher)


def read_trail_bucket(target: Target, url: str, matcher: Matcher) -> None:
    _read_trail(_objects(target.aws, url, matcher), matcher)


def read_key_events(target: Target, matcher: Matcher) -> None:
    """Each key's events, as its account's CloudTrail keeps them for 90 days without a trail."""
    log = matcher.log
    with Progress("asking CloudTrail") as progress:
        for key in sorted(matcher.keys):
            run: list[str] = []
            since, until = max(log.from_ms - AROUND_MS, 0), log.to_ms + AROUND_MS
            for event in target.key_events(key, since, until):
                run.append(event)
                if len(run) == EVENTS_A_RUN:
                    _match(_runs(run), matcher, "CloudTrail's LookupEvents")
                    run = []
                progress.show(f"{matcher.events} signatures")
            _match(_runs(run), matcher, "CloudTrail's LookupEvents")


def _runs(events: list[str]) -> Iterator[bytes]:
    yield ("[" + ",".join(events) + "]").encode(errors="replace")


def _read_trail(files: Iterable[Named], matcher: Matcher) -> None:
    with Progress("reading the trail") as progress:
        for file in files:
            with file.stream, audit_files.opened(file.stream) as stream:
                _match(audit_files.runs_of_records(stream), matcher, file.name)
            progress.show(f"{matcher.events} signatures")


def _match(runs: Iterator[bytes], matcher: Matcher, name: str) -> None:
    try:
        for run in records(runs):
            matcher.add_all(run)
    except (Unreadable, BadRecords, OSError) as error:
        matcher.findings.add("unreadable", file=name, why=str(error))


def _each_file(paths: list[str], findings: Findings) -> Iterator[tuple[str, Path]]:
    for path in paths:
        found = audit_files.files(path)
        if not found:
            findings.add("unreadable", file=path, why="there is no file in it")
        for file in found:
            yield str(file), file


def _open(path: str, file: Path, findings: Findings) -> Iterator[IO[bytes]]:
    try:
        yield file.open("rb")
    except OSError as error:
        findings.add("unreadable", file=path, why=error.strerror or str(error))


def _objects(aws: "Aws", url: str, matcher: Matcher) -> Iterator[Named]:
    """Day by day, as CloudTrail lays them down."""
    parts = urlsplit(url)
    bucket, prefix = parts.netloc, parts.path.strip("/")
    if not bucket:
        raise BadUsage(f"--trail {url}: give s3://BUCKET or s3://BUCKET/PREFIX")
    s3 = aws.client("s3")
    if "/CloudTrail/" not in f"/{prefix}/":
        prefix = f"{prefix}/AWSLogs/{aws.account}/CloudTrail/{aws.region}".strip("/")
    pages = s3.get_paginator("list_objects_v2")
    number = 0
    for day in _days(matcher.log.from_ms, matcher.log.to_ms):
        for page in pages.paginate(Bucket=bucket, Prefix=f"{prefix}/{day}/"):
            for listed in page.get("Contents", []):
                number += 1
                name = f"s3://{bucket}/{listed['Key']}"
                if listed["Size"] > LARGEST_OBJECT:
                    matcher.findings.add("unreadable", file=name, why="it is too large")
                    continue
                body = s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read()
                yield Named(name, io.BytesIO(body))
    if not number:
        where = f"s3://{bucket}/{prefix}"
        matcher.findings.add("unreadable", file=where, why="it has no files of these days")


def _days(from_ms: int, to_ms: int) -> Iterator[str]:
    day = datetime.fromtimestamp(from_ms / 1000, UTC).date()
    last = (datetime.fromtimestamp(to_ms / 1000, UTC) + DELIVERY).date()
    while day <= last:
        yield f"{day:%Y/%m/%d}"
        day += timedelta(days=1)
