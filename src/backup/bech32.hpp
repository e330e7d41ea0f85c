// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <redoubt/base/bytes.hpp>

namespace redoubt::backup {

/// The 32 bytes of a text of Bech32 (BIP 173) that begins with `prefix` and `1`. In lower case
/// only, so that there is one spelling for each value.
[[nodiscard]] std::optional<ByteArray<32>> from_bech32(std::string_view prefix,
                                                       std::string_view text);

}  // namespace redoubt::backup
