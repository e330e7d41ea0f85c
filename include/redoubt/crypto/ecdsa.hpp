// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/crypto/public_key.hpp>

namespace redoubt::crypto {

/// Reads the DER of an ECDSA signature, `SEQUENCE { INTEGER r, INTEGER s }`, in its one legal
/// spelling: minimal lengths and integers, nothing after them, 0 < r, s < group order.
[[nodiscard]] std::optional<RawSignature> parse_der_signature(SignatureScheme scheme, ByteView der);

/// Replaces s by the group order minus s if it is above half the order. Both are valid; Tezos
/// refuses the high one on secp256k1. Of a scheme without such an s, and of a wrong size, nothing
/// is changed.
[[nodiscard]] RawSignature with_low_s(SignatureScheme scheme, const RawSignature& signature);

/// Whether s is at most half the group order, or the scheme has none. Not of a wrong size.
[[nodiscard]] bool has_low_s(SignatureScheme scheme, const RawSignature& signature);

}  // namespace redoubt::crypto
