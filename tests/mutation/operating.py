# SPDX-License-Identifier: Apache-2.0
"""Bugs in the operator's command: what it asks before it writes, how it ends, what it makes of a
node, of a log and of files; and in the local host's log, which it reads."""

from mutation.bug import UNIT, Mutant, pytest, system

OPERATE = "deploy/aws/redoubt_stack/operate"
REDOUBT = pytest("scripts/test_redoubt.py")
WRITING = pytest("scripts/test_redoubt_writing.py")
DATA = pytest("scripts/test_redoubt_data.py")
COMPLETION = pytest("scripts/test_redoubt_completion.py")
LOG = pytest("scripts/test_redoubt_log.py")
TOP = pytest("scripts/test_redoubt_top.py")
ROTATION = pytest("scripts/test_rotation.py")
LOCAL = system("system/test_redoubt_local.py")

MUTANTS = (
    # before rows change
    Mutant("written_without_a_rehearsal", f"{OPERATE}/write.py",
           "**change.fields, dry_run=True)", "**change.fields)", WRITING),
    Mutant("refused_rehearsal_is_tried", f"{OPERATE}/write.py",
           "if not rehearsal.ok or options.dry_run or", "if options.dry_run or", WRITING),
    Mutant("dry_run_goes_on", f"{OPERATE}/write.py",
           "if not rehearsal.ok or options.dry_run or", "if not rehearsal.ok or", WRITING),
    Mutant("nobody_is_asked", f"{OPERATE}/write.py",
           "    if not options.yes:\n        rows", "    if options.json:\n        rows", WRITING),
    Mutant("any_word_agrees", "deploy/aws/redoubt_stack/console.py",
           ".strip() != word:", ".strip() == word * 2:", WRITING),
    Mutant("script_need_not_agree", f"{OPERATE}/write.py",
           "if not options.yes and (options.json or not sys.stdin.isatty()):", "if False:",
           REDOUBT),
    Mutant("doubt_goes_unasked", f"{OPERATE}/write.py",
           "and change.doubt and not options.accept_level:", "and False:", WRITING),
    Mutant("question_without_its_keys", f"{OPERATE}/write.py",
           '*(f"  {key}" for key in keys)]', "]", WRITING),
    Mutant("question_without_its_chain", f"{OPERATE}/write.py",
           "on {on}, of", "here, of", WRITING),
    Mutant("key_is_not_sent", f"{OPERATE}/options.py",
           'fields["keys"] = told.key', "pass", WRITING),
    Mutant("rows_of_a_failure_not_shown", f"{OPERATE}/answers.py",
           'if answer.members.get("rows"):', "if answer.ok:", WRITING),
    # how it ends
    Mutant("unreached_is_a_refusal", f"{OPERATE}/targets.py",
           "    code = 3", "    code = 1", REDOUBT),
    Mutant("refusal_is_done", f"{OPERATE}/answers.py", "    return 1\n", "    return 0\n", REDOUBT),
    Mutant("error_page_is_an_answer", f"{OPERATE}/local_target.py",
           "if answer.status == 200:", "if answer.status:", REDOUBT),
    Mutant("option_before_the_command_lost", "deploy/aws/redoubt_stack/redoubt.py",
           "before + rest[1:]", "rest[1:]", REDOUBT),
    Mutant("botocore_for_the_local_host", f"{OPERATE}/targets.py",
           "    if options.local is None:\n",
           "    import botocore\n    assert botocore\n    if options.local is None:\n", REDOUBT),
    Mutant("values_not_completed", f"{OPERATE}/completion.py",
           "        if value:\n", "        if not value:\n", COMPLETION),
    # a node
    Mutant("node_elsewhere_without_tls", f"{OPERATE}/head.py",
           'if parts.scheme == "http" and', "if False and", WRITING),
    Mutant("detour_of_a_node_followed", "deploy/aws/redoubt_stack/node.py",
           "urllib.request.build_opener(_NoDetour)", "urllib.request.build_opener()", WRITING),
    Mutant("head_is_not_judged", f"{OPERATE}/head.py",
           "if head is None and (is_local or not name):", "if is_local or not name:", WRITING),
    Mutant("levels_from_the_head_lost", f"{OPERATE}/head.py",
           "return head.level + int(relative[1] or 0)", "return head.level", WRITING),
    # files
    Mutant("head_of_another_chain", f"{OPERATE}/import_rows.py",
           "options.row_fields(told, asked.chain.id)",
           "options.row_fields(told, told.chain and asked.chain.id)", DATA),
    Mutant("export_writes_over", f"{OPERATE}/export_rows.py",
           "        if file.exists():", "        if False:", DATA),
    Mutant("file_of_the_same_name_lost", f"{OPERATE}/import_rows.py",
           "if Path(file).name in texts:", "if False:", DATA),
    Mutant("file_without_its_name", f"{OPERATE}/import_rows.py",
           'is_named = format == "octez" or', 'is_named = format == "x" or', DATA),
    # the log
    Mutant("late_line_lost", f"{OPERATE}/follow.py", "LATE_MS = 30_000", "LATE_MS = 0", LOG),
    Mutant("line_shown_again", f"{OPERATE}/follow.py",
           "if e.id not in self._seen]", "if e.id]", LOG),
    Mutant("one_page_of_the_log", f"{OPERATE}/local_target.py",
           'if "nextToken" not in told:', "if told:", LOG),
    Mutant("log_moves_the_cursor", f"{OPERATE}/tables.py",
           'c if c.isprintable() else "?"', "c", LOG),
    Mutant("rank_too_low", f"{OPERATE}/activity.py",
           "math.ceil(share * len(sorted_values)) - 1", "int(share * len(sorted_values)) - 2", TOP),
    Mutant("old_requests_counted", f"{OPERATE}/activity.py",
           "if line.ms >= now_ms - self.window_ms", "if line.ms", TOP),
    Mutant("refusal_moves_the_level", f"{OPERATE}/activity.py",
           'if line.code == "ok" and line.place:', "if line.place:", TOP),
    Mutant("last_level_of_the_window", f"{OPERATE}/activity.py",
           "if before is None or (line.position or NONE) >= (before.position or NONE):",
           "if True:", TOP),
    Mutant("severities_mixed_up", f"{OPERATE}/logs.py",
           "SEVERITIES.index(line.severity) < SEVERITIES.index(told.severity)",
           "line.severity != told.severity", LOG),
    # the authorized key
    Mutant("key_in_use_removed", f"{OPERATE}/rotate.py",
           "told.to is None and uses.is_used(key):", "False:", ROTATION),
    Mutant("old_key_goes_at_once", f"{OPERATE}/rotate.py",
           "return uses.is_used(new) and not", "return True or not", ROTATION),
    Mutant("old_key_goes_while_in_use", f"{OPERATE}/rotate.py",
           "return uses.is_used(new) and not any(uses.is_used(key, QUIET_MS) for key in others)",
           "return uses.is_used(new)", ROTATION),
    Mutant("unread_log_is_no_use", f"{OPERATE}/rotate.py",
           "if not told.force and not uses.is_seen:", "if False:", ROTATION),
    Mutant("key_added_to_one_function", "deploy/aws/redoubt_stack/rotation.py",
           "        for function in self.functions:\n            live",
           "        for function in self.functions[:1]:\n            live", ROTATION),
    # what the local host and the signer give it
    Mutant("page_of_the_log_twice", "tests/standins/log_events.cpp",
           "line.number < first ||", "line.number + 1 < first ||", LOCAL),
    Mutant("start_of_the_log_ignored", "tests/standins/log_events.cpp",
           "at < start ||", "at < start * 0 ||", LOCAL),
    Mutant("authorized_key_not_logged", "src/tezos/sign.cpp",
           "    trace.authorized_key = authenticated->signed_by().address;\n", "", LOCAL),
    Mutant("first_authorized_key_logged", "src/tezos/authentication.cpp",
           "Authenticated(std::move(command), *signed_by)",
           "Authenticated(std::move(command), authorized.front())",
           UNIT),
)  # fmt: skip
