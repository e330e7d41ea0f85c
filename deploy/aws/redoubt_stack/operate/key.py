# SPDX-License-Identifier: Apache-2.0
"""tz4 keys, which KMS can't hold: they lie sealed in the table, and in clear only in the memory of
a running signer. Making, backing up, importing: docs/keys.md."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import NamedTuple

from redoubt_stack.console import BadUsage
from redoubt_stack.operate import key_make, key_recover, key_register, options

EXAMPLES = """
key create --count 2 --output backups/
key list
key register --consensus tz4... --companion tz4...
key test-backup --file tz4....age --identity age.key
key import --file tz4....age --identity age.key --node http://localhost:8732
key rewrap --wrap 0123... --under arn:... --under arn:... --threshold 2
"""


class Action(NamedTuple):
    run: Callable[[Namespace], int]
    takes: frozenset[str]  # of the options that not all actions have


def _takes(names: str) -> frozenset[str]:
    return frozenset(names.split())


SECRET = "file identity key kms_key"
UNDER = "under threshold"
WRITES = "yes dry_run json"
ACTIONS = {
    "create": Action(key_make.create, _takes(f"count batch output threshold {WRITES}")),
    "list": Action(key_make.show, _takes("json")),
    "register": Action(key_register.main, _takes("consensus companion delegate")),
    "test-backup": Action(key_recover.test_backup, _takes(f"json {SECRET}")),
    "import": Action(
        key_recover.import_key,
        _takes(f"chain level node force accept_level {WRITES} {SECRET} {UNDER}"),
    ),
    "rewrap": Action(key_recover.rewrap, _takes(f"wrap {UNDER} {WRITES}")),
    "reseal": Action(key_recover.reseal, _takes(f"key {UNDER} {WRITES}")),
}
ACTION = (
    "test-backup, import, rewrap and reseal need the recovery function, which is there only while "
    "the stack's parameter Recovery is on"
)
SHARED = _takes("action stack region profile local")


def main(given: list[str]) -> int:
    parser = options.parser("key", __doc__ or "", EXAMPLES)
    parser.add_argument("action", choices=ACTIONS, help=ACTION)
    _add_making(parser)
    _add_recovering(parser)
    _add_asking(parser)
    told = parser.parse_args(given)
    action = ACTIONS[told.action]
    for name, value in vars(told).items():
        if name not in SHARED | action.takes and value not in (None, False):
            raise BadUsage(f"`key {told.action}` has no --{name.replace('_', '-')}")
    return action.run(told)


def _add_making(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("create").add_argument
    add("--count", type=int, metavar="N", help="1 to 8 (2: a consensus key and its companion)")
    add("--batch", metavar="NAME", help="the same again answers the same keys (a new name)")
    add("--output", metavar="FOLDER", help="keep the backups there, a file a key (print them)")
    add = parser.add_argument_group("register").add_argument
    add("--consensus", metavar="ADDRESS", help="the key that is to sign blocks and votes")
    add("--companion", metavar="ADDRESS", help="the one that signs beside it, for DAL")
    add("--delegate", metavar="NAME", help="the baker's, in the lines for octez-client")


def _add_recovering(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("test-backup, import").add_argument
    add(
        "--file",
        metavar="FILE",
        help="a backup, or a BLsk; -: standard input (else a BLsk is asked for, and not shown)",
    )
    add("--identity", metavar="FILE", help="opens an age file (else its passphrase is asked for)")
    add("--kms-key", metavar="ARN", help="the wrapping key that carries it (the function's first)")
    add = parser.add_argument_group("test-backup, import, reseal").add_argument
    add(
        "--key",
        action="append",
        metavar="ADDRESS",
        help="the key that it has to be: tz4... or BLpk...; of reseal, those to seal (all)",
    )
    add = parser.add_argument_group("import").add_argument
    add("--chain", help="mainnet, shadownet, ghostnet, or a chain's id (NetX...)")
    add("--level", help="sign above it only; with --node also: head, head+1, ... (head)")
    options.add_node(parser, "whose head is shown, and used where no level is given")
    add("--force", action="store_true", help="also above level 50 million, or beyond the fence")
    add = parser.add_argument_group("rewrap").add_argument
    add("--wrap", metavar="ID", help="which, as `key list` shows it")
    add = parser.add_argument_group("create, import, rewrap, reseal").add_argument
    add("--threshold", type=int, metavar="M", help="so many of the KMS keys open what is sealed")
    add(
        "--under",
        action="append",
        metavar="ARN",
        help="seal under this KMS key; repeatable (not of create: all of the function's)",
    )


def _add_asking(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--dry-run", action="store_true", help="show what would be done, and end")
    add("--yes", action="store_true", help="don't ask back (scripts)")
    add("--accept-level", action="store_true", help="with --yes: however far off the head it is")
    options.add_json(parser)
