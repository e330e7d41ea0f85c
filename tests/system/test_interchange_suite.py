# SPDX-License-Identifier: Apache-2.0
"""EIP-3076's suite through the real program, over HTTP, with its table in Amazon's DynamoDB Local:
imports by the operator, and votes and blocks as a validator client asks for them."""

import hashlib
import json
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import milagro_bls_binding as milagro
import pytest
from py_ecc.optimized_bls12_381 import curve_order

from support.aws import Server
from support.child import ROOT
from support.host import running
from support.validators import HOODI, RECOVERY, Validators
from support.web3signer import Chain, Web3Signer, unhex

SUITE = json.loads((ROOT / "tests/vectors/ethereum/interchange.json").read_text())["tests"]
KEYS = 3
EPOCHS = 2000  # that the chain is old, more than anything in the suite is
Json = Any


@dataclass(frozen=True)
class World:
    """A network with a table, and keys as they were made."""

    validators: Validators
    chain: Chain
    client: Web3Signer
    table: Server
    name: str
    items: tuple[Json, ...]

    def arm(self) -> None:
        for item in self.items:
            self.table.client.put_item(TableName=self.name, Item=item)

    def take(self, interchange: Json) -> str:
        """ok, or the code of the refusal."""
        told = self.validators.told("import_interchange", data=interchange)
        return "ok" if told["ok"] else str(told["error"]["id"])

    def signs(self, attempt: Json) -> bool:
        """A message of its own for each root."""
        root = unhex(attempt["signing_root"])
        if "slot" in attempt:
            request = self.chain.block(int(attempt["slot"]), root)
        else:
            request = self.chain.attestation(self.chain.slots_an_epoch, root)
            for end in ("source", "target"):
                request["attestation"][end]["epoch"] = attempt[f"{end}_epoch"]
        reply = self.client.sign(attempt["pubkey"], request)
        assert reply.status in (200, 412), reply
        return reply.status == 200


def secret(number: int) -> int:
    """Of the suite's keys, which many tests share: SHA-256 of their number."""
    digest = hashlib.sha256(number.to_bytes(32, "little")).digest()
    return int.from_bytes(digest, "little") % curve_order


def create_table(table: Server, name: str, root: str) -> None:
    """As a deployment leaves it."""
    table.client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "shard", "AttributeType": "S"},
        ],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "active",
                "KeySchema": [{"AttributeName": "shard", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["tags"]},
            }
        ],
    )
    network = {"id": {"S": "network"}, "root": {"S": root}, "table": {"S": name}}
    table.client.put_item(TableName=name, Item=network)


def bring_in(validators: Validators, name: str) -> list[str]:
    """The suite's keys, as somebody moves in with them."""
    (kms_key,) = validators.host.setup["wrapping_keys"]
    keys = []
    for number in range(KEYS):
        raw = secret(number).to_bytes(32, "big")
        key = "0x" + milagro.SkToPk(raw).hex()
        context = {
            "redoubt:import": key,
            "redoubt:purpose": "ethereum-validator",
            "redoubt:table": name,
        }
        sealed = validators.host.server("kms").client.encrypt(
            KeyId=kms_key, Plaintext=b"0x" + raw.hex().encode(), EncryptionContext=context
        )["CiphertextBlob"]
        keys.append({"public_key": key, "ciphertext": b64encode(sealed).decode()})
    validators.ask("import_key", RECOVERY, kms_key=kms_key, keys=keys, epoch=0)
    return [key["public_key"] for key in keys]


@contextmanager
def world_of(table: Server, root: str) -> Iterator[World]:
    name = f"suite-{root[-8:]}"
    create_table(table, name, root)
    network = HOODI.network | {
        "name": "suite",
        "genesis_validators_root": root,
        "genesis_time": int(time.time()) - EPOCHS * HOODI.slots_an_epoch * 12,
    }
    variables = {
        "AWS_ENDPOINT_URL_DYNAMODB": table.url,
        "VALIDATOR_TABLE": name,
        "NETWORK": "custom",
        "NETWORK_JSON": json.dumps(network),
    }
    options = [part for n, v in variables.items() for part in ("--env", f"{n}={v}")]
    with running("--network", "hoodi", "--keys", "tz1", "--environments", "1", *options) as host:
        validators = Validators(host)
        keys = bring_in(validators, name)
        items = []
        for key in keys:
            item = table.client.get_item(TableName=name, Key={"id": {"S": key}})["Item"]
            items.append(item | {mark: {"N": "0"} for mark in ("src", "tgt", "slot")})
        client = validators.client(["validator"])
        yield World(validators, Chain(network), client, table, name, tuple(items))


@pytest.mark.parametrize("root", sorted({file["genesis_validators_root"] for file in SUITE}))
def test_each_file_decides_as_it_says(local_dynamodb: Server, root: str) -> None:
    files = [file for file in SUITE if file["genesis_validators_root"] == root]
    with world_of(local_dynamodb, root) as world:
        for file in files:
            world.arm()
            for step in file["steps"]:
                # One has nothing in it, which the operator takes for a mistake.
                if step["interchange"]["data"]:
                    expected = "ok" if step["should_succeed"] else "wrong_network"
                    assert world.take(step["interchange"]) == expected, file["name"]
                for attempt in step["blocks"] + step["attestations"]:
                    assert world.signs(attempt) == attempt["should_succeed"], (
                        file["name"],
                        attempt,
                    )
    assert files
