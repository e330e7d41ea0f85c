// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace redoubt {

/// ASCII letters only, as in names of HTTP headers.
[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string upper_case(std::string_view text);
/// Without the white space at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace redoubt
