# SPDX-License-Identifier: Apache-2.0
"""The function speaks of the fields that it takes; whoever types commands knows options."""

import re

OPTIONS = {
    **{name: f"--{name}" for name in ("chain", "force", "from", "level", "margin", "round")},
    **{name: f"--{name}" for name in ("batch", "count", "threshold", "wrap")},
    "keys": "--key",
    "kms_key": "--kms-key",
    "kms_keys": "--under",
    "until": "--until",
    "signs_from": "signs from",
}
# Of Ethereum: also what its functions' commands are called where they are typed.
VALIDATORS = OPTIONS | {
    **{name: f"--{name}" for name in ("address", "amount", "credentials", "epoch", "fee")},
    **{name: f"--{name}" for name in ("path", "recipient", "source")},
    **{name: f"--{name}" for name in ("id", "label", "principal")},
    "data": "--interchange",
    "not_after": "--valid-for",
    "ops": "--may",
    "tags": "--tag",
    "until": "--epoch",
    "validators": "--validator",
    **{name: f"eth {name}" for name in ("status", "rewrap", "reseal")},
    "create_keys": "eth keys create",
    "delete_keys": "eth keys delete",
    "create_token": "eth tokens create",
    "export_interchange": "eth interchange export",
    "export_keystore": "eth keys export",
    "import_interchange": "eth interchange import",
    "import_key": "eth keys import",
    "list_keys": "eth keys list",
    "list_tokens": "eth tokens list",
    "revoke_token": "eth tokens revoke",
    "set_keys": "eth keys disable",
}
# `until` is a row's, too.
FIELD = r"(?<!its )`({names})`(?:: true)?"


def as_options(text: str, known: dict[str, str] = OPTIONS) -> str:
    return re.sub(FIELD.format(names="|".join(known)), lambda field: f"`{known[field[1]]}`", text)
