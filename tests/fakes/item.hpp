// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/json.hpp>
#include <redoubt/tezos/watermark.hpp>

namespace redoubt {

/// What the code writes, as the tree that tests look at.
inline void to_json(Json& out, const ObjectText& object) {
    out = parse_json(object.text()).value();
}

}  // namespace redoubt

namespace redoubt::test {

/// A row as DynamoDB sends it.
[[nodiscard]] Json to_item(const tezos::WatermarkId& id, const tezos::Row& row);

}  // namespace redoubt::test
