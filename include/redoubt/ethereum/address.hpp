// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <redoubt/base/result.hpp>
#include <redoubt/ethereum/types.hpp>

/// Accounts as people copy them: by EIP-55, the case of the letters is a checksum.
namespace redoubt::ethereum {

/// `0x` and 40 digits.
[[nodiscard]] std::string to_text(const Address& address);

/// BadRequest for what is no such text; also if all letters are of one case, since then a mistyped
/// digit would not be noticed, and what is sent there is lost; and for zero, which is nobody's.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

}  // namespace redoubt::ethereum
