// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include <redoubt/base/bytes.hpp>

namespace redoubt::crypto {

/// The first block of PBKDF2 with HMAC-SHA512. OpenSSL's own copies its contexts at each round,
/// which takes longer than to hash.
void pbkdf2_sha512(std::uint32_t iterations, ByteView password, ByteView salt,
                   std::span<Byte, 64> out);

}  // namespace redoubt::crypto
