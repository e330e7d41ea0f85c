// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include <redoubt/adapters/tezos/sealed_keys.hpp>

namespace redoubt::tezos_adapters {

/// What is read for one key, or why it is not.
using ReadItem = Result<SealedItem>;

struct ReadItems {
    /// Errors: wrap_unavailable, wrap_refused (the table refuses), damaged_key (none, or one that
    /// can't be read).
    std::vector<ReadItem> items;
    sealed_adapters::ReadWraps wraps;
};
/// The sealed items of `keys`, in their order, and the wraps that were made for one of them first,
/// by one consistent read.
[[nodiscard]] ReadItems read_sealed_items(const SealedSources& sources,
                                          std::span<const tezos::KeyInfo* const> keys,
                                          SteadyTime deadline);

}  // namespace redoubt::tezos_adapters
