// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <redoubt/adapters/tezos/batch_table.hpp>
#include <redoubt/operator/tezos/commands.hpp>

/// What the table holds besides rows. It is small, so it is read whole.
namespace redoubt::tezos_operator {

/// An item that its attributes say nothing sound of, by its key.
struct DamagedItem {
    std::string pkh;
    std::string scope;
};

struct SealedContents {
    std::vector<tezos_adapters::SealedItem> keys;
    std::vector<sealed::Wrap> wraps;
    std::vector<tezos_adapters::Batch> batches;
    std::vector<DamagedItem> damaged;
};

/// By a consistent scan, page by page. Errors: those of the table.
[[nodiscard]] Result<SealedContents> read_contents(const Context& context, SteadyTime deadline);

/// Null if there is none.
[[nodiscard]] const tezos_adapters::SealedItem* find_key(const SealedContents& contents,
                                                         const crypto::PublicKey& key);
[[nodiscard]] const sealed::Wrap* find_wrap(const SealedContents& contents,
                                            const sealed::WrapId& id);
[[nodiscard]] const tezos_adapters::Batch* find_batch(const SealedContents& contents,
                                                      std::string_view name);
[[nodiscard]] bool is_damaged(const SealedContents& contents, std::string_view pkh);

}  // namespace redoubt::tezos_operator
