// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "violation.hpp"

namespace redoubt::simulation {

inline void demand(bool kept, const std::string& promise, const std::string& what) {
    if (!kept) throw Violation(promise + ": " + what);
}

}  // namespace redoubt::simulation
