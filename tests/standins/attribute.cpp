// SPDX-License-Identifier: Apache-2.0
#include "attribute.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <redoubt/base/encoding.hpp>

#include "aws_exception.hpp"

namespace redoubt::standins {

namespace {

struct Named {
    std::string_view name;
    Type type;
};

constexpr std::array types = {Named{"S", Type::S},       Named{"N", Type::N},
                              Named{"B", Type::B},       Named{"BOOL", Type::Bool},
                              Named{"NULL", Type::Null}, Named{"L", Type::List},
                              Named{"M", Type::Map},     Named{"SS", Type::StringSet}};

AwsException unreadable(std::string message) {
    return {.type = "SerializationException", .message = std::move(message)};
}

const std::string& string_of(const Json& value) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text == nullptr) throw unreadable("Unexpected value type in payload");
    return *text;
}

bool truth_of(const Json& value) {
    const auto* truth = value.get_ptr<const bool*>();
    if (truth == nullptr) throw unreadable("Unexpected token received from parser");
    return *truth;
}

std::string bytes_of_base64(const Json& value) {
    const auto bytes = from_base64(string_of(value));
    if (!bytes) throw unreadable("Invalid Base64 in a binary value");
    return std::string(text_of(*bytes));
}

/// Each checked, in the one spelling that its value has.
Json nested_in(const Json& values, Type type) {
    if (type == Type::List ? !values.is_array() : !values.is_object()) {
        throw unreadable("Unexpected value type in payload");
    }
    Json out = values;
    for (Json& value : out) value = to_json(parse_attribute(value));
    return out;
}

/// Sorted, as a set has no order.
Json texts_in(const Json& values) {
    if (!values.is_array()) throw unreadable("Unexpected value type in payload");
    std::set<std::string> texts;
    for (const Json& value : values) {
        if (!texts.insert(string_of(value)).second) {
            throw validation("One or more parameter values were invalid: Input collection " +
                             values.dump() + " contains duplicates.");
        }
    }
    if (texts.empty()) {
        throw validation(
            "One or more parameter values were invalid: An string set  may not be empty");
    }
    return texts;
}

}  // namespace

std::string_view name(Type type) { return std::ranges::find(types, type, &Named::type)->name; }

std::optional<Type> parse_type(std::string_view text) {
    const auto* found = std::ranges::find(types, text, &Named::name);
    if (found == types.end()) return std::nullopt;
    return found->type;
}

Attribute parse_attribute(const Json& typed) {
    if (!typed.is_object()) throw unreadable("Unexpected value type in payload");
    if (typed.size() > 1) {
        throw validation(
            "Supplied AttributeValue has more than one datatypes set, must contain "
            "exactly one of the supported datatypes");
    }
    const auto type = typed.empty() ? std::nullopt : parse_type(typed.begin().key());
    if (!type) {
        throw validation(
            "Supplied AttributeValue is empty, must contain exactly one of the "
            "supported datatypes");
    }
    const Json& value = *typed.begin();
    switch (*type) {
        case Type::S: return {.type = Type::S, .text = string_of(value)};
        case Type::N: return {.type = Type::N, .number = Number(string_of(value))};
        case Type::B: return {.type = Type::B, .text = bytes_of_base64(value)};
        case Type::Bool: return {.type = Type::Bool, .truth = truth_of(value)};
        case Type::List:
        case Type::Map: return {.type = *type, .nested = nested_in(value, *type)};
        case Type::StringSet: return {.type = *type, .nested = texts_in(value)};
        case Type::Null: break;
    }
    if (!truth_of(value)) {
        throw validation(
            "One or more parameter values were invalid: Null attribute value types "
            "must have the value of true");
    }
    return {};
}

Json to_json(const Attribute& attribute) {
    const std::string type(name(attribute.type));
    switch (attribute.type) {
        case Type::S: return {{type, attribute.text}};
        case Type::N: return {{type, attribute.number.text()}};
        case Type::B: return {{type, to_base64(bytes_of(attribute.text))}};
        case Type::Bool:
        case Type::Null: return {{type, attribute.truth}};
        case Type::List:
        case Type::Map:
        case Type::StringSet: return {{type, attribute.nested}};
    }
    return nullptr;
}

std::optional<std::strong_ordering> compare(const Attribute& a, const Attribute& b) {
    if (a.type != b.type) return std::nullopt;
    if (a.type == Type::N) return a.number <=> b.number;
    // std::string compares as unsigned bytes, as DynamoDB does for both.
    if (a.type == Type::S || a.type == Type::B) return a.text <=> b.text;
    return std::nullopt;
}

Item parse_item(const Json& typed) {
    if (!typed.is_object()) throw unreadable("Start of structure or map found where not expected");
    Item item;
    for (const auto& [key, value] : typed.items()) item.emplace(key, parse_attribute(value));
    return item;
}

Json to_json(const Item& item) {
    Json out = Json::object();
    for (const auto& [key, value] : item) out[key] = to_json(value);
    return out;
}

}  // namespace redoubt::standins
