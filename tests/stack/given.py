# SPDX-License-Identifier: Apache-2.0
"""Parameters to try the template with: every way to say more than the least that it takes."""

KEY = "arn:aws:kms:eu-west-1:000000000000:key/99999999-8888-7777-6666-555555555555"

# Independent of one another: any of them may be given with any others.
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
}
