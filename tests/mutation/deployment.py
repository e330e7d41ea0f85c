# SPDX-License-Identifier: Apache-2.0
"""Bugs in the programs that deploy: what they are asked for, what they remember, what somebody else
does meanwhile, and what they say."""

from mutation.bug import Mutant, pytest

STACK = "deploy/aws/redoubt_stack"
ARGUMENTS = pytest("scripts/test_arguments.py")
LEVELS = pytest("scripts/test_levels.py")
TOGETHER = pytest("scripts/test_together.py")
ARMING = pytest("scripts/test_arming.py")
SEAMS = pytest("scripts/test_seams.py")
WORKING = pytest("scripts/test_working.py")
CONSOLE = pytest("scripts/test_console.py")
PACKAGE = pytest("scripts/test_package.py")

MUTANTS = (
    # what is asked for
    Mutant("mistyped_key_deployed", f"{STACK}/tezos.py",
           "return payload if base58check(payload) == text else None", "return payload", ARGUMENTS),
    Mutant("key_off_its_curve_deployed", f"{STACK}/tezos.py",
           " and curve.points.has(point):", ":", ARGUMENTS),
    Mutant("key_deployed_twice", f"{STACK}/arguments.py",
           "elif key in keys[: i - 1]:", "elif not keys:", ARGUMENTS),
    Mutant("parameters_not_looked_at", f"{STACK}/deploy.py",
           "arguments.refuse(mistakes(options, template, wanted))",
           "mistakes(options, template, wanted)", ARGUMENTS),
    Mutant("rules_of_the_template_forgotten", f"{STACK}/arguments.py",
           'if not _holds(assertion["Assert"], parameters)',
           'if _holds(assertion["Assert"], parameters) is None', ARGUMENTS),
    Mutant("malleable_key_made_unasked", f"{STACK}/preflight.py",
           "mistakes += [] if self.options.accept_malleable_p256 else [MALLEABLE]",
           "mistakes += []", TOGETHER),
    Mutant("zip_of_another_architecture", f"{STACK}/package.py",
           "if machine != architecture:", "if machine is None:", PACKAGE),
    Mutant("level_beyond_the_chain", f"{STACK}/levels.py",
           "if level > possible:", "if level > possible * 100:", LEVELS),
    Mutant("level_far_off_not_asked_back", f"{STACK}/levels.py",
           "NEAR_PART = 0.1", "NEAR_PART = 9", ARGUMENTS),
    Mutant("node_of_another_chain_believed", f"{STACK}/levels.py",
           "if head.chain_id != chain.id:", "if not head.chain_id:", LEVELS),
    Mutant("node_that_is_behind_believed", f"{STACK}/levels.py",
           "if head.seconds_old(now) > STALE_SECONDS:", "if head.seconds_old(now) < 0:", LEVELS),
    # what is remembered of arming
    Mutant("old_note_is_fresh", f"{STACK}/journal.py",
           "return datetime.now(UTC) - self.time < FRESH", "return True", ARMING),
    Mutant("exchanged_table_armed", f"{STACK}/journal.py",
           "if note.table != self.table_id():", "if self.table_id() is None:", ARMING),
    Mutant("table_that_came_since_noted", f"{STACK}/journal.py",
           "replace(kept, state=state, time=now, **fields)",
           'replace(kept, state=state, time=now, **({"table": self.table_id()} | fields))', ARMING),
    Mutant("restored_table_is_a_new_one", f"{STACK}/journal.py",
           ' and "RestoreSummary" not in table', "", ARMING),
    Mutant("lost_table_made_again", f"{STACK}/journal.py",
           "again = note is None or", "again = True or note is None or", ARMING),
    Mutant("damaged_note_believed", f"{STACK}/journal.py",
           "if note is None or note.state not in STATES", "if note is None", ARMING),
    Mutant("note_of_another_overwritten", f"{STACK}/artifacts.py",
           'condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}',
           "condition: dict[str, str] = {}", ARMING),
    Mutant("armed_anew_beside_rows", f"{STACK}/watermarks.py",
           '("created", "arming") and not rows and start', '("created", "arming") and start',
           ARMING),
    Mutant("row_that_signed_is_untouched", f"{STACK}/watermarks.py",
           'sound and "digest" not in item and', "sound and", ARMING),
    Mutant("damaged_row_is_a_row", f"{STACK}/watermarks.py",
           'sound = all("N" in item.get(name, {}) for name in NUMBERS)', "sound = True", ARMING),
    Mutant("rows_of_another_level_are_ours", f"{STACK}/watermarks.py",
           "all(row.armed_at == note.level for row in rows)",
           "all(row.armed_at is not None for row in rows)", ARMING),
    Mutant("lost_chain_not_missed", f"{STACK}/watermarks.py",
           "lost = set(note.chains) - set(chains)", "lost: set[str] = set()", ARMING),
    Mutant("forgotten_key_armed", f"{STACK}/watermarks.py",
           "if address in note.forgotten:", "if address in note.chains:", ARMING),
    Mutant("level_that_differs_unsaid", f"{STACK}/watermarks.py",
           "if not lower and not higher:", "if not lower:", ARMING),
    # what somebody else does meanwhile
    Mutant("planted_object_believed", f"{STACK}/artifacts.py",
           'if there is None or there["Body"].read() != content:', "if there is None:", SEAMS),
    Mutant("latest_template_taken", f"{STACK}/artifacts.py",
           "{self.bucket}/{key}{pinned}", "{self.bucket}/{key}", SEAMS),
    Mutant("bucket_of_another_account_read", f"{STACK}/artifacts.py",
           "            ExpectedBucketOwner=self._aws.account,\n        )\n        found:",
           "        )\n        found:", SEAMS),
    Mutant("conditional_replacement_executed", f"{STACK}/stack.py",
           'self.replacement in ("", "False")', 'self.replacement != "True"', SEAMS),
    Mutant("undecided_change_executed", f"{STACK}/stack.py",
           'self.action in ("Add", "Import") or', 'self.action != "Modify" or', SEAMS),
    Mutant("first_page_of_changes_only", f"{STACK}/stack.py",
           "for page in pages.paginate(StackName=self.name, ChangeSetName=change_set)",
           "for page in [*pages.paginate(StackName=self.name, ChangeSetName=change_set)][:1]",
           SEAMS),
    Mutant("rotation_undone", f"{STACK}/deploy.py",
           "try:\n            live.refuse_lost_changes(self.aws, self.stack.outputs(), wanted)\n",
           "try:\n            pass\n", SEAMS),
    Mutant("rotation_of_another_lost", f"{STACK}/live.py",
           '            RevisionId=configured["RevisionId"],\n', "", SEAMS),
    # what is said at the end
    Mutant("any_answer_is_health", f"{STACK}/working.py",
           "if reply.status == 200:", "if reply.status < 500:", WORKING),
    Mutant("refused_status_is_well", f"{STACK}/working.py",
           "return None if answer.ok else", "return None if answer.members else", WORKING),
    Mutant("capped_is_stopped", f"{STACK}/working.py",
           'told.get("ReservedConcurrentExecutions") == 0',
           'told.get("ReservedConcurrentExecutions") is not None', WORKING),
    Mutant("silence_unsaid", f"{STACK}/closing.py",
           "if len(found) > len(waiting):", "if found:", CONSOLE),
    Mutant("destroyed_unasked", f"{STACK}/destroy.py",
           "if not options.plan and not options.yes:", "if options.plan and options.yes:", CONSOLE),
    Mutant("plan_destroys", f"{STACK}/destroy.py",
           "    if options.plan:\n        stack.discard", "    if False:\n        stack.discard",
           CONSOLE),
)  # fmt: skip
