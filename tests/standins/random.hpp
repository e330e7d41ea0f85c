// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <redoubt/base/bytes.hpp>

namespace redoubt::standins {

[[nodiscard]] Bytes random_bytes(std::size_t count);

/// A random UUID (version 4), as AWS names keys and requests.
[[nodiscard]] std::string make_uuid();

}  // namespace redoubt::standins
