// SPDX-License-Identifier: Apache-2.0
#include "item_call.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

constexpr std::array<std::string_view, 2> on_failure = {"NONE", "ALL_OLD"};

/// `tableName` for `TableName`, as validation messages spell members.
std::string spelled(std::string field) {
    if (!field.empty() && field[0] >= 'A' && field[0] <= 'Z') {
        field[0] = static_cast<char>(field[0] - 'A' + 'a');
    }
    return field;
}

std::string_view choice(const Json& call, const std::string& field,
                        std::span<const std::string_view> allowed) {
    const Json* given = member(call, field);
    if (given == nullptr) return "NONE";
    const std::string_view text = text_of_field(*given, field);
    if (std::ranges::find(allowed, text) == allowed.end()) {
        throw validation("1 validation error detected: Value '" + std::string(text) + "' at '" +
                         spelled(field) +
                         "' failed to satisfy constraint: Member must satisfy enum value set");
    }
    return text;
}

}  // namespace

const Json& required(const Json& call, const std::string& field) {
    const Json* found = member(call, field);
    if (found == nullptr || found->is_null()) {
        throw validation("1 validation error detected: Value null at '" + spelled(field) +
                         "' failed to satisfy constraint: Member must not be null");
    }
    return *found;
}

std::string_view text_of_field(const Json& value, const std::string& field) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr) {
        throw AwsException{.type = "SerializationException",
                           .message = field + " must be a string"};
    }
    return *text;
}

ReturnValues parse_return_values(const Json& call,
                                 std::initializer_list<std::string_view> allowed) {
    static constexpr std::array<std::string_view, 5> names = {"NONE", "ALL_OLD", "UPDATED_OLD",
                                                              "ALL_NEW", "UPDATED_NEW"};
    const std::string_view chosen = choice(call, "ReturnValues", names);
    if (std::ranges::find(allowed, chosen) == allowed.end()) {
        throw validation("ReturnValues can only be ALL_OLD or NONE");
    }
    return static_cast<ReturnValues>(std::ranges::find(names, chosen) - names.begin());
}

Guard::Guard(const Json& call, Placeholders& placeholders)
    : show_item_(choice(call, "ReturnValuesOnConditionCheckFailure", on_failure) == "ALL_OLD") {
    const Json* text = member(call, "ConditionExpression");
    if (text == nullptr) return;
    condition_.emplace(text_of_field(*text, "ConditionExpression"), "ConditionExpression",
                       placeholders);
}

void Guard::check(const std::optional<Item>& item) const {
    if (!condition_ || condition_->holds(item.value_or(Item{}))) return;
    throw AwsException{
        .type = "ConditionalCheckFailedException",
        .message = "The conditional request failed",
        .more = show_item_ && item ? Json{{"Item", to_json(*item)}} : Json::object()};
}

Projection parse_projection(const Json& call, Placeholders& placeholders) {
    const Json* text = member(call, "ProjectionExpression");
    if (text == nullptr) return std::nullopt;
    Words words(text_of_field(*text, "ProjectionExpression"), "ProjectionExpression", placeholders);
    std::set<std::string> names;
    do {
        names.insert(words.path());
    } while (words.take_if(","));
    if (!words.at_end()) words.syntax_error();
    return names;
}

Item project(const Item& item, const Projection& projection) {
    if (!projection) return item;
    Item shown;
    for (const auto& [name, value] : item) {
        if (projection->contains(name)) shown.emplace(name, value);
    }
    return shown;
}

}  // namespace redoubt::standins
