# SPDX-License-Identifier: Apache-2.0
"""Our SigV4 against botocore's, over requests drawn at random, with a seed that a failure names."""

import json
import random
import string
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tool import told_by

from support.child import RELEASE, ROOT

TOOL = RELEASE / "sigv4-tool"
Pairs = list[tuple[str, str]]

LETTERS = string.ascii_letters + string.digits
UNRESERVED = LETTERS + "-._~"
ANYTHING = UNRESERVED + " !\"#$%&'()*+,/:;<=>?@[]^`{|}" + "äé漢🔑"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Pairs
    headers: Pairs
    body: str
    credentials: Credentials
    time: datetime
    region: str
    service: str

    @property
    def amz_date(self) -> str:
        return self.time.strftime("%Y%m%dT%H%M%SZ")

    def as_json(self) -> str:
        return json.dumps(
            {
                "method": self.method,
                "path": self.path,
                "query": self.query,
                "headers": self.headers,
                "body": self.body,
                "access_key_id": self.credentials.access_key,
                "secret_access_key": self.credentials.secret_key,
                "time_ms": int(self.time.timestamp() * 1000) + 999,  # milliseconds are cut off
                "region": self.region,
                "service": self.service,
            }
        )

    def by_botocore(self) -> dict[str, str]:
        host = next(value for name, value in self.headers if name == "Host")
        query = "&".join(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in self.query)
        # A path goes on the wire as it stands, and is encoded for signing.
        url = f"https://{host}{self.path}" + (f"?{query}" if query else "")
        request = AWSRequest(method=self.method, url=url, data=self.body.encode())
        for name, value in self.headers:
            request.headers[name] = value
        request.context["timestamp"] = self.amz_date
        auth = SigV4Auth(self.credentials, self.service, self.region)
        canonical = auth.canonical_request(request)
        to_sign = auth.string_to_sign(request, canonical)
        auth._inject_signature_to_request(request, auth.signature(to_sign, request))
        return {
            "canonical_request": canonical,
            "string_to_sign": to_sign,
            "authorization": request.headers["Authorization"],
        }


def words(dice: random.Random, letters: str, low: int, high: int) -> str:
    return "".join(dice.choice(letters) for _ in range(dice.randint(low, high)))


def drawn(seed: int) -> Request:
    dice = random.Random(seed)
    credentials = Credentials(
        "ASIA" + words(dice, string.ascii_uppercase + string.digits, 16, 16),
        words(dice, LETTERS + "/+", 40, 40),
    )
    time = datetime.fromtimestamp(dice.randrange(0, 4_102_444_800), UTC)
    headers: Pairs = [
        (
            "Host",
            words(dice, string.ascii_lowercase + string.digits + "-.", 1, 40).strip(".-") or "a",
        ),
        ("X-Amz-Date", time.strftime("%Y%m%dT%H%M%SZ")),
        ("Content-Type", dice.choice(["application/x-amz-json-1.0", "application/x-amz-json-1.1"])),
        ("X-Amz-Target", words(dice, LETTERS + "_.", 1, 40)),
    ]
    if dice.random() < 0.7:
        headers.append(("X-Amz-Security-Token", words(dice, LETTERS + "/+=", 1, 900)))
    for n in range(dice.randint(0, 4)):
        spaces = " " * dice.randint(0, 3)
        value = spaces + words(dice, LETTERS + '  :;,="', 0, 30) + spaces
        headers.append((f"{dice.choice(['X-Amz-Meta', 'My-Header', 'b'])}-{n}", value))
    dice.shuffle(headers)
    rest = seed % 2 == 0  # half of them are what the product sends
    return Request(
        method=dice.choice(["GET", "PUT", "POST", "DELETE"]) if rest else "POST",
        path="/" + words(dice, UNRESERVED.replace(".", "") + "%@ ", 0, 20) if rest else "/",
        query=[
            (words(dice, ANYTHING, 1, 12), words(dice, ANYTHING, 0, 12))
            for _ in range(dice.randint(0, 5) if rest else 0)
        ],
        headers=headers,
        body=words(dice, ANYTHING + "\n\t", 0, 2000),
        credentials=credentials,
        time=time,
        region=dice.choice(["us-east-1", "eu-west-1", "us-gov-west-1", "cn-north-1"]),
        service=dice.choice(["kms", "dynamodb", "service"]),
    )


def by_us(requests: list[Request]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told_by(TOOL, (one.as_json() for one in requests))]


def test_a_thousand_random_requests_are_signed_as_botocore_signs_them() -> None:
    requests = [drawn(seed) for seed in range(1000)]
    ours = by_us(requests)
    assert len(ours) == len(requests)
    for seed, (request, steps) in enumerate(zip(requests, ours, strict=True)):
        assert steps == request.by_botocore(), f"seed {seed}"


SUITE = json.loads((ROOT / "tests" / "vectors" / "sigv4" / "suite.json").read_text())


def test_every_case_of_the_suite_is_run_or_named() -> None:
    assert len(SUITE["cases"]) + len(SUITE["excluded"]) == 40
    assert all(case["reason"] for case in SUITE["excluded"])
