// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <redoubt/base/result.hpp>
#include <redoubt/crypto/bls.hpp>

/// Keys of a seed: EIP-2333 says how a key becomes another, EIP-2334 which of them are used.
namespace redoubt::ethereum {

/// `m/12381/3600/<index>/0`: the key that credentials of type 0x00 name, and the parent of the
/// signing key.
[[nodiscard]] std::string withdrawal_path(std::uint32_t index);
/// `m/12381/3600/<index>/0/0`: the key that signs as a validator.
[[nodiscard]] std::string signing_path(std::uint32_t index);

/// The key at a path of EIP-2334, `m/12381/<coin>/<account>/<use>` and up to four more numbers,
/// each below 2^32 and without leading zeros. BadRequest for another path. Throws for a seed of
/// fewer than 32 bytes. Nothing of seed or keys is left elsewhere.
[[nodiscard]] Result<crypto::bls::SecretKey> derive(ByteView seed, std::string_view path);

}  // namespace redoubt::ethereum
