// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handlers.hpp"

namespace redoubt::bootstrap {

[[nodiscard, gnu::cold]] NewHandler make_operator(const Environment& environment,
                                                  const Clock& clock);
/// The same for the commands that open sealed keys.
[[nodiscard, gnu::cold]] NewHandler make_tezos_recovery(const Environment& environment,
                                                        const Clock& clock);

}  // namespace redoubt::bootstrap
