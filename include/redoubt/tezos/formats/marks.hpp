// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/result.hpp>
#include <redoubt/tezos/payload.hpp>
#include <redoubt/tezos/types.hpp>

/// The files and rows in which signers remember what they signed, read strictly: what is not fully
/// understood is refused by name (bad_request), and nothing of it is left out in silence.
namespace redoubt::tezos::formats {

/// A mark at this round leaves no round of its level open.
inline constexpr Round last_round{max_int31};

/// What one mark guards.
struct MarkId {
    ChainId chain;
    std::string key;  // its address, also of kinds that this signer can't hold, such as tz4
    ConsensusKind kind{};
    auto operator<=>(const MarkId&) const = default;
};

/// The highest position that may have been signed for each.
using Marks = std::map<MarkId, Position>;

/// One file of a signer, by the name that it has there.
struct File {
    std::string name;
    std::string text;
    bool operator==(const File&) const = default;
};

/// Of two positions for the same, the higher counts.
void keep_highest(Marks& marks, MarkId id, const Position& at);

/// Whether a text is an address, tz1 to tz4 or a later one of their form.
[[nodiscard]] bool is_address(std::string_view text);

}  // namespace redoubt::tezos::formats
