# SPDX-License-Identifier: Apache-2.0
"""The bucket that CloudFormation takes the zip and the template from, and where a deployment
remembers how far it came with arming."""

import hashlib
import json
from typing import Any

from redoubt_stack.aws import Aws, unless_missing


class Artifacts:
    """Objects are named by what they hold, so that none is ever changed."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._s3 = aws.client("s3")
        self.bucket = f"redoubt-artifacts-{aws.account}-{aws.region}"

    def exists(self) -> bool:
        found = unless_missing(
            lambda: self._s3.head_bucket(Bucket=self.bucket, ExpectedBucketOwner=self._aws.account),
            "404",
            "NoSuchBucket",
        )
        return found is not None

    def ensure(self) -> None:
        if not self.exists():
            where = {"LocationConstraint": self._aws.region}
            # The oldest Region is the one that may not be named.
            options = (
                {} if self._aws.region == "us-east-1" else {"CreateBucketConfiguration": where}
            )
            self._s3.create_bucket(Bucket=self.bucket, **options)
        self._s3.put_public_access_block(
            Bucket=self.bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
        self._s3.put_bucket_versioning(
            Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"}
        )

    def keep(self, name: str, content: bytes) -> str:
        """The key under which it now is."""
        key = f"{name}-{hashlib.sha256(content).hexdigest()}"
        there = unless_missing(
            lambda: self._s3.head_object(Bucket=self.bucket, Key=key), "404", "NoSuchKey"
        )
        if there is None:
            self._put(key, content)
        return key

    def url(self, key: str) -> str:
        suffix = self._aws.client("s3").meta.partition
        domain = "amazonaws.com.cn" if suffix == "aws-cn" else "amazonaws.com"
        return f"https://s3.{self._aws.region}.{domain}/{self.bucket}/{key}"

    def read_note(self, name: str) -> dict[str, Any] | None:
        found = unless_missing(
            lambda: self._s3.get_object(Bucket=self.bucket, Key=name), "NoSuchKey", "NoSuchBucket"
        )
        return None if found is None else json.loads(found["Body"].read())

    def write_note(self, name: str, note: dict[str, Any]) -> None:
        self._put(name, json.dumps(note, indent=2).encode())

    def _put(self, key: str, body: bytes) -> None:
        self._s3.put_object(
            Bucket=self.bucket, Key=key, Body=body, ExpectedBucketOwner=self._aws.account
        )
