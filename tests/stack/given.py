# SPDX-License-Identifier: Apache-2.0
"""Parameters to try the template with: every way to say more than the least that it takes."""

KEY = "arn:aws:kms:eu-west-1:000000000000:key/99999999-8888-7777-6666-555555555555"

WRAPPING_KEYS = (
    "arn:aws:kms:us-west-2:444455556666:key/99999999-8888-7777-6666-000000000001",
    "arn:aws:kms:eu-west-1:000000000000:key/99999999-8888-7777-6666-000000000002",
)
RECIPIENT = "age1" + "q" * 58
BLS_KEYS = ("BLpk1" + "x" * 71, "BLpk1" + "y" * 71)

# Any of them may be given with any others, but for what APART names.
MORE = {
    "an existing key": {"ExistingKeyArn": KEY},
    "three replicas": {"SecondRegion": "eu-west-2", "ThirdRegion": "eu-west-3"},
    "two replicas and a witness": {
        "SecondRegion": "eu-west-2",
        "ThirdRegion": "eu-west-3",
        "ThirdRegionRole": "witness",
    },
    "Ed25519": {"KeySpec": "ECC_NIST_EDWARDS25519"},
    "a break-glass role": {"BreakGlassRoleArn": "arn:aws:iam::000000000000:role/glass"},
    "a boundary": {
        "PermissionsBoundaryArn": "arn:aws:iam::000000000000:policy/ours",
    },
    "a VPC": {
        "VpcId": "vpc-01",
        "VpcSubnetIds": "subnet-01,subnet-02",
        "VpcRouteTableIds": "rtb-01",
    },
    "a VPC with endpoints": {
        "VpcId": "vpc-01",
        "VpcSubnetIds": "subnet-01,subnet-02",
        "KmsEndpointId": "vpce-0a",
        "KmsEndpointSecurityGroupId": "sg-0a",
        "DynamoDbEndpointId": "vpce-0b",
    },
    "IAM at the URL": {"UrlAuthType": "AWS_IAM"},
    "signed code": {
        "SigningProfileVersionArn": "arn:aws:signer:eu-west-1:000000000000:/signing-profiles/p/v1"
    },
    "a schedule": {"WarmSchedule": "rate(4 minutes)"},
    "a reservation": {"ReservedConcurrency": "0"},
    "a topic": {"AlarmTopicArn": "arn:aws:sns:eu-west-1:000000000000:ours"},
    "an e-mail address": {"AlarmEmail": "baker@example.com"},
    "a version": {"CodeVersion": "v1"},
    "sealed keys, too": {"KeyType": "both", "BackupRecipients": RECIPIENT},
    "recovery": {"KeyType": "both", "BackupRecipients": RECIPIENT, "Recovery": "on"},
    "more wrapping keys": {
        "KeyType": "both",
        "NewWrappingKey": "true",
        "WrappingKeyArns": ",".join(WRAPPING_KEYS),
        "ProvePossession": "on",
    },
    "sealed keys alone": {"KeyType": "tz4", "Backup": "none", "BackupRecipients": ""},
    "others' wrapping keys": {
        "KeyType": "tz4",
        "NewWrappingKey": "false",
        "WrappingKeyArns": ",".join(WRAPPING_KEYS),
    },
}

# Of these pairs one contradicts the other.
APART = (
    {"a topic", "an e-mail address"},
    {"sealed keys alone", "an existing key"},
    {"others' wrapping keys", "an existing key"},
    {"sealed keys alone", "sealed keys, too"},
    {"sealed keys alone", "recovery"},
    {"sealed keys alone", "more wrapping keys"},
    {"others' wrapping keys", "sealed keys, too"},
    {"others' wrapping keys", "recovery"},
    {"others' wrapping keys", "more wrapping keys"},
)
# What is left of each of these when all are given that go together.
ALTERNATIVES = {
    "a topic",
    "two replicas and a witness",
    "sealed keys alone",
    "others' wrapping keys",
}
