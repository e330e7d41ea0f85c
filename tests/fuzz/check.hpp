// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>

namespace redoubt::fuzz {

/// Ends the process unless `holds`, so that libFuzzer keeps the input; says which property did not.
inline void check(bool holds, std::string_view property,
                  std::source_location at = std::source_location::current()) {
    if (holds) return;
    std::fprintf(stderr, "%s:%u: not so: %.*s\n", at.file_name(), at.line(),
                 static_cast<int>(property.size()), property.data());
    std::abort();
}

}  // namespace redoubt::fuzz
