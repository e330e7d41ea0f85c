# SPDX-License-Identifier: Apache-2.0
"""The script for the first user with an account, as far as ministack can answer it."""

from account import ROOT, Account, Signer


def test_what_is_refused_here_is_seen_to_be(account: Account, signer: Signer) -> None:
    program = ROOT / "deploy/aws/first-run-checks"
    ran = account.run_as(account.deployer(signer.stack), program, "--stack", signer.stack)
    seen = [line.split(maxsplit=2) for line in ran.text.splitlines() if line.startswith("ok ")]
    for subject, what in [
        ("key", "you sign"),
        ("key", "you grant"),
        ("key", "you change its policy"),
        ("table", "you put a row"),
        ("table", "you delete a row"),
        ("operator", "reads the rows"),
    ]:
        assert ["ok", subject, what] in seen, ran.text
    # Its names lead nowhere outside of ministack, and its metrics do not come from logs.
    assert "URL" in ran.text and "none yet" in ran.text
    assert ran.code == 1
