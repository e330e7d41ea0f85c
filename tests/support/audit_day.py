# SPDX-License-Identifier: Apache-2.0
"""A day as CloudTrail and the signer's log tell it: votes and blocks of three keys, with all that
happens to an honest signer."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from support.audit_records import ACCOUNT, ALICE, KEYS, PKHS, REGION, Json, Records, rfc3339

START = 1_741_046_400_000  # 2025-03-04
FILE_MS = 300_000  # of a trail's files


@dataclass
class Day(Records):
    hours: float = 2
    level_ms: int = 12_000
    start: int = START

    def __post_init__(self) -> None:
        super().__post_init__()
        self.levels = int(self.hours * 3_600_000 / self.level_ms)

    keys = PKHS

    @staticmethod
    def arn(pkh: str) -> str:
        return KEYS[pkh]

    def level(self, number: int) -> int:
        return 10_000_000 + (self.start - START) // self.level_ms + number

    def at(self, number: int) -> int:
        """When a level begins; seven seconds later nothing happens any more."""
        return self.start + number * self.level_ms

    # What happens to an honest signer

    def fill(self) -> "Day":
        for number in range(self.levels):
            for i, pkh in enumerate(PKHS):
                at = self.at(number) + 300 * i + self.random.randrange(200)
                if (number + i) % 7 == 0:
                    self.happen(at, pkh, "block", self.level(number))
                self.happen(at + 1500, pkh, "preattestation", self.level(number))
                self.happen(at + 3000, pkh, "attestation", self.level(number))
            if number % 50 == 0:
                self.of_others(self.at(number))
        return self

    def happen(self, at: int, pkh: str, kind: str, level: int) -> None:
        chance = self.random.random()
        for share, story in (
            (0.015, self.hedged),
            (0.007, self.failed_once),
            (0.005, self.timed_out_once),
            (0.002, self.bad_once),
            (0.010, self.refused),
            (0.002, self.gave_up),
            (0.003, self.killed),
            (0.004, self.commit_lost),
            (0.020, self.asked_again),
        ):
            if chance < share:
                return story(at, pkh, kind, level)
            chance -= share
        self.request(at, pkh, kind, level)

    def is_seen(self) -> bool:
        """Whether a call that nobody heard of again was carried out."""
        return self.random.random() < 0.5

    def again(self, kind: str) -> Json:
        return {"release": "stored" if kind == "block" else "repeated", "ahead_ms": None}

    def hedged(self, at: int, pkh: str, kind: str, level: int) -> None:
        self.request(at, pkh, kind, level, sign_attempts=2)
        if self.is_seen():
            self.sign(at - 5, pkh, self.uuid())

    def failed_once(self, at: int, pkh: str, kind: str, level: int) -> None:
        id = self.uuid()
        more = {"sign_attempts": 2, "kms_request_ids": [id], "upstream_errors": 1}
        self.request(at, pkh, kind, level, **more)
        if self.is_seen():
            self.sign(at - 60, pkh, id, error="KMSInternalException")

    def timed_out_once(self, at: int, pkh: str, kind: str, level: int) -> None:
        more = {"sign_attempts": 2, "upstream_errors": 1, "ms": 1060.5}
        self.request(at, pkh, kind, level, **more)
        if self.is_seen():
            self.sign(at - 1060, pkh, self.uuid())

    def bad_once(self, at: int, pkh: str, kind: str, level: int) -> None:
        id = self.uuid()
        self.request(at, pkh, kind, level, sign_attempts=2, kms_request_ids=[id])
        self.sign(at - 20, pkh, id)

    def refused(self, at: int, pkh: str, kind: str, level: int) -> None:
        """Another message at the position of one that was signed."""
        self.request(at, pkh, kind, level)
        more = {"verdict": "already_signed", "status": 409, "release": None}
        self.request(at + 200, pkh, kind, level, **more)

    def gave_up(self, at: int, pkh: str, kind: str, level: int) -> None:
        """KMS did not answer three times; what was committed is signed when asked again."""
        digest = self.digest()
        failed = {"release": None, "kms_request_id": None, "sign_attempts": 3, "ms": 2800.0}
        self.line(at, pkh, kind, level, digest, verdict="kms_unavailable", status=502, **failed)
        for _ in range(3):
            if self.is_seen():
                self.sign(at - self.random.randrange(2800), pkh, self.uuid())
        more = self.again(kind) if kind != "block" else {}
        self.request(at + 400, pkh, kind, level, digest, **more)

    def killed(self, at: int, pkh: str, kind: str, level: int) -> None:
        """By Lambda, after the commit; its one call was carried out, or not."""
        if self.is_seen():
            self.sign(at, pkh, self.uuid())
        self.lambdas_own(at + 3000, self.uuid(), status="timeout", metrics={"durationMs": 3000.0})
        self.request(at + 3100, pkh, kind, level, **self.again(kind))

    def commit_lost(self, at: int, pkh: str, kind: str, level: int) -> None:
        """The commit's answer was lost, and the same commit met what it had written."""
        self.request(at, pkh, kind, level, table_calls=2, **self.again(kind))

    def asked_again(self, at: int, pkh: str, kind: str, level: int) -> None:
        digest = self.digest()
        self.request(at, pkh, kind, level, digest)
        self.request(at + 900, pkh, kind, level, digest, **self.again(kind))

    def lambdas_own(self, at: int, request: str, **more: Any) -> None:
        record = {"requestId": request, **more}
        self.lines.append((at, {"time": rfc3339(at), "type": "platform.report", "record": record}))

    def of_others(self, at: int) -> None:
        """Beside the signer: its GETs, other keys, and people who look."""
        health = {"route": "GET /authorized_keys", "status": 200, "verdict": "ok"}
        self.lines.append((at, {"timestamp": rfc3339(at), "ms": 0.1, **health}))
        self.lambdas_own(at, self.uuid(), status="success", metrics={"durationMs": 14.0})
        other = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-0000-4000-8000-000000000000"
        sign = self.event(at, "Sign", ALICE, keyId=other, messageType="RAW")
        grant = self.event(at, "CreateGrant", ALICE, keyId=other)
        for event in (sign, grant):
            event["resources"] = [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": other}]
        self.event(at, "GetPublicKey", ALICE, keyId=KEYS[PKHS[0]])
        self.event(at, "ListBuckets", ALICE, source="s3.amazonaws.com", bucket=["odd", 1])

    # As files

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The trail's folder, and the log's."""
        trail, log = folder / "trail", folder / "log"
        for path in (trail, log):
            path.mkdir(parents=True)
        for name, records in self.trail_files():
            (trail / name).write_bytes(gzip.compress(records, 1))
        half = len(self.lines) // 2
        in_time = sorted(self.lines, key=lambda line: line[0])
        with gzip.open(log / "000000.gz", "wt", 1) as exported:  # as CloudWatch exports
            exported.writelines(
                f"{rfc3339(at)} {json.dumps(line)}\n" for at, line in in_time[:half]
            )
        with (log / "rest.jsonl").open("w") as raw:
            raw.writelines(json.dumps(line) + "\n" for _, line in in_time[half:])
        return trail, log

    def trail_files(self) -> Iterator[tuple[str, bytes]]:
        """One event in a hundred comes twice, one in ten some minutes late."""
        files: dict[int, list[Json]] = {}
        for at, event in self.events:
            late = self.random.randrange(1, 3) if self.random.random() < 0.1 else 0
            number = (at - START) // FILE_MS + 1 + late
            files.setdefault(number, []).append(event)
            if self.random.random() < 0.01:
                files.setdefault(number + 1, []).append(event)
        for number, events in sorted(files.items()):
            stamp = f"{datetime.fromtimestamp((START + number * FILE_MS) / 1000, UTC):%Y%m%dT%H%MZ}"
            name = f"{ACCOUNT}_CloudTrail_{REGION}_{stamp}_Mu0KsOhtH1ar15ZZ.json.gz"
            yield name, json.dumps({"Records": events}, separators=(",", ":")).encode()
