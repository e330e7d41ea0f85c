# SPDX-License-Identifier: Apache-2.0
"""The table bites: whatever single mistake is made in a policy, a row answers otherwise."""

import pytest

from asking import answers
from mutants import changes
from whole_table import TABLE

# Mistakes that change nothing.
HARMLESS = {
    # Only PassRole has iam:PassedToService.
    "deployer: PassRoles has every action of its services",
    "deployer: PassWarmRole has every action of its services",
    "ethereum/deployer: PassRoles has every action of its services",
    # A schedule has no others.
    "deployer: Schedule has every action of its services",
    # NobodyElseSigns denies it too, and that one is seen missing.
    "key-policy: SignerSigns does not look at aws:PrincipalArn (ArnEquals)",
    # NobodyElseOpens, NothingElseIsOpened and SignerOpensSharesOnly deny these, likewise.
    "wrapping-key-policy: RecoveryOpens does not look at aws:PrincipalArn (ArnEquals)",
    "wrapping-key-policy: RecoveryOpens does not look at kms:EncryptionContext:redoubt:purpose "
    "(StringEquals)",
    "wrapping-key-policy: SignerOpens does not look at aws:PrincipalArn (ArnEquals)",
    "wrapping-key-policy: SignerOpens does not look at kms:EncryptionContext:redoubt:purpose "
    "(StringEquals)",
    "wrapping-key-policy: SignerOpens does not look at kms:EncryptionContext:redoubt:share (Null)",
    # Of an alias there are no others.
    "deployer: WrappingAlias has every action of its services",
    "ethereum/deployer: WrappingAlias has every action of its services",
    # Only InvokeFunction has lambda:InvokedViaFunctionUrl.
    "url-policy: UrlInvokePermission has every action of its services",
}


@pytest.mark.timeout(600)  # ten thousand questions
def test_each_mistake_is_seen_by_a_row() -> None:
    made = list(changes())
    asked = [(row, change) for change in made for row in TABLE if change.may_matter_to(row)]
    seen = {
        f"{change.file}: {change.what}"
        for (row, change), answer in zip(asked, answers(asked), strict=True)
        if answer != row.expected
    }
    unseen = {f"{change.file}: {change.what}" for change in made} - seen
    assert sorted(unseen - HARMLESS) == []
    assert unseen >= HARMLESS
