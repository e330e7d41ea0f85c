// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <redoubt/operator/tezos/recovery.hpp>
#include <redoubt/operator/tezos/sealed_contents.hpp>

#include "fields.hpp"
#include "item_puts.hpp"
#include "new_keys.hpp"
#include "opened_keys.hpp"

namespace redoubt::tezos_operator {
namespace {

namespace dynamodb = aws::dynamodb;
using tezos_adapters::SealedItem;

/// One key on its way to the new wrap.
struct Resealing {
    const tezos::KeyInfo& key;
    SealedItem before;
    Result<SealedItem> after;
    std::string outcome = "resealed";
};

/// `keys`, all that the table has, if absent.
Result<tezos::Keys> read_sealed_keys(const Json& fields, const SealedContents& contents) {
    tezos::Keys there;
    for (const SealedItem& item : contents.keys) there.emplace_back(item.public_key);
    if (there.empty()) return bad_request("the table has no sealed key that can be read");
    const auto wanted = read_keys(fields, there, "a sealed key that the table has");
    if (!wanted) return std::unexpected(wanted.error());
    tezos::Keys keys;
    for (const tezos::KeyHash& hash : *wanted) keys.push_back(*tezos::find(there, hash));
    return keys;
}

/// The same key under the new wrap; all else of its item stays.
Result<SealedItem> reseal_key(const OpenedKeys& opened, const tezos::KeyInfo& key,
                              const SealedItem& before, const NewWrap& wrap) {
    const auto secret = opened.find(key);
    if (!secret) return std::unexpected(secret.error());
    auto sealed = sealed_operator::seal_secret(**secret, key.public_key.encoded(), wrap);
    if (!sealed) return std::unexpected(sealed.error());
    SealedItem after = before;
    after.wrap = wrap.wrap.id;
    after.sealed = std::move(*sealed);
    return after;
}

void conclude(Resealing& one, const Result<std::vector<PutOutcome>>& put) {
    if (!put) {
        one.after = std::unexpected(put.error());
        return;
    }
    const PutOutcome& outcome = put->front();
    const auto found = tezos_adapters::parse_sealed_item(outcome.found);
    if (outcome.is_written || (found && found->sealed == one.after->sealed)) return;
    one.after = fail(Code::TableRefused,
                     "this key's item was changed meanwhile, and was left as it is: ask again");
}

/// Each on its own, so that one that is refused holds up no other.
void replace_items(const Context& context, std::vector<Resealing>& all, SteadyTime deadline) {
    for (Resealing& one : all) {
        if (!one.after) continue;
        conclude(one,
                 put_items(context,
                           {dynamodb::put_if_unchanged(context.table, to_item(*one.after), "sealed",
                                                       dynamodb::binary(one.before.sealed))},
                           deadline));
    }
}

Json to_json(const Resealing& one) {
    Json out = {{"pkh", one.key.address},
                {"outcome", one.after ? one.outcome : std::string(name(one.after.error().code))},
                {"before", one.before.wrap.text()},
                {"after", one.after ? Json(one.after->wrap.text()) : Json()}};
    if (!one.after) out["msg"] = one.after.error().message;
    return out;
}

operators::CommandResult answer_reseal(const std::vector<Resealing>& all, const NewWrap& wrap,
                                       const OpenedKeys& opened, bool is_dry_run) {
    operators::CommandResult result;
    Json keys = Json::array();
    for (const Resealing& one : all) {
        if (!one.after && !result.error) result.error = one.after.error();
        keys.push_back(to_json(one));
    }
    result.members = {{"wrap", is_dry_run ? Json() : Json(wrap.wrap.id.text())},
                      {"keys", std::move(keys)},
                      {"wrong_shares", opened.wrong_shares()},
                      {"note",
                       "the wraps before stay in the table, and in its backups, with what they "
                       "sealed: disable the KMS keys that are not to open it any more"}};
    if (is_dry_run) result.members["dry_run"] = true;
    return result;
}

operators::CommandResult run_reseal(const Context& context, const Json& fields,
                                    SteadyTime deadline) {
    const auto division = sealed_operator::read_division(fields, context.sealing);
    if (!division) return operators::failed(division.error());
    const auto dry_run = read_flag(fields, "dry_run");
    if (!dry_run) return operators::failed(dry_run.error());
    const auto contents = read_contents(context, deadline);
    if (!contents) return operators::failed(contents.error());
    auto keys = read_sealed_keys(fields, *contents);
    if (!keys) return operators::failed(keys.error());
    const OpenedKeys opened(context, std::move(*keys), deadline);
    const auto wrap = sealed_operator::make_tried_wrap(tools_of(context), *division, deadline);
    if (!wrap) return operators::failed(wrap.error());
    std::vector<Resealing> all;
    for (const tezos::KeyInfo& key : opened.keys()) {
        const SealedItem& before = *find_key(*contents, key.public_key);
        all.push_back({key, before, reseal_key(opened, key, before, *wrap)});
    }
    const bool any_opened =
        std::ranges::any_of(all, [](const Resealing& one) { return one.after.has_value(); });
    if (any_opened && !*dry_run) {
        const auto put =
            put_items(context, {creation(context, tezos_adapters::to_item(wrap->wrap))}, deadline);
        if (!put) return operators::failed(put.error());
        replace_items(context, all, deadline);
    }
    return answer_reseal(all, *wrap, opened, *dry_run);
}

}  // namespace

operators::Command reseal(const Context& context) {
    return operators::bound("reseal", {"keys", "threshold", "kms_keys", "dry_run"}, context,
                            run_reseal);
}

}  // namespace redoubt::tezos_operator
