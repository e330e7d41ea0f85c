// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace redoubt::sealed_adapters {

/// What an operator calls keys that are made together: 1 to 64 of `A-Z a-z 0-9 . _ -`.
[[nodiscard]] bool is_batch_name(std::string_view text);

}  // namespace redoubt::sealed_adapters
