// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace redoubt::ethereum {

/// The deposit tool's version whose format and rules our files have. The launchpad refuses files
/// of tools that it takes for too old.
constexpr std::string_view format_version = "1.3.1";

}  // namespace redoubt::ethereum
