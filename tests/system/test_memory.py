# SPDX-License-Identifier: Apache-2.0
"""Where the secret of a sealed key is once the shipped file has answered requests of all kinds: in
pages of its own that no core dump takes, and nowhere else; neither in its memory nor in a byte
that has left it."""

import ctypes
import json
import os
import resource
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from support import base58
from runtime_api import KEY, RuntimeApi
from support.aws import Answer, Server
from support.bls import BlsKey
from support.child import RELEASE, ROOT, wait_until
from support.fault_proxy import FaultProxy, Forward, straight
from support.events import HttpRequest, version_2
from support.host import OPERATOR, SIGNER, Chain, Host, fetch, running
from support.octez import OctezClient
from support.payloads import block, bls_vote
from support.process_memory import has_part_of, regions
from test_handover import beside

VECTORS = json.loads((ROOT / "tests" / "vectors" / "tezos.json").read_text())
KNOWN = next(key for key in VECTORS["keys"] if key["key_type"] == "tz4")
SCALAR = base58.decode("BLsk", KNOWN["secret_key"])[::-1]  # big-endian
RECOVERY = "redoubt-recovery"
LEVEL = 1_000_000
OPTIONS = ("--keys", "tz2", "--wrapping-keys", "us-east-1", "--environments", "1")


def spellings(secret: bytes) -> list[bytes]:
    """As a program may have it, or send it."""
    return [
        form
        for raw in (secret, secret[::-1])
        for form in (
            raw,
            raw.hex().encode(),
            raw.hex().upper().encode(),
            *(b64encode(bytes(shift) + raw)[4:-4] for shift in range(3)),
        )
    ]


@dataclass
class World:
    """A signer and its operator, whose calls to the AWS of another host are overheard."""

    host: Host
    aws: Host
    kms: FaultProxy  # between them
    key: BlsKey
    left: list[bytes] = field(default_factory=list)

    def invoke(self, event: Any, function: str = SIGNER) -> Any:
        payload = self.host.invoke(event, function).payload
        self.left.append(json.dumps(payload).encode())
        return payload

    def command(self, function: str, command: str, **fields: Any) -> Any:
        told = self.invoke({"redoubt": {"command": command, **fields}}, function)["redoubt"]
        assert told["ok"] is True, told
        return told

    def ask(self, path: str, method: str = "GET", body: bytes | None = None) -> int:
        status, headers, text = fetch(method, self.host.url + path, body)
        self.left += [repr(headers).encode(), text]
        return status

    def post(self, payload: bytes) -> tuple[int, str]:
        baker = OctezClient(self.host.url, self.aws.authorized)
        reply = baker.post(self.key, payload, patient=False)
        self.left += [repr(reply.headers).encode(), reply.text.encode()]
        return reply.status, reply.code

    def pid(self, function: str = SIGNER) -> int:
        """Of the process that is frozen until it has a request."""

        def is_idle() -> bool:
            (one,) = self.host.environments(function)
            return bool(one["state"] == "idle")

        wait_until(is_idle, f"{function} to be idle")
        return int(self.host.environments(function)[0]["pid"])

    def start_anew(self) -> None:
        before = self.pid()
        self.host.control("POST", "/environments/kill", {"pid": before})
        wait_until(lambda: self.host.environments()[0]["pid"] not in (0, before), "another process")

    def wrapping_key(self) -> bytes:
        """Of the one wrap, whose one share is the wrap's key itself."""
        (wrap,) = [row["item"] for row in self.aws.rows() if row["scope"] == "wrap"]
        (share,) = (one["M"] for one in wrap["shares"]["L"])
        context = {
            "redoubt:wrap": wrap["id"]["S"],
            "redoubt:share": "1/1",
            "redoubt:purpose": "tezos-consensus",
        }
        opened = self.aws.server("kms").client.decrypt(
            KeyId=share["key"]["S"],
            CiphertextBlob=b64decode(share["share"]["B"]),
            EncryptionContext=context,
        )
        return bytes(opened["Plaintext"])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    left: list[bytes] = []
    key = BlsKey(KNOWN["public_key"])

    def overheard(server: Server) -> FaultProxy:
        return FaultProxy(server, overhear=left.append)

    with running(*OPTIONS) as aws:
        kms, table = overheard(aws.server("kms")), overheard(aws.server("dynamodb"))
        variables = {
            "AWS_ENDPOINT_URL_KMS": kms.url,
            "AWS_ENDPOINT_URL_DYNAMODB": table.url,
            "WRAPPING_KEYS": aws.setup["wrapping_keys"][0],
            "SEALED_KEYS": key.text,
            "PROVE_POSSESSION": "on",
        }
        more = [part for pair in variables.items() for part in ("--env", "=".join(pair))]
        with kms, table, running(*OPTIONS, *beside(aws, aws.setup["table"]), *more) as host:
            yield World(host, aws, kms, key, left)


