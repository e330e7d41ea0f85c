# SPDX-License-Identifier: Apache-2.0
"""Bugs in what signs for validators."""

from mutation.bug import UNIT, Mutant, system

RULE = "src/ethereum/slashing.cpp"
COMMIT = "src/ethereum/commit.cpp"
SIGN = "src/ethereum/sign.cpp"
WRITE = "src/adapters/ethereum/validator_commit.cpp"
STORE = "src/adapters/ethereum/dynamo_validator_store.cpp"
CACHE = "src/adapters/ethereum/validator_cache.cpp"
WRAPS = "src/adapters/ethereum/opened_wraps.cpp"
API = "src/ethereum/web3signer_api.cpp"

MUTANTS = (
    Mutant("vote_that_surrounds", WRITE, "#src <= :s AND", "#src <> :r AND", UNIT),
    Mutant("second_vote_for_a_target", WRITE, "(#tgt < :e OR", "(#tgt <= :e OR", UNIT),
    Mutant("vote_repeated_with_another_root", WRITE,
           "#src = :s AND #aroot = :r))", "#src = :s AND #tgt <= :e AND attribute_exists(#aroot)))",
           UNIT),
    Mutant("second_block_in_a_slot", WRITE, "(#slot < :n OR", "(#slot <= :n OR", UNIT),
    Mutant("vote_by_a_key_that_is_off", WRITE,
           '"#on = :true AND #src', '"attribute_exists(#on) AND :true = :true AND #src', UNIT),
    Mutant("block_by_a_key_that_is_off", WRITE,
           '"#on = :true AND (#slot', '"attribute_exists(#on) AND :true = :true AND (#slot', UNIT),
    Mutant("signed_at_the_end", WRITE, "OR #until > :e)", "OR #until >= :e)", UNIT),
    Mutant("all_tags_are_ours", WRITE,
           "if (tags.empty()) return;", "if (tags.size() < 99) return;", UNIT),
    Mutant("root_is_not_written", WRITE, "#tgt = :e, #aroot = :r, #at",
           "#tgt = :e, #at", UNIT),
    Mutant("answer_of_another_row", COMMIT, "if (!holds(applied.row, proposal)) {",
           "if (applied.row.tags.contains(\"\")) {", UNIT),
    Mutant("answer_of_a_row_that_forbids", COMMIT,
           "if (compare(proposal, applied.row) != RowComparison::Allowed) {",
           "if (compare(proposal, applied.row) == RowComparison::Unknown) {", UNIT),
    Mutant("unknown_key_is_told_to_all", RULE,
           "if (!tags.any_of.empty()) return not_permitted_key();",
           "if (tags.any_of.contains(\"\")) return not_permitted_key();", UNIT),
    Mutant("source_at_its_target", RULE,
           "if (duty.source < duty.target || (duty", "if (duty.source <= duty.target || (duty",
           UNIT),
    Mutant("type_outside_the_rights", SIGN, "if (!command.caller.may(type)) {",
           "if (command.body.empty()) {", UNIT),
    Mutant("wrong_network_is_believed_once_read", STORE,
           "between(looked_at_, now()) < wrong_network_lasts",
           "between(looked_at_, now()) > Milliseconds(0)", UNIT),
    Mutant("refused_row_is_forgotten", STORE, "cache_.put(*judged->row, asked_at_);",
           "if (judged->is_applied) cache_.put(*judged->row, asked_at_);", UNIT),
    Mutant("rows_are_kept_while_frozen", "include/redoubt/base/clock.hpp",
           "to.wall - from.wall, to.steady", "to.steady - from.steady, to.steady", UNIT),
    Mutant("the_key_used_last_makes_room", CACHE, "remove(entries_.find(by_use_.back()));",
           "remove(entries_.find(by_use_.front()));", UNIT),
    Mutant("closed_wrap_is_tried_by_each_request", WRAPS,
           "not_before += sealed_adapters::pause_after_refusal;",
           "not_before += sealed_adapters::pause_after_refusal * 0;", UNIT),
    Mutant("slots_by_a_clock_minutes_off", "bootstrap/handlers/ethereum_setup.cpp",
           "tolerated_skew{3000}", "tolerated_skew{240'000}",
           system("system/test_ethereum_signer.py")),
    Mutant("no_upcheck_behind_a_token", API, 'parts.size() == 3 && parts.front() == "t"',
           'parts.size() == 3 && parts.front() == "T"', UNIT),
)  # fmt: skip
