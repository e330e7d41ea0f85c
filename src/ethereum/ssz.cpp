// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/ssz.hpp>

#include <algorithm>
#include <bit>
#include <stdexcept>

#include <redoubt/crypto/hash.hpp>

namespace redoubt::ethereum::ssz {
namespace {

constexpr std::size_t leaf_bytes = 32;
constexpr std::size_t leaf_bits = 8 * leaf_bytes;

Root hash_pair(const Root& left, const Root& right) {
    ByteArray<2 * leaf_bytes> both{};
    std::ranges::copy(right, std::ranges::copy(left, both.begin()).out);
    return crypto::sha256(both);
}

/// The last one is filled up with zeros.
std::vector<Root> leaves_of(ByteView packed) {
    std::vector<Root> leaves((packed.size() + leaf_bytes - 1) / leaf_bytes);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const ByteView rest = packed.subspan(i * leaf_bytes);
        std::ranges::copy(rest.first(std::min(leaf_bytes, rest.size())), leaves[i].begin());
    }
    return leaves;
}

}  // namespace

Root merkleize(std::vector<Root> leaves, std::uint64_t limit) {
    if (leaves.size() > limit) throw std::length_error("more leaves than their type allows");
    auto& layer = leaves;
    Root zero{};  // the root of a tree of zeros as high as the layer
    for (std::uint64_t width = std::bit_ceil(std::max<std::uint64_t>(limit, 1)); width > 1;
         width /= 2) {
        if (layer.size() % 2 != 0) layer.push_back(zero);
        for (std::size_t i = 0; i < layer.size() / 2; ++i) {
            layer[i] = hash_pair(layer[2 * i], layer[2 * i + 1]);
        }
        layer.resize(layer.size() / 2);
        zero = hash_pair(zero, zero);
    }
    return layer.empty() ? zero : layer.front();
}

Root number(std::uint64_t value) {
    Root leaf{};
    for (std::size_t i = 0; i < sizeof(value); ++i) leaf[i] = static_cast<Byte>(value >> (8 * i));
    return leaf;
}

Root boolean(bool value) { return number(value ? 1 : 0); }

Root bytes(ByteView vector) {
    std::vector<Root> leaves = leaves_of(vector);
    const std::size_t count = leaves.size();
    return merkleize(std::move(leaves), count);
}

Root container(std::initializer_list<Root> fields) { return merkleize(fields, fields.size()); }

Root list(std::vector<Root> leaves, std::uint64_t limit, std::uint64_t length) {
    return hash_pair(merkleize(std::move(leaves), limit), number(length));
}

std::optional<BitList> BitList::parse(ByteView serialized, std::size_t limit) {
    if (serialized.empty() || serialized.back() == 0) return std::nullopt;
    const Byte end = std::bit_floor(serialized.back());
    const std::size_t size =
        8 * (serialized.size() - 1) + static_cast<std::size_t>(std::countr_zero(end));
    if (size > limit) return std::nullopt;
    Bytes bits(serialized.begin(), serialized.end());
    bits.back() ^= end;
    if (end == 1) bits.pop_back();  // the end had a byte of its own
    return BitList(std::move(bits), size, limit);
}

Root BitList::root() const {
    return list(leaves_of(bits_), (limit_ + leaf_bits - 1) / leaf_bits, size_);
}

}  // namespace redoubt::ethereum::ssz
