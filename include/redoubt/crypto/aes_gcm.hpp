// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/guarded.hpp>

/// AES-256-GCM (NIST SP 800-38D) with nonces of 12 and tags of 16 bytes.
namespace redoubt::crypto::aes_gcm {

inline constexpr std::size_t key_size = 32;
inline constexpr std::size_t nonce_size = 12;
inline constexpr std::size_t tag_size = 16;

/// What encryption and decryption have to agree on. The nonce must be another for each plaintext
/// under one key; the key has `key_size` bytes, anything else throws.
struct Settings {
    ByteView key;
    ByteArray<nonce_size> nonce;
    ByteView additional_data;  // authenticated, not encrypted
};

/// The ciphertext, as long as the plaintext, and the tag.
[[nodiscard]] Bytes encrypt(const Settings& settings, ByteView plaintext);

/// The plaintext, after the tag was verified; nothing if it does not fit.
[[nodiscard]] std::optional<GuardedBytes> decrypt(const Settings& settings, ByteView sealed);

}  // namespace redoubt::crypto::aes_gcm
