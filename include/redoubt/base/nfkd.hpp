// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <redoubt/base/guarded.hpp>

namespace redoubt {

/// What nfkd() reads at most, in bytes.
constexpr std::size_t max_nfkd_input = 2048;

/// The text, UTF-8, in Unicode's Normalization Form KD (UAX #15, of Unicode 14): secrets typed on
/// different keyboards become the same bytes. Nothing if it is longer than `max_nfkd_input` or no
/// UTF-8 (RFC 3629: no surrogates, no longer forms). Leaves no copy of it elsewhere in memory.
[[nodiscard]] std::optional<GuardedBytes> nfkd(std::string_view text);

}  // namespace redoubt
