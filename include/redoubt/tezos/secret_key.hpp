// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <redoubt/crypto/bls.hpp>

/// The text of a tz4 key's secret: `BLsk…`, in which the scalar is little-endian. Nothing of the
/// secret is left outside of what is given and returned.
namespace redoubt::tezos {

/// 54 characters.
[[nodiscard]] GuardedBytes to_text(const crypto::bls::SecretKey& key);

/// Nothing if it is no such text, or its scalar is zero or not below the group order.
[[nodiscard]] std::optional<crypto::bls::SecretKey> parse_bls_secret(ByteView text);

}  // namespace redoubt::tezos
