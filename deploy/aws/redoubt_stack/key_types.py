# SPDX-License-Identifier: Apache-2.0
"""What kind of consensus key a deployment is to make, and what follows from the choice."""

from argparse import Namespace

from redoubt_stack import bls, policies
from redoubt_stack.journal import Note

TZ4 = "tz4"
# Of each the parameters.
TYPES = {
    "tz1": {"KeyType": "kms", "KeySpec": "ECC_NIST_EDWARDS25519"},
    "tz2": {"KeyType": "kms", "KeySpec": "ECC_SECG_P256K1"},
    "tz3": {"KeyType": "kms", "KeySpec": "ECC_NIST_P256"},
    TZ4: {"KeyType": "tz4"},
}
DEFAULT = TZ4
# Each of them says what is to sign.
CHOOSE = ("KeyType", "KeySpec", "ExistingKeyArn")
# What a stack with sealed keys is made again with, if it was deleted.
REMEMBERED = ("KeyType", "NewWrappingKey", "WrappingKeyArns", "BackupRecipients", "Backup")
ASK_FOR_BACKUP = (
    "say whether the sealed (tz4) keys get a backup, since without one they are lost with the "
    "wrapping key or the table: --backup-recipient age1... (`age-keygen` makes one, on a machine "
    "that is offline), or --no-backup; or take a key that KMS holds: --key-type tz2"
)


def asked(options: Namespace, wanted: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The parameters with what the options stand for, and what contradicts."""
    mistakes = []
    meant: dict[str, str] = dict(TYPES.get(options.key_type or "", {}))
    if options.backup_recipient:
        meant["BackupRecipients"] = ",".join(options.backup_recipient)
    if options.no_backup:
        meant["Backup"] = "none"
    for name, value in meant.items():
        if wanted.get(name, value) != value:
            mistakes.append(f"{name}={wanted[name]} and an option that means {value}: give one")
    recipients = (wanted | meant).get("BackupRecipients", "")
    mistakes += [problem for one in recipients.split(",") if (problem := problem_of_recipient(one))]
    return wanted | meant, mistakes


def chosen(
    wanted: dict[str, str], now: dict[str, str], note: Note | None, *, adopts: bool
) -> dict[str, str]:
    """With the default of a stack that is made from nothing, or with what one had that was
    deleted. `now`: the parameters of the stack that is there."""
    if now:
        return wanted
    if adopts:
        return dict(pair.split("=", 1) for pair in (note.settings if note else ())) | wanted
    return wanted if any(name in wanted for name in CHOOSE) else TYPES[DEFAULT] | wanted


def backup_mistakes(values: dict[str, str], now: dict[str, str]) -> list[str]:
    """`values`: as the parameters will be. A stack that has sealed keys has said it."""
    says = values.get("BackupRecipients") or values.get("Backup")
    if not policies.has_sealed_keys(values) or policies.has_sealed_keys(now) or says:
        return []
    return [ASK_FOR_BACKUP]


def dropped(wanted: dict[str, str], now: dict[str, str]) -> list[str]:
    """The addresses of sealed keys that are served now, and then not."""
    if "SealedKeys" not in wanted:
        return []
    kept = wanted["SealedKeys"].split(",")
    served = filter(None, now.get("SealedKeys", "").split(","))
    return [bls.address_of(key) for key in served if key not in kept]


def wrapping_keys(values: dict[str, str]) -> int:
    own = values.get("NewWrappingKey", "true") == "true"
    return own + len(list(filter(None, values.get("WrappingKeyArns", "").split(","))))


def threshold_mistakes(
    threshold: int | None, values: dict[str, str], now: dict[str, str]
) -> list[str]:
    """The function has no default with several wrapping keys, as either end of it may be a loss."""
    wraps = wrapping_keys(values)
    is_new = policies.has_sealed_keys(values) and not policies.has_sealed_keys(now)
    if is_new and wraps > 1 and threshold is None:
        return [
            f"say how many of the {wraps} wrapping keys have to answer to open the keys: "
            f"--threshold 1 to {wraps}. With 1, each of them opens by itself; with {wraps}, losing "
            "any one of them loses the keys"
        ]
    if threshold is not None and not 1 <= threshold <= wraps:
        return [f"--threshold {threshold}: there are {wraps} wrapping keys; give 1 to {wraps}"]
    return []


def consequences(values: dict[str, str], threshold: int | None = None) -> list[str]:
    """Of sealed keys, for who is about to make some."""
    recipients = values.get("BackupRecipients", "").split(",")
    wraps = wrapping_keys(values)
    return [
        "it is made in the function and sealed under "
        + ("a KMS key" if wraps == 1 else f"{wraps} KMS keys, {threshold} of which open it")
        + "; unlike a key that KMS holds, it is in clear in the memory of each running signer: "
        "whoever changes the signer's code can carry it away (docs/security.md, Sealed keys)",
        f"its backup is kept in the table, encrypted to {', '.join(recipients)}: whoever has an "
        "identity of these has the key"
        if recipients != [""]
        else "NO BACKUP: it is lost with the wrapping key or the table",
        "a companion key is made with it, which DAL attestations by a tz4 key need",
        "KMS is asked at a start only, so there is nothing to pay for each signature",
    ]


def problem_of_recipient(text: str) -> str:
    """Why no age program would encrypt to it; empty if it would."""
    if not text:
        return ""
    if text.upper().startswith("AGE-SECRET-KEY-"):
        return "--backup-recipient: this is a secret identity; `age-keygen -y` prints its recipient"
    if not text.startswith("age1"):
        return f"--backup-recipient {text}: is not an age recipient (age1...)"
    return (
        "" if _is_bech32(text, "age") else f"--backup-recipient {text}: is mistyped, copy it again"
    )


ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _is_bech32(text: str, human: str) -> bool:
    """By BIP 173's checksum, of a key of 32 bytes."""
    data = text[len(human) + 1 :]
    if len(data) != 52 + 6 or any(character not in ALPHABET for character in data):
        return False
    values = [ord(c) >> 5 for c in human] + [0] + [ord(c) & 31 for c in human]
    checksum = 1
    for value in [*values, *map(ALPHABET.index, data)]:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(GENERATORS):
            checksum ^= generator if top >> i & 1 else 0
    return checksum == 1
