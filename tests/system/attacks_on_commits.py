# SPDX-License-Identifier: Apache-2.0
"""Attacks on what a validator signer may sign now, and on the form of what reaches it."""

import json

from support.events import Event, load_balancer, rest

from validator_asking import Attack, Json, ValidatorAsking, changed, event, fill

WRITE = ("dynamodb.UpdateItem",)
READ = ("dynamodb.GetItem",)
COMMAND = {"redoubt": {"command": "set_keys", "keys": [], "on": False}}
FAR = str(2**64 - 1)

TIMES = [
    Attack(f"{name}, ahead of time", 412, "too_far_ahead", make)
    for name, make in {
        "a vote in an epoch of its own": lambda asking: asking.post(asking.vote(ahead=4)),
        "a vote with a target at the end of time": lambda asking: asking.post(
            changed(asking.vote(), "attestation.target.epoch", FAR)
        ),
        "a vote with a slot at the end of time": lambda asking: asking.post(
            changed(asking.vote(), "attestation.slot", FAR)
        ),
        **{
            type: lambda asking, type=type: asking.post(asking.duties(ahead=4)[type])
            for type in (
                "BLOCK_V2",
                "AGGREGATION_SLOT",
                "AGGREGATE_AND_PROOF_V2",
                "RANDAO_REVEAL",
                "SYNC_COMMITTEE_MESSAGE",
                "SYNC_COMMITTEE_SELECTION_PROOF",
                "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF",
            )
        },
        "an exit of the next epoch": lambda asking: asking.post(asking.exit(ahead=3)),
    }.items()
]

NETWORKS = [
    Attack(
        f"{type} of another network",
        412,
        "wrong_network",
        lambda asking, type=type: asking.post(
            changed(asking.duties()[type], "fork_info.genesis_validators_root", "0x" + "11" * 32)
        ),
    )
    for type in (
        "BLOCK_V2",
        "ATTESTATION",
        "AGGREGATION_SLOT",
        "AGGREGATE_AND_PROOF_V2",
        "RANDAO_REVEAL",
        "SYNC_COMMITTEE_MESSAGE",
        "SYNC_COMMITTEE_SELECTION_PROOF",
        "SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF",
    )
] + [
    Attack(
        "an exit of another network",
        412,
        "wrong_network",
        lambda asking: asking.post(
            changed(asking.exit(), "fork_info.genesis_validators_root", "0x" + "11" * 32)
        ),
    ),
    Attack(
        "a deposit of another network",
        412,
        "wrong_network",
        lambda asking: asking.post(
            changed(asking.deposit(), "deposit.genesis_fork_version", "0x00000000")
        ),
    ),
]


def of_third(asking: ValidatorAsking, request: Json) -> Event:
    """To the key that has signed."""
    made = asking.post(request, path=f"/api/v1/eth2/sign/{asking.keys[2]}")
    return load_balancer(made)


def second_vote(asking: ValidatorAsking, **epochs: int) -> Event:
    """Beside the one that was signed: its source or target so much higher."""
    request = asking.signed["ATTESTATION"]
    for name, more in epochs.items():
        path = f"attestation.{name}.epoch"
        epoch = int(request["attestation"][name]["epoch"]) + more
        request = changed(request, path, str(epoch))
    return of_third(asking, request)


BACKWARDS = [
    Attack(
        f"a vote whose source is {name} its target",
        412,
        "below_watermark",
        lambda asking, more=more: second_vote(asking, source=1 + more),
    )
    for name, more in {"at": 0, "one above": 1, "far above": 2**62}.items()
]

SLASHABLE = (
    [
        Attack(
            "another block for a target",
            412,
            "already_signed",
            lambda asking: of_third(
                asking,
                changed(
                    asking.signed["ATTESTATION"], "attestation.beacon_block_root", "0x" + "33" * 32
                ),
            ),
            WRITE,
        ),
        Attack(
            "another index for a target",
            412,
            "already_signed",
            lambda asking: of_third(
                asking, changed(asking.signed["ATTESTATION"], "attestation.index", "1")
            ),
            WRITE,
        ),
        Attack(
            "the same vote in another fork",
            412,
            "already_signed",
            lambda asking: of_third(
                asking,
                changed(
                    asking.signed["ATTESTATION"], "fork_info.fork.current_version", "0x60000910"
                ),
            ),
            WRITE,
        ),
        Attack(
            "a lower source for a target",
            412,
            "below_watermark",
            lambda asking: second_vote(asking, source=-1),
            WRITE,
        ),
        Attack(
            "a vote that surrounds",
            412,
            "below_watermark",
            lambda asking: second_vote(asking, source=-1, target=1),
            WRITE,
        ),
        Attack(
            "an older vote",
            412,
            "below_watermark",
            lambda asking: second_vote(asking, source=-1, target=-1),
            WRITE,
        ),
        Attack(
            "another block in a slot",
            412,
            "already_signed",
            lambda asking: of_third(
                asking,
                changed(
                    asking.signed["BLOCK_V2"],
                    "beacon_block.block_header.body_root",
                    "0x" + "33" * 32,
                ),
            ),
            WRITE,
        ),
        Attack(
            "a block in slot 0",
            412,
            "below_watermark",
            lambda asking: of_third(
                asking, changed(asking.signed["BLOCK_V2"], "beacon_block.block_header.slot", "0")
            ),
            WRITE,
        ),
    ]
    + [
        Attack(
            f"{type} by a key that is off",
            412,
            "key_disabled",
            lambda asking, type=type: asking.post(
                asking.duties(1)[type], path=f"/api/v1/eth2/sign/{asking.keys[1]}"
            ),
            calls,
        )
        for type, calls in {
            "BLOCK_V2": WRITE,
            "ATTESTATION": WRITE,
            # The refused writes have told that it is off, a moment ago.
            "RANDAO_REVEAL": (),
            "VALIDATOR_REGISTRATION": (),
        }.items()
    ]
    + [
        Attack(
            "an exit by a key that is off",
            412,
            "key_disabled",
            lambda asking: asking.post(asking.exit(), path=f"/api/v1/eth2/sign/{asking.keys[1]}"),
            READ,
        ),
    ]
)

