// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace redoubt::fuzz {

/// Cuts off what comes first of `rest`, up to `end`, which is dropped.
[[nodiscard]] inline std::string_view take_until(std::string_view& rest, std::string_view end) {
    const std::size_t size = std::min(rest.find(end), rest.size());
    const std::string_view taken = rest.substr(0, size);
    rest.remove_prefix(std::min(size + end.size(), rest.size()));
    return taken;
}

[[nodiscard]] inline std::string_view take_line(std::string_view& rest) {
    return take_until(rest, "\n");
}

}  // namespace redoubt::fuzz
