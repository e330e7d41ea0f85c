# SPDX-License-Identifier: Apache-2.0
"""Attacks on a validator signer's door: tokens of every malformation, and rights that go no
further than they say."""

from support.events import load_balancer, rest

from validator_asking import STRANGER, Attack, at, basic, duty_with, fill, header

SIGN = "/api/v1/eth2/sign/{key}"

MISSING = [
    Attack(name, 401, "token_missing", make)
    for name, make in {
        "no header": lambda asking: asking.post(headers={}),
        "an empty header": header(""),
        "a header of spaces": header("   "),
        "a token without a scheme": header("{all}"),
        "a scheme and a token in one": header("Bearer{all}"),
        "a tab after the scheme": header("Bearer\t{all}"),
        "a line after the scheme": header("Bearer\n{all}"),
        "scheme Token": header("Token {all}"),
        "scheme Digest": header("Digest {all}"),
        "scheme Negotiate": header("Negotiate {all}"),
        "a signature of AWS": header("AWS4-HMAC-SHA256 Credential=AKIA/20261121/x"),
        "a colon after the scheme": header("Bearer: {all}"),
        "a scheme of other letters": header("Ｂearer {all}"),
        "a hundred thousand letters": header("B" * 100_000),
        "a token in another header": lambda asking: asking.post(
            headers={"x-authorization": fill("Bearer {all}", asking)}
        ),
        "a token in a cookie": lambda asking: asking.post(
            headers={"cookie": fill("token={all}", asking)}
        ),
        "a token in the query": lambda asking: asking.post(
            headers={}, query=fill("token={all}&authorization={all}", asking)
        ),
        "a path token, with capital T": lambda asking: asking.post(
            headers={}, path=fill("/T/{path}" + SIGN, asking)
        ),
        "a path token after two slashes": lambda asking: asking.post(
            headers={}, path=fill("//t/{path}" + SIGN, asking)
        ),
        "a path token further on": lambda asking: asking.post(
            headers={}, path=fill("/x/t/{path}" + SIGN, asking)
        ),
        "t alone": lambda asking: asking.post(headers={}, path="/t"),
    }.items()
]

MALFORMED = [
    Attack(name, 401, "token_invalid", make)
    for name, make in {
        "Bearer alone": header("Bearer"),
        "Bearer and spaces": header("Bearer    "),
        "Bearer x": header("Bearer x"),
        "an id and nothing more": header("Bearer rdt_{id}"),
        "the prefix alone": header("Bearer rdt_"),
        "no prefix": header("Bearer {id}_{secret}"),
        "a prefix in capitals": header("Bearer RDT_{id}_{secret}"),
        "a hyphen in the prefix": header("Bearer rdt-{id}_{secret}"),
        "a dot for the second underscore": header("Bearer rdt_{id}.{secret}"),
        "an id with a letter g": header("Bearer rdt_0123456789abcdeg_{secret}"),
        "an id in capitals": header("Bearer rdt_0123456789ABCDEF_{secret}"),
        "an id a digit short": header("Bearer rdt_0123456789abcde_{secret}"),
        "an id a digit long": header("Bearer rdt_0123456789abcdef0_{secret}"),
        "no id": header("Bearer rdt__{secret}"),
        "no secret": header("Bearer rdt_{id}_"),
        "a letter more": header("Bearer {all}A"),
        "padding": header("Bearer {all}="),
        "an empty part behind": header("Bearer {all}_"),
        "a secret of 42 letters": header("Bearer rdt_{id}_" + "A" * 42),
        "a secret of 44 letters": header("Bearer rdt_{id}_" + "A" * 44),
        "a secret with a plus": header("Bearer rdt_{id}_" + "A" * 20 + "+" + "A" * 22),
        "a secret with a slash": header("Bearer rdt_{id}_" + "A" * 20 + "/" + "A" * 22),
        "a secret with a space": header("Bearer rdt_{id}_" + "A" * 20 + " " + "A" * 22),
        "a secret with a NUL": header("Bearer rdt_{id}_" + "A" * 20 + "\x00" + "A" * 22),
        "a secret with a newline": header("Bearer rdt_{id}_" + "A" * 20 + "\n" + "A" * 22),
        "a secret with bits left over": header("Bearer rdt_{id}_" + "A" * 42 + "B"),
        "a secret of other letters": header("Bearer rdt_{id}_" + "Ａ" * 43),
        "a NUL before": header("Bearer \x00{all}"),
        "a NUL behind": header("Bearer {all}\x00"),
        "a mark that has no width": header("Bearer \u200b{all}"),
        "quotes": header('Bearer "{all}"'),
        "percent-encoding": header("Bearer rdt%5f{id}%5f{secret}"),
        "two tokens": header("Bearer {all} {all}"),
        "two tokens and a comma": header("Bearer {all}, Bearer {all}"),
        "a comma behind": header("Bearer {all},"),
        "a parameter behind": header("Bearer {all}; realm=x"),
        "a hundred thousand letters after Bearer": header("Bearer " + "A" * 100_000),
        "Basic alone": header("Basic"),
        "Basic and a token": header("Basic {all}"),
        "Basic that is no base64": header("Basic !!!!"),
        "Basic without a colon": basic("{all}"),
        "Basic without a password": basic("user:"),
        "Basic of nothing": basic(""),
        "Basic with the token as user": basic("{all}:"),
        "Basic with a word before the token": basic("user:x{all}"),
        "Basic with a colon before the token": basic("user::{all}"),
        "Basic with a newline behind": basic("user:{all}\n"),
        "Basic with a NUL behind": basic("user:{all}\x00"),
        "Basic in lines": basic("user:{all}", lambda b: f"{b[:40]}\n{b[40:]}"),
        "Basic with a letter between": basic("user:{all}", lambda b: f"{b[:40]} {b[40:]}"),
        "Basic without its padding": basic("us:{all}", lambda b: b.rstrip("=") + "A"),
        "Basic with more padding": basic("user:{all}", lambda b: b + "===="),
        "Basic that is too long": basic("u" * 500 + ":{all}"),
        "Basic that is far too long": basic("u" * 100_000 + ":{all}"),
        "Basic of bytes that are no text": header("Basic //////79"),
        "a list of two headers": lambda asking: (
            rest(asking.post())
            | {"multiValueHeaders": {"Authorization": [fill("Bearer {all}", asking)] * 2}}
        ),
        "two headers of different case": lambda asking: load_balancer(
            asking.post(
                headers={
                    name: fill("Bearer {all}", asking)
                    for name in ("authorization", "AUTHORIZATION")
                }
            )
        ),
        "an empty token in the path": at("/t//" + SIGN),
        "nothing after t": at("/t/"),
        "x in the path": at("/t/x" + SIGN),
        "a path token and a letter": at("/t/{path}x" + SIGN),
        "a path token in Bearer's form": at("/t/Bearer {path}" + SIGN),
        "a path token, encoded twice": at("/t/rdt%255f" + SIGN),
        "a bad path token beside a good header": at("/t/rdt_x" + SIGN),
        # Of the right form, and known: nobody is asked again.
        "another secret of a known token": header("Bearer rdt_{id}_" + "A" * 43),
        "a header's token in the path": at("/t/{validator}" + SIGN),
        "a header's token in both places": at("/t/{all}" + SIGN),
        "a path token in the header": header("Bearer {path}"),
        "a path token as password": basic("user:{path}"),
        "a token that is over": header("Bearer {over}"),
    }.items()
] + [
    Attack(
        "a token that nobody made",
        401,
        "token_invalid",
        header("Bearer rdt_0000000000000000_{secret}"),
        ("dynamodb.GetItem",),
    ),
    Attack("the same again", 401, "token_invalid", header("Bearer rdt_0000000000000000_{secret}")),
]


