// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/encoding.hpp>
#include <redoubt/base/strong.hpp>

/// Ethereum's words, and their texts: numbers are decimal, bytes `0x` and hex.
/// Source: consensus-specs, specs/phase0/beacon-chain.md.
namespace redoubt::ethereum {

/// The hash tree root of an object; also a node of such a tree.
using Root = ByteArray<32>;
using ForkVersion = ByteArray<4>;

/// Time: 12 s on mainnet, 5 s on Gnosis; and 32 or 16 of those.
using Slot = Strong<struct SlotTag, std::uint64_t>;
using Epoch = Strong<struct EpochTag, std::uint64_t>;
/// 10^9 make an ETH; on Gnosis, 32 * 10^9 a GNO.
using Gwei = Strong<struct GweiTag, std::uint64_t>;
/// A validator's number on the chain.
using ValidatorIndex = Strong<struct ValidatorIndexTag, std::uint64_t>;

/// A compressed point of G2. Not checked to be one.
using SignatureBytes = ByteArray<96>;

/// A validator's name: a compressed point of G1. Not checked to be one.
struct PublicKey {
    ByteArray<48> bytes{};
    auto operator<=>(const PublicKey&) const = default;

    /// `0x` and 96 lower-case digits.
    [[nodiscard]] std::string text() const;
    /// Of 96 hex digits in either case, with `0x` or without.
    [[nodiscard]] static std::optional<PublicKey> parse(std::string_view text);
};

/// An account of the execution layer. Its text with a checksum is in address.hpp.
struct Address {
    ByteArray<20> bytes{};
    auto operator<=>(const Address&) const = default;
};

/// `0x` and lower-case hex.
[[nodiscard]] std::string prefixed_hex(ByteView bytes);

/// `0x` and exactly so many bytes in hex, in either case.
template <std::size_t N>
[[nodiscard]] std::optional<ByteArray<N>> parse_prefixed_hex(std::string_view text) {
    if (text.size() != 2 + 2 * N || !text.starts_with("0x")) return std::nullopt;
    const auto bytes = from_hex(text.substr(2));
    if (!bytes) return std::nullopt;
    ByteArray<N> out{};
    std::ranges::copy(*bytes, out.begin());
    return out;
}

/// The same, from whoever may have left the `0x` out.
template <std::size_t N>
[[nodiscard]] std::optional<ByteArray<N>> parse_hex(std::string_view text) {
    if (text.starts_with("0x")) return parse_prefixed_hex<N>(text);
    return parse_prefixed_hex<N>("0x" + std::string(text));
}

/// Decimal digits alone, without leading zeros, up to 2^64 - 1.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace redoubt::ethereum
