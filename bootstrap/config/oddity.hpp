// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace redoubt::bootstrap {

/// What is in a value that nobody sees, or that came along when it was copied, and where: `ends
/// with a line break`, `has a no-break space as character 7`. Nothing else of the value is told.
/// Empty if all of it is visible ASCII and no quotation mark.
[[nodiscard, gnu::cold]] std::string oddity(std::string_view value);

}  // namespace redoubt::bootstrap
