// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/base/bytes.hpp>
#include <redoubt/base/guarded.hpp>

/// The function of RFC 7748.
namespace redoubt::crypto {

/// What two sides share: `secret` (32 bytes) times `point`. Nothing if it would be zero, which is
/// so of a point of low order, whatever the secret is.
[[nodiscard]] std::optional<GuardedBytes> x25519(ByteView secret, const ByteArray<32>& point);

/// The point that belongs to `secret`.
[[nodiscard]] ByteArray<32> x25519_point(ByteView secret);

}  // namespace redoubt::crypto
