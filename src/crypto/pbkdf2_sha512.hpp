// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include <redoubt/base/bytes.hpp>

namespace redoubt::crypto {

/// A password, and where its key goes.
struct PasswordToKey {
    ByteView password;
    std::span<Byte, 64> key;
};

/// The first block of PBKDF2 with HMAC-SHA512, of each password with that salt. OpenSSL's own
/// copies its contexts at each round, which takes longer than to hash. Four at once take less time,
/// where the processor has vectors for it.
void pbkdf2_sha512(std::uint32_t iterations, ByteView salt, std::span<const PasswordToKey> all);

}  // namespace redoubt::crypto
