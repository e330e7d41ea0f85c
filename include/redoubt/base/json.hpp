// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace redoubt {

using Json = nlohmann::json;

/// Parses without throwing. Nothing for anything but one JSON value, for a member named twice (two
/// readers could disagree on which counts) and for more than 32 levels of nesting.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);

/// The member `key` of an object; null if `value` is no object or has no such member.
[[nodiscard]] const Json* member(const Json& value, std::string_view key);

/// The member `key` if it is a string, not copied; null otherwise.
[[nodiscard]] const std::string* string_member(const Json& value, std::string_view key);

/// `value` on one line. Bytes that are not UTF-8 become U+FFFD, so this never throws.
[[nodiscard]] std::string dump(const Json& value);

}  // namespace redoubt
