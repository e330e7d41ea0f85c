// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace redoubt::simulation::ethereum {

/// What should have been, was not.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace redoubt::simulation::ethereum
