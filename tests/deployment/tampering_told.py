# SPDX-License-Identifier: Apache-2.0
"""What AWS would tell of a deployment in another state: a real answer with one member changed.
For what an emulator can't be brought to, and for what would take it long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from account import Account, Signer

from support.keys import Curve

Tampering = Callable[[Account, Signer], Any]
Change = Callable[[dict[str, Any]], Any]


@contextmanager
def told(
    signer: Signer, service: str, operation: str, change: Change, about: str | None = None
) -> Iterator[None]:
    """`change` is done to each answer; to those about this function alone, if one is named."""
    aws, name = signer.facts.aws, f"{service}.{operation}"
    # The checks name the Region, or leave it to the configuration: two clients.
    clients = [aws.client(service), aws.client(service, aws.region)]

    def asked(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = params.get("FunctionName")

    def answered(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if about is None or context.get("asked") == about:
            change(parsed)

    for client in clients:
        client.meta.events.register(f"before-parameter-build.{name}", asked)
        client.meta.events.register(f"after-call.{name}", answered)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister(f"before-parameter-build.{name}", asked)
            client.meta.events.unregister(f"after-call.{name}", answered)


def setting(**members: Any) -> Change:
    return lambda parsed: parsed.update(members)


def within(name: str, **members: Any) -> Change:
    return lambda parsed: parsed[name].update(members)


def more(name: str, item: Any) -> Change:
    return lambda parsed: parsed[name].append(item)


def variables(**members: str) -> Change:
    return lambda parsed: parsed["Environment"]["Variables"].update(members)


def tells(row: str, service: str, operation: str, change: Change) -> Tampering:
    @contextmanager
    def tampering(account: Account, signer: Signer) -> Iterator[str]:
        with told(signer, service, operation, change):
            yield row

    return tampering


def of_function(kind: str, what: str, operation: str, change: Change) -> Tampering:
    @contextmanager
    def tampering(account: Account, signer: Signer) -> Iterator[str]:
        function = signer.facts.function(kind)
        with told(signer, "lambda", operation, change, function):
            yield f"{function}: {what}"

    return tampering


@contextmanager
def tells_path(account: Account, signer: Signer) -> Iterator[str]:
    """Which AWS tells of the functions only: it is held against the other one's."""
    function = signer.facts.function("Operator")
    with told(signer, "lambda", CONFIGURATION, variables(BASE_PATH="/other"), function):
        yield f"{function}: variables"


@contextmanager
def tells_key(account: Account, signer: Signer) -> Iterator[str]:
    """Of the same curve, behind the ARN of ours."""
    other = account.ministack.create_key(Curve.SECP256K1)
    found = account.client("kms").get_public_key(KeyId=other)["PublicKey"]
    with told(signer, "kms", "GetPublicKey", setting(PublicKey=found)):
        yield "key: public key"