def of_mainnet(fork_info: dict[str, object]) -> dict[str, object]:
    root = "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95"
    return fork_info | {"genesis_validators_root": root}


RIGHTS = [
    Attack(name, 403, "not_permitted", make)
    for name, make in {
        "a block by a token of votes": lambda asking: asking.post(
            asking.duties()["BLOCK_V2"], token="votes"
        ),
        "a RANDAO reveal by a token of votes": lambda asking: asking.post(
            asking.duties()["RANDAO_REVEAL"], token="votes"
        ),
        "an exit by a token of votes": lambda asking: asking.post(asking.exit(), token="votes"),
        "an exit by a validator's token": lambda asking: asking.post(
            asking.exit(), token="validator"
        ),
        "an exit by a path token": lambda asking: asking.post(
            asking.exit(), path=fill("/t/{path}" + SIGN, asking)
        ),
        "a deposit by a validator's token": lambda asking: asking.post(
            asking.deposit(), token="validator"
        ),
        "an exit of another network by a validator's token": lambda asking: asking.post(
            asking.exit() | {"fork_info": of_mainnet(asking.exit()["fork_info"])},
            token="validator",
        ),
        "a vote by another key's token": lambda asking: asking.post(token="other"),
        "a vote by another key's token, ahead of time": lambda asking: asking.post(
            asking.vote(ahead=9), token="other"
        ),
        "a key that nobody has, by another key's token": lambda asking: asking.post(
            token="other", path=f"/api/v1/eth2/sign/{STRANGER}"
        ),
        "public keys by a token of votes": at("/api/v1/eth2/publicKeys", "GET", "votes"),
        "health by a token of votes": at("/healthcheck", "GET", "votes"),
        "the high mark by a token of votes": at("/api/v1/eth2/highWatermark", "GET", "votes"),
        "reload by a token of votes": at("/reload", "POST", "votes"),
    }.items()
] + [
    Attack(
        "a fee recipient that the key does not list",
        403,
        "not_permitted",
        duty_with(
            "VALIDATOR_REGISTRATION", "validator_registration.fee_recipient", "0x" + "11" * 20
        ),
        ("dynamodb.GetItem",),
    ),
    Attack(
        "a fee recipient, with none listed",
        403,
        "not_permitted",
        lambda asking: asking.post(asking.duties()["VALIDATOR_REGISTRATION"]),
    ),
]
