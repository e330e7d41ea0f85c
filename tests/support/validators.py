# SPDX-License-Identifier: Apache-2.0
"""The local host's functions for validators: what their operator makes, the table, and clients."""

import json
from dataclasses import dataclass
from typing import Any

from support.child import ROOT
from support.host import Host
from support.web3signer import Chain, Web3Signer

OPERATOR = "redoubt-ethereum-operator"
SIGNER = "redoubt-ethereum-signer"
RECOVERY = "redoubt-ethereum-recovery"
ADDRESS = "0x00000000219ab540356cBB839Cbe05303d7705Fa"
NETWORKS = json.loads((ROOT / "tests/vectors/ethereum/networks.json").read_text())["networks"]
HOODI = Chain(next(one for one in NETWORKS if one["name"] == "hoodi"))
Json = Any


@dataclass(frozen=True)
class Validators:
    host: Host

    def told(self, command: str, function: str = OPERATOR, **fields: Json) -> Json:
        """What a function makes of a command."""
        answer = self.host.invoke({"redoubt": {"command": command, **fields}}, function)
        assert answer.function_error is None, answer.payload
        return answer.payload["redoubt"]

    def ask(self, command: str, function: str = OPERATOR, **fields: Json) -> Json:
        """Of one that is done."""
        told = self.told(command, function, **fields)
        assert told["ok"] is True, told
        return told

    def create(self, batch: str, count: int, **fields: Json) -> list[str]:
        terms = {"address": ADDRESS, "credentials": "01", "amount": 32_000_000_000} | fields
        made = self.ask("create_keys", batch=batch, count=count, **terms)
        return [key["public_key"] for key in made["keys"]]

    def client(self, ops: list[str], **fields: Json) -> Web3Signer:
        """With a token of its own, for all keys unless `fields` say otherwise."""
        scope = {} if fields.keys() & {"keys", "tags"} else {"all": True}
        made = self.ask("create_token", ops=ops, **scope, **fields)
        return Web3Signer(str(self.host.setup["ethereum_url"]).rstrip("/"), made["token"])

    def put(self, item: Json) -> None:
        server = self.host.server("dynamodb")
        server.client.put_item(TableName=self.host.setup["validator_table"], Item=item)

    def item(self, name: str) -> Json:
        """Of the table: a validator's by its key, or another one."""
        server = self.host.server("dynamodb")
        key = {"id": {"S": name}}
        found = server.client.get_item(
            TableName=self.host.setup["validator_table"], Key=key, ConsistentRead=True
        )
        return found.get("Item")