CONFIGURATION = "GetFunctionConfiguration"
ARN = "arn:aws:sqs:us-east-1:000000000000:queue"
NETWORK = {"SubnetIds": ["subnet-0a1b2c3d"], "SecurityGroupIds": []}
GROUPS = {"SubnetIds": [], "SecurityGroupIds": ["sg-0a1b2c3d"]}
ANOTHER = "edpkuBknW28nW72KG6RoHtYW7p12T6GKc7nAbwYX5m8Wd9sDVC9yav"
OF_A_FUNCTION: tuple[tuple[str, str, Change], ...] = (
    ("runtime", CONFIGURATION, setting(Runtime="provided.al2")),
    ("architecture", CONFIGURATION, setting(Architectures=["s390x"])),
    ("handler", CONFIGURATION, setting(Handler="other")),
    ("role", CONFIGURATION, setting(Role="arn:aws:iam::000000000000:role/other")),
    ("memory", CONFIGURATION, setting(MemorySize=128)),
    ("timeout", CONFIGURATION, setting(Timeout=900)),
    ("layers", CONFIGURATION, setting(Layers=[{"Arn": "arn:aws:lambda:::layer:x:1"}])),
    ("subnets", CONFIGURATION, setting(VpcConfig=NETWORK)),
    ("security groups", CONFIGURATION, setting(VpcConfig=GROUPS)),
    ("log", CONFIGURATION, within("LoggingConfig", LogGroup="/aws/lambda/other")),
    ("log levels", CONFIGURATION, within("LoggingConfig", SystemLogLevel="WARN")),
    ("authorized keys", CONFIGURATION, variables(AUTHORIZED_KEYS=ANOTHER)),
    (
        "authorized keys are keys",
        CONFIGURATION,
        variables(AUTHORIZED_KEYS=f"{ANOTHER},{ANOTHER}"),
    ),
    ("variables", CONFIGURATION, variables(HEDGING="off")),
    ("nothing else is set", CONFIGURATION, setting(DeadLetterConfig={"TargetArn": ARN})),
    ("nothing else is set", CONFIGURATION, setting(EphemeralStorage={"Size": 1024})),
    ("nothing else is set", CONFIGURATION, setting(WhateverComesNext={"On": True})),
    ("code signing", "GetFunctionCodeSigningConfig", setting(CodeSigningConfigArn=ARN)),
    ("versions", "ListVersionsByFunction", more("Versions", {"Version": "1"})),
    ("aliases", "ListAliases", more("Aliases", {"Name": "live"})),
    ("reserved concurrency", "GetFunctionConcurrency", setting(ReservedConcurrentExecutions=5)),
    (
        "event sources",
        "ListEventSourceMappings",
        more("EventSourceMappings", {"EventSourceArn": ARN}),
    ),
    (
        "asynchronous calls",
        "ListFunctionEventInvokeConfigs",
        more("FunctionEventInvokeConfigs", {"FunctionArn": ARN}),
    ),
)

LIMIT = {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 1}
REPLICA = [{"RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE"}]
OF_THE_TABLE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("table: state", {"TableStatus": "ARCHIVED"}),
    ("table: keys", {"KeySchema": [{"AttributeName": "pkh", "KeyType": "HASH"}]}),
    ("table: witness", {"GlobalTableWitnesses": [{"RegionName": "eu-west-1"}]}),
    ("table: replicas", {"Replicas": REPLICA, "MultiRegionConsistency": "STRONG"}),
    ("table in us-east-1: not restored", {"RestoreSummary": {"RestoreDateTime": "2026-11-21"}}),
    ("table in us-east-1: billing", {"BillingModeSummary": {"BillingMode": "PROVISIONED"}}),
    ("table in us-east-1: indexes", {"GlobalSecondaryIndexes": [{"IndexName": "by-level"}]}),
    ("table in us-east-1: indexes", {"LocalSecondaryIndexes": [{"IndexName": "by-level"}]}),
    ("table in us-east-1: limits", {"OnDemandThroughput": LIMIT}),
)
OF_THE_KEY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("key: spec", {"KeySpec": "ECC_NIST_P256"}),
    ("key: usage", {"KeyUsage": "KEY_AGREEMENT"}),
    ("key: multi-Region", {"MultiRegion": True}),
)
EVENTUAL = {"Replicas": REPLICA, "MultiRegionConsistency": "EVENTUAL"}
EXPIRY = {"TimeToLiveStatus": "ENABLED", "AttributeName": "at"}

TAMPERINGS: dict[str, Tampering] = {
    **{
        f"told of {kind}: {what} {i}": of_function(kind, what, operation, change)
        for kind in ("Signer", "Operator")
        for i, (what, operation, change) in enumerate(OF_A_FUNCTION)
    },
    **{
        f"told of the {row} {i}": tells(
            row, "dynamodb", "DescribeTable", within("Table", **members)
        )
        for i, (row, members) in enumerate(OF_THE_TABLE)
    },
    **{
        f"told of the {row}": tells(row, "kms", "DescribeKey", within("KeyMetadata", **members))
        for row, members in OF_THE_KEY
    },
    "told of a replica by itself": tells(
        "table: consistency", "dynamodb", "DescribeTable", within("Table", **EVENTUAL)
    ),
    "told of another path": tells_path,
    "told of another key": tells_key,
    "told of rows that expire": tells(
        "table: rows expire",
        "dynamodb",
        "DescribeTimeToLive",
        within("TimeToLiveDescription", **EXPIRY),
    ),
}
