# SPDX-License-Identifier: Apache-2.0
"""The bucket that CloudFormation takes the zip and the template from, and where a deployment
remembers how far it came with arming."""

import hashlib
import json
from functools import partial
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from redoubt_stack.aws import Aws, code_of, unless_missing
from redoubt_stack.console import Stop


class Artifacts:
    """Objects are named by what they hold, so that none is ever changed, within their stack's
    folder, outside of which its deployer writes nothing."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._s3 = aws.client("s3")
        self.bucket = f"redoubt-artifacts-{aws.account}-{aws.region}"

    def exists(self) -> bool:
        look = partial(
            self._s3.head_bucket, Bucket=self.bucket, ExpectedBucketOwner=self._aws.account
        )
        try:
            return unless_missing(look, "404", "NoSuchBucket") is not None
        except ClientError as error:
            if code_of(error) == "403":
                raise Stop(f"you may not see {self.bucket}, or it is another account's") from error
            raise

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

    def keep(self, name: str, content: bytes) -> tuple[str, str]:
        """The key and the version under which it now is. What is there already under this name is
        not believed: whoever may write here could have put another there."""
        key = f"{name}-{hashlib.sha256(content).hexdigest()}"
        there = self._get(key)
        if there is None or there["Body"].read() != content:
            there = self._put(key, content)
        return key, str(there.get("VersionId", ""))

    def url(self, key: str, version: str) -> str:
        """Of this version, and of none that somebody writes meanwhile."""
        domain = "amazonaws.com.cn" if self._aws.partition == "aws-cn" else "amazonaws.com"
        pinned = f"?versionId={quote(version, safe='')}" if version else ""
        return f"https://s3.{self._aws.region}.{domain}/{self.bucket}/{key}{pinned}"

    def read_note(self, name: str) -> tuple[dict[str, Any], str] | None:
        """With its ETag."""
        found = self._get(name)
        if found is None:
            return None
        try:
            note = json.loads(found["Body"].read())
        except ValueError:
            note = None
        if not isinstance(note, dict):
            raise Stop(f"{name} in the bucket {self.bucket} is damaged: look at its older versions")
        return note, str(found["ETag"])

    def write_note(self, name: str, note: dict[str, Any], etag: str | None) -> str:
        """In the place of the note with this ETag, or of none; its own ETag."""
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        return str(self._put(name, json.dumps(note, indent=2).encode(), **condition)["ETag"])

    def _get(self, key: str) -> dict[str, Any] | None:
        """A bucket of this name that is another account's is refused, whatever it holds."""
        get = partial(
            self._s3.get_object,
            Bucket=self.bucket,
            Key=key,
            ExpectedBucketOwner=self._aws.account,
        )
        found: dict[str, Any] | None = unless_missing(get, "NoSuchKey", "NoSuchBucket")
        return found

    def _put(self, key: str, body: bytes, **condition: str) -> dict[str, Any]:
        return self._s3.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=body,
            ExpectedBucketOwner=self._aws.account,
            **condition,
        )
