# SPDX-License-Identifier: Apache-2.0
"""Bugs in the commands that make sealed keys, list them, bring them in and seal them anew."""

from mutation.bug import UNIT, Mutant

OPERATOR = "src/operator/tezos"
SEALED = "src/operator/sealed"

MUTANTS = (
    Mutant("backup_to_nobody", f"{SEALED}/sealing.cpp",
           "if (recipients.empty()) return std::nullopt;", "return std::nullopt;", UNIT),
    Mutant("backup_need_not_be_said", f"{SEALED}/sealing.cpp",
           "if (sealing.backup_recipients) return std::nullopt;", "return std::nullopt;",
           UNIT),
    Mutant("several_wrapping_keys_open_alone_by_default", f"{SEALED}/sealing.cpp",
           "if (value == nullptr && keys == 1) return 1U;", "if (value == nullptr) return 1U;",
           UNIT),
    Mutant("replicas_are_two_wrapping_keys", f"{SEALED}/sealing.cpp",
           "return id_of(arn) == id_of(*one);", "return arn.text == one->text;", UNIT),
    Mutant("new_shares_are_not_put_together_again", f"{SEALED}/sealing.cpp",
           "if (!sealed::is_whole(whole.wrap, whole.key, shares)) return not_right();\n",
           "if (shares.empty()) return not_right();\n", UNIT),
    Mutant("first_shares_stand_for_all", "src/sealed/opening.cpp",
           "std::ranges::all_of(choices(", "std::ranges::any_of(choices(", UNIT),
    Mutant("new_shares_need_not_give_the_check", "src/sealed/opening.cpp",
           "return fits(wrap, again) &&\n               equal_in_constant_time(",
           "return equal_in_constant_time(", UNIT),
    Mutant("new_shares_are_not_tried", f"{SEALED}/sealing.cpp",
           "if (trial == Trial::EachShare) {", "if (trial == Trial::EachShare && out.empty()) {",
           UNIT),
    Mutant("share_opens_to_anything", f"{SEALED}/sealing.cpp",
           "if (!equal_in_constant_time(opened->view(), shares[i].bytes.view())) {",
           "if (opened->size() != shares[i].bytes.size()) {", UNIT),
    Mutant("keys_before_their_wrap", f"{OPERATOR}/create_key.cpp",
           """    const auto wrap =
        put_items(context, {creation(context, tezos_adapters::to_item(pending->wrap))}, deadline);
    if (!wrap) return wrap.error();
    std::vector<dynamodb::Put> keys;
""",
           """    std::vector<dynamodb::Put> keys;
    for (const SealedItem& key : pending->keys) keys.push_back(creation(context, to_item(key)));
    if (const auto put = put_items(context, keys, deadline); !put) return put.error();
    keys = {creation(context, tezos_adapters::to_item(pending->wrap))};
""", UNIT),
    Mutant("batch_with_other_fields_is_the_same", f"{OPERATOR}/create_key.cpp",
           "if (batch.fields != asked.fields()) {", "if (batch.fields.empty()) {", UNIT),
    Mutant("batch_is_looked_up_by_nothing", f"{OPERATOR}/create_key.cpp",
           "find_batch(*contents, asked->batch)", 'find_batch(*contents, "")', UNIT),
    Mutant("batch_of_another_call_is_ours", f"{OPERATOR}/create_key.cpp",
           "batch->pending && batch->pending->wrap.id == wrap;", "batch->pending.has_value();",
           UNIT),
    Mutant("batch_keeps_what_it_wrote", f"{OPERATOR}/create_key.cpp",
           "const auto pending = std::exchange(batch.pending, std::nullopt);",
           "const auto pending = batch.pending;", UNIT),
    Mutant("key_of_a_rehearsal_is_shown", f"{OPERATOR}/create_key.cpp",
           """                        {"dry_run", true},
                        {"keys", Json::array()},""",
           """                        {"dry_run", true},
                        {"keys", keys_to_json(batch.pending->keys)},""", UNIT),
    Mutant("secret_in_a_refusal", f"{OPERATOR}/encrypted_key.cpp",
           "bad_request(why_no_secret(text->view()) +",
           "bad_request(why_no_secret(text->view()) + std::string(text_of(text->view())) +", UNIT),
    Mutant("secret_of_any_key_is_taken", f"{OPERATOR}/encrypted_key.cpp",
           "found.public_key != encrypted.key.public_key)", "found.address.empty())", UNIT),
    Mutant("import_under_any_kms_key", "src/operator/sealed/imports.cpp",
           "if (found == known.end()) {",
           """if (auto any = aws::parse_key_arn(text == nullptr ? "" : *text)) return *any;
    if (found == known.end()) {""", UNIT),
    Mutant("key_comes_in_without_its_rows", f"{OPERATOR}/import_key.cpp",
           """    auto result = lift_rows(context, *asked, deadline);
    if (result.error) return result;
""",
           """    auto result = lift_rows(context, *asked, deadline);
""", UNIT),
    Mutant("key_that_may_open_is_replaced", f"{OPERATOR}/import_key.cpp",
           "if (secret || secret.error().code == Code::WrapRefused ||",
           "if (secret || secret.error().code != Code::Internal ||", UNIT),
    Mutant("key_is_replaced_though_it_changed", f"{OPERATOR}/import_key.cpp",
           """"sealed",
                                          dynamodb::binary(*sealed));""",
           """"scope",
                                          dynamodb::text("sealed"));""", UNIT),
    Mutant("wrap_is_replaced_though_it_changed", f"{SEALED}/rewrap.cpp",
           """"shares",
                                    shares_attribute(before.shares))""",
           """"made",
                                    dynamodb::number(before.made_ms))""", UNIT),
    Mutant("share_that_does_not_open_is_well", "src/operator/sealed/rewrap.cpp",
           "opened->wrong.empty() && opened->missing.empty();", "opened->wrong.empty();", UNIT),
    Mutant("key_is_resealed_though_it_changed", f"{OPERATOR}/reseal.cpp",
           """"sealed",
                                                       dynamodb::binary(one.before.sealed))""",
           """"made",
                                                       dynamodb::number(one.before.made_ms))""",
           UNIT),
    Mutant("closed_key_holds_up_the_others", f"{OPERATOR}/reseal.cpp",
           "if (!one.after) continue;", "if (!one.after) return;", UNIT),
    Mutant("sealed_key_is_a_damaged_row", f"{OPERATOR}/rows.cpp",
           "return tezos_adapters::is_item_of(item, key);",
           "return tezos_adapters::is_item_of(item, key) && item.empty();", UNIT),
    Mutant("wrap_of_another_purpose_is_well", f"{OPERATOR}/doctor/sealed.cpp",
           "wrap == nullptr || wrap->purpose != tezos_adapters::tezos_purpose", "wrap == nullptr",
           UNIT),
)  # fmt: skip
