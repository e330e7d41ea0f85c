# SPDX-License-Identifier: Apache-2.0
"""What `doctor` takes for granted of how KMS and DynamoDB tell of their own settings."""

import json
import secrets

import pytest

from keystore import Keystore
from support.aws import Server
from support.host import Host
from support.keys import Curve
from support.third_party import Ministack, create_table

NO_KEY = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
# DynamoDB Local has neither.
HAVE_POLICIES_AND_BACKUPS = pytest.mark.parametrize(
    "dynamodb", ["stand-in", "ministack"], indirect=True
)


@pytest.fixture(params=["stand-in", "dynamodb-local", "ministack"])
def dynamodb(request: pytest.FixtureRequest) -> Server:
    """Whoever may set what is told."""
    if request.param == "ministack":
        small_aws: Ministack = request.getfixturevalue("small_aws")
        return small_aws.root("dynamodb")
    if request.param == "dynamodb-local":
        server: Server = request.getfixturevalue("local_dynamodb")
        return server
    host: Host = request.getfixturevalue("host")
    return host.server("dynamodb")


@pytest.fixture
def table(dynamodb: Server) -> str:
    """A table of watermarks, as nobody has protected it yet."""
    name = f"watermarks-{secrets.token_hex(4)}"
    create_table(dynamodb, name)
    return name


@pytest.fixture(scope="session", params=["stand-in", "ministack"])
def kms(request: pytest.FixtureRequest) -> Keystore:
    if request.param == "ministack":
        small_aws: Ministack = request.getfixturevalue("small_aws")
        keys = {curve: small_aws.create_key(curve) for curve in Curve}
        return Keystore(small_aws.root("kms"), keys)
    host: Host = request.getfixturevalue("host")
    return Keystore(host.server("kms"), {key.curve: host.arn(key) for key in host.keys})


class TestTables:
    def test_keys_billing_and_place_are_told(self, dynamodb: Server, table: str) -> None:
        told = dynamodb.call("DescribeTable", {"TableName": table}).json()["Table"]
        assert told["TableStatus"] == "ACTIVE"
        assert told["KeySchema"] == [
            {"AttributeName": "pkh", "KeyType": "HASH"},
            {"AttributeName": "scope", "KeyType": "RANGE"},
        ]
        assert {a["AttributeName"]: a["AttributeType"] for a in told["AttributeDefinitions"]} == {
            "pkh": "S",
            "scope": "S",
        }
        assert told["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert told["TableArn"].startswith("arn:aws:dynamodb:")
        assert told["TableArn"].endswith(f":table/{table}")
        assert not told.get("Replicas") and "RestoreSummary" not in told

    def test_deletion_protection_is_off_until_it_is_switched_on(
        self, dynamodb: Server, table: str
    ) -> None:
        def state() -> bool:
            told = dynamodb.call("DescribeTable", {"TableName": table}).json()["Table"]
            return bool(told.get("DeletionProtectionEnabled", False))

        assert state() is False
        for wanted in (True, False):
            dynamodb.client.update_table(TableName=table, DeletionProtectionEnabled=wanted)
            assert state() is wanted

    @HAVE_POLICIES_AND_BACKUPS
    def test_recovery_is_off_until_it_is_switched_on(self, dynamodb: Server, table: str) -> None:
        def state() -> str:
            told = dynamodb.call("DescribeContinuousBackups", {"TableName": table}).json()
            recovery = told["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
            return str(recovery["PointInTimeRecoveryStatus"])

        assert state() == "DISABLED"
        dynamodb.client.update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        assert state() == "ENABLED"

    def test_rows_do_not_expire(self, dynamodb: Server, table: str) -> None:
        told = dynamodb.call("DescribeTimeToLive", {"TableName": table}).json()
        assert told["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"

    @HAVE_POLICIES_AND_BACKUPS
    def test_policy_is_told_as_it_was_put(self, dynamodb: Server, table: str) -> None:
        arn = dynamodb.client.describe_table(TableName=table)["Table"]["TableArn"]
        asked = {"ResourceArn": arn}
        answer = dynamodb.call("GetResourcePolicy", asked)
        assert (answer.status, answer.code) == (400, "PolicyNotFoundException")
        assert dynamodb.call("PutResourcePolicy", asked | {"Policy": POLICY}).status == 200
        told = dynamodb.call("GetResourcePolicy", asked).json()
        assert json.loads(told["Policy"]) == json.loads(POLICY)
        assert dynamodb.call("DeleteResourcePolicy", asked).status == 200
        assert dynamodb.call("GetResourcePolicy", asked).code == "PolicyNotFoundException"

    @pytest.mark.parametrize("operation", ["DescribeTable", "DescribeTimeToLive"])
    def test_no_table_has_an_error_of_its_own(self, dynamodb: Server, operation: str) -> None:
        answer = dynamodb.call(operation, {"TableName": "no-such-table"})
        assert (answer.status, answer.code) == (400, "ResourceNotFoundException")


class TestKeys:
    def test_state_use_and_origin_are_told(self, kms: Keystore) -> None:
        for curve, arn in kms.arns.items():
            told = kms.server.call("DescribeKey", {"KeyId": arn}).json()["KeyMetadata"]
            assert told["KeySpec"] == curve.kms_spec
            assert (told["KeyState"], told["KeyUsage"]) == ("Enabled", "SIGN_VERIFY")
            assert (told["Origin"], told["Arn"]) == ("AWS_KMS", arn)

    def test_policy_is_told_as_it_was_put(self, kms: Keystore) -> None:
        key = {
            "KeyId": kms.server.client.create_key(
                KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY"
            )["KeyMetadata"]["Arn"]
        }
        named = key | {"PolicyName": "default"}
        first = json.loads(kms.server.call("GetKeyPolicy", named).json()["Policy"])
        (statement,) = first["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", "kms:*")
        assert statement["Principal"]["AWS"].endswith(":root")
        policy = json.dumps(first | {"Id": "ours"})
        assert kms.server.call("PutKeyPolicy", named | {"Policy": policy}).status == 200
        told = kms.server.call("GetKeyPolicy", named).json()["Policy"]
        assert json.loads(told) == json.loads(policy)

    def test_there_are_no_grants(self, kms: Keystore) -> None:
        for arn in kms.arns.values():
            assert kms.server.call("ListGrants", {"KeyId": arn}).json()["Grants"] == []

    @pytest.mark.parametrize(
        "operation", ["DescribeKey", "GetKeyPolicy", "ListGrants", "GetPublicKey"]
    )
    def test_no_key_has_an_error_of_its_own(self, kms: Keystore, operation: str) -> None:
        more = {"PolicyName": "default"} if operation == "GetKeyPolicy" else {}
        answer = kms.server.call(operation, {"KeyId": NO_KEY, **more})
        assert (answer.status, answer.code) == (400, "NotFoundException")