EVENTS = [
    Attack(name, 400, "bad_request", make)
    for name, make in {
        "a body that is a number": event(lambda e: e.update(body=17)),
        "a body that is an object": event(lambda e: e.update(body=json.loads(e["body"]))),
        "a body that is a list": event(lambda e: e.update(body=[e["body"]])),
        "a body that is missing": event(lambda e: e.pop("body")),
        "a body said to be base64": event(lambda e: e.update(isBase64Encoded=True)),
        "base64 that is none": event(lambda e: e.update(isBase64Encoded=True, body="***")),
        "base64 without its padding": event(lambda e: e.update(isBase64Encoded=True, body="e30")),
        "base64 of no text": event(lambda e: e.update(isBase64Encoded=True, body="/////w==")),
        "base64 by a text": event(lambda e: e.update(isBase64Encoded="true")),
        "base64 by a number": event(lambda e: e.update(isBase64Encoded=1)),
        "no path": event(lambda e: e.pop("rawPath")),
        "a path that is a number": event(lambda e: e.update(rawPath=1)),
        "a path that is a list": event(lambda e: e.update(rawPath=[e["rawPath"]])),
        "no context": event(lambda e: e.pop("requestContext")),
        "a context that is null": event(lambda e: e.update(requestContext=None)),
        "a context that is a text": event(lambda e: e.update(requestContext="x")),
        "no method": event(lambda e: e["requestContext"]["http"].pop("method")),
        "a method that is a list": event(
            lambda e: e["requestContext"]["http"].update(method=["POST"])
        ),
        # Whoever may invoke the function, and forges what others send, reaches no command.
        "a command": lambda _: COMMAND,
        "a command without fields": lambda _: {"redoubt": {"command": "status"}},
        "a command and a method": lambda _: COMMAND | {"httpMethod": "POST"},
        "a command and a context": lambda _: COMMAND | {"requestContext": None},
        "a command as a body": lambda asking: rest(asking.post(body=json.dumps(COMMAND))),
        "a queue's event": lambda _: {
            "Records": [{"eventSource": "aws:sqs", "body": json.dumps(COMMAND)}]
        },
        "a topic's event": lambda _: {
            "Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(COMMAND)}}]
        },
        "a bus's event": lambda _: {"source": "aws.events", "detail": COMMAND},
        "a bucket's event": lambda _: {"Records": [{"eventSource": "aws:s3"} | COMMAND]},
        "an alarm's event": lambda _: {"alarmArn": "arn:aws:cloudwatch:x", "alarmData": COMMAND},
        "an event that is an empty object": lambda _: {},
        "an event that is a list": lambda _: "[]",
        "an event that is null": lambda _: "null",
        "an event that is a text": lambda _: '"x"',
        "an event that is a number": lambda _: "1",
        "an event with a member twice": lambda _: '{"rawPath":"/upcheck","rawPath":"/upcheck"}',
        "an event of arrays in arrays": lambda _: "[" * 100 + "]" * 100,
    }.items()
] + [
    Attack(
        "a command in a good request",
        401,
        "token_missing",
        event(lambda e: e.update(COMMAND, headers={})),
    ),
    Attack(
        "headers that are a list",
        401,
        "token_missing",
        event(lambda e: e.update(headers=list(e["headers"].items()))),
    ),
    Attack(
        "a header that is an object",
        401,
        "token_missing",
        event(lambda e: e["headers"].update(authorization={"x": e["headers"]["authorization"]})),
    ),
    Attack(
        "a role that nobody has verified",
        401,
        "token_missing",
        event(
            lambda e: (
                e["requestContext"].update(
                    authorizer={"iam": {"userArn": "arn:aws:iam::000000000000:role/x"}}
                ),
                e.update(headers={}),
            )
        ),
    ),
    Attack(
        "base64 too long by far",
        413,
        "too_large",
        event(lambda e: e.update(isBase64Encoded=True, body="A" * 400_000)),
    ),
    Attack(
        "a token in a header of a load balancer's lists",
        401,
        "token_invalid",
        lambda asking: (
            load_balancer(asking.post(), multi=True)
            | {"multiValueHeaders": {"authorization": [fill("Bearer {all}", asking), "Basic x"]}}
        ),
    ),
]
