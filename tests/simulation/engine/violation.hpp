// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace redoubt::simulation {

/// A promise that was broken.
struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace redoubt::simulation
