// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <simulation/engine/violation.hpp>

namespace redoubt::simulation::tezos {

inline void demand(bool kept, const std::string& promise, const std::string& what) {
    if (!kept) throw Violation(promise + ": " + what);
}

}  // namespace redoubt::simulation::tezos
