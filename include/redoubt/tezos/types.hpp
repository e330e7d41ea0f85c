// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/strong.hpp>
#include <redoubt/crypto/public_key.hpp>

/// Tezos' words, and their base58 texts.
/// Source: octez src/lib_crypto/base58.ml (prefixes), signature_v3.ml (kinds and tags).
namespace redoubt::tezos {

using crypto::Digest;
using crypto::Message;
using crypto::PublicKey;
using crypto::RawSignature;
using crypto::SignatureScheme;

/// Levels and rounds are int32 on the wire and never negative.
inline constexpr std::uint32_t max_int31 = 0x7fffffff;

using Level = Strong<struct LevelTag, std::uint32_t>;
using Round = Strong<struct RoundTag, std::uint32_t>;
using ChainId = Strong<struct ChainIdTag, ByteArray<4>>;

/// Where in a chain a message stands; ordered by level, then round.
struct Position {
    Level level;
    Round round;
    auto operator<=>(const Position&) const = default;
};

/// The address of a key: BLAKE2b-160 of its encoded public key.
struct KeyHash {
    SignatureScheme scheme{};
    ByteArray<20> hash{};
    auto operator<=>(const KeyHash&) const = default;
};

[[nodiscard]] KeyHash hash_of(const PublicKey& key);

/// The byte that stands for a scheme in Tezos' binary unions: 0 tz1, 1 tz2, 2 tz3, 3 tz4.
[[nodiscard]] Byte tag_of(SignatureScheme scheme);

[[nodiscard]] std::string to_text(const ChainId& chain);  // Net…
[[nodiscard]] std::string to_text(const KeyHash& hash);   // tz1… tz2… tz3… tz4…
[[nodiscard]] std::string to_text(const PublicKey& key);  // edpk… sppk… p2pk… BLpk…
[[nodiscard]] std::string to_text(SignatureScheme scheme,
                                  const RawSignature& signature);  // edsig… spsig1… p2sig… BLsig…

[[nodiscard]] std::optional<ChainId> parse_chain_id(std::string_view text);
[[nodiscard]] std::optional<KeyHash> parse_key_hash(std::string_view text);
[[nodiscard]] std::optional<PublicKey> parse_public_key(std::string_view text);

/// A signature as text; without a scheme if it is of the generic form `sig…`.
struct SignatureText {
    std::optional<SignatureScheme> scheme;
    RawSignature raw{};
};
/// Of the four schemes' forms, and of the generic one, which has 64 bytes.
[[nodiscard]] std::optional<SignatureText> parse_signature(std::string_view text);

}  // namespace redoubt::tezos
