# SPDX-License-Identifier: Apache-2.0
"""Every sequence of requests in a small world, decided by Amazon's DynamoDB Local."""

import subprocess

from support.child import RELEASE
from support.third_party import dynamodb_local


def test_dynamodb_local_decides_every_sequence_as_the_rules_say() -> None:
    with dynamodb_local() as server:
        done = subprocess.run(
            [RELEASE / "redoubt-exhaust", "--table", server.url],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    # 72 requests, each followed by each.
    assert "5184 sequences" in done.stdout