def bring_in(world: World, chain: bytes) -> None:
    """Tried, then imported, then imported again."""
    kms_key = world.aws.setup["wrapping_keys"][0]
    sealed = world.aws.server("kms").client.encrypt(
        KeyId=kms_key,
        Plaintext=KNOWN["secret_key"].encode(),
        EncryptionContext={
            "redoubt:import": world.key.text,
            "redoubt:purpose": "tezos-consensus",
            "redoubt:table": world.aws.setup["table"],
        },
    )
    fields = {
        "public_key": world.key.text,
        "kms_key": kms_key,
        "ciphertext": b64encode(sealed["CiphertextBlob"]).decode(),
        "chain": base58.encode("Net", chain),
        "level": LEVEL,
    }
    assert world.command(RECOVERY, "test_backup", **fields)["matches"] is True
    assert world.command(RECOVERY, "import_key", **fields)["outcome"] == "imported"
    assert world.command(RECOVERY, "import_key", **fields)["outcome"] == "unchanged"


def half(_: bytes, forward: Forward) -> Answer | None:
    """An answer that ends within the share."""
    answer = forward()
    return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])


def nothing(_: bytes, forward: Forward) -> Answer | None:
    forward()
    return None


def open_in_vain(world: World, chain: Chain) -> None:
    """A process whose first answers of KMS are cut off or lost; it opens the key later."""
    payload = bls_vote(0x13, LEVEL + 1, chain=chain.raw)
    for twist in (half, nothing):
        world.kms.twist = twist
        if twist is half:
            world.start_anew()
        assert world.post(payload) == (502, "wrap_unavailable")
    world.kms.twist = straight
    wait_until(lambda: world.post(payload)[0] == 200, "the key to open")


def ask_for_all(world: World, chain: Chain) -> None:
    slot = (LEVEL + 1, 1)
    votes = [bls_vote(magic, *slot, chain=chain.raw) for magic in (0x12, 0x13)]
    for payload in [*votes, block(*slot, chain=chain.raw)] * 2:
        assert world.post(payload) == (200, "")
    refused = {
        "already_signed": bls_vote(0x13, *slot, chain=chain.raw, salt=1),
        "below_watermark": bls_vote(0x12, LEVEL, chain=chain.raw),
        "not_armed": bls_vote(0x12, LEVEL, chain=os.urandom(4)),
        "kind_not_allowed": b"\x03" + votes[0][1:],
        "bad_payload": votes[1][:-1],
    }
    assert [world.post(payload)[1] for payload in refused.values()] == list(refused)
    path = f"/keys/{world.key.address}"
    assert world.ask("/authorized_keys") == world.ask(path) == 200
    proof = f"/bls_prove_possession/{world.key.address}"
    assert world.ask(proof) == world.ask(f"{proof}?bls_pk={world.key.text}") == 200
    body = json.dumps(votes[0].hex()).encode()
    assert world.ask(path, "POST", body) == 401
    assert world.ask(f"{path}?authentication=x&version=1", "POST", body) == 400
    assert world.ask("/nothing") == 404
    for command in ("status", "list_keys"):
        world.command(OPERATOR, command)
    assert world.invoke({"unknown": "event"})["redoubt"]["ok"] is False


