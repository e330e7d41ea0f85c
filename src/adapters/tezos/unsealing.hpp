// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include <redoubt/adapters/tezos/sealed_keys.hpp>

namespace redoubt::tezos_adapters {

/// What is read for one key, or why it is not.
using ReadItem = Result<SealedItem>;

/// The sealed items of `keys`, in their order, by one consistent read. Errors: wrap_unavailable,
/// wrap_refused (the table refuses), damaged_key (none, or one that can't be read).
[[nodiscard]] std::vector<ReadItem> read_sealed_items(const SealedSources& sources,
                                                      std::span<const tezos::KeyHash> keys,
                                                      SteadyTime deadline);

}  // namespace redoubt::tezos_adapters
