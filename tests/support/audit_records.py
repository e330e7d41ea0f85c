# SPDX-License-Identifier: Apache-2.0
"""What CloudTrail and the signer's log tell of requests.

Records: as the examples "Sign" of AWS Key Management Service's guide, and the userIdentity of an
assumed role in CloudTrail's; files: CloudTrail's guide, "log file examples". None was taken from an
account."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

Json = dict[str, Any]

ACCOUNT = "111122223333"
REGION = "eu-west-1"
CHAIN = "NetXdQprcVkpaWU"
PKHS = (
    "tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb",
    "tz2TSvNTh2epDMhZHrw73nV9piBX7kLZ9K9m",
    "tz3bvNMQ95vfAYtG8193ymshqjSvmxiCUuR5",
)
KEYS = {
    pkh: f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0987dcba-09fe-87dc-65ba-ab098765432{i}"
    for i, pkh in enumerate(PKHS)
}
METRICS = (
    *("ms", "cold_starts", "errors", "authentication_ms", "kms_ms", "table_ms", "votes", "blocks"),
    *("sign_attempts", "retries", "throttles", "upstream_errors", "conflicts"),
    *("watermark_refusals", "ahead_ms"),
)
DIRECTIVE = {
    "Namespace": "Redoubt",
    "Dimensions": [["function"]],
    "Metrics": [
        {"Name": name, "Unit": "Milliseconds" if name.endswith("ms") else "Count"}
        for name in METRICS
    ],
}


def session(role: str, name: str = "redoubt-signer") -> Json:
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": "2025-03-04T00:00:00Z", "mfaAuthenticated": "false"},
        },
    }


SIGNER = session("redoubt-signer")
ALICE = {
    "type": "IAMUser",
    "principalId": "EX_PRINCIPAL_ID",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/Alice",
    "accountId": ACCOUNT,
    "accessKeyId": "EXAMPLE_KEY_ID",
    "userName": "Alice",
}


def rfc3339(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


@dataclass
class Records:
    """Of one seed always the same."""

    seed: int = 0
    lines: list[tuple[int, Json]] = field(default_factory=list)  # ms since 1970
    events: list[tuple[int, Json]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def uuid(self) -> str:
        """It begins with four zeros, by which whoever makes a copy of all this tells it."""
        return str(uuid.UUID(int=self.random.getrandbits(112), version=4))

    def digest(self) -> str:
        return self.random.randbytes(32).hex()

    def sign(
        self, at: int, pkh: str, id: str, *, who: Json = SIGNER, error: str = "", **more: Any
    ) -> Json:
        """KMS was asked for a signature."""
        is_ed25519 = pkh.startswith("tz1")
        event = self.event(
            at,
            "Sign",
            who,
            request=id,
            keyId=KEYS[pkh],
            messageType="RAW" if is_ed25519 else "DIGEST",
            signingAlgorithm="ED25519_SHA_512" if is_ed25519 else "ECDSA_SHA_256",
        )
        event["resources"] = [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": KEYS[pkh]}]
        if error:
            event |= {"errorCode": error, "errorMessage": "as AWS says it"}
        event["requestParameters"] |= more
        return event

    def event(
        self,
        at: int,
        name: str,
        who: Json,
        source: str = "kms.amazonaws.com",
        request: str = "",
        **asked: Any,
    ) -> Json:
        event = {
            "eventVersion": "1.11",
            "userIdentity": who,
            "eventTime": rfc3339(at)[:19] + "Z",
            "eventSource": source,
            "eventName": name,
            "awsRegion": REGION,
            "sourceIPAddress": "192.0.2.7",
            "userAgent": "-",
            "requestParameters": asked or None,
            "responseElements": None,
            "requestID": request or self.uuid(),
            "eventID": self.uuid(),
            "readOnly": True,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
            "tlsDetails": {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_256_GCM_SHA384",
                "clientProvidedHostHeader": f"kms.{REGION}.amazonaws.com",
            },
        }
        self.events.append((at, event))
        return event

    def line(self, at: int, pkh: str, kind: str, level: int, digest: str, **more: Any) -> Json:
        """A request was answered; `more` is what differs from a usual vote."""
        line = {
            "_aws": {"Timestamp": at, "CloudWatchMetrics": [DIRECTIVE]},
            "function": "redoubt-signer",
            "ahead_ms": 0,
            "authentication_ms": 0.151,
            "authorized_key": "tz1Ke2h7sDdakHJQh8WX4Z372du1KChsksyU",
            "block_level": level,
            "blocks": int(kind == "block"),
            "chain": CHAIN,
            "cold": False,
            "cold_starts": 0,
            "conflicts": 0,
            "digest": digest,
            "errors": 0,
            "kind": kind,
            "kms_ms": 11.912,
            "kms_request_id": self.uuid(),
            "level": "INFO",
            "message": "answered",
            "ms": 13.402,
            "pkh": pkh,
            "release": "fresh",
            "requestId": self.uuid(),
            "retries": 0,
            "round": 0,
            "route": "POST /keys",
            "sign_attempts": 1,
            "status": 200,
            "table_calls": 1,
            "table_ms": 4.418,
            "throttles": 0,
            "timestamp": rfc3339(at),
            "traceId": "Root=1-5759e988-bd862e3fe1be46a994272793",
            "upstream_errors": 0,
            "verdict": "ok",
            "votes": int(kind != "block"),
            "watermark_refusals": 0,
            **more,
        }
        self.lines.append((at, {name: v for name, v in line.items() if v is not None}))
        return self.lines[-1][1]

    def request(
        self, at: int, pkh: str, kind: str, level: int, digest: str = "", **more: Any
    ) -> Json:
        """One that went well: its line, and its event."""
        line = self.line(at, pkh, kind, level, digest or self.digest(), **more)
        self.sign(at - 10, pkh, line["kms_request_id"])
        return line
