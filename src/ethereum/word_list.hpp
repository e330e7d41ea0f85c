// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// BIP-39's lists, of 2,048 words each.
namespace redoubt::ethereum {

/// Throws for 2,048 and more.
[[nodiscard]] std::string_view english_word(std::size_t index);
[[nodiscard]] std::optional<std::uint16_t> english_index(std::string_view word);

/// Which other language's words these are, all of them, in NFKD and with white space between them;
/// the first that may be, of some that share words. Of twelve words of no list, one in a hundred
/// thousand texts is taken for a language's.
[[nodiscard]] std::optional<std::string_view> other_language(std::string_view words);

}  // namespace redoubt::ethereum
