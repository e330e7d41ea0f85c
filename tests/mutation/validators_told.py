# SPDX-License-Identifier: Apache-2.0
"""Bugs in what `deploy/redoubt eth` asks, sends, keeps and tells."""

from mutation.bug import Mutant, pytest

STACK = "deploy/aws/redoubt_stack"
OPERATE = f"{STACK}/operate"
RESEAL = pytest("scripts/test_redoubt_eth_reseal.py")
CUT_OFF = pytest("scripts/test_redoubt_eth_cut_off.py")
KEYS = pytest("scripts/test_redoubt_eth.py")
MOVING = pytest("scripts/test_redoubt_eth_moving.py")
TOKENS = pytest("scripts/test_redoubt_eth_tokens.py")
DEPLOY = pytest("scripts/test_eth_deploy.py")
REMOVAL = pytest("scripts/test_removal.py")
LOGS = pytest("scripts/test_redoubt_eth_logs.py")
SIGNATURES = pytest("scripts/test_signatures.py")

MUTANTS = (
    Mutant("resealed_without_a_try", f"{OPERATE}/eth_reseal.py",
           "if told.dry_run or not rehearsed[-1].ok:", "if told.dry_run:", RESEAL),
    Mutant("dry_run_reseals", f"{OPERATE}/eth_reseal.py",
           "if told.dry_run or not rehearsed[-1].ok:", "if not rehearsed[-1].ok:", RESEAL),
    Mutant("resealed_unasked", f"{OPERATE}/eth_reseal.py",
           "    if not told.yes:\n        under", "    if told.json:\n        under", RESEAL),
    Mutant("wrap_without_keys_is_rewrapped", f"{OPERATE}/eth_reseal.py",
           ' if key["wrap"]}', "}", RESEAL),
    Mutant("batch_untold", f"{OPERATE}/eth_create.py",
           "    if not told.batch:", "    if told.batch:", CUT_OFF),
    Mutant("way_to_go_on_untold", f"{OPERATE}/eth_create.py",
           'Work("making keys", told.count, again=again)', 'Work("making keys", told.count)',
           CUT_OFF),
    Mutant("stopped_in_the_middle_is_refused", f"{OPERATE}/eth_work.py",
           "if isinstance(error, KeyboardInterrupt):", "if error is KeyboardInterrupt:", CUT_OFF),
    Mutant("made_and_lost_is_wrong_usage", f"{OPERATE}/eth_work.py",
           "elif isinstance(error, Stop):", "elif error is Stop:", CUT_OFF),
    Mutant("made_without_a_place", f"{OPERATE}/eth_create.py",
           "    prepare(Path(told.output))\n", "", CUT_OFF),
    Mutant("deleted_key_is_enabled", f"{OPERATE}/eth_keys.py",
           ' and (deleted or key["wrap"])', "", CUT_OFF),
    Mutant("deleted_key_tells_nothing", f"{OPERATE}/eth_delete.py",
           "target, deleted=True)", "target)", CUT_OFF),
    Mutant("refusal_is_no_json", f"{OPERATE}/eth.py",
           'refused.tell("--json" in rest)', "refused.tell(False)", CUT_OFF),
    Mutant("misspelt_option_is_a_missing_one", f"{OPERATE}/options.py",
           "and name not in known:", "and not known:", KEYS),
    Mutant("deep_file_ends_the_program", f"{OPERATE}/given_files.py",
           "if depth > DEEPEST:", "if depth > 10 * DEEPEST:", MOVING),
    Mutant("version_of_anything", f"{STACK}/deposits.py",
           "not isinstance(version, str) or ", "isinstance(version, list) or ", KEYS),
    Mutant("log_of_any_key", f"{OPERATE}/eth_logs.py",
           'line.word("key").startswith(key) and all(', "all(", LOGS),
    Mutant("log_of_any_target", f"{OPERATE}/eth_logs.py",
           '"target": told.target', '"target": None', LOGS),
    Mutant("password_of_a_key_not_found", f"{OPERATE}/eth_secret.py",
           "names = (key, key[2:],", "names = (key[2:],", MOVING),
    Mutant("silent_keys_are_all_keys", f"{OPERATE}/eth_list.py",
           'key["target"] < before', "before", KEYS),
    Mutant("end_of_this_epoch_is_ahead", f"{OPERATE}/eth_change.py",
           "until <= now\n", "until < now\n", KEYS),
    Mutant("zero_is_a_key", f"{STACK}/signatures.py",
           "return None if point == G1Point.identity() else point", "return point", SIGNATURES),
    Mutant("exit_that_all_can_send", f"{OPERATE}/eth_exits.py", ", mode=0o600)", ")", MOVING),
    Mutant("token_into_a_log", f"{OPERATE}/eth_tokens.py",
           "if not told.to and not sys.stdout.isatty():", "if told.to and not told.may:", TOKENS),
    Mutant("token_that_all_can_read", f"{OPERATE}/eth_tokens.py",
           "os.O_EXCL, 0o600)", "os.O_EXCL, 0o644)", TOKENS),
    Mutant("token_over_another", f"{OPERATE}/eth_tokens.py", " | os.O_EXCL", "", TOKENS),
    Mutant("token_in_a_file_and_in_json", f"{OPERATE}/eth_tokens.py",
           "made if told.to is None else", "made if told.to else", TOKENS),
    Mutant("empty_file_stays", f"{OPERATE}/eth_tokens.py",
           "        Path(name).unlink()\n", "", TOKENS),
    Mutant("token_that_is_lost_is_not_told", f"{OPERATE}/eth_tokens.py",
           "with _place(told.to) as file, _unanswered():", "with _place(told.to) as file:", TOKENS),
    Mutant("tokens_of_one_page", f"{OPERATE}/eth_keys.py",
           'if page["next"] is None:', "if page:", TOKENS),
    Mutant("the_last_of_two_members_counts", f"{STACK}/strict_json.py",
           "if len({name for name, _ in pairs}) < len(pairs):",
           "if len(pairs) > 100:", TOKENS),
    Mutant("interchange_without_its_head", f"{OPERATE}/eth_interchange.py",
           "        if entries and size + more > PART:\n            yield data |",
           "        if entries and size + more > PART:\n            yield {} |", TOKENS),
    Mutant("unknown_keys_hold_up_the_others", f"{OPERATE}/eth_interchange.py",
           'if answer.code != "unknown_key" or (part is parts[-1] and not work.done):',
           "if answer.code:", TOKENS),
    Mutant("deleted_keys_signed_nothing", f"{OPERATE}/eth_interchange.py",
           "target, deleted=True)", "target)", TOKENS),
    Mutant("json_begins_with_words", f"{STACK}/ethereum/place.py",
           'if not getattr(options, "json", False):', "if options.stack:", DEPLOY),
    Mutant("key_of_another_stack_goes", f"{STACK}/ethereum/destroy.py",
           'makes = ("WrappingKey",)', 'makes = ("Key", "WrappingKey")', REMOVAL),
    Mutant("break_glass_of_validators_forgotten", f"{STACK}/ethereum/destroy.py",
           '"forgotten", break_glass=self.break_glass())', '"forgotten")', REMOVAL),
)  # fmt: skip
