# SPDX-License-Identifier: Apache-2.0
"""Bugs in `doctor`: what it overlooks, what it takes for worse than it is, how it ends."""

from mutation.bug import UNIT, Mutant, pytest

INSIDE = "src/operator/tezos/doctor"
OUTSIDE = "deploy/aws/redoubt_stack/checks"
OPERATE = "deploy/aws/redoubt_stack/operate"
REDOUBT = pytest("scripts/test_redoubt_doctor.py", "scripts/test_redoubt_doctor_told.py")

MUTANTS = (
    # a policy
    Mutant(
        "any_allow_is_narrow",
        f"{INSIDE}/policy.cpp",
        "if (std::ranges::none_of(names, has_wildcard)) return names;",
        "return names;",
        UNIT,
    ),
    Mutant(
        "root_is_one_principal", f"{INSIDE}/policy.cpp", '!name.ends_with(":root");', "true;", UNIT
    ),
    Mutant(
        "service_is_one_principal", f"{INSIDE}/policy.cpp", 'kind == "AWS" && !has', "!has", UNIT
    ),
    Mutant(
        "wildcard_action_overlooked",
        f"{INSIDE}/policy.cpp",
        "return is_match(lower_case(pattern), action);",
        "return pattern == action;",
        UNIT,
    ),
    Mutant(
        "all_but_something_is_nothing",
        f"{INSIDE}/policy.cpp",
        ": !any(names_of(others))",
        ": any(names_of(others))",
        UNIT,
    ),
    Mutant(
        "denial_of_somebody_is_of_all",
        f"{INSIDE}/policy.cpp",
        "if (!is_for_everybody(statement)) return;",
        "",
        UNIT,
    ),
    Mutant(
        "denial_of_another_resource_counts",
        f"{INSIDE}/policy.cpp",
        "covers(statement, wanted) &&\n            is_of(statement, resource)) {",
        "covers(statement, wanted)) {",
        UNIT,
    ),
    Mutant(
        "row_that_is_over_is_waited_for",
        f"{INSIDE}/rows.cpp",
        "const bool signs = !is_over(row, head);",
        "const bool signs = true;",
        UNIT,
    ),
    Mutant(
        "rows_without_end_are_read",
        "src/operator/tezos/rows.cpp",
        "if (found.size() > most_items) {",
        "if (found.size() > 9 * most_items) {",
        UNIT,
    ),
    Mutant(
        "denial_under_two_conditions_counts",
        f"{INSIDE}/policy.cpp",
        "if (!is_alone) return;",
        "",
        UNIT,
    ),
    Mutant(
        "denial_forgets_whom_it_spares",
        f"{INSIDE}/policy.cpp",
        "if (!was_wide) return;",
        "if (was_wide) return;",
        UNIT,
    ),
    Mutant(
        "unreadable_policy_is_fine",
        f"{INSIDE}/key.cpp",
        "if (!signers) return report.add(Check::NotSeen, of, true, ",
        "if (!signers) return static_cast<void>(",
        UNIT,
    ),
    # keys
    Mutant("two_may_sign", f"{INSIDE}/key.cpp", "signers->size() == 1 &&", "", UNIT),
    Mutant(
        "user_may_sign",
        f"{INSIDE}/key.cpp",
        'signers->front().name.contains(":role/")',
        "true",
        UNIT,
    ),
    Mutant(
        "exchanged_key_passes",
        f"{INSIDE}/key.cpp",
        "!found || *found != key_.public_key",
        "!found",
        UNIT,
    ),
    Mutant(
        "replica_overlooked",
        f"{INSIDE}/kms_key.cpp",
        "std::ranges::for_each(replicas, look);",
        ";",
        UNIT,
    ),
    Mutant("disabled_key_is_another", f"{INSIDE}/key.cpp", "if (is_usable) {", "if (true) {", UNIT),
    # the table
    Mutant(
        "any_replica_will_do",
        f"{INSIDE}/table.cpp",
        '!object_in(table, "Replicas").empty() &&',
        "false &&",
        UNIT,
    ),
    Mutant(
        "strong_replicas_will_not_do",
        f"{INSIDE}/table.cpp",
        'text_in(table, "MultiRegionConsistency") != "STRONG"',
        "true",
        UNIT,
    ),
    Mutant(
        "one_write_is_enough",
        f"{INSIDE}/table.cpp",
        "if (!who || !list_principals(*who, true).empty())",
        "if (!who)",
        UNIT,
    ),
    Mutant("table_of_another_region_passes", f"{INSIDE}/table.cpp", "!is_here, ", "false, ", UNIT),
    # rows
    Mutant(
        "head_of_another_chain_counts",
        f"{INSIDE}/rows.cpp",
        "present.head && present.head->chain == chain ?",
        "present.head ?",
        UNIT,
    ),
    Mutant(
        "damaged_row_is_missing",
        f"{INSIDE}/rows.cpp",
        "        rows.push_back({*id, std::move(row)});",
        "        if (row) rows.push_back({*id, std::move(row)});",
        UNIT,
    ),
    Mutant(
        "handover_ahead_is_over",
        f"{INSIDE}/rows.cpp",
        "return row.until &&\n           (row.at.level",
        "return row.until &&\n           (true || row.at.level",
        UNIT,
    ),
    Mutant(
        "half_a_handover_passes",
        f"{INSIDE}/rows.cpp",
        "limited != 0 && limited != sound",
        "false",
        UNIT,
    ),
    Mutant("week_is_a_day", f"{INSIDE}/rows.cpp", "hours(7 * 24)", "hours(8 * 24)", UNIT),
    # all that it asks
    Mutant(
        "refusal_is_no_finding",
        f"{INSIDE}/questions.cpp",
        "report.add(Check::NotSeen, of, true, outcome.error().message);",
        "",
        UNIT,
    ),
    Mutant("all_at_once", f"{INSIDE}/questions.cpp", "at_once = 12", "at_once = 100", UNIT),
    Mutant(
        "stand_in_of_one_key_is_of_all",
        f"{INSIDE}/surroundings.cpp",
        "std::ranges::all_of(context.key_arns",
        "std::ranges::any_of(context.key_arns",
        UNIT,
    ),
    Mutant(
        "warnings_are_errors",
        f"{INSIDE}/report.cpp",
        "++(about.is_error ? errors_ : warnings_);",
        "++errors_;",
        UNIT,
    ),
    # from outside
    Mutant("unconfirmed_hears", f"{OUTSIDE}/alarms.py", '.startswith("arn:")', "", REDOUBT),
    Mutant(
        "part_of_an_alarm_rings",
        f"{OUTSIDE}/alarms.py",
        'for alarm in alarms if alarm.get("AlarmActions")',
        "for alarm in alarms",
        REDOUBT,
    ),
    Mutant(
        "stopped_trail_hears", f"{OUTSIDE}/trail.py", 'return "is stopped"', 'return ""', REDOUBT
    ),
    Mutant(
        "trail_of_changes_hears",
        f"{OUTSIDE}/trail.py",
        'selector.get("ReadWriteType", "All") == "All"',
        "True",
        REDOUBT,
    ),
    Mutant(
        "trail_of_some_fields_hears", f"{OUTSIDE}/trail.py", "        and not fields\n", "", REDOUBT
    ),
    Mutant(
        "trail_elsewhere_hears",
        f"{OUTSIDE}/trail.py",
        't.get("IsMultiRegionTrail") or t["HomeRegion"] == facts.aws.region',
        "True",
        REDOUBT,
    ),
    Mutant(
        "missing_right_is_an_error",
        f"{OPERATE}/findings.py",
        "row.problem.endswith(DENIED)",
        "False",
        REDOUBT,
    ),
    # how it ends
    Mutant(
        "errors_end_well",
        f"{OPERATE}/doctor.py",
        "return int(findings.count(found, ERROR) > 0)",
        "return 0",
        REDOUBT,
    ),
    Mutant(
        "warnings_end_badly",
        f"{OPERATE}/doctor.py",
        "return int(findings.count(found, ERROR) > 0)",
        "return int(bool(found))",
        REDOUBT,
    ),
    Mutant(
        "silent_function_hides_the_stack",
        f"{OPERATE}/doctor.py",
        "if target.is_local:\n            raise",
        "if True:\n            raise",
        REDOUBT,
    ),
    Mutant(
        "same_finding_twice",
        f"{OPERATE}/doctor.py",
        "if silent and any(",
        "if False and any(",
        REDOUBT,
    ),
    Mutant(
        "alarm_that_calls_nobody_is_there",
        f"{OUTSIDE}/alarms.py",
        'if not topic or topic in alarm["AlarmActions"]}',
        "}",
        REDOUBT,
    ),
    Mutant(
        "some_alarms_are_all",
        f"{OUTSIDE}/alarms.py",
        "sorted(_wanted(facts) - call)",
        "sorted(_wanted(facts) if not call else [])",
        REDOUBT,
    ),
    Mutant(
        "trail_of_another_source_hears",
        f"{OUTSIDE}/trail.py",
        '        and source.keys() == {"Field", "NotEquals"}\n',
        "",
        REDOUBT,
    ),
    Mutant(
        "no_check_is_well",
        f"{OPERATE}/findings.py",
        "    if not checks:\n",
        "    if False:\n",
        REDOUBT,
    ),
    Mutant(
        "later_severity_is_none",
        f"{OPERATE}/findings.py",
        "severity if severity == WARNING else ERROR",
        "severity",
        REDOUBT,
    ),
    Mutant(
        "member_of_a_zip_hides_it",
        f"{OPERATE}/findings.py",
        'row.problem.startswith("can\'t be seen: FileNotFoundError")',
        '"FileNotFoundError" in row.problem',
        REDOUBT,
    ),
)
