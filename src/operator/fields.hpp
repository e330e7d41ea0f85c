// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/tezos/watermark.hpp>

/// The fields of an operator's command, read strictly: a misspelt one is a mistake, not a default.
namespace redoubt::adapters {

/// Error: bad_request, if `command` has a member that is not in `allowed` (nor `command` itself).
[[nodiscard]] Result<void> demand_fields(const Json& command,
                                         std::initializer_list<std::string_view> allowed);

/// A whole number below 2^31.
[[nodiscard]] Result<std::uint32_t> read_int31_field(const Json& command, std::string_view name);

/// `force`: true or false, false if absent.
[[nodiscard]] Result<bool> read_force(const Json& command);

/// The three scopes of each key in `keys` (absent: of all keys) on `chain`.
[[nodiscard]] Result<std::vector<tezos::WatermarkId>> read_scopes(const Json& command,
                                                                  const tezos::Keys& known);

}  // namespace redoubt::adapters
