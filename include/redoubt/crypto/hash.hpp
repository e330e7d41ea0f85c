// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <redoubt/base/bytes.hpp>

namespace redoubt::crypto {

/// BLAKE2b without a key, with its own output length (not a truncated longer hash).
[[nodiscard]] ByteArray<32> blake2b_256(ByteView message);
[[nodiscard]] ByteArray<20> blake2b_160(ByteView message);

[[nodiscard]] ByteArray<32> sha256(ByteView message);
/// Throws for an empty key.
[[nodiscard]] ByteArray<32> hmac_sha256(ByteView key, ByteView message);

/// CRC-32 as zlib computes it, which DynamoDB sends in `x-amz-crc32`.
[[nodiscard]] std::uint32_t crc32(ByteView message);

}  // namespace redoubt::crypto
