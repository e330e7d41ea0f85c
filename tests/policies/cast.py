# SPDX-License-Identifier: Apache-2.0
"""Who asks, and the deployments in which they ask."""

from dataclasses import dataclass, field, replace
from typing import Any

from documents import Policy, Stack

ECDSA = {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST"}
EDDSA = {"kms:SigningAlgorithm": "ED25519_SHA_512", "kms:MessageType": "RAW"}
MINE = {"dynamodb:LeadingKeys": ["tz2KnEMmQ3DovhQdKRQQL3Xs5A6FPM8j6HAy"]}
THEIRS = {"dynamodb:LeadingKeys": ["tz2BFTyPeYRzxd5aiBchbXN3WCZhx7BqbMBq"]}
# A vote's commit, a sealed key and its companion, a wrap.
COMMITTED = ["pkh", "scope", "lvl", "rnd", "digest", "sig", "at", "pace", "until"]
BLS_KEYS = ("tz4HVR6aty9KwsQFHh81C1G7gBdhxT8kuytm", "tz4EECtMxAuJ9UDLaiMZH7G1GCFYUWsj8HZn")
WRAP = "wrap/000102030405060708090a0b0c0d0e0f"
PURPOSE = {"kms:EncryptionContext:redoubt:purpose": "tezos-consensus"}
SHARE = PURPOSE | {"kms:EncryptionContext:redoubt:share": "1/1"}
ETHEREUM = SHARE | {"kms:EncryptionContext:redoubt:purpose": "ethereum-validator"}

STACK = Stack()
OTHER_ACCOUNT = "444455556666"


def allow(action: str | list[str], resource: str = "*", **more: Any) -> Policy:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


# What whoever attached them thinks harmless: what they allow must be refused elsewhere.
EXTRAS = {
    "everything": allow("*"),
    "item-writes": allow("dynamodb:*"),
    "all-of-kms": allow("kms:*"),
    "call-the-url": allow(["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]),
}


@dataclass(frozen=True)
class World:
    """A deployment, and what somebody added to it."""

    name: str
    stack: Stack = STACK
    # Instead of key-policy.json: what an existing key has.
    key_policy: Policy | None = None
    # Instead of table-policy.json: what somebody put in its place.
    table_policy: Policy | None = None
    # A statement that somebody with PutKeyPolicy, or PutResourcePolicy, added.
    opened: bool = False
    # The table as CloudFormation makes it, before `deploy` seals its policy.
    unsealed: bool = False


def default_key_policy(account: str) -> Policy:
    return allow("kms:*", Principal={"AWS": f"arn:aws:iam::{account}:root"})


PLAIN = World("plain")
WRAPS_HERE = STACK.arn("kms", "key/0f0f0f0f-12ab-34cd-56ef-1234567890ab")
WRAPS_ELSEWHERE = f"arn:aws:kms:us-east-1:{OTHER_ACCOUNT}:key/0e0e0e0e-12ab-34cd-56ef-1234567890ab"
SEALED_STACK = replace(
    STACK, KmsKey=False, KeyHashes=BLS_KEYS, WrappingKeyArns=(WRAPS_HERE, WRAPS_ELSEWHERE)
)
SEALED = World("sealed keys", SEALED_STACK)
# The policy of a wrapping key in another account.
AWAY = World("wrapping key elsewhere", replace(SEALED_STACK, WrappingKeyAccount=OTHER_ACCOUNT))
SEALED_ROOT_ONLY = World(
    "sealed keys, no break-glass role", replace(SEALED_STACK, BreakGlassRoleArn="")
)
SEALED_IN_VPC = World(
    "sealed keys, in a VPC", replace(SEALED_STACK, VpcEndpoint="vpce-0a1b2c3d4e5f60718")
)
SEALED_OPENED = World("sealed keys, opened", SEALED_STACK, opened=True)
SEALED_OPENED_IN_VPC = World("sealed keys, opened, in a VPC", SEALED_IN_VPC.stack, opened=True)
# What wraps has its owner's policy, here KMS' default.
SEALED_DEFAULT = World(
    "sealed keys, default policy", SEALED_STACK, key_policy=default_key_policy(STACK.Account)
)
IN_VPC = World("in a VPC", replace(STACK, VpcEndpoint="vpce-0a1b2c3d4e5f60718"))
KEPT_WARM = World("kept warm", replace(STACK, WarmSchedule="rate(4 minutes)"))
ROOT_ONLY = World("no break-glass role", replace(STACK, BreakGlassRoleArn=""))
TZ1 = World("tz1", replace(STACK, SigningAlgorithm="ED25519_SHA_512", MessageType="RAW"))
# `ExistingKeyArn`: the policy is its owner's, here the one that KMS gives a key by default.
EXISTING_KEY = World("an existing key", key_policy=default_key_policy(STACK.Account))
# The statement of that default, and one that lets the account write, added to ours: what the
# console proposes. The Allow statements don't matter any more; the Deny statements must hold.
OPENED = World("opened", opened=True)
UNSEALED = World("just made", unsealed=True)
# Whoever may put the table's policy makes this world of it, and no right of their own is needed.
REPLACED = World("table's policy replaced", table_policy=allow("dynamodb:*", Principal="*"))
SEALED_REPLACED = replace(REPLACED, name="sealed keys, table's policy replaced", stack=SEALED_STACK)
OPENED_IN_VPC = World("opened, in a VPC", IN_VPC.stack, opened=True)


@dataclass(frozen=True)
class Person:
    name: str
    arn: str | None  # of the session; None: anybody, without credentials
    # What aws:PrincipalArn is: of a session, its role.
    principal_arn: str = ""
    policies: tuple[str, ...] = ()
    context: dict[str, str] = field(default_factory=dict)
    bounded: bool = False  # by boundary.json


def session(
    name: str,
    role: str,
    *policies: str,
    account: str = STACK.Account,
    path: str = "",
    **context: str,
) -> Person:
    arn = f"arn:aws:sts::{account}:assumed-role/{role}/somebody"
    return Person(name, arn, f"arn:aws:iam::{account}:role/{path}{role}", policies, context)


def user(name: str, *policies: str, account: str = STACK.Account) -> Person:
    arn = f"arn:aws:iam::{account}:user/{name}"
    return Person(name, arn, arn, policies)


def service(name: str) -> Person:
    return Person(name, f"{name}.amazonaws.com")


def inside(person: Person, function: str) -> Person:
    """Calls made by the code of this function carry its ARN."""
    return replace(person, context={"lambda:SourceFunctionArn": SEALED_STACK.values[function]})


SIGNER_ROLE = "redoubt-signer-eu-west-1"
OPERATOR_ROLE = "redoubt-operator-eu-west-1"

SIGNER = inside(session("signer", SIGNER_ROLE, "signer-role"), "SignerFunctionArn")
OPERATOR = inside(session("operator", OPERATOR_ROLE, "operator-role"), "OperatorFunctionArn")
RECOVERY_ROLE = "redoubt-recovery-eu-west-1"
RECOVERY = inside(session("recovery", RECOVERY_ROLE, "recovery-role"), "RecoveryFunctionArn")
RECOVERY_ROLE_OUTSIDE = replace(RECOVERY, name="recovery's role outside Lambda", context={})
RECOVERY_WITH_KMS = replace(
    RECOVERY, name="recovery with kms:*", policies=("recovery-role", "all-of-kms")
)
RECOVERY_USER = user("recovery-user", "recovery-user")
# The role's credentials in a function that is not ours, or in none.
SIGNER_ROLE_IN_OTHER = inside(
    replace(SIGNER, name="signer's role in the operator"), "OperatorFunctionArn"
)
SIGNER_ROLE_OUTSIDE = replace(SIGNER, name="signer's role outside Lambda", context={})
OPERATOR_ROLE_OUTSIDE = replace(OPERATOR, name="operator's role outside Lambda", context={})
# The role as Lambda itself uses it, for network interfaces.
LAMBDA_AS_SIGNER = replace(SIGNER_ROLE_OUTSIDE, name="Lambda with the signer's role")
# Somebody attached more to the roles.
SIGNER_WITH_KMS = replace(SIGNER, name="signer with kms:*", policies=("signer-role", "all-of-kms"))
SIGNER_BARE = replace(SIGNER, name="signer's role, kept alone", policies=())
OPERATOR_WITH_KMS = replace(
    OPERATOR, name="operator with kms:*", policies=("operator-role", "all-of-kms")
)

ROOT = Person(
    "root",
    f"arn:aws:iam::{STACK.Account}:root",
    f"arn:aws:iam::{STACK.Account}:root",
    ("everything",),
)
ADMIN = user("admin", "everything")
BREAK_GLASS = session("break-glass", "break-glass")  # no policy of its own
BREAK_GLASS_ADMIN = session("break-glass with everything", "break-glass", "everything")
DEPLOYER = user("deployer", "deployer")
# The roles as a deployer may make them: with any rights, but within the boundary; and played by
# itself, since it may make a role that trusts it.
ROGUE_SIGNER = replace(
    SIGNER, name="signer, given every right", policies=("everything",), bounded=True
)
ROGUE_OPERATOR = replace(
    OPERATOR, name="operator, given every right", policies=("everything",), bounded=True
)
ROGUE_WARM = replace(
    session("warm role, given every right", "redoubt-warm-eu-west-1", "everything"), bounded=True
)
ROGUE_SIGNER_OUTSIDE = replace(
    ROGUE_SIGNER, name="signer's role, made to trust a person", context={}
)
ROGUE_RECOVERY = replace(
    RECOVERY, name="recovery, given every right", policies=("everything",), bounded=True
)
BOUNDED_RECOVERY = replace(RECOVERY, name="recovery within the boundary", bounded=True)
BOUNDED_SIGNER = replace(SIGNER, name="signer within the boundary", bounded=True)
BOUNDED_OPERATOR = replace(OPERATOR, name="operator within the boundary", bounded=True)
WARMER = session("schedule's role", "redoubt-warm-eu-west-1", "warm-role")
LAMBDA_AS_BOUNDED = replace(
    LAMBDA_AS_SIGNER, name="Lambda with the signer's role, bounded", bounded=True
)
OPERATOR_USER = user("operator-user", "operator-user")
AUDITOR = user("auditor", "auditor")
PROXY = user("signing-proxy", "call-the-url")
NOBODY = user("user-without-policies")
ANYBODY = Person("anybody", None)
STRANGER = user("stranger", "everything", account=OTHER_ACCOUNT)
IMPOSTOR = session(
    "role of the same name elsewhere", SIGNER_ROLE, "everything", account=OTHER_ACCOUNT
)
REPLICATION = session(
    "replication",
    "AWSServiceRoleForDynamoDBReplication",
    "item-writes",
    path="aws-service-role/replication.dynamodb.amazonaws.com/",
)
FALSE_REPLICATION = session(
    "role named like replication's", "AWSServiceRoleForDynamoDBReplication", "item-writes"
)
LAMBDA = service("lambda")
EVENTS = service("events")
SCHEDULER = service("scheduler")
EC2 = service("ec2")
