// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <redoubt/base/json.hpp>
#include <redoubt/base/result.hpp>

/// What commands of any chain read of their fields.
namespace redoubt::operators {

[[nodiscard]] std::unexpected<Error> bad_request(std::string what);

/// `force`, `dry_run`: true or false, false if absent. Error: bad_request.
[[nodiscard]] Result<bool> read_flag(const Json& fields, std::string_view name);

}  // namespace redoubt::operators
