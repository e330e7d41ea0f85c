// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The fields of a command, read strictly. Errors: bad_request, unknown_key.
namespace redoubt::tezos_operator {

/// A whole number below 2^31.
[[nodiscard]] Result<std::uint32_t> read_int31_field(const Json& fields, std::string_view name);

/// `force`: true or false, false if absent.
[[nodiscard]] Result<bool> read_force(const Json& fields);

/// The three watermarks of each key in `keys` (absent: of all keys) on `chain`.
[[nodiscard]] Result<std::vector<tezos::WatermarkId>> read_watermark_ids(const Json& fields,
                                                                         const tezos::Keys& known);

}  // namespace redoubt::tezos_operator
