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

std::vector<ReadItem> read_sealed_items(const SealedSources& sources,
                                        std::span<const tezos::KeyHash> keys, SteadyTime deadline) {
    std::vector<dynamodb::ItemKey> wanted;
    for (const tezos::KeyHash& key : keys) wanted.push_back(sealed_item_key(key));
    const auto items =
        dynamodb::batch_get(sources.dynamodb, sources.runner, sources.table, wanted, deadline);
    std::vector<ReadItem> out;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        out.push_back(items ? judge_item((*items)[i], keys[i])
                            : std::unexpected(sealed_adapters::without_items(items.error())));
    }
    return out;
}

}  // namespace redoubt::tezos_adapters
