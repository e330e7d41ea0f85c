// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
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

/// A JSON object written member by member, without a tree: for what every signature sends.
class ObjectText {
public:
    /// Whoever adds sees to it that no name comes twice.
    ObjectText& add(std::string_view name, std::string_view value);
    ObjectText& add(std::string_view name, const ObjectText& value);
    ObjectText& add(std::string_view name, std::span<const ObjectText> list);
    ObjectText& add_json(std::string_view name, const Json& value);
    /// `json` is JSON's text already, of a number or the like.
    ObjectText& add_verbatim(std::string_view name, std::string_view json);

    [[nodiscard]] bool empty() const { return open_.size() == 1; }
    [[nodiscard]] std::string text() const { return open_ + "}"; }

private:
    void begin_member(std::string_view name);

    std::string open_ = "{";  // all but the closing brace
};

}  // namespace redoubt
