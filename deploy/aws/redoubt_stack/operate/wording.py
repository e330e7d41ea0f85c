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
# `until` is a row's, too.
FIELD = re.compile(rf"(?<!its )`({'|'.join(OPTIONS)})`(?:: true)?")


def as_options(text: str) -> str:
    return FIELD.sub(lambda field: f"`{OPTIONS[field[1]]}`", text)
