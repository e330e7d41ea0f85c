# SPDX-License-Identifier: Apache-2.0
"""What the recovery function does: a key comes back from its backup, or under other KMS keys. A
secret goes there encrypted by KMS, for this key, purpose and table alone."""

import base64
import re
from argparse import ArgumentParser, Namespace
from typing import Any

from redoubt_stack import bls
from redoubt_stack.commands import Answer
from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import answers, key_secret, rows, tables
from redoubt_stack.operate.agreement import Step, carry_out, refuse_unasked
from redoubt_stack.operate.head import Asked, read_asked
from redoubt_stack.operate.key_make import threshold
from redoubt_stack.operate.key_secret import Secret
from redoubt_stack.operate.choice import choose
from redoubt_stack.operate.targets import Target, ask_recovery

PURPOSE = "tezos-consensus"
KMS_KEY = re.compile(r"arn:[\w-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[\w-]+")
ADDRESS = re.compile(r"tz4\w{33}")
WRAP = re.compile(r"[0-9a-f]{32}")
MOST_KEYS = 5


def test_backup(told: Namespace) -> int:
    target = choose(told)
    kms_key = carrier(told, target)
    secret = _read_secret(told)
    answer = ask_recovery(target, "test_backup", **_blob(target, secret, kms_key))
    code = answers.finish(answer, told)
    if code == 0 and not told.json:
        say(f"{secret.address}: the function finds the same key. Nothing was changed")
    return code


def import_key(told: Namespace) -> int:
    refuse_unasked(told)
    if told.yes and not told.key:
        raise BadUsage("nothing was changed: with --yes, say by --key which key you mean")
    target = choose(told)
    asked = read_asked(told, told.level, "--level", target.is_local)
    if told.yes and asked.doubt and not told.accept_level:
        raise BadUsage(f"nothing was changed: {asked.doubt}. If it is meant, add --accept-level")
    fields = {"chain": asked.chain.id, "level": asked.level} | division(told)
    if told.force:
        fields["force"] = True
    kms_key = carrier(told, target)
    secret = _read_secret(told)
    question = _question(target, secret, asked)
    step = Step("import_key", fields | _blob(target, secret, kms_key), question, str(asked.level))
    answer = carry_out(told, target, ask_recovery, step)
    code = answers.finish(answer, told)
    if code == 0 and not told.json and not told.dry_run:
        say(
            f"{secret.address}: {answer.members.get('outcome', 'imported')}. Next: the parameter "
            "SealedKeys has to name it, beside all others; then switch Recovery off again"
        )
    return code


def _question(target: Target, secret: Secret, asked: Asked) -> str:
    lines = [
        f"This imports {secret.address} ({secret.public_key}) into {target.where}, with its rows "
        f"at level {asked.level} of {asked.chain}: above it is signed from then on. It must sign "
        "nowhere else, nor have signed above that level"
    ]
    if asked.doubt:
        lines.append(f"CAREFUL: {asked.doubt}")
    return "\n".join(lines)


def _read_secret(told: Namespace) -> Secret:
    """That of --key, if it is given."""
    meant = told.key[0] if told.key else ""
    if len(told.key or ()) > 1:
        raise BadUsage("give one --key: one key comes at a time")
    if meant and not ADDRESS.fullmatch(meant) and not bls.is_public_key(meant):
        raise BadUsage(f"--key {meant}: give an address (tz4...) or a public key (BLpk...)")
    secret = key_secret.read(told)
    if meant and meant not in (secret.public_key, secret.address):
        raise BadUsage(f"this is the key {secret.address}, not {meant}: nothing was sent")
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
    does = f"seals wrap {told.wrap} again, under {under_words(told)}. Its keys stay the same"
    return _seal_again(told, "rewrap", does, {"wrap": told.wrap})


def reseal(told: Namespace) -> int:
    keys = {"keys": told.key} if told.key else {}
    for key in told.key or ():
        if not ADDRESS.fullmatch(key):
            raise BadUsage(f"--key {key}: give an address (tz4...)")
    which = ", ".join(told.key) if told.key else "all keys"
    does = f"seals {which} anew, in one new wrap, under {under_words(told)}"
    return _seal_again(told, "reseal", does, keys)


def _seal_again(told: Namespace, command: str, does: str, fields: dict[str, Any]) -> int:
    refuse_unasked(told)
    fields = fields | division(told)
    target = choose(told)
    question = (
        f"This {does}, of {target.where}. What opened them until now still does, until you disable "
        "those KMS keys"
    )
    answer = carry_out(told, target, ask_recovery, Step(command, fields, question, command))
    if not told.json:
        _show_sealed(answer)
    return answers.finish(answer, told)


def _show_sealed(answer: Answer) -> None:
    told = answer.members
    if answer.ok and told.get("kms_keys"):
        under = f"{told['threshold']} of {', '.join(told['kms_keys'])}"
        say(f"wrap {told['wrap']}: {told['outcome']}, opened by {under}")
    cells = [
        (
            str(key["pkh"]),
            str(key["before"]),
            str(key["after"] or ""),
            rows.outcome(key, []),
        )
        for key in told.get("keys", [])
    ]
    if cells:
        tables.show("keys", ("address", "wrap before", "wrap after", "outcome"), cells)
    for kms_key in told.get("wrong_shares", []):
        say(f"CAREFUL: the share under {kms_key} was wrong: somebody wrote into the table")


def add_division(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("what opens it from now on").add_argument
    add("--under", action="append", metavar="ARN", help="this KMS key; repeatable (all)")
    add("--threshold", type=int, metavar="M", help="so many of them together (the function's)")


def division(told: Namespace) -> dict[str, Any]:
    """Under which KMS keys, and how many of them open it: the function's own, if not said."""
    under = {"kms_keys": _arns(told.under, "--under")} if told.under else {}
    return under | threshold(told)


def under_words(told: Namespace) -> str:
    known = f"{told.threshold} of " if told.threshold is not None else ""
    return known + (", ".join(told.under) if told.under else "the function's wrapping keys")


def _arns(keys: list[str], option: str) -> list[str]:
    for key in keys:
        if not KMS_KEY.fullmatch(key):
            raise BadUsage(f"{option} {key}: give the KMS key's ARN (arn:aws:kms:...:key/...)")
    if len(set(keys)) < len(keys) or len(keys) > MOST_KEYS:
        raise BadUsage(f"give each {option} once, and {MOST_KEYS} at most")
    return keys


def carrier(told: Namespace, target: Target) -> str:
    """The one that carries the secret to the function."""
    if told.kms_key:
        return _arns([told.kms_key], "--kms-key")[0]
    known = target.wrapping_keys
    if not known:
        raise BadUsage(
            "give --kms-key ARN, one of the function's WRAPPING_KEYS: `deploy/redoubt key list` "
            "shows those that seal what there is"
        )
    return known[0]
