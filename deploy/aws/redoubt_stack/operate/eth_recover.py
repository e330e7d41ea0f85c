# SPDX-License-Identifier: Apache-2.0
"""Keys come in: back from their backups, or from another signer. A secret goes to the recovery
function encrypted by KMS, for this key, purpose and table alone; that function is there only while
the stack's parameter Recovery is on."""

import base64
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import Any

from redoubt_stack.console import BadUsage, say
from redoubt_stack.operate import eth_keys, eth_secret, given_files, options, tables
from redoubt_stack.operate.eth_keys import checked
from redoubt_stack.operate.eth_secret import Secret
from redoubt_stack.operate.eth_work import Work
from redoubt_stack.operate.key_recover import KMS_KEY
from redoubt_stack.operate.targets import Target

PURPOSE = "ethereum-validator"
MOST = 25  # in one call, and one keystore, whose password takes a second to try
LONGEST = 4_000_000  # bytes of an interchange: an event has 6 MB
IMPORT = """
eth keys import --file 0x....age --identity age.key --epoch 412000
eth keys import --file backups/0x*.age --identity age.key --epoch 412000
eth keys import --file keystore.json --interchange slashing_protection.json
eth keys import --file keystores/*.json --password-file secrets/ --interchange signed.json
"""
TEST = """
eth backup test --file 0x....age --identity age.key
"""


def main(given: list[str], action: str) -> int:
    is_test = action == "backup test"
    parser = options.parser(f"eth {action}", _about(is_test), TEST if is_test else IMPORT)
    eth_secret.add_secret(parser)
    if is_test:
        options.add_json(parser)
    else:
        _add_marks(parser)
        eth_keys.add_agreement(parser)
    told = parser.parse_args(given)
    if not is_test:
        eth_keys.refuse_unasked(told)
    target = eth_keys.target_of(told)
    return _test(told, target) if is_test else _import(told, target)


def _about(is_test: bool) -> str:
    if not is_test:
        return __doc__ or ""
    return (
        "Says whether backups open, and give the keys that they are called by: by the function, as "
        "an import would. Changes nothing."
    )


def _add_marks(parser: ArgumentParser) -> None:
    add = parser.add_argument_group(
        "what they signed elsewhere, of which one is needed"
    ).add_argument
    add("--interchange", metavar="FILE", help="the other signer's export (EIP-3076)")
    add(
        "--epoch", type=int, metavar="N", help="they may have signed up to it; none is signed again"
    )
    add("--source", type=int, metavar="N", help="with --epoch: their last source, if it is lower")
    parser.add_argument("--force", action="store_true", help="also beyond the next epoch")


def _test(told: Namespace, target: Target) -> int:
    secrets = eth_secret.read_all(told)
    with Work("testing backups", len(secrets)) as work:
        for part in _parts(told, target, secrets):
            work.add(eth_keys.recovered(target, "test_backup", **part)["keys"])
    if told.json:
        say(json.dumps({"ok": True, "keys": work.done}, indent=2))
        return 0
    for key in work.done:
        say(f"{key['public_key']}: the function finds the same key. Nothing was changed")
    return 0


def _import(told: Namespace, target: Target) -> int:
    marks = _marks(told)
    secrets = eth_secret.read_all(told)
    count = eth_keys.counted([one.public_key for one in secrets])
    upto = (
        f"nothing up to epoch {told.epoch}" if told.epoch is not None else "nothing that is in it"
    )
    eth_keys.agree(
        told,
        f"This imports {count} into {target.where}: on, and {upto} is signed again. They must sign "
        "nowhere else, nor have signed more than this says",
        str(len(secrets)),
    )
    with Work("importing keys", len(secrets)) as work:
        for part in _parts(told, target, secrets):
            work.add(eth_keys.recovered(target, "import_key", **part, **marks)["keys"])
    if told.json:
        say(json.dumps({"ok": True, "keys": work.done}, indent=2))
        return 0
    rows = [
        (k["public_key"], k["outcome"], str(k["source"]), str(k["target"]), str(k["slot"]))
        for k in work.done
    ]
    tables.show("keys", ("public key", "outcome", "source", "target", "slot"), rows)
    say("They sign above these. Next: switch Recovery off again (docs/ethereum.md)")
    return 0


def _marks(told: Namespace) -> dict[str, Any]:
    """As the function takes them."""
    if (told.epoch is None) == (told.interchange is None):
        raise BadUsage(
            "give --interchange FILE, what these keys signed elsewhere, or --epoch N, beyond which "
            "they signed nothing"
        )
    marks: dict[str, Any] = {"force": True} if told.force else {}
    if told.interchange is None:
        more = {} if told.source is None else {"source": told.source}
        return marks | {"epoch": told.epoch} | more
    if told.source is not None:
        raise BadUsage("--source belongs to --epoch")
    return marks | {"data": given_files.read_json(told.interchange, LONGEST, "interchange")}


def _parts(told: Namespace, target: Target, secrets: list[Secret]) -> Iterator[dict[str, Any]]:
    """What one call takes; encrypted only as it is needed."""
    status = checked(target, "status")
    kms_key = _carrier(told, status["wrapping_keys"])
    parts: list[list[Secret]] = [[one] for one in secrets if "keystore" in one.more]
    others = [one for one in secrets if "keystore" not in one.more]
    parts += [others[start : start + MOST] for start in range(0, len(others), MOST)]
    for part in parts:
        keys = [_encrypted(target, one, kms_key, str(status["table"])) for one in part]
        yield {"kms_key": kms_key, "keys": keys}


def _carrier(told: Namespace, known: list[str]) -> str:
    kms_key = told.kms_key or (known[0] if known else "")
    if not KMS_KEY.fullmatch(kms_key):
        raise BadUsage("give --kms-key ARN, one of the function's WRAPPING_KEYS")
    return str(kms_key)


def _encrypted(target: Target, secret: Secret, kms_key: str, table: str) -> dict[str, Any]:
    context = {
        "redoubt:import": secret.public_key,
        "redoubt:purpose": PURPOSE,
        "redoubt:table": table,
    }
    ciphertext = target.encrypt(kms_key, secret.text.encode(), context)
    text = base64.b64encode(ciphertext).decode()
    return {"public_key": secret.public_key, "ciphertext": text, **secret.more}
