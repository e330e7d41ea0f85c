# SPDX-License-Identifier: Apache-2.0
"""What a deployment ends with: what is not as it should be, at the very end."""

from collections import Counter

from redoubt_stack import live, octez, policies
from redoubt_stack.aws import Aws, unless_missing
from redoubt_stack.checks.rows import Row
from redoubt_stack.console import say, table
from redoubt_stack.stack import Stack
from redoubt_stack.tezos import PublicKey


def summary(rows: list[Row], verbose: bool) -> None:
    """Of what is well a count for each subject; all rows if asked for."""
    if verbose:
        table([("", "of", "what", ""), *(row.shown for row in rows)])
        return
    well = Counter(row.subject for row in rows if row.ok)
    say("verified: " + ", ".join(f"{subject} {count} ok" for subject, count in well.items()))


def differences(rows: list[Row]) -> int:
    """Prints them; their number."""
    wrong = [row for row in rows if not row.ok]
    if not wrong:
        say(f"\nall {len(rows)} as they should be")
        return 0
    say(f"\n{len(wrong)} OF {len(rows)} DIFFER (docs/deploying.md, Verify, says what each row is):")
    table([row.shown for row in wrong])
    return len(wrong)


def silence(aws: Aws, stack: Stack) -> str:
    """Why nobody hears the alarms; empty if somebody does."""
    topic = stack.outputs()["AlarmTopic"]
    told = unless_missing(
        lambda: aws.client("sns").list_subscriptions_by_topic(TopicArn=topic),
        *("NotFound", "NotFoundException", "AuthorizationError", "AccessDenied"),
    )
    if told is None:
        return f"WARNING: who hears the alarms can't be seen: {topic} is not there, or not yours"
    found = told["Subscriptions"]
    waiting = [s["Endpoint"] for s in found if s["SubscriptionArn"] == "PendingConfirmation"]
    if len(found) > len(waiting):
        return ""
    if waiting:
        return (
            f"WARNING: NOBODY HEARS THE ALARMS until {', '.join(waiting)} confirms: open the mail "
            "that SNS sent, and its link"
        )
    return (
        "WARNING: NOBODY HEARS THE ALARMS: run this again with --parameter AlarmEmail=YOU@EXAMPLE "
        f"or subscribe to {topic}"
    )


def unproven(aws: Aws, stack: Stack) -> list[str]:
    """What may keep the signer from signing, and that nothing here can see."""
    parameters = stack.parameters()
    ours = policies.names(aws.partition, aws.account, aws.region, stack.name)
    key, bounds = parameters.get("ExistingKeyArn"), parameters.get("PermissionsBoundaryArn")
    found = []
    if key:
        found.append(
            f"WARNING: whether the policy of {key} lets {ours['SignerRoleArn']} sign is not known "
            "before the first signature: it is yours, so hold it against iam-policies/README.md"
        )
    if bounds and bounds != ours["BoundaryArn"]:
        found.append(
            f"WARNING: whether the boundary {bounds} lets the signer sign and write its rows is "
            "not known before the first signature: hold it against iam-policies/boundary.json"
        )
    return found


def farewell(aws: Aws, stack: Stack, keys: list[PublicKey], proofs: dict[str, str]) -> None:
    outputs = stack.outputs()
    url = live.url(aws, outputs)
    lines = "\n    ".join(octez_lines(url, keys, proofs))
    say(f"""
Dashboard: {outputs.get("DashboardUrl", "none")}
On the baker's machine (the secret key of the authorized key stays there, and nowhere else; a
Ledger can't sign for it, since nobody is there to confirm each request):
    octez-client import secret key redoubt-auth unencrypted:edsk...
    {lines}
The last line is for after the consensus key is active (two cycles and some).""")
    if any(key.is_sealed and key.text not in proofs for key in keys):
        say(
            "Where no proof of possession stands, octez-client asks the signer for it: for that "
            "day, run this with --parameter ProvePossession=on"
        )


def octez_lines(url: str, keys: list[PublicKey], proofs: dict[str, str]) -> list[str]:
    """Of a sealed key and the next, which is its companion; else of the KMS key."""
    held = [key for key in keys if not key.is_sealed]
    sealed = [key for key in keys if key.is_sealed]
    consensus = "redoubt-tz4" if held and sealed else "redoubt-consensus"
    names = ["redoubt-consensus"] * len(held) + [consensus, "redoubt-companion"][: len(sealed)]
    used = list(zip(names, [*held, *sealed], strict=False))
    lines = [octez.import_key(name, url, key.address) for name, key in used]
    roles = [("consensus", used[len(held) if sealed else 0]), ("companion", used[-1])]
    for role, (name, key) in roles[: 2 if len(sealed) > 1 else 1]:
        lines.append(octez.set_key(role, name, proofs.get(key.text, "")))
    signing = [consensus, *(["redoubt-companion"] if len(sealed) > 1 else [])]
    return [*lines, octez.run(*signing)]
