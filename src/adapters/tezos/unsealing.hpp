// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <redoubt/adapters/tezos/sealed_keys.hpp>
#include <redoubt/sealed/opening.hpp>

namespace redoubt::tezos_adapters {

/// What is read for one key, or why it is not.
using ReadItem = Result<SealedItem>;

/// The sealed items of `keys`, in their order, by one consistent read. Errors: wrap_unavailable,
/// wrap_refused (the table refuses), damaged_key (none, or one that can't be read).
[[nodiscard]] std::vector<ReadItem> read_sealed_items(const SealedSources& sources,
                                                      std::span<const tezos::KeyHash> keys,
                                                      SteadyTime deadline);

/// A wrap's key, or why it stays closed.
using OpenWraps = std::map<std::string, Result<sealed::Opened>>;  // by the wrap's id

/// Opens wraps: one consistent read, then all shares at once, `beside` with them. Errors:
/// wrap_unavailable, wrap_refused, credentials_expired.
[[nodiscard]] OpenWraps open_wraps(const SealedSources& sources,
                                   const std::vector<sealed::WrapId>& ids,
                                   std::span<io::Exchange* const> beside, SteadyTime deadline);

}  // namespace redoubt::tezos_adapters
