// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include <redoubt/base/bytes.hpp>
#include <redoubt/ethereum/types.hpp>

/// Hash tree roots, as SSZ defines them (consensus-specs, ssz/simple-serialize.md): of a number
/// `number`, of a boolean `boolean`, of a vector of bytes or of bits `bytes`, of a container
/// `container` of its fields' roots, of a list `list`, of a list of bits `BitList`.
namespace redoubt::ethereum::ssz {

/// Of a tree whose leaves are `leaves`, and zeros up to `limit` of them and on to a power of two.
/// Throws for more leaves than `limit`.
[[nodiscard]] Root merkleize(std::vector<Root> leaves, std::uint64_t limit);

/// Little-endian, at the front.
[[nodiscard]] Root number(std::uint64_t value);
[[nodiscard]] Root boolean(bool value);
/// A vector: its length is its type's and not hashed. Eight bits are a byte, the first one lowest.
[[nodiscard]] Root bytes(ByteView vector);
[[nodiscard]] Root container(std::initializer_list<Root> fields);
/// Of `leaves` that hold `length` elements; `limit` leaves would hold as many as the type allows.
[[nodiscard]] Root list(std::vector<Root> leaves, std::uint64_t limit, std::uint64_t length);

/// Bits up to a limit that its type sets.
class BitList {
public:
    /// None, of a type that allows none.
    BitList() = default;
    /// Serialized: eight bits a byte, the first one lowest, and a 1 after the last. Nothing without
    /// that end, or for more bits than `limit`.
    [[nodiscard]] static std::optional<BitList> parse(ByteView serialized, std::size_t limit);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Root root() const;

private:
    BitList(Bytes bits, std::size_t size, std::size_t limit)
        : bits_(std::move(bits)), size_(size), limit_(limit) {}

    Bytes bits_;  // without the end
    std::size_t size_ = 0;
    std::size_t limit_ = 0;
};

}  // namespace redoubt::ethereum::ssz
