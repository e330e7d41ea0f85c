# SPDX-License-Identifier: Apache-2.0
"""What the recovery function does: a key comes back from its backup, or under other KMS keys. A
secret goes there encrypted by KMS, for this key, purpose and table alone."""

import base64
import re
from argparse import Namespace
from typing import Any

from redoubt_stack import bls
from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import answers, key_secret
from redoubt_stack.operate.agreement import agree, refuse_unasked, under_way
from redoubt_stack.operate.head import Asked, chain_of, read_asked
from redoubt_stack.operate.key_secret import Secret
from redoubt_stack.operate.targets import Target, ask_recovery, choose

PURPOSE = "tezos-consensus"
KMS_KEY = re.compile(r"arn:[\w-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[\w-]+")
WRAP = re.compile(r"[0-9a-f]{32}")
MOST_KEYS = 5


def test_backup(told: Namespace) -> int:
    target = choose(told)
    fields: dict[str, Any] = {}
    if told.level is not None or told.node is not None:
        asked = read_asked(told, told.level, "--level", target.is_local)
        fields = {"chain": asked.chain.id, "level": asked.level}
    elif told.chain is not None:
        fields = {"chain": chain_of(told.chain).id}
    kms_key = _one_kms_key(told, target)
    secret = _read_secret(told)
    answer = _tested(target, _blob(target, secret, kms_key) | fields)
    code = answers.finish(answer, told)
    if code == 0 and not told.json:
        say(
            f"{bls.address_of(secret.public_key)}: the function finds the same key; nothing changed"
        )
    return code


def import_key(told: Namespace) -> int:
    refuse_unasked(told)
    if told.yes and not told.key:
        raise BadUsage("nothing was changed: with --yes, say by --key which key you mean")
    target = choose(told)
    asked = read_asked(told, told.level, "--level", target.is_local)
    if told.yes and asked.doubt and not told.accept_level:
        raise BadUsage(f"nothing was changed: {asked.doubt}. If it is meant, add --accept-level")
    kms_key = _one_kms_key(told, target)
    secret = _read_secret(told)
    fields = _blob(target, secret, kms_key) | {"chain": asked.chain.id, "level": asked.level}
    rehearsal = _tested(target, fields)
    if not rehearsal.ok or (told.dry_run and told.json):
        return answers.finish(rehearsal, told)
    if not agree(told, _question(target, secret, asked), str(asked.level)):
        return 0
    code = answers.finish(_sent(target, "import_key", fields), told)
    if code == 0 and not told.json:
        say(
            f"{bls.address_of(secret.public_key)} is sealed in the table. Next: it has to be in "
            "the parameter SealedKeys; and switch the parameter Recovery off again"
        )
    return code


def _tested(target: Target, fields: dict[str, Any]) -> Answer:
    return ask_recovery(target, "test_backup", **fields)


def _question(target: Target, secret: Secret, asked: Asked) -> str:
    lines = [
        f"This imports {bls.address_of(secret.public_key)} ({secret.public_key}) into "
        f"{target.where}, and makes its rows at level {asked.level} of {asked.chain}: above it is "
        "signed from then on. It must sign nowhere else, nor have signed above that level"
    ]
    if asked.doubt:
        lines.append(f"CAREFUL: {asked.doubt}")
    return "\n".join(lines)


def _read_secret(told: Namespace) -> Secret:
    """That of --key, if it is given."""
    if told.key and not re.fullmatch(r"tz4\w{33}", told.key) and not bls.is_public_key(told.key):
        raise BadUsage(f"--key {told.key}: give an address (tz4...) or a public key (BLpk...)")
    secret = key_secret.read(told)
    address = bls.address_of(secret.public_key)
    if told.key and told.key not in (secret.public_key, address):
        raise BadUsage(f"this is the key {address}, not {told.key}: nothing was sent")
    return secret


def _blob(target: Target, secret: Secret, kms_key: str) -> dict[str, Any]:
    """The secret, encrypted for what is said here and for nothing else."""
    context = {
        "redoubt:import": secret.public_key,
        "redoubt:purpose": PURPOSE,
        "redoubt:table": target.table,
    }
    blob = target.encrypt(kms_key, secret.text.encode(), context)
    text = base64.b64encode(blob).decode()
    return {"public_key": secret.public_key, "kms_key": kms_key, "ciphertext": text}


def rewrap(told: Namespace) -> int:
    if not told.wrap or not WRAP.fullmatch(told.wrap):
        raise BadUsage("give --wrap ID, of 32 characters, as `deploy/redoubt key list` shows it")
    does = f"seals wrap {told.wrap} under {_under(told)}: its keys stay the same, and the KMS keys "
    does += "that could open it until now still can, until you disable them,"
    return _seal_again(told, "rewrap", does, {"wrap": told.wrap})


def reseal(told: Namespace) -> int:
    does = f"seals all keys anew in one wrap, under {_under(told)},"
    return _seal_again(told, "reseal", does, {})


def _seal_again(told: Namespace, command: str, does: str, fields: dict[str, Any]) -> int:
    refuse_unasked(told)
    if told.kms_key:
        fields["kms_keys"] = _kms_keys(told)
    if told.threshold is not None:
        if not 1 <= told.threshold <= len(told.kms_key or range(MOST_KEYS)):
            raise BadUsage(f"--threshold {told.threshold}: give 1 to the number of KMS keys")
        fields["threshold"] = told.threshold
    target = choose(told)
    if not agree(told, f"This {does} of {target.where}", command):
        return 0
    return answers.finish(_sent(target, command, fields), told)


def _sent(target: Target, command: str, fields: dict[str, Any]) -> Answer:
    with under_way(command):
        return ask_recovery(target, command, **fields)


def _under(told: Namespace) -> str:
    threshold = f"{told.threshold} of " if told.threshold is not None else ""
    return threshold + (", ".join(told.kms_key) if told.kms_key else "the function's wrapping keys")


def _kms_keys(told: Namespace) -> list[str]:
    keys: list[str] = told.kms_key
    for key in keys:
        if not KMS_KEY.fullmatch(key):
            raise BadUsage(f"--kms-key {key}: give the key's ARN (arn:aws:kms:...:key/...)")
    if len(set(keys)) < len(keys) or len(keys) > MOST_KEYS:
        raise BadUsage(f"give each --kms-key once, and {MOST_KEYS} at most")
    return keys


def _one_kms_key(told: Namespace, target: Target) -> str:
    if told.kms_key:
        if len(told.kms_key) > 1:
            raise BadUsage("give one --kms-key: it carries the secret to the function")
        return _kms_keys(told)[0]
    known = target.wrapping_keys
    if not known:
        raise BadUsage("give --kms-key ARN, one of the function's WRAPPING_KEYS")
    return known[0]
