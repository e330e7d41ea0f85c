# SPDX-License-Identifier: Apache-2.0
"""Bugs in moving in from another signer, and out again."""

from mutation.bug import UNIT, Mutant, corpus

FORMATS = "src/tezos/formats/"
STRICT = FORMATS + "strict.cpp"
PLACE = "src/base/place.cpp"
OCTEZ = FORMATS + "octez.cpp"
SIGNATORY = FORMATS + "signatory.cpp"
PRINTED = FORMATS + "printed_rows.cpp"
EXPORTED = FORMATS + "exported.cpp"
IMPORT = "src/operator/tezos/import.cpp"
WRITES = "src/operator/tezos/row_writes.cpp"
PLAN = "src/operator/tezos/import_plan.cpp"
EXPORT = "src/operator/tezos/export.cpp"
TABLE = "src/adapters/tezos/watermark_table.cpp"

MUTANTS = (
    # what is read
    Mutant("mark_without_a_round_leaves_its_level_open", OCTEZ,
           "return Position{Level(*level), last_round};",
           "return Position{Level(*level), Round(0)};",
           UNIT),
    Mutant("lower_of_two_marks_counts", FORMATS + "marks.cpp",
           "std::max(mark->second, at)", "std::min(mark->second, at)", UNIT),
    Mutant("unknown_member_passed_over", PLACE,
           "if (std::ranges::find(required, name) == required.end() &&",
           "if (name.empty() && std::ranges::find(required, name) == required.end() &&", UNIT),
    Mutant("negative_level_of_a_file_taken", STRICT,
           "place.value < 0 || place.value > max_int31", "place.value > max_int31", UNIT),
    Mutant("level_of_a_file_may_be_a_fraction", STRICT,
           "!place.value.is_number_integer() ||", "!place.value.is_number() ||", UNIT),
    Mutant("escape_sequences_shown", PLACE,
           "return c >= ' ' && c <= '~';", "return c != 0;", UNIT),
    Mutant("any_signature_of_octez_taken", OCTEZ,
           "text == nullptr || !is_signature(*text)", "text == nullptr", UNIT),
    Mutant("round_of_signatorys_blocks_believed", SIGNATORY,
           "kind == ConsensusKind::Block ? last_round : Round(round)", "Round(round)", UNIT),
    Mutant("votes_with_dal_are_another_kind", SIGNATORY,
           'text == "attestation_with_dal" ||', 'text == "attestation_with_DAL" ||', UNIT),
    Mutant("rest_of_a_scan_forgotten", PRINTED,
           '{"NextToken", "LastEvaluatedKey"}', '{"NextTokens", "LastEvaluatedKey"}', UNIT),
    Mutant("rows_of_a_scan_not_counted", PRINTED,
           'if (!is_count(whole.value["Count"]) ||', 'if (', UNIT),
    Mutant("padded_number_of_a_row_taken", PRINTED,
           "((*text)->size() == 1 || !(*text)->starts_with('0'))", "true", UNIT),
    Mutant("row_of_midl_twice", FORMATS + "midl.cpp",
           "if (marks.contains(id)) return", "if (id.key.empty()) return", UNIT),
    Mutant("row_of_ours_twice", EXPORTED,
           "if (!seen.insert(row->id).second) return", "if (row->id.key.empty()) return", UNIT),
    Mutant("anything_after_the_rows", EXPORTED,
           '{"format", "version", "rows"})', '{"format", "version", "rows"}, {"x"})', UNIT),
    Mutant("a_mark_lost", OCTEZ,
           "keep_highest(marks, {*chain, *key, kind}, *at);",
           "if (marks.empty()) keep_highest(marks, {*chain, *key, kind}, *at);",
           corpus("watermarks")),
    # what becomes of it
    Mutant("margin_forgotten", PLAN,
           "raised_by_margin(known, levels.margin)", "raised_by_margin(known, 0)", UNIT),
    Mutant("head_forgotten", PLAN,
           "tezos::Position known{levels.head,", "tezos::Position known{tezos::Level(0),", UNIT),
    Mutant("mark_forgotten", PLAN,
           "known = std::max(known, mark->second);", "known = std::min(known, mark->second);",
           UNIT),
    Mutant("strangers_keys_left_out_in_silence", PLAN,
           "if (!are_named && !strangers.empty()) {", "if (are_named && !strangers.empty()) {",
           UNIT),
    Mutant("one_of_several_chains_taken", PLAN,
           "if (chains.size() == 1) return", "if (!chains.empty()) return", UNIT),
    Mutant("left_out_not_told", PLAN,
           "if (std::ranges::none_of(plan.targets, is_target)) {",
           "if (plan.targets.empty() && std::ranges::none_of(plan.targets, is_target)) {", UNIT),
    Mutant("head_far_below_the_marks", PLAN,
           "(is_near || levels.force)", "(is_near || !levels.force || levels.force)", UNIT),
    Mutant("import_beyond_all_chains", PLAN,
           "const bool is_possible = level <= highest_possible_level(levels.now);",
           "const bool is_possible = level.value() <= tezos::max_int31;", UNIT),
    Mutant("pace_from_the_target", TABLE,
           "tezos::pace_of(head, now)", "tezos::pace_of(position.at.level, now)", UNIT),
    Mutant("import_lowers", TABLE,
           '"attribute_not_exists(#pkh) OR ("', '"attribute_exists(#pkh) OR ("', UNIT),
    Mutant("dry_run_of_import_writes", IMPORT,
           "write_rows(writes, *before, context, *dry_run, deadline)",
           "write_rows(writes, *before, context, *dry_run && false, deadline)", UNIT),
    # what goes out
    Mutant("until_not_taken", EXPORTED,
           "if (!row.until) return row.at;", "if (row.at.level.value() > 0) return row.at;", UNIT),
    Mutant("octez_gets_no_mark_of_a_missing_row", EXPORT,
           "gap && *format == Format::Octez", "gap && *format == Format::Redoubt", UNIT),
    Mutant("key_without_rows_not_named", EXPORT,
           "if (std::ranges::none_of(rows, is_its)) keys", "if (rows.empty()) keys", UNIT),
    Mutant("damaged_row_not_exported", EXPORT,
           "            if (!row) return std::unexpected(row.error());\n            if (selection",
           "            if (!row) continue;\n            if (selection", UNIT),
    Mutant("octez_gets_round_0", OCTEZ,
           "std::to_string(at.round.value())", "std::to_string(0 * at.round.value())", UNIT),
    # a damaged row
    Mutant("dry_run_refuses_what_would_be_mended", WRITES,
           "mended.outcome == write_.outcome ? mended", "write_.outcome.empty() ? mended", UNIT),
    Mutant("dry_run_mends_what_is_refused", WRITES,
           "mended.outcome == write_.outcome ? mended", "!write_.outcome.empty() ? mended", UNIT),
    Mutant("missing_round_is_low", TABLE,
           "round ? tezos::Round(*round) : highest_round}", "tezos::Round(round.value_or(0))}",
           UNIT),
    Mutant("until_of_any_form_is_none", TABLE,
           'if (!level || (item.contains("until") && !until))', "if (!level)", UNIT),
)  # fmt: skip
