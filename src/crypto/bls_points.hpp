// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blst.h>

#include <optional>

#include <redoubt/crypto/bls.hpp>

/// What bls.cpp and public_key.cpp share of blst.
namespace redoubt::crypto::bls {

inline constexpr std::size_t public_key_size = 48;

/// The point that a PublicKey of this scheme was parsed to.
struct PointAccess {
    /// Of a point that was made here: in the subgroup, not the point at infinity.
    [[nodiscard]] static PublicKey make(const blst_p1_affine& point);
    /// Null, if the key is of another scheme.
    [[nodiscard]] static const blst_p1_affine* find(const PublicKey& key);
};

/// 48 bytes, compressed: on the curve, in the subgroup, not the point at infinity. Each such point
/// has one encoding.
[[nodiscard]] std::optional<blst_p1_affine> parse_public_key(ByteView encoded);

/// A signature outside of the subgroup, or of the point at infinity, is none.
[[nodiscard]] bool verify(const blst_p1_affine& key, ByteView message, Domain domain,
                          const RawSignature& signature);

}  // namespace redoubt::crypto::bls