def found(where: Callable[[bool], bool], pid: int, secrets: dict[str, bytes]) -> list[str]:
    """Which secrets lie in regions that are guarded, or not."""
    searched = [region for region in regions(pid) if where(region.is_guarded)]
    assert searched
    return [
        f"{name} in {region.name or 'memory'} of {len(region.data) // 1024} KiB"
        for name, secret in secrets.items()
        for region in searched
        if has_part_of(secret, [region.data])
    ]


def test_a_secret_lies_in_guarded_pages_and_leaves_nowhere(world: World) -> None:
    chain = Chain(world.host, os.urandom(4), LEVEL)
    bring_in(world, chain.raw)
    open_in_vain(world, chain)
    ask_for_all(world, chain)

    text = KNOWN["secret_key"].encode()
    wrap = world.wrapping_key()
    secrets = {f"the secret, {n}": form for n, form in enumerate([text, *spellings(SCALAR)])}
    secrets |= {f"the wrap, {n}": form for n, form in enumerate(spellings(wrap))}
    for function in (SIGNER, RECOVERY):
        assert found(lambda guarded: not guarded, world.pid(function), secrets) == [], function
    raw = {"big-endian": SCALAR, "little-endian": SCALAR[::-1]}
    assert found(bool, world.pid(), raw), "what is looked for is seen where it is"

    logs = [line for name in (SIGNER, OPERATOR, RECOVERY) for line in world.host.log(name)]
    left = [*world.left, "\n".join(logs).encode(), world.host.child.output.encode()]
    left.append(json.dumps(world.aws.rows()).encode())
    # KMS is what a wrap's shares are sent to, once, to be encrypted.
    (sent,) = [one for one in left if b"TrentService.Encrypt" in one]
    left.remove(sent)
    assert has_part_of(b64encode(wrap), [sent])
    assert not [name for name, secret in secrets.items() if has_part_of(secret, left)]
    assert not any(has_part_of(form, [sent]) for form in [text, *spellings(SCALAR)])


def forbid_locking() -> None:
    """As Lambda does."""
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    if os.geteuid() == 0:
        drop_from_bounding_set, ipc_lock = 24, 14
        ctypes.CDLL(None).prctl(drop_from_bounding_set, ipc_lock, 0, 0, 0)


WRAPPED = {"WRAPPING_KEYS": KEY}
VALIDATORS = WRAPPED | {"VALIDATOR_TABLE": "v", "NETWORK": "hoodi", "WATERMARK_TABLE": ""}


@pytest.mark.parametrize(
    ("handler", "variables", "holds_secrets"),
    [
        ("signer", {}, False),
        ("signer", WRAPPED | {"SEALED_KEYS": KNOWN["public_key"]}, True),
        ("operator", WRAPPED, True),
        ("ethereum-signer", VALIDATORS, True),
        ("recovery", VALIDATORS, True),
    ],
)
def test_who_holds_secrets_says_what_the_system_does_not_do_for_them(
    handler: str, variables: dict[str, str], holds_secrets: bool
) -> None:
    with RuntimeApi([version_2(HttpRequest(path="/healthz"))]) as api:
        process = subprocess.Popen(
            [str(RELEASE / "bootstrap")],
            env=api.environment(None, _HANDLER=handler, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=forbid_locking,
            text=True,
        )
        try:
            api.answers(1)
        finally:
            process.kill()
            output, _ = process.communicate()
    assert ("let them be locked" in output) == holds_secrets, output
    assert "dumps be forbidden" not in output
