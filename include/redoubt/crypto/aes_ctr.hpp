// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <redoubt/base/bytes.hpp>

/// AES-128 in counter mode, which keystores of EIP-2335 have: no authentication, so what a caller
/// reads by it, it has checked otherwise.
namespace redoubt::crypto::aes_ctr {

constexpr std::size_t key_size = 16;
constexpr std::size_t iv_size = 16;

/// Encrypts, and decrypts: the same. `out` is as long as `in`. Throws for another length of key or
/// iv.
void apply(ByteView key, ByteView iv, ByteView in, std::span<Byte> out);

}  // namespace redoubt::crypto::aes_ctr
