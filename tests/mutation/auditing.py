# SPDX-License-Identifier: Apache-2.0
"""Bugs in what an auditor is told: the log's members, and `deploy/redoubt audit`."""

from mutation.bug import UNIT, Mutant, pytest

OPERATE = "deploy/aws/redoubt_stack/operate"
AUDIT = pytest("scripts/test_audit.py")
INPUT = pytest("scripts/test_audit_input.py")
LOG = "bootstrap/handlers/tezos_log.cpp"

MUTANTS = (
    # what the signer writes down
    Mutant(
        "release_is_always_fresh",
        LOG,
        'if (trace.ahead) return "fresh";',
        'if (trace.ahead || !is_block) return "fresh";',
        UNIT,
    ),
    Mutant(
        "refusal_is_a_release",
        LOG,
        "if (is_released) fields",
        "if (is_released || is_block || !is_block) fields",
        UNIT,
    ),
    Mutant(
        "answer_is_not_named",
        LOG,
        "if (!trace.signer.answer.empty())",
        "if (trace.signer.answer.empty())",
        UNIT,
    ),
    Mutant(
        "tables_answer_is_named",
        LOG,
        "trace.signer.answer.text();",
        "trace.table.answer.text();",
        UNIT,
    ),
    Mutant(
        "id_of_any_length",
        "include/redoubt/io/answer_id.hpp",
        "text.size() > max_size ||",
        "text.size() > text_.size() + 8 ||",
        UNIT,
    ),
    Mutant(
        "id_of_any_bytes",
        "include/redoubt/io/answer_id.hpp",
        "|| !std::ranges::all_of(text, is_part)",
        "",
        UNIT,
    ),
    Mutant(
        "lost_answer_is_not_named",
        "src/aws/operation.cpp",
        "    name_answer(response, false);\n",
        "",
        UNIT,
    ),
    Mutant(
        "refused_answer_is_taken",
        "src/aws/operation.cpp",
        "name_answer(*response, is_good);",
        "name_answer(*response, true);",
        UNIT,
    ),
    Mutant(
        "first_answer_is_forgotten",
        "include/redoubt/io/call_stats.hpp",
        "if (!answer.empty()) others.push_back(answer);",
        "",
        UNIT,
    ),
    # signatures
    Mutant(
        "stranger_is_the_signer",
        f"{OPERATE}/audit_match.py",
        "elif roles and event.role not in roles:",
        "elif False:",
        AUDIT,
    ),
    Mutant(
        "attempt_is_a_signature",
        f"{OPERATE}/audit_match.py",
        'return "foreign_attempt" if error else',
        'return "foreign_attempt" if False else',
        AUDIT,
    ),
    Mutant(
        "unasked_is_nothing",
        f"{OPERATE}/audit_match.py",
        "if event.ms // STRETCH_MS not in gaps:",
        "if False:",
        AUDIT,
    ),
    Mutant(
        "unread_answers_without_end",
        f"{OPERATE}/audit_spans.py",
        "            if open_spans:\n                open_spans[0][1] -= 1\n",
        "",
        AUDIT,
    ),
    Mutant(
        "unread_answers_not_known",
        f"{OPERATE}/audit_book.py",
        "        if unread > 0:",
        "        if unread > 9:",
        AUDIT,
    ),
    Mutant(
        "killed_not_known",
        f"{OPERATE}/audit_log.py",
        "if record.status in ENDED:",
        "if record.status in ():",
        AUDIT,
    ),
    Mutant(
        "failed_event_is_a_signature",
        f"{OPERATE}/audit_match.py",
        "elif record.errorCode is None:",
        "elif True:",
        AUDIT,
    ),
    Mutant(
        "delivered_twice_is_two",
        f"{OPERATE}/audit_match.py",
        "        if event.id in self._seen:\n            return",
        "        if False:\n            return",
        AUDIT,
    ),
    Mutant(
        "algorithm_not_looked_at",
        f"{OPERATE}/audit_match.py",
        "        self._judge_algorithm(record, at, line)\n",
        "",
        AUDIT,
    ),
    Mutant(
        "key_not_looked_at",
        f"{OPERATE}/audit_match.py",
        "if self._key_of.setdefault(book.place[line], key) != key:",
        "if self._key_of.setdefault(book.place[line], key) is None:",
        AUDIT,
    ),
    Mutant(
        "role_not_looked_at",
        f"{OPERATE}/audit_match.py",
        "        self._judge_roles()\n",
        "",
        AUDIT,
    ),
    Mutant(
        "changes_of_any_key",
        f"{OPERATE}/audit_match.py",
        "if not is_trail and short(record.key) not in own:",
        "if False:",
        AUDIT,
    ),
    # releases
    Mutant(
        "release_needs_no_event",
        f"{OPERATE}/audit_positions.py",
        "            and not book.has_event[line]\n",
        "            and False\n",
        AUDIT,
    ),
    Mutant(
        "two_digests_are_one",
        f"{OPERATE}/audit_positions.py",
        "if len(released) > 1:",
        "if len(released) > 2:",
        AUDIT,
    ),
    Mutant(
        "back_is_forward",
        f"{OPERATE}/audit_positions.py",
        "if book.position(line) < highest:",
        "if False:",
        AUDIT,
    ),
    Mutant(
        "first_need_not_be",
        f"{OPERATE}/audit_positions.py",
        "            and digest not in known\n",
        "            and False\n",
        AUDIT,
    ),
    Mutant(
        "resent_commit_is_suspect",
        f"{OPERATE}/audit_positions.py",
        "            and not book.was_resent[line]\n",
        "",
        AUDIT,
    ),
    Mutant(
        "copied_id_unseen",
        f"{OPERATE}/audit_book.py",
        "            self.copies.append((line, id))",
        "            pass",
        AUDIT,
    ),
    Mutant(
        "gap_of_the_trail_unseen",
        f"{OPERATE}/audit_match.py",
        "if number >= MANY and stretch not in self._stretches",
        "if number < 0 and stretch not in self._stretches",
        AUDIT,
    ),
    Mutant(
        "gap_is_all_well",
        f"{OPERATE}/audit_report.py",
        "return INCOMPLETE if self.findings.number(Weight.GAP) else WELL",
        "return WELL",
        AUDIT,
    ),
    # input
    Mutant(
        "end_of_a_file_not_looked_at",
        f"{OPERATE}/audit_files.py",
        "        if not text.endswith(mark):",
        "        if False:",
        INPUT,
    ),
    Mutant(
        "border_within_a_text",
        f"{OPERATE}/audit_files.py",
        'if before.endswith(b"{") and comma.endswith(b","):',
        "if True:",
        INPUT,
    ),
    Mutant(
        "line_read_twice_is_two",
        f"{OPERATE}/audit_book.py",
        "if taken and self._is_same(",
        "if False and self._is_same(",
        INPUT,
    ),
    Mutant(
        "damaged_line_passed_over",
        f"{OPERATE}/audit_log.py",
        "self.damaged += BEGIN.match(text) is not None",
        "pass",
        INPUT,
    ),
    Mutant(
        "odd_record_of_kms_passed_over",
        f"{OPERATE}/audit_trail.py",
        "if KMS.encode() in bytes(raw) or",
        "if",
        INPUT,
    ),
)
