// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <redoubt/adapters/sealed/unsealing.hpp>
#include <redoubt/base/clock.hpp>

namespace redoubt::bootstrap {

/// A line for each attempt to open what is sealed: which are open now, which stay closed, and why.
/// `what`: "sealed keys" or "wraps"; `named`: the field that has the name of a closed one.
void log_opening(const Clock& clock, const sealed_adapters::Opening& opening, std::string_view what,
                 std::string_view named);

}  // namespace redoubt::bootstrap
