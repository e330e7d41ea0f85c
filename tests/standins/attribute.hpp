// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <redoubt/base/json.hpp>

#include "number.hpp"

namespace redoubt::standins {

/// The types that items of ours need. Of sets, those of texts.
enum class Type { S, N, B, Bool, Null, List, Map, StringSet };

/// `S`, `N`, `B`, `BOOL`, `NULL`, `L`, `M`, `SS`
[[nodiscard]] std::string_view name(Type type);
[[nodiscard]] std::optional<Type> parse_type(std::string_view text);

/// A typed value of DynamoDB.
struct Attribute {
    Type type = Type::Null;
    std::string text{};  ///< S: UTF-8. B: the bytes.
    Number number{};     ///< N
    bool truth = true;   ///< BOOL
    Json nested{};       ///< L, M: the typed values within. SS: the texts, in order.

    bool operator==(const Attribute&) const = default;
};

/// `{"N":"1"}`. Throws AwsException.
[[nodiscard]] Attribute parse_attribute(const Json& typed);
[[nodiscard]] Json to_json(const Attribute& attribute);

/// As DynamoDB orders values: nothing for two types, or for types without an order.
[[nodiscard]] std::optional<std::strong_ordering> compare(const Attribute& a, const Attribute& b);

using Item = std::map<std::string, Attribute>;

/// Throws AwsException.
[[nodiscard]] Item parse_item(const Json& typed);
[[nodiscard]] Json to_json(const Item& item);

}  // namespace redoubt::standins
