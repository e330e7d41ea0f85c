// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blst.h>

#include <optional>

#include <redoubt/crypto/bls.hpp>

/// What bls.cpp and public_key.cpp share of blst.
namespace redoubt::crypto::bls {

/// 48 bytes, compressed: on the curve, in the subgroup, not the point at infinity. Each such point
/// has one encoding.
[[nodiscard]] std::optional<blst_p1_affine> parse_public_key(ByteView encoded);

/// A signature outside of the subgroup, or of the point at infinity, is none.
[[nodiscard]] bool verify(const blst_p1_affine& key, ByteView message, Domain domain,
                          const RawSignature& signature);

}  // namespace redoubt::crypto::bls
