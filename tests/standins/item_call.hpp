// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <redoubt/base/json.hpp>

#include "condition.hpp"

/// What the item operations of DynamoDB have in common. Everything throws AwsException.
namespace redoubt::standins {

/// The member `field` of a call, which must be there.
[[nodiscard]] const Json& required(const Json& call, const std::string& field);

/// The text that a field holds; valid as long as `value`.
[[nodiscard]] std::string_view text_of_field(const Json& value, const std::string& field);

enum class ReturnValues { None, AllOld, UpdatedOld, AllNew, UpdatedNew };

/// `ReturnValues`, if the operation has it.
[[nodiscard]] ReturnValues parse_return_values(const Json& call,
                                               std::initializer_list<std::string_view> allowed);

/// `ConditionExpression` with `ReturnValuesOnConditionCheckFailure`.
class Guard {
public:
    Guard(const Json& call, Placeholders& placeholders);

    /// Throws ConditionalCheckFailedException, with the item if it was asked for and exists.
    void check(const std::optional<Item>& item) const;

private:
    std::optional<Condition> condition_;
    bool show_item_ = false;
};

/// The attributes of `ProjectionExpression`; nothing for all.
using Projection = std::optional<std::set<std::string>>;
[[nodiscard]] Projection parse_projection(const Json& call, Placeholders& placeholders);
[[nodiscard]] Item project(const Item& item, const Projection& projection);

}  // namespace redoubt::standins
