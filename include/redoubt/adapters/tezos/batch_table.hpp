// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <redoubt/adapters/tezos/sealed_table.hpp>

/// Where the table remembers which keys were made together: `pkh` is `batch/<name>`, `scope` is
/// `batch`.
///
/// | attribute | type   | meaning                                                              |
/// |-----------|--------|----------------------------------------------------------------------|
/// | `fields`  | S      | what was asked for                                                   |
/// | `keys`    | L of S | the public keys, in order                                            |
/// | `made`    | N      | ms since 1970                                                        |
/// | `pending` | L of M | the wrap's item and then the keys', until all of them are in the     |
/// |           |        | table by themselves                                                  |
///
/// This item decides: it is created whole, by one conditional write, before the items that it
/// holds. So of several calls with one name one makes the keys, and each of the others, whenever it
/// comes, finds them here and can finish what that one began, though it cannot open them.
namespace redoubt::tezos_adapters {

/// What is not in the table by itself yet.
struct PendingKeys {
    sealed::Wrap wrap;
    std::vector<SealedItem> keys;
};

/// Keys that were made by one call.
struct Batch {
    std::string name;
    std::string fields;
    std::vector<crypto::PublicKey> keys;
    std::int64_t made_ms = 0;
    std::optional<PendingKeys> pending;
};

[[nodiscard]] ObjectText to_item(const Batch& batch);
/// Nothing unless each attribute is there, of its type, and agrees with the others and with the
/// item's own key.
[[nodiscard]] std::optional<Batch> parse_batch_item(const Json& item);

/// Whether an item is that of a batch, or of the one of that name: by its key alone.
[[nodiscard]] bool is_batch_item(const Json& item);
[[nodiscard]] bool is_batch_item_of(const Json& item, std::string_view name);

}  // namespace redoubt::tezos_adapters
