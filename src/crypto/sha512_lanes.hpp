// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace redoubt::crypto {

inline constexpr std::size_t sha512_lanes = 4;
/// The eight words of a hash, and of each word that of every lane.
using LaneWords = std::array<std::array<std::uint64_t, sha512_lanes>, 8>;

/// HMAC-SHA512 with a key for each lane, as PBKDF2 has it.
struct HmacLanes {
    alignas(32) LaneWords inner{};  // after a block of the key
    alignas(32) LaneWords outer{};  // and after the other one
    alignas(32) LaneWords hash{};
    alignas(32) LaneWords sum{};
};

/// Whether this processor has vectors in which four hashes take less time than one after the other.
[[nodiscard]] bool has_sha512_lanes();

/// So many times: the HMAC of `hash` takes its place, and is added (XOR) to `sum`. Where there are
/// none, it throws std::logic_error.
void hash_lanes(HmacLanes& lanes, std::uint32_t times);

}  // namespace redoubt::crypto
