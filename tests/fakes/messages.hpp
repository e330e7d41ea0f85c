// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/tezos/payload.hpp>

/// Consensus messages as bakers send them, written out field by field, with what may be varied.
namespace redoubt::test {

inline constexpr ByteArray<4> mainnet = {0x7a, 0x06, 0xa7, 0x70};

struct Block {
    std::uint32_t level = 100;
    std::uint32_t round = 0;
    std::optional<std::uint32_t> locked_round = {};
    std::uint32_t payload_round = 0;
    bool has_seed_nonce_hash = false;
    ByteArray<4> chain = mainnet;
    Byte filler = 0xab;  // of all hashes
};
[[nodiscard]] Bytes to_bytes(const Block& block);

struct Vote {
    Byte magic = 0x13;
    Byte tag = 21;
    std::uint32_t level = 100;
    std::uint32_t round = 0;
    Bytes dal = {};
    ByteArray<4> chain = mainnet;
    Byte filler = 0xcd;
    bool has_slot = true;
};
[[nodiscard]] Bytes to_bytes(const Vote& vote);

inline constexpr Byte preattestation_magic = 0x12;
inline constexpr Byte preattestation_tag = 20;
inline constexpr Byte attestation_with_dal_tag = 23;

/// As a tz4 key is asked for it: contents tag 40 or 41, and no slot.
[[nodiscard]] Vote of_tz4(Vote vote);

/// Writes a big-endian number over four bytes.
void overwrite(Bytes& bytes, std::size_t offset, std::uint32_t value);

}  // namespace redoubt::test
