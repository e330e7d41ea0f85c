// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/bytes.hpp>
#include <redoubt/crypto/hash.hpp>

namespace redoubt::crypto {

using Digest = ByteArray<32>;

/// What a signature is over, in both forms: ECDSA and Ed25519 here sign the digest, BLS the bytes.
struct Message {
    ByteView bytes;
    Digest digest{};  // BLAKE2b-256 of `bytes`
};

/// With its digest. `bytes` outlive it.
[[nodiscard]] inline Message message_of(ByteView bytes) { return {bytes, blake2b_256(bytes)}; }

}  // namespace redoubt::crypto
