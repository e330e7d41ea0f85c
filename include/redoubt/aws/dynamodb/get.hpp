// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/aws/dynamodb/write_reply.hpp>

namespace redoubt::aws::dynamodb {

/// How new what is read has to be. `Eventual` may be a second or so old, and costs half.
enum class Freshness : bool { Eventual, Consistent };

/// A GetItem. Source: Amazon DynamoDB API reference, GetItem.
struct Get {
    std::string table;
    ItemKey key;
    Freshness freshness{};
};
[[nodiscard]] std::string to_body(const Get& get);

/// The item of a reply to it; null if there is none. Error: table_refused for an answer that no
/// table gives.
[[nodiscard]] Result<Json> read_item(const Reply& reply, const ItemKey& key);

}  // namespace redoubt::aws::dynamodb
