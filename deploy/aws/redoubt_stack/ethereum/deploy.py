# SPDX-License-Identifier: Apache-2.0
"""From nothing, or from any state that an earlier run left, to a stack that makes Ethereum
validators' keys and signs with them."""

from argparse import Namespace
from dataclasses import dataclass

from botocore.exceptions import ClientError

from redoubt_stack import arguments, closing
from redoubt_stack.adoption import kept_resources
from redoubt_stack.artifacts import Artifacts
from redoubt_stack.aws import Aws, code_of
from redoubt_stack.boundary import with_boundary
from redoubt_stack.checks.facts import Facts
from redoubt_stack.console import say, step
from redoubt_stack.ethereum import networks, verify
from redoubt_stack.ethereum.place import find, parser
from redoubt_stack.ethereum.preflight import Preflight
from redoubt_stack.kinds import ETHEREUM
from redoubt_stack.rollout import Rollout, add_release, add_sealing, shown
from redoubt_stack.seal import is_sealed, seal
from redoubt_stack.stack import Stack
from redoubt_stack.template import Template
from redoubt_stack.working import Working

DENIED = ("AccessDenied", "AccessDeniedException")


@dataclass
class Deployment(Rollout):
    aws: Aws
    options: Namespace
    artifacts: Artifacts
    stack: Stack
    template: Template

    def plan(self, wanted: dict[str, str]) -> int:
        say("This would be done (to the code, too, if this checkout's is another):")
        now = self.stack.parameters()
        for name, value in wanted.items():
            if now.get(name) != value:
                step(f"parameter {name} = {shown(name, value)}")
        if self.stack.describe() is None:
            kinds = ", ".join(self.template.kinds)
            step(f"create stack {self.stack.name}, or adopt what one left, with: {kinds}")
        else:
            self.plan_update(wanted | {"Parts": "all"})
        step("verify")
        return 0

    def adopt(self, wanted: dict[str, str]) -> None:
        wraps = wanted.get("NewWrappingKey", "true") == "true"
        kept = kept_resources(self.aws, self.stack, self.template, False, wraps, ETHEREUM)
        self.take_over(kept, wanted)

    def settle_network(self) -> str:
        """Before the table's policy is sealed, after which only the functions write."""
        table = f"{self.stack.name}-{ETHEREUM.table}"
        parameters = self.stack.parameters()
        new = networks.write(self.aws, parameters, table)
        return f"is {'from now on ' if new else ''}for {parameters['Network']}"

    def works(self) -> str:
        """What was seen, in words; a stop if either function does not work."""
        working = Working(self.aws, self.stack, ETHEREUM)
        return f"{self.operator_works(working)}; {working.check_signer()}"

    def operator_works(self, working: Working) -> str:
        """Who releases may not invoke."""
        try:
            return working.check_operator()
        except ClientError as error:
            if code_of(error) in DENIED:
                return "whether the operator answers can't be seen: you may not invoke it"
            raise

    def farewell(self) -> None:
        """How a validator client comes in. A token is made by who gives commands."""
        outputs = self.stack.outputs()
        say(f"\nDashboard: {outputs['DashboardUrl']}\nWeb3Signer's URL, of all clients:")
        say(f"    {outputs['SignerUrl'].rstrip('/')}")
        by_tokens = self.stack.parameters()["UrlAuthType"] == "NONE"
        who = "has a token" if by_tokens else "is signed for a role that was let in"
        say(f"Each request {who}: `deploy/redoubt eth tokens create --help`.")

    def finish(self, facts: Facts) -> int:
        """What is not as it should be comes last."""
        rows = verify.rows(facts)
        closing.summary(rows, self.options.verbose)
        self.farewell()
        wrong = closing.differences(rows)
        if silence := closing.silence(self.aws, self.stack):
            say(silence)
        return int(wrong > 0)


def read_options(given: list[str]) -> Namespace:
    made = parser("deploy", __doc__ or "")
    made.add_argument("--network", help="mainnet, hoodi, sepolia, gnosis, chiado, or custom")
    add_sealing(made, "keys")
    add_release(made)
    options = made.parse_args(given)
    if options.no_backup and options.backup_recipient:
        made.error("--no-backup and --backup-recipient contradict each other: give one")
    return options


def asked(options: Namespace, template: Template) -> dict[str, str]:
    """The parameters that the options stand for; all mistakes are told together."""
    given = {
        "Network": options.network,
        "WrapThreshold": None if options.threshold is None else str(options.threshold),
        "BackupRecipients": ",".join(options.backup_recipient) or None,
        "Backup": "none" if options.no_backup else "" if options.backup_recipient else None,
    }
    named = arguments.requested(options.parameter, None)
    wanted = named | {name: value for name, value in given.items() if value is not None}
    twice = [n for n in named if given.get(n) not in (None, named[n])]
    mistakes = [f"--parameter {name} and its option differ: give one" for name in twice]
    arguments.refuse(mistakes + arguments.parameter_mistakes(template, wanted))
    return wanted


def main(given: list[str], _action: str = "") -> int:
    options = read_options(given)
    arguments.refuse(arguments.file_mistakes(template=options.template))
    template = Template(options.template.read_text())
    wanted = asked(options, template)
    aws, artifacts, stack = find(options)
    deployment = Deployment(aws, options, artifacts, stack, template)
    stack.settle()
    wanted = with_boundary(aws, stack, wanted)
    check = Preflight(aws, options, stack, template)
    check.refuse(wanted)
    is_new = stack.describe() is None
    adopts = is_new and check.has_table
    if is_new and not adopts:
        check.refuse_lost_table()
    if options.plan:
        return deployment.plan(wanted)

    zipped = deployment.zip(wanted)
    artifacts.ensure()
    code = deployment.upload(zipped)
    if adopts:
        deployment.adopt(wanted | code)
    deployment.apply(wanted | code | {"Parts": "all"}, "the stack")
    facts = Facts(aws, stack, options.policies, zipped, options.template, ETHEREUM)
    if not is_sealed(facts, aws.region):
        step(f"{facts.table}: {deployment.settle_network()}")
    if sealed := seal(facts):
        step(f"the table's policy is sealed in {', '.join(sealed)}")
    step(deployment.works())
    return deployment.finish(facts)
