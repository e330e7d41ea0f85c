// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <redoubt/base/json.hpp>

#include "random.hpp"

namespace redoubt::simulation {

/// Damages one of an item's attributes, the first of which is of bytes: it is lost, of another
/// type, or (of those that are bytes) has another bit. Which one.
std::string damage(Json& item, const std::vector<std::string>& attributes, Random& random);

/// What no attribute of these tables is where another type is wanted.
[[nodiscard]] inline Json attribute_of_another_type() { return {{"L", Json::array()}}; }

}  // namespace redoubt::simulation
