// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/guarded.hpp>

namespace redoubt::tezos {

/// No base58 text that Tezos knows and this signer reads is longer (a BLS signature). Decoding
/// costs the square of the length, so longer texts are refused unread.
inline constexpr std::size_t max_base58_length = 142;

/// Base58Check: base58(bytes + first 4 bytes of SHA-256(SHA-256(bytes))).
[[nodiscard]] std::string to_base58check(ByteView bytes);

/// The bytes without their checksum; nothing for a wrong alphabet, checksum or length.
[[nodiscard]] std::optional<Bytes> from_base58check(std::string_view text);

/// The same two for secrets, of which nothing is left elsewhere. `bytes` do not begin with zero,
/// and both have a size that is known beforehand: nothing if a text does not come to that.
[[nodiscard]] GuardedBytes to_secret_base58check(ByteView bytes, std::size_t text_size);
[[nodiscard]] std::optional<GuardedBytes> from_secret_base58check(ByteView text, std::size_t size);

}  // namespace redoubt::tezos
