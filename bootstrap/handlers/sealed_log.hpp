// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/adapters/tezos/sealed_keys.hpp>
#include <redoubt/base/clock.hpp>

namespace redoubt::bootstrap {

/// A line for each attempt to open sealed keys: which are open now, which stay closed, and why.
void log_opening(const Clock& clock, const tezos_adapters::Opening& opening);

}  // namespace redoubt::bootstrap
