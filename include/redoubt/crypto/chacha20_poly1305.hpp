// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/bytes.hpp>

namespace redoubt::crypto {

/// RFC 8439, without additional data: ciphertext and tag of 16 bytes. `key` is of 32 bytes, and
/// used once with each nonce.
[[nodiscard]] Bytes chacha20_poly1305(ByteView key, const ByteArray<12>& nonce, ByteView plaintext);

}  // namespace redoubt::crypto
