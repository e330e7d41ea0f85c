// SPDX-License-Identifier: Apache-2.0
#include <redoubt/adapters/tezos/batch_table.hpp>

#include <algorithm>

#include <redoubt/adapters/sealed/batch_name.hpp>

namespace redoubt::tezos_adapters {
namespace {

namespace dynamodb = aws::dynamodb;

constexpr std::string_view batch_scope = "batch";
constexpr std::string_view batch_prefix = "batch/";

std::vector<ObjectText> texts_of(const std::vector<crypto::PublicKey>& keys) {
    std::vector<ObjectText> out;
    for (const crypto::PublicKey& key : keys) out.push_back(dynamodb::text(tezos::to_text(key)));
    return out;
}

std::vector<ObjectText> items_of(const PendingKeys& pending) {
    std::vector<ObjectText> out = {dynamodb::map(to_item(pending.wrap))};
    for (const SealedItem& key : pending.keys) out.push_back(dynamodb::map(to_item(key)));
    return out;
}

std::optional<std::vector<crypto::PublicKey>> parse_keys(const Json& item) {
    const auto* const list = dynamodb::read_list(item, "keys");
    if (list == nullptr || list->empty()) return std::nullopt;
    std::vector<crypto::PublicKey> keys;
    for (const Json& entry : *list) {
        const std::string* text = string_member(entry, "S");
        auto key = text == nullptr ? std::nullopt : tezos::parse_public_key(*text);
        if (!key) return std::nullopt;
        keys.push_back(std::move(*key));
    }
    return keys;
}

/// Of just those keys, all of them under the wrap.
std::optional<PendingKeys> parse_pending(const Json::array_t& list,
                                         const std::vector<crypto::PublicKey>& keys) {
    std::vector<SealedItem> items;
    std::optional<sealed::Wrap> wrap;
    for (const Json& entry : list) {
        const Json* item = dynamodb::read_map(entry);
        if (item == nullptr) return std::nullopt;
        if (!wrap) {
            wrap = parse_wrap_item(*item);
            if (!wrap) return std::nullopt;
            continue;
        }
        auto key = parse_sealed_item(*item);
        if (!key || key->wrap != wrap->id) return std::nullopt;
        items.push_back(std::move(*key));
    }
    const bool is_whole = std::ranges::equal(items, keys, {}, &SealedItem::public_key);
    if (!wrap || !is_whole) return std::nullopt;
    return PendingKeys{std::move(*wrap), std::move(items)};
}

}  // namespace

ObjectText to_item(const Batch& batch) {
    ObjectText out;
    out.add("pkh", dynamodb::text(std::string(batch_prefix).append(batch.name)))
        .add("scope", dynamodb::text(batch_scope))
        .add("fields", dynamodb::text(batch.fields))
        .add("keys", dynamodb::list(texts_of(batch.keys)))
        .add("made", dynamodb::number(batch.made_ms));
    if (batch.pending) out.add("pending", dynamodb::list(items_of(*batch.pending)));
    return out;
}

std::optional<Batch> parse_batch_item(const Json& item) {
    const std::string* pkh = dynamodb::read_text(item, "pkh");
    const std::string* fields = dynamodb::read_text(item, "fields");
    const auto made = dynamodb::read_number(item, "made");
    auto keys = parse_keys(item);
    if (!is_batch_item(item) || fields == nullptr || !made || !keys) return std::nullopt;
    Batch batch{pkh->substr(batch_prefix.size()), *fields, std::move(*keys), *made, std::nullopt};
    if (!sealed_adapters::is_batch_name(batch.name)) return std::nullopt;
    if (!item.contains("pending")) return batch;
    const auto* const list = dynamodb::read_list(item, "pending");
    if (list == nullptr) return std::nullopt;
    batch.pending = parse_pending(*list, batch.keys);
    if (!batch.pending) return std::nullopt;
    return batch;
}

bool is_batch_item(const Json& item) {
    const std::string* pkh = dynamodb::read_text(item, "pkh");
    const std::string* scope = dynamodb::read_text(item, "scope");
    return pkh != nullptr && scope != nullptr && pkh->starts_with(batch_prefix) &&
           *scope == batch_scope;
}

bool is_batch_item_of(const Json& item, std::string_view name) {
    return is_batch_item(item) &&
           dynamodb::read_text(item, "pkh")->substr(batch_prefix.size()) == name;
}

}  // namespace redoubt::tezos_adapters
