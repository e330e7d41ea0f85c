// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <redoubt/base/bytes.hpp>

namespace redoubt::crypto {

/// Keccak-256 as Ethereum has it: SHA3-256 but for the padding, which is that of the submission to
/// NIST. (OpenSSL 3.0 and libsodium lack it.)
[[nodiscard]] ByteArray<32> keccak_256(ByteView message);

}  // namespace redoubt::crypto
