# SPDX-License-Identifier: Apache-2.0
"""Fixtures that both suites use. A missing tool fails its test; nothing is skipped."""

import os
from collections.abc import Iterator

import pytest

from support.aws import Server
from support.host import Host, running
from support.third_party import Ministack, create_table, dynamodb_local, ministack

TABLE = "redoubt-watermarks"

# Settings of the person who runs the tests must not reach boto3: proxies, profiles, endpoints.
for name in list(os.environ):
    if name.upper().startswith("AWS_") or name.lower().endswith("_proxy"):
        del os.environ[name]


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    # Tests count its calls, and a busy machine can make a stand-in of no latency seem slow.
    with running("--environments", "3", "--env", "HEDGING=off") as started:
        yield started


@pytest.fixture(scope="session")
def local_dynamodb() -> Iterator[Server]:
    with dynamodb_local() as server:
        create_table(server, TABLE)
        yield server


@pytest.fixture(scope="session")
def small_aws() -> Iterator[Ministack]:
    with ministack() as started:
        create_table(started.root("dynamodb"), TABLE)
        yield started
