// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <redoubt/base/json.hpp>
#include <redoubt/ethereum/types.hpp>
#include <redoubt/operator/fields.hpp>

/// The fields of a command, read strictly. Errors: bad_request.
namespace redoubt::ethereum_operator {

using operators::bad_request;
using operators::read_flag;

/// In one call: what a function of three seconds writes at its ease.
inline constexpr std::size_t most_keys = 100;

/// `keys`: public keys, 1 to 100, none twice.
[[nodiscard]] Result<std::vector<ethereum::PublicKey>> read_keys(const Json& fields);

/// A whole number.
[[nodiscard]] Result<std::uint64_t> read_number(const Json& fields, std::string_view name,
                                                std::uint64_t least, std::uint64_t most);

/// `tags`: up to 8, each 1 to 32 of `A-Z a-z 0-9 . _ -`, none twice; none if absent.
[[nodiscard]] Result<std::set<std::string>> read_tags(const Json& fields);

/// `fee`: up to 4 addresses of fee recipients, each with its checksum, none twice; none if absent.
[[nodiscard]] Result<std::set<std::string>> read_fee(const Json& fields);

/// `address`, with its checksum.
[[nodiscard]] Result<ethereum::Address> read_address(const Json& fields);

}  // namespace redoubt::ethereum_operator
