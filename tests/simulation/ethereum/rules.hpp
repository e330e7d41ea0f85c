// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>

/// What slashes a validator, and what its row has to do, in their own words: nothing of Redoubt is
/// included here. Sources: consensus-specs, is_slashable_attestation_data and process_proposer_
/// slashing; EIP-3076.
namespace redoubt::simulation::ethereum {

/// Stands for no root, and for one that another signer signed.
inline constexpr int no_root = 0;
inline constexpr int other_root = -1;

/// A vote has source and target; a block its slot alone, as its target.
struct Message {
    bool is_block = false;
    int source = 0;
    int target = 0;
    int root = no_root;
    auto operator<=>(const Message&) const = default;
};
[[nodiscard]] std::string text(const Message& message);

/// Whether whoever signed both is slashed.
[[nodiscard]] bool is_slashable(const Message& one, const Message& other);

struct Row {
    bool is_on = true;
    int source = 0;
    int target = 0;
    int vote_root = no_root;
    int slot = 0;
    int block_root = no_root;
    auto operator<=>(const Row&) const = default;
};
[[nodiscard]] std::string text(const Row& row);

/// What somebody else has signed at most.
struct Marks {
    int source = 0;
    int target = 0;
    int slot = 0;
};
[[nodiscard]] std::string text(const Marks& marks);

/// Whether a row has to approve a message, and is then as `after_approval` says.
[[nodiscard]] bool approves(const Row& row, const Message& message);
[[nodiscard]] Row after_approval(Row row, const Message& message);
[[nodiscard]] Row after_import(Row row, const Marks& marks);

}  // namespace redoubt::simulation::ethereum
