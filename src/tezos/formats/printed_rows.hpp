// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "strict.hpp"

/// Rows of a DynamoDB table as the AWS CLI prints them.
namespace redoubt::tezos::formats {

/// What `aws dynamodb scan`, `query` or `get-item` printed: `{"Items": [...], "Count": n,
/// "ScannedCount": n}` or `{"Item": {...}}`. Refused if not all rows are in it.
[[nodiscard]] Result<std::vector<Json>> parse_printed_rows(std::string_view text);

/// Attributes of an item: `{"S": "..."}` and `{"N": "5"}`, the latter from 0 to 2^31 - 1.
[[nodiscard]] Result<const std::string*> read_text_attribute(const Place& item,
                                                             std::string_view name);
[[nodiscard]] Result<std::uint32_t> read_int31_attribute(const Place& item, std::string_view name);

}  // namespace redoubt::tezos::formats
