// SPDX-License-Identifier: Apache-2.0
#include "unsealing.hpp"

#include <redoubt/aws/dynamodb/batch_get.hpp>

namespace redoubt::tezos_adapters {
namespace {

namespace dynamodb = aws::dynamodb;

Error no_item(const std::string& address) {
    return {Code::DamagedKey,
            "the table has no sealed key of " + address +
                ": compare SEALED_KEYS with `list_keys`, and WATERMARK_TABLE with the one that the "
                "key was made in",
            {}};
}

Error unread_item(const std::string& address) {
    return {Code::DamagedKey,
            "the sealed key of " + address +
                " lacks an attribute or has one of another type: bring it in again from its backup",
            {}};
}

/// `item` is null if there is none.
ReadItem judge_item(const Json& item, const tezos::KeyHash& key) {
    const std::string address = tezos::to_text(key);
    if (item.is_null()) return std::unexpected(no_item(address));
    auto parsed = parse_sealed_item(item);
    if (!parsed) return std::unexpected(unread_item(address));
    return std::move(*parsed);
}

}  // namespace

ReadItems read_sealed_items(const SealedSources& sources,
                            std::span<const tezos::KeyInfo* const> keys, SteadyTime deadline) {
    std::vector<dynamodb::ItemKey> wanted;
    std::vector<sealed::WrapId> wraps;
    for (const tezos::KeyInfo* key : keys) {
        wanted.push_back(sealed_item_key(key->hash));
        wraps.push_back(sealed::WrapId::made_for(key->public_key.encoded()));
    }
    for (const sealed::WrapId& id : wraps) wanted.push_back(wrap_item_key(id));
    sealed_adapters::expect_kms(sources);
    const auto items =
        dynamodb::batch_get(sources.dynamodb, sources.runner, sources.table, wanted, deadline);
    ReadItems out;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        out.items.push_back(items ? judge_item((*items)[i], keys[i]->hash)
                                  : std::unexpected(sealed_adapters::without_items(items.error())));
        if (!items || (*items)[keys.size() + i].is_null()) continue;
        out.wraps.emplace(wraps[i].text(), (*items)[keys.size() + i]);
    }
    return out;
}

}  // namespace redoubt::tezos_adapters
