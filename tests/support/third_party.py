# SPDX-License-Identifier: Apache-2.0
"""Other people's stand-ins for AWS: Amazon's DynamoDB Local, and ministack."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from botocore.credentials import Credentials

from support.aws import Server
from support.child import TOOLS, Child, free_port
from support.keys import Curve


def java() -> Path:
    found = shutil.which("java")
    assert found, "java is missing: tests/run installs it"
    return Path(found)


@contextmanager
def dynamodb_local() -> Iterator[Server]:
    library = TOOLS / "dynamodb-local" / "lib"
    assert library.is_dir(), f"{library} is missing: tests/run fetches it"
    port = free_port()
    child = Child(
        [
            java(),
            *("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
            f"-Djava.library.path={library}",
            *("-cp", f"{library}/*"),
            "software.amazon.dynamodb.services.local.main.ServerRunner",
            *("-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port)),
        ]
    )
    try:
        child.wait_for_port(port)
        # It looks at no signature; the access key may hold letters and digits only.
        keys = Credentials("LOCAL", "unused", "unused")
        yield Server("dynamodb-local", "dynamodb", f"http://127.0.0.1:{port}", keys)
    finally:
        child.stop()


ROLE = "redoubt"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
RIGHTS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                *(f"kms:{what}" for what in ("Sign", "GetPublicKey")),
                *(f"kms:{what}" for what in ("Encrypt", "Decrypt", "GenerateRandom")),
                *(f"dynamodb:{what}" for what in ("UpdateItem", "Query", "Scan")),
                *(f"dynamodb:{what}" for what in ("BatchGetItem", "PutItem")),
            ],
            "Resource": "*",
        }
    ],
}


@dataclass(frozen=True)
class Ministack:
    """Account 000000000000. Its root credentials open every door unchecked, so the tests
    work with those of a role's session, whose signatures and rights it checks."""

    url: str

    def root(self, service: str) -> Server:
        return Server("ministack", service, self.url, Credentials("test", "test"))

    @cached_property
    def session(self) -> Credentials:
        iam = self.root("iam").client
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=ROLE, PolicyName="sign", PolicyDocument=json.dumps(RIGHTS))
        told = self.root("sts").client.assume_role(
            RoleArn=f"arn:aws:iam::000000000000:role/{ROLE}", RoleSessionName="tests"
        )["Credentials"]
        return Credentials(told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"])

    @cache
    def server(self, service: str) -> Server:
        return self.root(service).with_credentials(self.session)

    def create_key(self, curve: Curve) -> str:
        """The ARN of a new signing key."""
        told = self.root("kms").client.create_key(KeySpec=curve.kms_spec, KeyUsage="SIGN_VERIFY")
        return str(told["KeyMetadata"]["Arn"])


@contextmanager
def ministack(services: str = "kms,dynamodb,iam,sts,logs") -> Iterator[Ministack]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="ministack-") as folder:
        settings = {
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "SERVICES": services,
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "STATE_DIR": folder,
            "TMPDIR": folder,
        }
        program = Path(sys.executable).parent / "ministack"
        child = Child([program], env=settings, cwd=Path(folder))
        try:
            child.wait_for_port(port)
            yield Ministack(f"http://127.0.0.1:{port}")
        finally:
            child.stop()


def create_table(server: Server, name: str) -> None:
    """The watermark table: partition key `pkh`, sort key `scope`, both strings."""
    server.client.create_table(
        TableName=name,
        AttributeDefinitions=[
            {"AttributeName": "pkh", "AttributeType": "S"},
            {"AttributeName": "scope", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "pkh", "KeyType": "HASH"},
            {"AttributeName": "scope", "KeyType": "RANGE"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
