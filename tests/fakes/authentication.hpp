// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "secret_key.hpp"

namespace redoubt::test {

/// The text that octez-client puts into `authentication`.
[[nodiscard]] std::string authentication(const SecretKey& baker, const tezos::KeyHash& key,
                                         ByteView payload);

}  // namespace redoubt::test
