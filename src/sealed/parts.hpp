// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include <redoubt/crypto/aes_gcm.hpp>
#include <redoubt/sealed/envelope.hpp>
#include <redoubt/sealed/shares.hpp>
#include <redoubt/sealed/wrap.hpp>

/// What sealed/ is made of, with the random numbers given. Only this folder and its tests reach it:
/// a wrap, share or nonce of chosen numbers protects nothing.
namespace redoubt::sealed {

class KeyAccess {
public:
    /// `bytes` are of WrapKey::size.
    [[nodiscard]] static WrapKey made_of(GuardedBytes bytes) { return WrapKey(std::move(bytes)); }
    [[nodiscard]] static ByteView bytes(const WrapKey& key) { return key.bytes_.view(); }
};

/// `input`: what this machine drew and what KMS did.
[[nodiscard]] WrapKey derived(ByteView input);

/// `coefficients`: of each power from 1 to threshold - 1 one for each byte of the key, power by
/// power. 1 <= threshold <= n.
[[nodiscard]] std::vector<Share> split_by(ByteView coefficients, const WrapKey& key, unsigned n);

/// The value at `x` of the polynomials that go through `shares`, which have one size and distinct
/// places; at 0 it is the key.
[[nodiscard]] GuardedBytes value_at(unsigned x, std::span<const Share* const> shares);

using Nonce = ByteArray<crypto::aes_gcm::nonce_size>;
[[nodiscard]] Bytes seal_by(const Nonce& nonce, const WrapKey& key, const WrapId& id,
                            Purpose purpose, ByteView public_key, ByteView secret);

}  // namespace redoubt::sealed
