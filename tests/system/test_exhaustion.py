# SPDX-License-Identifier: Apache-2.0
"""Every sequence of requests in a small world, decided by Amazon's DynamoDB Local."""

import re
import subprocess

from support.aws import Server
from support.child import RELEASE


def finished(program: str, table: Server) -> str:
    done = subprocess.run(
        [RELEASE / program, "--table", table.url],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_dynamodb_local_decides_every_sequence_as_the_rules_say(local_dynamodb: Server) -> None:
    # 72 requests, each followed by each.
    assert "5184 sequences" in finished("redoubt-exhaust", local_dynamodb)


def test_it_decides_every_write_of_a_validator_as_the_stand_in(local_dynamodb: Server) -> None:
    """Votes, blocks, imports and the switch, on each row that they lead to, and on none."""
    told = finished("redoubt-exhaust-ethereum", local_dynamodb)
    (writes,) = re.findall(r"(\d+) different writes", told)
    assert int(writes) > 1000
