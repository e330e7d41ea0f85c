// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <redoubt/base/bytes.hpp>

namespace redoubt::crypto {

/// What a key is derived from. Without a salt, RFC 5869 takes zeros.
struct HkdfInput {
    ByteView key;
    ByteView salt = {};
    ByteView info = {};
};

/// HKDF-SHA256 (RFC 5869), as many bytes as `out` has; that may be guarded memory. Throws for an
/// empty key, for an empty `out`, and for one beyond 255 x 32 bytes.
void hkdf_sha256(const HkdfInput& input, std::span<Byte> out);

}  // namespace redoubt::crypto
