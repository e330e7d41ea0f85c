# SPDX-License-Identifier: Apache-2.0
"""Each test of a contract runs against every server that claims to speak it."""

import pytest

from keystore import Keystore
from row import Row
from support.aws import Server
from support.host import Host
from support.keys import Curve
from support.third_party import Ministack


@pytest.fixture(params=["stand-in", "dynamodb-local", "ministack"])
def dynamodb(request: pytest.FixtureRequest) -> Server:
    if request.param == "stand-in":
        host: Host = request.getfixturevalue("host")
        return host.server("dynamodb")
    if request.param == "dynamodb-local":
        server: Server = request.getfixturevalue("local_dynamodb")
        return server
    small_aws: Ministack = request.getfixturevalue("small_aws")
    return small_aws.server("dynamodb")


@pytest.fixture
def row(dynamodb: Server) -> Row:
    return Row(dynamodb)


@pytest.fixture
def armed(row: Row) -> Row:
    row.arm(100, -5)
    return row


@pytest.fixture(scope="session", params=["stand-in", "ministack"])
def kms(request: pytest.FixtureRequest) -> Keystore:
    if request.param == "stand-in":
        host: Host = request.getfixturevalue("host")
        return Keystore(host.server("kms"), {key.curve: host.arn(key) for key in host.keys})
    small_aws: Ministack = request.getfixturevalue("small_aws")
    return Keystore(
        small_aws.server("kms"), {curve: small_aws.create_key(curve) for curve in Curve}
    )
