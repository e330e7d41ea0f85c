// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/guarded.hpp>
#include <redoubt/base/result.hpp>
#include <redoubt/sealed/wrap.hpp>

namespace redoubt::sealed {

inline constexpr std::size_t secret_size = 32;
inline constexpr std::size_t public_key_size = 48;  // a compressed point of BLS12-381's G1
/// Version, nonce, ciphertext, tag.
inline constexpr std::size_t sealed_size = 1 + 12 + secret_size + 16;

/// The secret, readable only with this wrap, for this purpose and as the secret of this public key.
/// Throws for sizes other than those above.
[[nodiscard]] Bytes seal(const WrapKey& key, const WrapId& id, Purpose purpose, ByteView public_key,
                         ByteView secret);

/// What `seal` sealed. Whoever takes it compares the public key that it derives. Errors:
/// damaged_key, for anything that was altered or belongs elsewhere.
[[nodiscard]] Result<GuardedBytes> unseal(const WrapKey& key, const WrapId& id, Purpose purpose,
                                          ByteView public_key, ByteView sealed);

}  // namespace redoubt::sealed
